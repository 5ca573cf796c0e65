"""The archive while others write or replace it: each answer shows one state of one file."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

import click
from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.database import Database, QueryInterrupted, Results  # type: ignore[import-untyped]
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound  # type: ignore[import-untyped]

from reading_room.asgi import App, Receive, Scope, Send
from reading_room.database_file import DatabaseFile, FileIdentity, FileState, identify_file, open_file, read_state
from reading_room.query_limits import TooLarge, fetch_result
from reading_room.settings import NAME
from scraper.errors import ArchiveError

T = TypeVar("T")
Query = Callable[[sqlite3.Connection], T]
_NAMED = "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?"
_LONGEST_TRANSACTION = 60.0  # seconds; a request that takes longer reads in several transactions
_LONGEST_WAIT = 3.0  # seconds that a request waits for a new file to be opened
_RETRY_DELAY = 0.01  # seconds; until another request may have returned a connection


class LiveDatabase(Database):  # type: ignore[misc]
    """The file at a path; if another replaces it, the next requests read that one, without a restart."""

    def __init__(self, datasette: Datasette, path: Path, *, is_mutable: bool) -> None:
        super().__init__(datasette, str(path), is_mutable=is_mutable)
        self.name = NAME
        self.file_path = path
        self.file = open_file(path, self.open_connection, is_mutable=is_mutable)
        self.stopped_queries = 0  # by the limit of time
        self._last_identity: FileIdentity | None = None  # of the last new file, opened or refused
        self._exchange: asyncio.Task[None] | None = None
        self._cache: dict[Query[Any], tuple[FileState, Any]] = {}
        self._is_closed = False
        self._switch = Lock()

    @property
    def hash(self) -> str | None:
        return self._get_file().hash

    @property
    def size(self) -> int:
        return self.file_path.stat().st_size if self.is_mutable and self.file_path.exists() else self._get_file().size

    async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
        """Rows of each table: a snapshot's are counted once, a growing archive's as far as `limit` ms allow."""
        counts = self._get_file().counts
        return cast(dict[str, int | None], await super().table_counts(limit)) if counts is None else dict(counts)

    async def execute_fn(self, fn: Query[T]) -> T:
        """The result of the query `fn`; all queries of a request read one state of the archive."""
        if (transaction := self._get_transaction()) and not transaction.is_over:
            return await transaction.run_query(fn)
        transaction = ReadTransaction(self)  # outside a request, or after one that broke off
        try:
            return await transaction.run_query(fn)
        finally:
            transaction.end()

    async def execute(
        self,
        sql: str,
        params: Any = None,  # noqa: ANN401 - a mapping or a sequence
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,
    ) -> Results:
        """Run a query within the limits of time and size; takes the place of Datasette's own method."""
        most = self.ds.max_returned_rows if truncate else None
        most = most + 1 if most and most == (page_size or self.ds.page_size) else most
        limit = min(custom_time_limit or self.ds.sql_time_limit_ms, self.ds.sql_time_limit_ms)

        def run(db: sqlite3.Connection) -> Results:
            try:
                with sqlite_timelimit(db, limit):
                    cursor = db.execute(sql, params if params is not None else {})
                    rows = fetch_result(cursor, most and most + 1)
            except sqlite3.Error as error:
                if error.args == ("interrupted",):
                    self.stopped_queries += 1
                    raise QueryInterrupted(error, sql, params) from error
                raise
            except MemoryError as error:
                raise TooLarge("the query needs more memory than the archive gives one") from error
            return Results(rows[:most], most is not None and len(rows) > most, cursor.description)

        return cast(Results, await self.execute_fn(run))

    async def attached_databases(self) -> list[Any]:
        """None; Datasette would ask for the paths of all files."""
        return []

    async def primary_keys(self, table: str) -> Any:  # noqa: ANN401 - Datasette's own
        """The primary keys of a table; raises NotFound where none is called so, for SQLite takes any case."""
        if not (await self.execute(_NAMED, (table,))).rows:
            raise NotFound(f"There is no table {table[:100]}")
        return await super().primary_keys(table)

    def read_version(self) -> str | None:
        """What names the state that requests read now, of a snapshot its digest; None while it may change."""
        file = self.file
        state = read_state(self.file_path, file.identity, is_mutable=self.is_mutable)
        return state and (file.hash or repr(state))

    async def execute_cached(self, query: Query[T]) -> T:
        """Like `execute_fn`, but cached until the archive changes."""
        transaction = self._get_transaction()
        state = transaction.state if transaction else None
        if state is not None and (cached := self._cache.get(query)) and cached[0] == state:
            return cast(T, cached[1])
        result = await self.execute_fn(query)
        if state is not None and transaction is not None and transaction.state == state:
            self._cache[query] = (state, result)
        return result

    async def wait_for_exchange(self) -> None:
        """Switch to a new file at the path; a request waits for it, because it may lack what was withdrawn."""
        self.start_exchange()
        if self._exchange and not self._exchange.done():
            await asyncio.wait({self._exchange}, timeout=_LONGEST_WAIT)

    def start_exchange(self) -> None:
        """Start to open a new file at the path in a thread, if there is one."""
        current = identify_file(self.file_path, is_mutable=self.is_mutable)
        if current is None or current.is_same_file(self.file.identity) or current == self._last_identity:
            return
        self._last_identity = current
        self._exchange = asyncio.create_task(asyncio.to_thread(self._exchange_file, current))

    def open_connection(self) -> sqlite3.Connection:
        """A new connection to the file that is at the path now."""
        db: sqlite3.Connection = self.connect()
        self._all_file_connections.remove(db)  # the DatabaseFile closes its own
        self.ds._prepare_connection(db, self.name)
        return db

    def lend_connection(self, file: DatabaseFile) -> sqlite3.Connection | None:
        """A connection to this file; None if all are in use and the file is no longer at the path."""
        if db := file.take_connection():
            return db
        if not self._is_at_path(file.identity):
            return None
        db = self.open_connection()
        if self._is_at_path(file.identity):  # it may have been replaced meanwhile
            return db
        db.close()
        return None

    def close(self) -> None:
        with self._switch:
            self._is_closed = True
            self.file.retire()

    def _get_file(self) -> DatabaseFile:
        transaction = self._get_transaction()
        return transaction.file if transaction else self.file

    def _get_transaction(self) -> ReadTransaction | None:
        """The transaction of the current request, if it reads this database."""
        transaction = _request_transaction.get()
        return transaction if transaction is not None and transaction.database is self else None

    def _is_at_path(self, identity: FileIdentity) -> bool:
        current = identify_file(self.file_path, is_mutable=self.is_mutable)
        return current is not None and current.is_same_file(identity)

    def _exchange_file(self, current: FileIdentity) -> None:
        try:
            new_file = open_file(self.file_path, self.open_connection, is_mutable=self.is_mutable, previous=self.file)
        except (ArchiveError, sqlite3.Error, OSError) as error:
            self._report_refusal(current, error)
            return
        if not (self._is_at_path(current) and new_file.identity.is_same_file(current)):
            new_file.retire()
            self._last_identity = None  # replaced again: the next request opens that one
            return
        with self._switch:  # the room may have been closed while the file was opened
            previous, self.file = self.file, new_file
            (new_file if self._is_closed else previous).retire()

    def _report_refusal(self, current: FileIdentity, error: Exception) -> None:
        if not self._is_at_path(current):
            self._last_identity = None
            return
        reason = str(error).removeprefix(f"{self.file_path}: ")
        click.echo(f"{self.file_path}: the file that replaced it is not shown: {reason}", err=True)


