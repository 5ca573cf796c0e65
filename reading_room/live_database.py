"""The archive under its readers' hands: each answer is of one state of one file, whatever is put in its place."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.database import Database  # type: ignore[import-untyped]

from reading_room.asgi import App, Receive, Scope, Send
from reading_room.database_file import Edition, Mark, State, mark_of, opened, state_of
from reading_room.settings import NAME
from scraper.errors import ArchiveError

T = TypeVar("T")
Question = Callable[[sqlite3.Connection], T]
_LONGEST = 60.0  # seconds of one transaction: what is read for longer is read in several
_PATIENCE = 3.0  # seconds that a request waits for another file in place of the one it would read
_SOON = 0.01  # seconds between two looks for a connection that another request gives back


class Archive(Database):  # type: ignore[misc]
    """The file at a path; another one put in its place is shown from the next requests on, and needs no restart."""

    def __init__(self, datasette: Datasette, path: Path, *, is_mutable: bool) -> None:
        super().__init__(datasette, str(path), is_mutable=is_mutable)
        self.name = NAME
        self.file = path
        self.edition = opened(path, self.connected, is_mutable=is_mutable)
        self._met: Mark | None = None  # the last file that was looked at in its place
        self._looking: asyncio.Task[None] | None = None
        self._known: dict[Question[Any], tuple[State, Any]] = {}

    @property
    def hash(self) -> str | None:
        return self._read().hash

    @property
    def size(self) -> int:
        return self.file.stat().st_size if self.is_mutable and self.file.exists() else self._read().size

    async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
        """Rows of each table: of a snapshot counted once, of an archive that grows as far as `limit` ms reach."""
        counts = self._read().counts
        return cast(dict[str, int | None], await super().table_counts(limit)) if counts is None else dict(counts)

    async def execute_fn(self, fn: Question[T]) -> T:
        """What `fn` finds out; all questions of a request are put to one state of the archive."""
        if (reading := self._reading()) and not reading.over:
            return await reading.ask(fn)
        alone = Reading(self)  # before the first request, or left over from one that broke off
        try:
            return await alone.ask(fn)
        finally:
            alone.end()

    async def known(self, question: Question[T]) -> T:
        """As `execute_fn`, but not asked again before the archive has changed."""
        reading = self._reading()
        state = reading.state if reading else None
        if state is not None and (kept := self._known.get(question)) and kept[0] == state:
            return cast(T, kept[1])
        told = await self.execute_fn(question)
        if state is not None and reading is not None and reading.state == state:
            self._known[question] = (state, told)
        return told

    async def looked(self) -> None:
        """Show another file that stands at the path; a request waits for it, for it may lack what is withdrawn."""
        self.look()
        if self._looking and not self._looking.done():
            await asyncio.wait({self._looking}, timeout=_PATIENCE)

    def look(self) -> None:
        """Have another file at the path opened beside the readers; this takes no time if there is none."""
        there = mark_of(self.file, is_mutable=self.is_mutable)
        if there is None or there.same_file(self.edition.mark) or there == self._met:
            return
        self._met = there
        self._looking = asyncio.create_task(asyncio.to_thread(self._exchange, there))

    def connected(self) -> sqlite3.Connection:
        """A new connection to what stands at the path now."""
        db: sqlite3.Connection = self.connect()
        self._all_file_connections.remove(db)  # the edition knows its own
        self.ds._prepare_connection(db, self.name)
        return db

    def lent(self, edition: Edition) -> sqlite3.Connection | None:
        """A connection to this edition; None if all are in use and its file is no more at the path."""
        if db := edition.taken():
            return db
        if not self._stands(edition.mark):
            return None
        db = self.connected()
        if self._stands(edition.mark):  # a new one may have come there while this one was opened
            return db
        db.close()
        return None

    def close(self) -> None:
        self.edition.retire()

    def _read(self) -> Edition:
        reading = self._reading()
        return reading.edition if reading else self.edition

    def _reading(self) -> Reading | None:
        """What is read of this archive by the request at hand."""
        reading = _of_request.get()
        return reading if reading is not None and reading.archive is self else None

    def _stands(self, mark: Mark) -> bool:
        there = mark_of(self.file, is_mutable=self.is_mutable)
        return there is not None and there.same_file(mark)

    def _exchange(self, there: Mark) -> None:
        try:
            new = opened(self.file, self.connected, is_mutable=self.is_mutable, former=self.edition)
        except (ArchiveError, sqlite3.Error, OSError) as error:
            self._refused(there, error)
            return
        if not self._stands(there) or not new.mark.same_file(there):  # the next request looks at what came then
            new.retire()
            self._met = None
            return
        former, self.edition = self.edition, new
        former.retire()

    def _refused(self, there: Mark, error: Exception) -> None:
        if not self._stands(there):
            self._met = None
            return
        reason = str(error).removeprefix(f"{self.file}: ")
        click.echo(f"{self.file}: another file in its place, not shown: {reason}", err=True)


class Reading:
    """What one request reads: one transaction on one connection, begun with its first question."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self.edition = archive, archive.edition
        self.state = state_of(archive.file, self.edition.mark, is_mutable=archive.is_mutable)
        self.over = False
        self._db: sqlite3.Connection | None = None
        self._turn = asyncio.Lock()
        self._asked: Future[Any] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def ask(self, fn: Question[T]) -> T:
        """The question's answer, after those asked before it."""
        async with self._turn:
            while self._db is None:
                await self._in_thread(self._begin)
                if self._db is None:
                    await asyncio.sleep(_SOON)
            return await self._in_thread(fn, self._db)

    def end(self) -> None:
        """Give the connection back, if a thread still reads from it then when it has done so."""
        self.over = True
        if self._timer:
            self._timer.cancel()
        if self._asked is None:
            self._give_back()
        else:
            self._asked.add_done_callback(lambda _: self._give_back())

    def pause(self) -> None:
        """End the transaction between two questions, so that no client who stalls makes the log grow for ever."""
        if not self._turn.locked():
            self.state = None
            self._give_back()
        self.pause_later()

    def pause_later(self) -> None:
        """Have `pause` called when the request has taken very long, and again and again."""
        self._timer = asyncio.get_running_loop().call_later(_LONGEST, self.pause)

    def _begin(self) -> None:
        if (db := self.archive.lent(self.edition)) is None:
            self.edition, self.state = self.archive.edition, None
            return
        db.execute("BEGIN")
        self._db = db

    async def _in_thread(self, fn: Callable[..., T], *given: object) -> T:
        if self.archive.ds.executor is None:  # --setting num_sql_threads 0
            return fn(*given)
        self._asked = asked = self.archive.ds.executor.submit(fn, *given)
        return cast(T, await asyncio.wrap_future(asked))

    def _give_back(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            with suppress(sqlite3.Error):
                db.rollback()
            self.edition.give_back(db)


_of_request: ContextVar[Reading | None] = ContextVar("reading", default=None)


def shown(datasette: Datasette) -> None:
    """Put the archive in the place of the file that Datasette was started with, under the name of all addresses."""
    for name, database in list(datasette.databases.items()):
        if database.path and not isinstance(database, Archive):
            datasette.remove_database(name)
            archive = Archive(datasette, Path(database.path), is_mutable=database.is_mutable)
            datasette.add_database(archive, name=NAME)


def whole(datasette: Datasette, app: App) -> App:
    """The app, with all that one request reads of one state of the archive."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        archive = datasette.databases.get(NAME)
        if scope["type"] != "http" or not isinstance(archive, Archive) or _of_request.get() is not None:
            await app(scope, receive, send)
            return
        await archive.looked()
        reading = Reading(archive)
        reading.pause_later()
        token = _of_request.set(reading)
        try:
            await app(scope, receive, send)
        finally:
            _of_request.reset(token)
            reading.end()

    return answering
