"""The tombstone: the page in the place of a withdrawn brief, at each address that names it; a line for programs."""

from __future__ import annotations

import re
import sqlite3

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]

from pipelines.exports.citation_parts import format_day
from reading_room.addresses.post_paths import find_brief_at
from reading_room.query import Row, fetch_row, query_archive
from reading_room.server.settings import NAME

_BRIEF = re.compile(rf"/(?:{NAME}/briefs|-/cite)/(\d{{1,18}})(\.\w+|/text)?$")
_CAPTURE = re.compile(r"/-/captured/(\d{1,18})(/page)?$")
_OF_BRIEF = """SELECT path, brief_id, withdrawn_at, reason FROM withdrawals
    WHERE brief_id = ? AND undone_at IS NULL ORDER BY withdrawn_at LIMIT 1"""
_OF_CAPTURE = """SELECT withdrawals.path, brief_id, withdrawn_at, reason FROM captures JOIN withdrawals USING (path)
    WHERE captures.id = ? AND undone_at IS NULL ORDER BY withdrawn_at LIMIT 1"""
_GONE = 410


class WithdrawnBrief(Exception):
    """A request names a brief that was withdrawn."""

    def __init__(self, brief_id: int) -> None:
        super().__init__(f"Brief {brief_id} was withdrawn")
        self.brief_id = brief_id


def refuse_withdrawn(db: sqlite3.Connection, typed: str) -> None:
    """Raise WithdrawnBrief for the id, path or address of a withdrawn brief."""
    is_id = typed.isascii() and typed.isdecimal()
    brief_id = int(typed[:18]) if is_id else find_brief_at(db, typed)
    if brief_id is not None and fetch_row(db, _OF_BRIEF, (brief_id,)):
        raise WithdrawnBrief(brief_id)


async def make_tombstone(
    datasette: Datasette, request: Request, exception: Exception, *, is_data: bool
) -> Response | None:
    """The tombstone where a withdrawn brief is asked for, or a capture of it; None for anything else."""
    if (named := _find_named(request, exception)) is None:
        return None
    sql, number = named
    withdrawal = await query_archive(datasette, lambda db: fetch_row(db, sql, (number,)))
    if withdrawal is None:
        return None
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "status": _GONE, "error": "withdrawn", **withdrawal}, status=_GONE)
    if is_data:
        return Response.text(_write_line(withdrawal), status=_GONE)
    request.scope.setdefault(
        "csrftoken", str
    )  # Datasette's templates want one, and parameters are checked before it is made
    text = await datasette.render_template("tombstone.html", {"withdrawal": withdrawal}, request=request)
    return Response.html(text, status=_GONE)


def _find_named(request: Request, exception: Exception) -> tuple[str, int] | None:
    """The query for the withdrawal that may be meant, and the number that it takes."""
    if isinstance(exception, WithdrawnBrief):
        return _OF_BRIEF, exception.brief_id
    for sql, address in ((_OF_BRIEF, _BRIEF), (_OF_CAPTURE, _CAPTURE)):
        if isinstance(exception, NotFound) and (match := address.search(request.path)):
            return sql, int(match[1])
    return None


def _write_line(withdrawal: Row) -> str:
    day = format_day(withdrawal["withdrawn_at"]) if withdrawal["withdrawn_at"] else "a day that is not known"
    reason = f": {' '.join(withdrawal['reason'].split())}" if withdrawal["reason"] else ""
    return f"This brief was withdrawn from readers on {day}{reason} ({withdrawal['path']})\n"
