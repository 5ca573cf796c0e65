"""Cells of tables that lead somewhere: from a brief in a view or a query's result to its page."""

from __future__ import annotations

import sqlite3

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import tilde_encode  # type: ignore[import-untyped]
from markupsafe import Markup, escape

from pipelines.schema.migrations import CANONICAL_DOMAINS
from reading_room.settings import NAME

_VIEW = "brief_list"
# In results of queries, which have no foreign keys to tell Datasette where an id leads.
_KEYS = {"brief_id": "briefs", "capture_id": "captures", "author_id": "authors", "resource_id": "resources"}
# Words that read better than ids: by which columns of their row, the first there is, they lead to which table.
_WORDS = {
    "title": (("brief_id", "briefs"), ("id", "briefs")),
    "name": (("author_id", "authors"), ("resource_id", "resources")),
}


def link(datasette: Datasette, row: sqlite3.Row, value: object, column: str, table: str | None) -> Markup | None:
    """The cell as a link to the page of what it names, None for a cell that Datasette shows as ever."""
    if table == _VIEW and column in ("id", "title"):
        return _linked(datasette, "briefs", row["id"], value if column == "id" else value or row["label"])
    if table is not None:
        return None
    if column in _KEYS and isinstance(value, int):
        return _linked(datasette, _KEYS[column], value, value)
    if column == "permalink" and isinstance(value, str) and value.startswith(f"/{NAME}/"):
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(value), value)
    return _named(datasette, row, value, column)


def _named(datasette: Datasette, row: sqlite3.Row, value: object, column: str) -> Markup | None:
    if column == "domain" and value in CANONICAL_DOMAINS:
        return _linked(datasette, "domains", tilde_encode(str(value)), value)
    for key, target in _WORDS.get(column, ()):
        if isinstance(value, str) and key in row.keys() and isinstance(row[key], int):  # noqa: SIM118 - a Row has values
            return _linked(datasette, target, row[key], value)
    return None


def _linked(datasette: Datasette, table: str, key: object, text: object) -> Markup:
    return Markup('<a href="{}">{}</a>').format(datasette.urls.row(NAME, table, key), escape(text or key))
