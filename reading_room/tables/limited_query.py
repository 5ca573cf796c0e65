"""A query of a reader within its limits, and the results of slow ones, which are kept until the archive changes."""

from __future__ import annotations

import re
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from datasette.database import QueryInterrupted, Results  # type: ignore[import-untyped]
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]

from reading_room.server.database_file import FileState
from reading_room.tables.query_limits import OutOfMemory, fetch_result, measure_row

_SLOW = 0.005  # seconds of a query whose result is kept
_SCHEMA = "from sqlite_master"
_LARGEST = 4 * 2**20  # bytes of one result that is kept
_ALL = 64 * 2**20  # bytes of all of them
_ENOUGH = 2**20  # bytes after which no more is read than a page shows
# What gives another value each time, alone or in a parameter.
_FICKLE = re.compile(r"random|now|current_|(?:date|time|datetime|julianday|unixepoch)\s*\(\s*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FetchedRows:
    """The rows of a query, as far as they were read."""

    rows: list[Any]
    description: Any
    is_whole: bool  # all that the limit of rows allows
    seconds: float

    def cut(self, most: int | None) -> Results:
        """The result as Datasette has it, with at most so many rows."""
        rows = self.rows[:most]
        return Results(rows, most is not None and len(self.rows) > most, self.description)


@dataclass(frozen=True, slots=True)
class LimitedQuery:
    """SQL with its values and limits; `end` is the row after which a page needs no more."""

    sql: str
    values: Any
    most: int | None
    milliseconds: int
    end: int | None

    @property
    def key(self) -> str | None:
        """What stands for the query among results; None for one whose result may be another next time."""
        text = repr((self.sql, self.values, self.most))
        return None if _FICKLE.search(text) else text

    def run(self, db: sqlite3.Connection) -> FetchedRows:
        """Run the query; raises QueryInterrupted, TooLarge, OutOfMemory, sqlite3.Error."""
        begun = time.monotonic()
        try:
            with sqlite_timelimit(db, self.milliseconds):
                cursor = db.execute(self.sql, self.values if self.values is not None else {})
                rows, is_whole = fetch_result(cursor, self.most and self.most + 1, self._is_enough)
        except sqlite3.Error as error:
            if error.args == ("interrupted",):
                raise QueryInterrupted(error, self.sql, self.values) from error
            raise
        except MemoryError as error:
            raise OutOfMemory("the query needs more memory than the archive gives one") from error
        return FetchedRows(rows, cursor.description, is_whole, time.monotonic() - begun)

    def _is_enough(self, rows: int, size: int) -> bool:
        return self.end is not None and rows > self.end and size > _ENOUGH


class ResultCache:
    """The results of slow queries for one state of the archive."""

    def __init__(self) -> None:
        self._results = StateCache(_ALL)

    def find(self, state: FileState, query: LimitedQuery) -> FetchedRows | None:
        """The kept result of the query, or None."""
        found = self._results.find(state, query.key) if query.key else None
        if found is None:
            return None
        fetched: FetchedRows = found[0]
        is_far_enough = query.end is not None and len(fetched.rows) > query.end
        return fetched if fetched.is_whole or is_far_enough else None

    def keep(self, state: FileState, query: LimitedQuery, fetched: FetchedRows) -> None:
        """Keep the result if the query was slow, or asks for the schema as each table's rights do, and it is small."""
        if (fetched.seconds < _SLOW and _SCHEMA not in query.sql.lower()) or (key := query.key) is None:
            return
        size = len(key) + sum(map(measure_row, fetched.rows))
        if size <= _LARGEST:
            self._results.keep(state, key, fetched, size)


class StateCache:
    """Results of the newest state up to some size in all; those that were not asked for longest go first."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._state: FileState | None = None
        self._results: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def find(self, state: FileState, key: Hashable) -> tuple[Any] | None:
        """The result with this key, None if there is none of this state."""
        if state != self._state or key not in self._results:
            return None
        self._results.move_to_end(key)
        return self._results[key][:1]

    def keep(self, state: FileState, key: Hashable, result: object, size: int = 1) -> None:
        """Keep the result, and none of another state."""
        if state != self._state:
            self._state, self._size = state, 0
            self._results.clear()
        self._size += size - self._results.pop(key, (None, 0))[1]
        self._results[key] = (result, size)
        while self._size > self._most:
            self._size -= self._results.popitem(last=False)[1][1]
