"""The order of the rows of a table: those that are alike where they are sorted follow their keys, on each page.

Datasette orders them so from the second page on only: between pages rows were lost, and others came twice, in CSV too.
It has the value of the last row in the address of the next page besides, as text: bytes, long texts and numbers of
columns without a type were not found again. Here an address has the keys of the row, and a mark of its place.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from datasette.utils import escape_sqlite, tilde_decode  # type: ignore[import-untyped]

from reading_room.tables.filter_values import BadFilter, quote_value

_MARK = 6  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class RowOrder:
    """The order of the rows of a table by a column, or by none, then by the keys; a view has no keys."""

    table: str
    column: str | None
    is_descending: bool
    keys: tuple[str, ...]
    after: tuple[Any, ...] = ()  # the value, if they are sorted, and the keys of the last row of the page before

    def make_place(self, db: sqlite3.Connection, parts: list[str]) -> str:
        """What stands in the address of the page after a row with these keys, as addresses write them."""
        return ",".join([self._mark(self._read_row(db, parts)), *parts])

    def move_to(self, db: sqlite3.Connection, place: str) -> RowOrder:
        """The order from this place on; raises BadFilter for one of another list, or of a row that has moved."""
        mark, *parts = place.split(",")
        row = self._read_row(db, parts)
        if mark != self._mark(row) or not row:
            raise refuse_place(place)
        return replace(self, after=row)

    def complete(self, sql: str, values: Any) -> tuple[str, Any]:  # noqa: ANN401 - as Datasette has them
        """Datasette's query of the first page as that of this one, with the keys in its order; others as they are."""
        keys = ", ".join(map(escape_sqlite, self.keys))
        given = f"{escape_sqlite(self.column)}{' desc' if self.is_descending else ''}" if self.column else keys
        before, found, rest = sql.rpartition(f"order by {given} limit ")
        if not found or not keys:
            return sql, values
        order = f"order by {given}{f', {keys}' if self.column else ''} limit {rest}"
        if not self.after:
            return f"{before}{order}", values
        source = f" from {escape_sqlite(self.table)} "
        head, _, where = before.partition(source)
        others = f" and ({where.strip().removeprefix('where ')})" if where.strip() else ""
        places = {f"place{number}": value for number, value in enumerate(self.after)}
        return f"{head}{source}where ({self._write_condition()}){others} {order}", {**(values or {}), **places}

    def _write_condition(self) -> str:
        """The condition of the rows after that one; unknown values come first, or last where it descends."""
        first = 1 if self.column else 0
        marks = ", ".join(f":place{first + number}" for number in range(len(self.keys)))
        later = f"({', '.join(map(escape_sqlite, self.keys))}) > ({marks})"
        if not self.column:
            return later
        name = escape_sqlite(self.column)
        beyond = {
            (False, False): f"{name} > :place0",
            (False, True): f"{name} < :place0 or {name} is null",
            (True, False): f"{name} is not null",
            (True, True): "0",
        }[self.after[0] is None, self.is_descending]
        return f"{beyond} or ({name} is :place0 and {later})"

    def _read_row(self, db: sqlite3.Connection, parts: list[str]) -> tuple[Any, ...]:
        """The value and the keys of the row with these keys; nothing if there is none."""
        if not self.keys or len(parts) != len(self.keys):
            return ()
        columns = ", ".join(map(escape_sqlite, (*([self.column] if self.column else []), *self.keys)))
        where = " AND ".join(f"{escape_sqlite(key)} = ?" for key in self.keys)
        sql = f"SELECT {columns} FROM {escape_sqlite(self.table)} WHERE {where}"  # noqa: S608 - quoted names
        return tuple(db.execute(sql, [tilde_decode(part) for part in parts]).fetchone() or ())

    def _mark(self, row: tuple[Any, ...]) -> str:
        return make_mark(self.table, self.column, self.is_descending, row)


def make_mark(*parts: object) -> str:
    """A few signs that are others for any other parts."""
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:_MARK]


def refuse_place(place: str) -> BadFilter:
    """The error for a `_next` that is none."""
    return BadFilter(f"_next={quote_value(place)} is no place in this list: begin without it, follow its links")


request_order: ContextVar[RowOrder | None] = ContextVar("request_order", default=None)


def complete_order(sql: str, values: Any) -> tuple[str, Any]:  # noqa: ANN401 - as above
    """The query and its values, in the order and from the place that the current request asks for."""
    order = request_order.get()
    return order.complete(sql, values) if order else (sql, values)
