"""A page as captured: its facts, and the kept bytes in a frame in which nothing runs or loads."""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed

from pipelines.captures.read_back import capture_of_row
from pipelines.exports.briefs import citable
from pipelines.extract import media_kind
from pipelines.extraction.charset import decode
from pipelines.withdrawals import rules as withdrawals
from reading_room.query import Row, ask, one
from reading_room.redact import hidden
from reading_room.sanitise import defused
from reading_room.settings import PLUGIN
from scraper.errors import ArchiveError
from scraper.records import Capture

# A feed, a REST answer or a listing tells of many posts, also of those that were withdrawn from readers since.
SHOWABLE = """captures.outcome = 'brief' AND captures.layout IS NOT 'wxr'
    AND 1 = (SELECT count(*) FROM readings WHERE capture_id = captures.id)
    AND NOT EXISTS (SELECT 1 FROM pages WHERE status = 'withdrawn' AND (path = captures.path
        OR path IN (SELECT path FROM readings WHERE capture_id = captures.id)
        OR path IN (SELECT brief_path FROM readings WHERE capture_id = captures.id)))"""
_CAPTURE = f"""SELECT captures.id, captures.url, captured_at, source, status, media_type, outcome, charset, length,
    truncated, name, digest, memento, warc_file, warc_offset, {SHOWABLE} AS showable,
    briefs.id AS brief_id, briefs.title, briefs.label, briefs.path
    FROM captures LEFT JOIN readings ON readings.capture_id = captures.id LEFT JOIN briefs ON briefs.path = brief_path
    WHERE captures.id = ? LIMIT 1"""  # noqa: S608 - the condition stands above
# Its own page is stricter than the room's: the browser itself runs and loads nothing, should anything be left in it.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
}
_UNREADABLE = (OSError, ArchiveError, ArchiveLoadFailed, ValueError, EOFError, zlib.error)
_NOT_SERVED = "The bytes of the kept pages are not served along here: only their digests are."
_DAMAGED = "The kept bytes cannot be read: the file that holds them is missing or damaged."
_ALTERED = "The kept bytes are no longer those that were captured, so they are not shown."
_WITHHELD = "The kept page names a post that was withdrawn from readers, and may show its beginning: it is not shown."
_NO_TEXT = "The kept bytes are no page and no text, so there is nothing to show."


@dataclass(frozen=True, slots=True)
class Copy:
    """The kept bytes as far as they can be had, and in words why not."""

    capture: Capture | None
    wrong: str | None = None
    verified: bool | None = None  # None: nobody could look


async def page(datasette: Datasette, request: Request) -> Response:
    """The facts of a capture around the frame; 404 for captures that are no single post's page."""
    row = await _showable(datasette, request)
    copy = await asyncio.to_thread(_copy, datasette, row)
    told = {
        "capture": {**row, "url": hidden(row["url"] or ""), "memento": citable(row["memento"] or "") or None},
        "kept": copy,
    }
    return Response.html(await datasette.render_template("capture.html", {"page": told}, request=request))


async def frame(datasette: Datasette, request: Request) -> Response:
    """The kept page, with all that would run or load taken out; the same 404 as `page`, and for missing bytes."""
    row = await _showable(datasette, request)
    copy = await asyncio.to_thread(_copy, datasette, row)
    if copy.capture is None:
        return Response(copy.wrong, status=404, headers=_HEADERS, content_type="text/plain; charset=utf-8")
    body, content_type = await asyncio.to_thread(_shown, copy.capture)
    return Response(body, headers=_HEADERS, content_type=content_type)


async def _showable(datasette: Datasette, request: Request) -> Row:
    number = int(request.url_vars["capture"])
    row, naming = await ask(datasette, lambda db: (one(db, _CAPTURE, (number,)), withdrawals.names(db)))
    if row is None:
        raise NotFound(f"There is no capture {number} in this archive")
    if not row["showable"] or row["brief_id"] is None:
        raise NotFound(f"Capture {number} is not shown: only the pages of single posts that stand here are")
    return row | {"naming": naming}


def _copy(datasette: Datasette, row: Row) -> Copy:
    folder = (datasette.plugin_config(PLUGIN) or {}).get("warcs")
    if folder is None:
        return Copy(None, _NOT_SERVED)
    names = ("url", "captured_at", "source", "truncated", "name", "warc_file", "warc_offset")
    try:
        capture = capture_of_row(Path(folder), tuple(row[name] for name in names))
    except _UNREADABLE:
        return Copy(None, _DAMAGED)
    if capture.digest != row["digest"]:
        return Copy(None, _ALTERED, verified=False)
    if media_kind(capture) not in ("html", "text"):
        return Copy(None, _NO_TEXT, verified=True)
    if row["naming"] and row["naming"].search(capture.body.replace(b"\\/", b"/")):
        return Copy(None, _WITHHELD, verified=True)
    return Copy(capture, verified=True)


def _shown(capture: Capture) -> tuple[str, str]:
    if media_kind(capture) == "text":
        return hidden(decode(capture.body, capture.content_type)[0]), "text/plain; charset=utf-8"
    return defused(capture.body, capture.content_type, capture.url), "text/html; charset=utf-8"


ROUTES: tuple[tuple[str, Any], ...] = (
    (r"^/-/captured/(?P<capture>\d{1,18})$", page),
    (r"^/-/captured/(?P<capture>\d{1,18})/page$", frame),
)
