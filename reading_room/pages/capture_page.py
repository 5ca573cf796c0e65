"""A page as captured: facts about the capture, and its bytes in a frame that runs and loads nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]

from pipelines.captures.read_back import UNREADABLE, read_capture_row
from pipelines.exports.brief_records import to_citable_url
from pipelines.extraction.media_kind import detect_media_kind
from pipelines.withdrawals import withdrawn_posts
from reading_room.pages.sanitise import sanitise_page
from reading_room.protocols.memento import describe_memento
from reading_room.query import Row, fetch_row, query_archive
from reading_room.redact import redact_emails
from reading_room.server.settings import PLUGIN
from reading_room.showable import SHOWABLE
from scraper.markup.charset import decode_text
from scraper.records import Capture

_CAPTURE = f"""SELECT captures.id, captures.url, captured_at, source, status, media_type, outcome, charset, length,
    truncated, name, digest, memento, warc_file, warc_offset, {SHOWABLE} AS showable,
    briefs.id AS brief_id, briefs.title, briefs.label, briefs.path
    FROM captures LEFT JOIN readings ON readings.capture_id = captures.id LEFT JOIN briefs ON briefs.path = brief_path
    WHERE captures.id = ? LIMIT 1"""  # noqa: S608 - the condition stands above
# Stricter than the room's policy: should the sanitiser miss something, the browser still runs and loads nothing.
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
_NO_WARCS = "This room was started without the folder of kept pages (--warcs), so only their digests are here."
_DAMAGED = "The kept bytes cannot be read: the WARC file that holds them is missing or damaged."
_ALTERED = "The kept bytes have changed since they were captured, so they are not shown."
_WITHHELD = "The kept page names a post that was withdrawn from readers and may quote it, so it is not shown."
_NO_TEXT = "The kept bytes are neither a page nor text, so there is nothing to show."


@dataclass(frozen=True, slots=True)
class StoredCopy:
    """The kept bytes of a capture, or the reason why they cannot be shown."""

    capture: Capture | None
    problem: str | None = None
    verified: bool | None = None  # None if they could not be read


async def show_capture(datasette: Datasette, request: Request) -> Response:
    """The page with the facts and the frame; 404 for a capture that is not the page of a single post."""
    row = await _read_capture(datasette, request)
    copy = await asyncio.to_thread(_read_copy, datasette, row)
    page_values = {
        "capture": {
            **row,
            "url": redact_emails(row["url"] or ""),
            "memento": to_citable_url(row["memento"] or "") or None,
        },
        "stored": copy,
    }
    return Response.html(await datasette.render_template("capture.html", {"page": page_values}, request=request))


async def serve_frame(datasette: Datasette, request: Request) -> Response:
    """The kept page without what would run or load; 404 as for `show_capture`, and for missing bytes."""
    row = await _read_capture(datasette, request)
    copy = await asyncio.to_thread(_read_copy, datasette, row)
    if copy.capture is None:
        return Response(copy.problem, status=404, headers=_HEADERS, content_type="text/plain; charset=utf-8")
    body, content_type = await asyncio.to_thread(_render_copy, copy.capture)
    headers = {**_HEADERS, **describe_memento(datasette, request, row)}
    return Response(body, headers=headers, content_type=content_type)


async def _read_capture(datasette: Datasette, request: Request) -> Row:
    number = int(request.url_vars["capture"])
    row, withdrawn_names = await query_archive(
        datasette, lambda db: (fetch_row(db, _CAPTURE, (number,)), withdrawn_posts.compile_path_pattern(db))
    )
    if row is None:
        raise NotFound(f"There is no capture {number} in this archive")
    if not row["showable"] or row["brief_id"] is None:
        raise NotFound(f"Capture {number} is not shown: only the page of a single post is, if the archive has the post")
    return row | {"withdrawn_names": withdrawn_names}


def _read_copy(datasette: Datasette, row: Row) -> StoredCopy:
    folder = (datasette.plugin_config(PLUGIN) or {}).get("warcs")
    if folder is None:
        return StoredCopy(None, _NO_WARCS)
    names = ("url", "captured_at", "source", "truncated", "name", "warc_file", "warc_offset")
    try:
        capture = read_capture_row(Path(folder), tuple(row[name] for name in names))
    except UNREADABLE:
        return StoredCopy(None, _DAMAGED)
    if capture.digest != row["digest"]:
        return StoredCopy(None, _ALTERED, verified=False)
    if detect_media_kind(capture) not in ("html", "text"):
        return StoredCopy(None, _NO_TEXT, verified=True)
    if row["withdrawn_names"] and row["withdrawn_names"].search(capture.body.replace(b"\\/", b"/")):
        return StoredCopy(None, _WITHHELD, verified=True)
    return StoredCopy(capture, verified=True)


def _render_copy(capture: Capture) -> tuple[str, str]:
    if detect_media_kind(capture) == "text":
        return redact_emails(decode_text(capture.body, capture.content_type)[0]), "text/plain; charset=utf-8"
    return sanitise_page(capture.body, capture.content_type, capture.url), "text/html; charset=utf-8"


ROUTES: tuple[tuple[str, Any], ...] = (
    (r"^/-/captured/(?P<capture>[1-9]\d{0,17})$", show_capture),
    (r"^/-/captured/(?P<capture>[1-9]\d{0,17})/page$", serve_frame),
)
