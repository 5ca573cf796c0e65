"""Filters that are the id of a writer or a resource, or that name a brief: whose it is, or that it is nobody's."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from reading_room.addresses.post_paths import find_brief_at
from reading_room.pages.tombstone import refuse_withdrawn
from reading_room.query import fetch_row
from reading_room.tables.filter_values import BadFilter, quote_value

_NAMES = {
    "author": "SELECT name FROM authors WHERE id = ?",
    "resource": "SELECT name FROM resources WHERE id = ?",
}
BRIEF_NAMES = frozenset(("brief", "path"))  # parameters of ready queries that name a brief
_BRIEF = "SELECT id FROM briefs WHERE id = ?"


def may_have_ids(filters: Iterable[str]) -> bool:
    """Whether one of the filters, by its name, may be an id: all others need no look into the archive."""
    return not _NAMES.keys().isdisjoint(filters)


def replace_ids(db: sqlite3.Connection, filters: Mapping[str, str]) -> dict[str, str]:
    """The filters with names in place of ids; raises BadFilter for an id that nothing has."""
    return {name: _find_name(db, name, value.strip()) for name, value in filters.items()}


def replace_brief(db: sqlite3.Connection, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The parameters with the id of the brief that one of them names; raises BadFilter, WithdrawnBrief."""
    return [(name, _find_brief(db, value.strip()) if name in BRIEF_NAMES else value) for name, value in pairs]


def _find_brief(db: sqlite3.Connection, typed: str) -> str:
    if not typed:
        return typed
    brief_id = typed[:19] if typed.isascii() and typed.isdecimal() else find_brief_at(db, typed)
    row = fetch_row(db, _BRIEF, (brief_id,))
    if row is None:
        refuse_withdrawn(db, typed)
        raise BadFilter(f"There is no brief {quote_value(typed)}: it is named by its id, path or address")
    return str(row["id"])


def _find_name(db: sqlite3.Connection, name: str, value: str) -> str:
    if name not in _NAMES or not value.isascii() or not value.isdecimal():
        return value
    row = fetch_row(db, _NAMES[name], (value[:19],))
    if row is None:
        raise BadFilter(f"There is no {name} with the id {value[:19]}: its own page gives the id, and the feed")
    return str(row["name"])
