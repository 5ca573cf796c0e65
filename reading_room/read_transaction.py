"""One request reads one state of the archive: its transaction, on one connection."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar, cast

from reading_room.database_file import DatabaseFile, FileState

T = TypeVar("T")
_FIRST_READ = "SELECT count(*) FROM sqlite_master WHERE name = ''"
_LONGEST_TRANSACTION = 60.0  # seconds; a request that takes longer reads in several transactions
_RETRY_DELAY = 0.01  # seconds; until another request may have returned a connection


class FileLender(Protocol):
    """What a transaction needs of its database: the file of the moment, and connections to it."""

    ds: Any
    file: DatabaseFile

    def read_state(self) -> FileState | None:
        """The state that requests read now; None while it may change."""

    def lend_connection(self, file: DatabaseFile) -> sqlite3.Connection | None:
        """A connection to this file; None if all are in use and the file is no longer at the path."""


class ReadTransaction:
    """The transaction of one request, on one connection; it begins with the first query."""

    def __init__(self, database: FileLender, executor: Executor | None = None) -> None:
        self.database, self.file = database, database.file
        self._executor = executor or database.ds.executor
        self.state = database.read_state()
        self.is_over = False
        self._db: sqlite3.Connection | None = None
        self._lock = asyncio.Lock()
        self._future: Future[Any] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def run_query(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """The result of the query, which runs after those before it."""
        async with self._lock:
            return await self._run_in_thread(fn, await self._open_transaction())

    async def confirm_state(self) -> FileState | None:
        """The state that all queries of this transaction read; None if another may have come before the first."""
        async with self._lock:
            await self._open_transaction()
        return self.state

    async def _open_transaction(self) -> sqlite3.Connection:
        while self._db is None:
            await self._run_in_thread(self._begin_transaction)
            if self._db is None:
                await asyncio.sleep(_RETRY_DELAY)
        return self._db

    def end(self) -> None:
        """Return the connection, or let the thread do so that still reads from it."""
        self.is_over = True
        if self._timer:
            self._timer.cancel()
        if self._future is None:
            self._return_connection()
        else:
            self._future.add_done_callback(lambda _: self._return_connection())

    def pause(self) -> None:
        """End the transaction between two queries, so that a stalled client does not make the log grow for ever."""
        if not self._lock.locked():
            self.state = None
            self._return_connection()
        self.schedule_pause()

    def schedule_pause(self) -> None:
        """Call `pause` whenever the request has taken so long again."""
        self._timer = asyncio.get_running_loop().call_later(_LONGEST_TRANSACTION, self.pause)

    def _begin_transaction(self) -> None:
        if (db := self.database.lend_connection(self.file)) is None:
            self.file, self.state = self.database.file, None
            return
        db.execute("BEGIN")
        db.execute(_FIRST_READ).fetchone()  # from now on the transaction sees no commit
        if self.state != self.database.read_state():
            self.state = None
        self._db = db

    async def _run_in_thread(self, fn: Callable[..., T], *args: object) -> T:
        if self._executor is None:  # --setting num_sql_threads 0
            return fn(*args)
        self._future = future = self._executor.submit(fn, *args)
        return cast(T, await asyncio.wrap_future(future))

    def _return_connection(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            with suppress(sqlite3.Error):
                db.rollback()
            self.file.return_connection(db)


request_transaction: ContextVar[ReadTransaction | None] = ContextVar("transaction", default=None)
