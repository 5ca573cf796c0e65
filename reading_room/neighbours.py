"""The briefs before and after one: in its numbered series, and by its first author."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from reading_room.query import Row, fetch_row

_BRIEF = "SELECT id, domain, number, published FROM briefs WHERE id = ?"
_AUTHOR = """SELECT authors.id, name FROM brief_authors JOIN authors ON authors.id = author_id
    WHERE brief_id = ? ORDER BY position LIMIT 1"""
_COLUMNS = "briefs.id, title, label, path, published, number"
# A number that several carry leads to the newest of them.
_IN_SERIES = """SELECT {columns} FROM briefs WHERE domain = :domain AND number {sign} :number
    ORDER BY number {order}, published DESC LIMIT 1"""
_BY_AUTHOR = """SELECT {columns} FROM brief_authors JOIN briefs ON briefs.id = brief_id
    WHERE author_id = :author AND (published, briefs.id) {sign} (:published, :id)
    ORDER BY published {order}, briefs.id {order} LIMIT 1"""
_WAYS = (("<", "DESC"), (">", "ASC"))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The brief before and the one after, if they are there."""

    name: str  # of the series or author
    is_author: bool
    before: Row | None
    after: Row | None


def find_neighbours(db: sqlite3.Connection, brief_id: int) -> list[Neighbours]:
    """The neighbours of a brief in its series and by its first author; without those that have none."""
    brief, author = fetch_row(db, _BRIEF, (brief_id,)), fetch_row(db, _AUTHOR, (brief_id,))
    found = []
    if brief and brief["domain"] is not None and brief["number"] is not None:
        found.append(_find(db, _IN_SERIES, brief["domain"], brief))
    if brief and author and brief["published"] is not None:
        found.append(_find(db, _BY_AUTHOR, author["name"], {**brief, "author": author["id"]}))
    return [neighbours for neighbours in found if neighbours.before or neighbours.after]


def _find(db: sqlite3.Connection, sql: str, name: str, values: Row) -> Neighbours:
    before, after = (
        fetch_row(db, sql.format(columns=_COLUMNS, sign=sign, order=order), values) for sign, order in _WAYS
    )
    return Neighbours(name, sql == _BY_AUTHOR, before, after)
