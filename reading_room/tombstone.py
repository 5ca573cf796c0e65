"""The tombstone: the page in the place of a withdrawn brief."""

from __future__ import annotations

import re

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]

from reading_room.query import fetch_row, query_archive
from reading_room.settings import NAME

_BRIEF = re.compile(rf"/(?:{NAME}/briefs|-/cite)/(\d{{1,18}})(\.\w+|/text)?$")
_CAPTURE = re.compile(r"/-/captured/(\d{1,18})(/page)?$")
_OF_BRIEF = """SELECT path, brief_id, withdrawn_at, reason FROM withdrawals
    WHERE brief_id = ? AND undone_at IS NULL ORDER BY withdrawn_at LIMIT 1"""
_OF_CAPTURE = """SELECT withdrawals.path, brief_id, withdrawn_at, reason FROM captures JOIN withdrawals USING (path)
    WHERE captures.id = ? AND undone_at IS NULL ORDER BY withdrawn_at LIMIT 1"""
_GONE = 410


async def make_tombstone(datasette: Datasette, request: Request, exception: Exception) -> Response | None:
    """The tombstone at the address of a withdrawn brief or of its captures; None at any other address."""
    sql, match = _OF_BRIEF, _BRIEF.search(request.path)
    if match is None:
        sql, match = _OF_CAPTURE, _CAPTURE.search(request.path)
    if not isinstance(exception, NotFound) or match is None:
        return None
    number = int(match[1])
    withdrawal = await query_archive(datasette, lambda db: fetch_row(db, sql, (number,)))
    if withdrawal is None:
        return None
    if match[2] == ".json":
        return Response.json({"ok": False, "status": _GONE, "error": "withdrawn", **withdrawal}, status=_GONE)
    text = await datasette.render_template("tombstone.html", {"withdrawal": withdrawal}, request=request)
    return Response.html(text, status=_GONE)
