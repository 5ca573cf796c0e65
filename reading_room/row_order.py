"""The order of the rows of a table: those that are alike where they are sorted follow their keys, on each page.

Datasette orders them so from the second page on only: between pages rows were lost, and others came twice, in CSV too.
"""

from __future__ import annotations

import sqlite3
from contextvars import ContextVar
from dataclasses import dataclass

from datasette.utils import escape_sqlite, tilde_decode  # type: ignore[import-untyped]

from reading_room.filter_values import BadFilter, quote_value


@dataclass(frozen=True, slots=True)
class RowOrder:
    """The order of a table's rows: by a column, or by none, then by the keys."""

    table: str
    column: str | None
    is_descending: bool
    keys: tuple[str, ...]

    def complete(self, sql: str) -> str:
        """Datasette's query of the first page, with the keys in its order; any other query as it is."""
        if not self.column:
            return sql
        order = f"order by {escape_sqlite(self.column)}{' desc' if self.is_descending else ''}"
        before, found, rest = sql.rpartition(f"{order} limit ")
        return f"{before}{order}, {', '.join(map(escape_sqlite, self.keys))} limit {rest}" if found else sql

    def check_place(self, db: sqlite3.Connection, place: str) -> None:
        """Raise BadFilter for a place of which no row has the keys and the value: rows from anywhere would be shown."""
        values = [None if part == "$null" else tilde_decode(part) for part in place.split(",")]
        conditions = [f"CAST({escape_sqlite(self.column)} AS TEXT) IS ?"] if self.column else []
        conditions += [f"{escape_sqlite(key)} = ?" for key in self.keys]
        sql = f"SELECT 1 FROM {escape_sqlite(self.table)} WHERE {' AND '.join(conditions)}"  # noqa: S608 - quoted names
        try:
            is_there = len(values) == len(conditions) and db.execute(sql, values).fetchone() is not None
        except sqlite3.DatabaseError:
            return  # a fault of the file, which Datasette meets too
        if not is_there:
            raise refuse_place(place)


def refuse_place(place: str) -> BadFilter:
    """The error for a `_next` that is none."""
    return BadFilter(f"_next={quote_value(place)} is no place in this list: begin without it, follow its links")


request_order: ContextVar[RowOrder | None] = ContextVar("request_order", default=None)


def complete_order(sql: str) -> str:
    """The query, in the whole order of the table that the current request asks for."""
    order = request_order.get()
    return order.complete(sql) if order else sql
