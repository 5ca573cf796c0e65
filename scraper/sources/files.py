"""Saved pages, one a file: HTML, plain text, REST answers, feeds and sitemaps, exports of WordPress, MHTML."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.extraction import wordpress_export
from scraper.address import host_of, is_ours
from scraper.records import Capture
from scraper.sources import media_type as media
from scraper.sources import mhtml, mirror
from scraper.sources import provenance as saved
from scraper.sources.content_coding import GZIP, MAX_PAYLOAD, Payload, decoded, gunzipped
from scraper.sources.events import Skipped, Told, Unreadable
from scraper.sources.instants import instant
from scraper.sources.provenance import Origin
from scraper.sources.sidecar import Sidecar, beside
from scraper.sources.warc_records import parsed

MAX_FILE = 64 * 2**20  # a page saved whole with its images in it can be large, but not like this
MAX_EXPORT = 512 * 2**20  # the posts of a whole site
_HTTP = b"HTTP/1."


@dataclass(frozen=True, slots=True)
class _Page:
    """What a file holds besides bytes: what was told with them."""

    payload: Payload
    origin: Origin
    content_type: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


def page(
    path: Path, hosts: Collection[str] | None, given: Sidecar | None = None, *, named: bool = True
) -> Iterator[Told]:
    """The capture in one file, and lines for what is wrong about it or its sidecar.

    `given` is what the command line says and goes before the sidecar. `named` is False for a file found in a folder:
    there, what looks like no page is skipped, not an error.
    """
    with path.open("rb") as file:
        head = file.read(media.HEAD)
        if why := _refused(path, head):
            yield why
            return
        if not named and media.by_name(path.name) is None and not _looks_like_page(head):
            yield Skipped(str(path), "unknown", media.ending(path.name))
            return
        found = _understood(head + file.read(MAX_EXPORT))
    if found is None:
        yield Unreadable(str(path), "format", "an MHTML file without a page in it")
        return
    if what := media.not_text(found.payload.body[: media.HEAD]):
        yield Unreadable(str(path), "format", f"not a page: {what}")
        return
    beside_it = beside(path)
    yield from beside_it.troubles
    if wordpress_export.is_export(found.payload.body):
        yield from (
            Skipped(str(path), "unpublished", what)
            for what in wordpress_export.count_left_out(found.payload.body).elements()
        )
    yield _ours(_capture(path, found, hosts, given or Sidecar(), beside_it), hosts)


def _refused(path: Path, head: bytes) -> Unreadable | None:
    where, size = str(path), path.stat().st_size
    if size == 0:
        return Unreadable(where, "empty", "an empty file")
    if what := media.not_read(path.name):
        return Unreadable(where, "format", f"not a page: {what}")
    most = MAX_EXPORT if wordpress_export.is_export(head) else MAX_FILE
    if size > most:
        why = f"{size / 2**20:,.0f} MiB, over the {most // 2**20} MiB that a single page may have; not read"
        return Unreadable(where, "size", why)
    return None


def _looks_like_page(head: bytes) -> bool:
    return media.by_bytes(head) is not None or head.startswith(_HTTP) or mhtml.is_mhtml(head)


def _understood(raw: bytes) -> _Page | None:
    """The page out of what programs wrap it in; None for an MHTML file that holds none."""
    if raw.startswith(_HTTP):  # wget --save-headers
        head, size = parsed(raw)
        code, headers = head.get_statuscode(), tuple(head.headers)
        date = Origin(captured_at=instant(head.get_header("Date") or ""))
        status = int(code) if code.isdecimal() and len(code) == 3 else None
        return _Page(decoded(raw[size:], headers), date, head.get_header("Content-Type"), status, headers)
    if mhtml.is_mhtml(raw[: media.HEAD]):
        kept = mhtml.snapshot(raw)
        return _Page(Payload(kept.body), kept.origin, kept.content_type) if kept else None
    return _Page(_unwrapped(raw), Origin())


def _unwrapped(raw: bytes) -> Payload:
    """The page, out of the gzip wrapping that some downloads keep."""
    if not raw.startswith(GZIP):
        return Payload(raw)
    try:
        return gunzipped(raw, MAX_PAYLOAD)
    except zlib.error:
        return Payload(raw, whole=False)


def _capture(path: Path, found: _Page, hosts: Collection[str] | None, given: Sidecar, beside_it: Sidecar) -> Capture:
    body = found.payload.body
    content_type = given.content_type or beside_it.content_type or found.content_type or _media_type(path, body)
    stated = given.url or beside_it.url
    listed = mirror.listed(path)
    # A time that somebody states belongs to this file; one in an address may be the nearest capture's.
    told = Origin(captured_at=given.captured_at or beside_it.captured_at)
    told |= saved.of_address(stated) if stated else Origin()
    told |= saved.of_address(listed[0]) if listed else Origin()
    told |= found.origin
    told |= _own_words(body, content_type)
    if told.url is None and (place := mirror.address(path, hosts)):
        told |= saved.of_address(place)
    return Capture(
        body=body,
        url=told.url,
        captured_at=told.captured_at,
        source="wayback" if told.wayback else "file",
        status=beside_it.status or found.status or (listed[1] if listed else None),
        headers=found.headers,
        content_type=content_type,
        truncated=not found.payload.whole,
        name=str(path),
    )


def _own_words(body: bytes, content_type: str) -> Origin:
    """What the page itself says of its saving."""
    if wordpress_export.is_export(body):
        return Origin(captured_at=wordpress_export.find_export_time(body))
    return saved.of_text(body) if content_type.startswith("text/plain") else saved.origin(body)


def _media_type(path: Path, body: bytes) -> str:
    """By the bytes where they are plain about it, else by the name; what is neither is text."""
    by_bytes, by_name = media.by_bytes(body[: media.HEAD]), media.by_name(path.name)
    if by_bytes == "text/html" or by_name in (None, "text/html"):
        return by_bytes or by_name or "text/plain"
    return by_name


def _ours(capture: Capture, hosts: Collection[str] | None) -> Told:
    if hosts is not None and capture.url and not is_ours(capture.url, hosts):
        return Skipped(capture.name or "", "host", host_of(capture.url))
    return capture
