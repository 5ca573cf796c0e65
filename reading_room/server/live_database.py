"""The archive while others write or replace it: each answer shows one state of one file."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

import click
from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.database import Database, QueryInterrupted, Results  # type: ignore[import-untyped]
from datasette.utils import detect_fts, detect_primary_keys, table_columns  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound  # type: ignore[import-untyped]

from reading_room.server.asgi import App, Receive, Scope, Send, hold_value
from reading_room.server.database_file import (
    DatabaseFile,
    FileIdentity,
    FileState,
    identify_file,
    open_file,
    read_state,
)
from reading_room.server.read_transaction import ReadTransaction, request_transaction
from reading_room.server.settings import NAME
from reading_room.tables.limited_query import LimitedQuery, ResultCache, StateCache
from reading_room.tables.row_order import complete_order
from reading_room.tables.row_window import get_window
from scraper.errors import ArchiveError

T = TypeVar("T")
Query = Callable[[sqlite3.Connection], T]
_NAMED = "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?"
_MOST_PAGES, _MOST_STRUCTURE = 100, 500  # results that are kept: of pages, and of questions to the schema
_LONGEST_WAIT = 3.0  # seconds that a request waits for a new file to be opened


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
        self._results = ResultCache()
        self._pages, self._structure = StateCache(_MOST_PAGES), StateCache(_MOST_STRUCTURE)
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

        window = get_window() if truncate else None
        sql, params = complete_order(sql, params) if truncate else (sql, params)
        query = LimitedQuery(sql, params, most, limit, window.end if window else None)
        transaction = self._get_transaction()
        state = await transaction.confirm_state() if transaction and not transaction.is_over else None
        fetched = self._results.find(state, query) if state else None
        if fetched is None:
            try:
                fetched = await self.execute_fn(query.run)
            except QueryInterrupted:
                self.stopped_queries += 1
                raise
            if state and transaction and transaction.state == state:
                self._results.keep(state, query, fetched)
        results = fetched.cut(most)
        if window:
            window.note_rows(len(results.rows), is_whole=fetched.is_whole, is_truncated=results.truncated)
            results.rows = results.rows[window.first - 1 : window.end]
        return results

    async def attached_databases(self) -> list[Any]:
        """None; Datasette would ask for the paths of all files."""
        return []

    async def primary_keys(self, table: str) -> list[str]:
        """The primary keys of a table; raises NotFound where none is called so, for SQLite takes any case."""
        if not (await self.execute(_NAMED, (table,))).rows:
            raise NotFound(f"There is no table {table[:100]}")
        return list(await self._read_cached(self._structure, detect_primary_keys, table))

    async def table_columns(self, table: str) -> list[str]:
        """The columns of a table; a page of all tables asks for those of each."""
        return list(await self._read_cached(self._structure, table_columns, table))

    async def fts_table(self, table: str) -> str | None:
        """The search index of a table."""
        return cast(str | None, await self._read_cached(self._structure, detect_fts, table))

    def read_state(self) -> FileState | None:
        """The state that requests read now; None while it may change."""
        return read_state(self.file_path, self.file.identity, is_mutable=self.is_mutable)

    def read_version(self) -> str | None:
        """What names that state, of a snapshot its digest."""
        state = self.read_state()
        return state and (self.file.hash or repr(state))

    async def execute_cached(self, query: Callable[..., T], *arguments: Hashable) -> T:
        """The result of `query` with a connection and the arguments, cached until the archive changes."""
        return await self._read_cached(self._pages, query, *arguments)

    async def _read_cached(self, cache: StateCache, query: Callable[..., T], *arguments: Hashable) -> T:
        transaction, key = self._get_transaction(), (query, arguments)
        state = await transaction.confirm_state() if transaction and not transaction.is_over else None
        if state is not None and (found := cache.find(state, key)):
            return cast(T, found[0])
        result = await self.execute_fn(lambda db: query(db, *arguments))
        if state is not None and transaction and transaction.state == state:
            cache.keep(state, key, result)
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
        transaction = request_transaction.get()
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
        if not isinstance(database, LiveDatabase) or request_transaction.get() is not None:
            await app(scope, receive, send)
            return
        await database.wait_for_exchange()
        transaction = ReadTransaction(database)
        transaction.schedule_pause()
        try:
            with hold_value(request_transaction, transaction):
                await app(scope, receive, send)
        finally:
            transaction.end()

    return handle_request