class ReadTransaction:
    """The transaction of one request, on one connection; it begins with the first query."""

    def __init__(self, database: LiveDatabase) -> None:
        self.database, self.file = database, database.file
        self.state = read_state(database.file_path, self.file.identity, is_mutable=database.is_mutable)
        self.is_over = False
        self._db: sqlite3.Connection | None = None
        self._lock = asyncio.Lock()
        self._future: Future[Any] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def run_query(self, fn: Query[T]) -> T:
        """The result of the query, which runs after those before it."""
        async with self._lock:
            while self._db is None:
                await self._run_in_thread(self._begin_transaction)
                if self._db is None:
                    await asyncio.sleep(_RETRY_DELAY)
            return await self._run_in_thread(fn, self._db)

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
        self._db = db

    async def _run_in_thread(self, fn: Callable[..., T], *args: object) -> T:
        if self.database.ds.executor is None:  # --setting num_sql_threads 0
            return fn(*args)
        self._future = future = self.database.ds.executor.submit(fn, *args)
        return cast(T, await asyncio.wrap_future(future))

    def _return_connection(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            with suppress(sqlite3.Error):
                db.rollback()
            self.file.return_connection(db)


_request_transaction: ContextVar[ReadTransaction | None] = ContextVar("transaction", default=None)


def attach_live_database(datasette: Datasette) -> None:
    """Replace Datasette's database by a LiveDatabase with the name that addresses use."""
    for name, database in list(datasette.databases.items()):
        if database.path and not isinstance(database, LiveDatabase):
            datasette.remove_database(name)
            live = LiveDatabase(datasette, Path(database.path), is_mutable=database.is_mutable)
            datasette.add_database(live, name=NAME)


def use_one_transaction(datasette: Datasette, app: App) -> App:
    """The app, in which each request reads in one transaction."""

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        database = datasette.databases.get(NAME)
        if scope["type"] != "http" or not isinstance(database, LiveDatabase) or _request_transaction.get() is not None:
            await app(scope, receive, send)
            return
        await database.wait_for_exchange()
        transaction = ReadTransaction(database)
        transaction.schedule_pause()
        token = _request_transaction.set(transaction)
        try:
            await app(scope, receive, send)
        finally:
            _request_transaction.reset(token)
            transaction.end()

    return handle_request
