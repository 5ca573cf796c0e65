"""What stands where a withdrawn brief stood."""

from __future__ import annotations

import re

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]

from reading_room.query import ask, one
from reading_room.settings import NAME

_BRIEF = re.compile(rf"/(?:{NAME}/briefs|-/cite)/(\d{{1,18}})(\.\w+)?$")
_CAPTURE = re.compile(r"/-/captured/(\d{1,18})(/page)?$")
_WITHDRAWN = """SELECT path, brief_id, withdrawn_at, reason FROM withdrawals
    WHERE brief_id = ? AND undone_at IS NULL ORDER BY withdrawn_at LIMIT 1"""
_CAPTURED = """SELECT withdrawals.path, brief_id, withdrawn_at, reason FROM captures JOIN withdrawals USING (path)
    WHERE captures.id = ? AND undone_at IS NULL ORDER BY withdrawn_at LIMIT 1"""
_GONE = 410


async def answer(datasette: Datasette, request: Request, exception: Exception) -> Response | None:
    """The tombstone for the address of a withdrawn brief, or of a capture of it; None leaves the answer to others."""
    sql, match = _WITHDRAWN, _BRIEF.search(request.path)
    if match is None:
        sql, match = _CAPTURED, _CAPTURE.search(request.path)
    if not isinstance(exception, NotFound) or match is None:
        return None
    number = int(match[1])
    told = await ask(datasette, lambda db: one(db, sql, (number,)))
    if told is None:
        return None
    if match[2] == ".json":
        return Response.json({"ok": False, "status": _GONE, "error": "withdrawn", **told}, status=_GONE)
    text = await datasette.render_template("tombstone.html", {"told": told}, request=request)
    return Response.html(text, status=_GONE)
