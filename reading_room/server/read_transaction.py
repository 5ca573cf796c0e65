"""One request reads one state of the archive: its transaction, on one connection.

Where memory is short, the room's own pages go before the SQL of readers, which is stopped.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from contextvars import ContextVar
from functools import partial
from typing import Any, Protocol, TypeVar, cast

from reading_room.server.database_file import DatabaseFile, FileState
from reading_room.tables.query_limits import OutOfMemory

T = TypeVar("T")
_FIRST_READ = "SELECT count(*) FROM sqlite_master WHERE name = ''"
_LONGEST_TRANSACTION = 60.0  # seconds; a request that takes longer reads in several transactions
_RETRY_DELAY = 0.01  # seconds; until another request may have returned a connection

_PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)  # seconds before a page asks again for which there was no memory
_stoppable: set[sqlite3.Connection] = set()  # those on which SQL of readers runs


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
            db = await self._open_transaction()
            return await self._run_in_thread(partial(_run_stoppable, fn) if is_readers_query.get() else fn, db)

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
            self._release_connection()
        else:
            self._future.add_done_callback(lambda _: self._release_connection())

    def pause(self) -> None:
        """End the transaction between two queries, so that a stalled client does not make the log grow for ever."""
        if not self._lock.locked():
            self.state = None
            self._release_connection()
        self.schedule_pause()

    def schedule_pause(self) -> None:
        """Call `pause` whenever the request has taken so long again."""
        self._timer = asyncio.get_running_loop().call_later(_LONGEST_TRANSACTION, self.pause)

    def _begin_transaction(self) -> None:
        if (db := self.database.lend_connection(self.file)) is None:
            self.file, self.state = self.database.file, None
            return
        try:
            db.execute("BEGIN")
            db.execute(_FIRST_READ).fetchone()  # from now on the transaction sees no commit
        except BaseException:
            self._return_connection(db)
            raise
        if self.state != self.database.read_state():
            self.state = None
        self._db = db

    async def _run_in_thread(self, fn: Callable[..., T], *args: object) -> T:
        for pause in () if is_readers_query.get() else _PAUSES:
            try:
                return await self._submit_query(fn, *args)
            except (MemoryError, OutOfMemory):
                self.state = None  # SQLite may have ended the transaction
            for db in tuple(_stoppable):
                db.interrupt()
            await asyncio.sleep(pause)
        return await self._submit_query(fn, *args)

    async def _submit_query(self, fn: Callable[..., T], *args: object) -> T:
        if self._executor is None:  # --setting num_sql_threads 0
            return fn(*args)
        self._future = future = self._executor.submit(fn, *args)
        return cast(T, await asyncio.wrap_future(future))

    def _return_connection(self, db: sqlite3.Connection | None) -> None:
        if db is not None:
            with suppress(sqlite3.Error, MemoryError):
                db.rollback()
            self.file.return_connection(db)

    def _release_connection(self) -> None:
        db, self._db = self._db, None
        self._return_connection(db)


def _run_stoppable(fn: Callable[[sqlite3.Connection], T], db: sqlite3.Connection) -> T:
    _stoppable.add(db)
    try:
        return fn(db)
    finally:
        _stoppable.discard(db)


request_transaction: ContextVar[ReadTransaction | None] = ContextVar("transaction", default=None)
is_readers_query: ContextVar[bool] = ContextVar("is_readers_query", default=False)
