"""Links in cells of tables: from a brief in a view or in the result of a query to its page."""

from __future__ import annotations

import sqlite3

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import tilde_encode  # type: ignore[import-untyped]
from markupsafe import Markup, escape

from pipelines.extraction.wording.domains import CANONICAL
from reading_room.server.settings import NAME

_VIEW = "brief_list"
# Results of queries have no foreign keys, so Datasette cannot link their ids.
_ID_COLUMNS = {"brief_id": "briefs", "capture_id": "captures", "author_id": "authors", "resource_id": "resources"}
# Names to link: each goes to the first table whose id is in the same row.
_NAME_COLUMNS = {
    "title": (("brief_id", "briefs"), ("id", "briefs")),
    "name": (("author_id", "authors"), ("resource_id", "resources")),
}


def link_cell(datasette: Datasette, row: sqlite3.Row, value: object, column: str, table: str | None) -> Markup | None:
    """The cell as a link to the page of what it names; None leaves the cell to Datasette."""
    names = row.keys()  # readers choose the columns
    if table == _VIEW and column in ("id", "title") and "id" in names:
        text = value or row["label"] if "label" in names else value
        return _make_link(datasette, "briefs", row["id"], text)
    if table is not None:
        return None
    if column in _ID_COLUMNS and isinstance(value, int):
        return _make_link(datasette, _ID_COLUMNS[column], value, value)
    if column == "permalink" and isinstance(value, str) and value.startswith(f"/{NAME}/"):
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(value), value)
    return _link_name(datasette, row, value, column)


def _link_name(datasette: Datasette, row: sqlite3.Row, value: object, column: str) -> Markup | None:
    if column == "domain" and value in CANONICAL:
        return _make_link(datasette, "domains", tilde_encode(str(value)), value)
    for key, target in _NAME_COLUMNS.get(column, ()):
        names = row.keys()
        if isinstance(value, str) and key in names and isinstance(row[key], int):
            # Several resources may have one name, or an address for a name.
            url = row["url"] if target == "resources" and "url" in names else None
            hint = Markup('<span class="room-unseen">, {}</span>').format(str(url).partition("://")[2]) if url else ""
            return _make_link(datasette, target, row[key], escape(value) + hint)
    return None


def _make_link(datasette: Datasette, table: str, key: object, text: object) -> Markup:
    return Markup('<a href="{}">{}</a>').format(datasette.urls.row(NAME, table, key), escape(text or key))
