"""Questions to the archive: all those of one page in one transaction, so that no page is half of last night."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar, cast

from datasette.app import Datasette  # type: ignore[import-untyped]

from reading_room.settings import NAME

T = TypeVar("T")
Row = dict[str, Any]


async def ask(datasette: Datasette, question: Callable[[sqlite3.Connection], T]) -> T:
    """What the question finds out; all that it reads is of one state of the archive."""
    return cast(T, await datasette.get_database(NAME).execute_fn(question))  # live_database: a request, a transaction


async def ask_once(datasette: Datasette, question: Callable[[sqlite3.Connection], T]) -> T:
    """As `ask`; the answer is kept until the archive changes. The question is a function of a module, not made anew."""
    return cast(T, await datasette.get_database(NAME).known(question))


def rows(db: sqlite3.Connection, sql: str, values: object = ()) -> list[Row]:
    """Each row by its columns' names; `values` as sqlite3 takes them."""
    cursor = db.execute(sql, values)  # type: ignore[arg-type]
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def one(db: sqlite3.Connection, sql: str, values: object = ()) -> Row | None:
    """The first row, None where there is none."""
    return next(iter(rows(db, sql, values)), None)
