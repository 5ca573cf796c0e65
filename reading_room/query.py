"""Queries to the archive: those of one page run in one transaction, so that no page mixes two states of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from datasette.app import Datasette  # type: ignore[import-untyped]

from reading_room.server.settings import NAME

T = TypeVar("T")
_STATE = "SELECT max(ifnull(finished_at, started_at)) AS at, (SELECT count(*) FROM briefs) AS briefs FROM crawls"
AUTHOR_NAMES = """(SELECT group_concat(name, '; ') FROM (
        SELECT name FROM brief_authors JOIN authors ON authors.id = author_id
        WHERE brief_id = briefs.id ORDER BY position
    )) AS authors"""  # a column of a query of briefs
Row = dict[str, Any]


async def query_archive(datasette: Datasette, query: Callable[[sqlite3.Connection], T]) -> T:
    """The result of the query, which reads one state of the archive."""
    return cast(T, await datasette.get_database(NAME).execute_fn(query))  # live_database: one transaction a request


async def query_cached(datasette: Datasette, query: Callable[..., T], *arguments: Hashable) -> T:
    """Like `query_archive`, but cached until the archive changes.

    `query`, which is called with the arguments, is the key together with them; so it must not be a lambda.
    """
    return cast(T, await datasette.get_database(NAME).execute_cached(query, *arguments))


def fetch_rows(db: sqlite3.Connection, sql: str, values: object = ()) -> list[Row]:
    """Each row as a dictionary by column; `values` as sqlite3 takes them."""
    cursor = db.execute(sql, values)  # type: ignore[arg-type]
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def read_state(db: sqlite3.Connection) -> Row:
    """When the archive changed last (`at`), and how many posts it has (`briefs`)."""
    return fetch_rows(db, _STATE)[0]


def fetch_row(db: sqlite3.Connection, sql: str, values: object = ()) -> Row | None:
    """The first row, or None."""
    return next(iter(fetch_rows(db, sql, values)), None)
