"""The site's own paths in this room: `/2025/07/17/slug/` and `/?p=12` lead to the brief that was read there."""

from __future__ import annotations

import re
import sqlite3

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]

from reading_room.query import fetch_row, query_archive
from reading_room.server.settings import NAME
from reading_room.tables.filter_values import quote_value
from scraper.address import identity

_BRIEF = "SELECT id FROM briefs WHERE path = ?"
_READ_THERE = "SELECT briefs.id FROM readings JOIN briefs ON briefs.path = brief_path WHERE readings.path = ? LIMIT 1"
_LED_THERE = """SELECT briefs.id FROM redirects JOIN briefs ON briefs.path = target
    WHERE redirects.path = ? ORDER BY last_seen DESC LIMIT 1"""
_NUMBER_THERE = "SELECT min(briefs.id) AS id FROM briefs WHERE wp_id = ? HAVING count(*) = 1"
_WITHDRAWN = (
    "SELECT brief_id AS id FROM withdrawals WHERE ? IN (path, post) AND undone_at IS NULL AND brief_id NOT NULL"
)
_PAGE = "SELECT status FROM pages WHERE path = ?"
_POST_NUMBER = re.compile(r"/\?p=(\d{1,18})")


def find_brief_at(db: sqlite3.Connection, address: str) -> int | None:
    """The id of the brief that was read at an address or path of the site, or to which it led; None if there is none.

    A withdrawn brief keeps its id: its tombstone stands there.
    """
    path = identity(address)
    number = _POST_NUMBER.fullmatch(path)
    steps = [(sql, path) for sql in (_BRIEF, _READ_THERE, _LED_THERE, _WITHDRAWN)]
    for sql, value in [*steps, *([(_NUMBER_THERE, number[1])] if number else [])]:
        if row := fetch_row(db, sql, (value,)):
            return int(row["id"])
    return None


def make_absence(message: str) -> Exception:
    """The error for an address where nothing is; at NotFound Datasette would try it without its last slash."""
    error: Exception = DatasetteError(message, status=404)
    return error


async def lead_to_brief(datasette: Datasette, request: Request) -> Response:
    """Redirect from a post's path to its brief; raises a DatasetteError of 404 where no brief was read at the path."""
    path = request.path.removeprefix(datasette.setting("base_url").rstrip("/"))
    brief_id = await query_archive(datasette, lambda db: find_brief_at(db, path))
    if brief_id is None:
        raise make_absence(await query_archive(datasette, lambda db: _explain_absence(db, path)))
    return Response.redirect(datasette.urls.row(NAME, "briefs", str(brief_id)), status=301)


async def lead_number_to_brief(datasette: Datasette, request: Request) -> Response | None:
    """Redirect from `/?p=12`, WordPress's short address of a post; None at any other address."""
    number = request.args.get("p") or ""
    if not number:
        return None
    if not (number.isascii() and number.isdigit()):
        raise make_absence(f"{quote_value(number)} is no number of a post: /?p= takes one, such as /?p=12")
    brief_id = await query_archive(datasette, lambda db: find_brief_at(db, f"/?p={number[:18]}"))
    if brief_id is None:
        raise make_absence(f"No brief with WordPress's number {number[:18]} is in this archive")
    return Response.redirect(datasette.urls.row(NAME, "briefs", str(brief_id)), status=301)


def _explain_absence(db: sqlite3.Connection, path: str) -> str:
    page = fetch_row(db, _PAGE, (identity(path),))
    if page is None:
        return "No post of this address is known to the archive"
    standing = "the site lists it" if page["status"] == "live" else "the site no longer shows it"
    return f"The post at this address is known, but no copy of it is in this archive: {standing}"


ROUTES = ((r"/\d{4}/\d{2}/\d{2}/[^/]+(?:/.*)?$", lead_to_brief),)
