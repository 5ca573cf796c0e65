"""Saved pages, one a file: HTML, plain text, REST answers, feeds and sitemaps."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from pathlib import Path

from scraper.address import host_of, is_ours
from scraper.records import Capture
from scraper.sources import media, saved
from scraper.sources.payload import GZIP, MAX_PAYLOAD, Payload, gunzipped
from scraper.sources.saved import Origin
from scraper.sources.sidecar import Sidecar, beside
from scraper.sources.told import Skipped, Told, Unreadable

MAX_FILE = 64 * 2**20  # a page saved whole with its images in it can be large, but not like this


def page(
    path: Path, hosts: Collection[str] | None, given: Sidecar | None = None, *, named: bool = True
) -> Iterator[Told]:
    """The capture in one file, and lines for what is wrong about it or its sidecar.

    `given` is what the command line says and goes before the sidecar. `named` is False for a file found in a folder:
    there, what looks like no page is skipped, not an error.
    """
    if why := _refused(path):
        yield why
        return
    with path.open("rb") as file:
        head = file.read(media.HEAD)
        if not named and media.by_name(path.name) is None and media.by_bytes(head) is None:
            yield Skipped(str(path), "unknown", media.ending(path.name))
            return
        payload = _unwrapped(head + file.read(MAX_FILE))
    if what := media.not_text(payload.body[: media.HEAD]):
        yield Unreadable(str(path), "format", f"not a page: {what}")
        return
    beside_it = beside(path)
    yield from beside_it.troubles
    yield _ours(_capture(path, payload, given or Sidecar(), beside_it), hosts)


def _refused(path: Path) -> Unreadable | None:
    where, size = str(path), path.stat().st_size
    if size == 0:
        return Unreadable(where, "empty", "an empty file")
    if what := media.not_read(path.name):
        return Unreadable(where, "format", f"not a page: {what}")
    if size > MAX_FILE:
        why = f"{size / 2**20:,.0f} MiB, over the {MAX_FILE // 2**20} MiB that a single page may have; not read"
        return Unreadable(where, "size", why)
    return None


def _unwrapped(raw: bytes) -> Payload:
    """The page, out of the gzip wrapping that some downloads keep."""
    if not raw.startswith(GZIP):
        return Payload(raw)
    try:
        return gunzipped(raw, MAX_PAYLOAD)
    except zlib.error:
        return Payload(raw, whole=False)


def _capture(path: Path, payload: Payload, given: Sidecar, beside_it: Sidecar) -> Capture:
    stated = given.url or beside_it.url
    # A time that somebody states belongs to this file; one in an address may be the nearest capture's.
    told = Origin(captured_at=given.captured_at or beside_it.captured_at)
    told |= saved.of_address(stated) if stated else Origin()
    told |= saved.origin(payload.body)
    return Capture(
        body=payload.body[:MAX_FILE],
        url=told.url,
        captured_at=told.captured_at,
        source="wayback" if told.wayback else "file",
        status=beside_it.status,
        content_type=given.content_type or beside_it.content_type or _media_type(path, payload.body),
        truncated=not payload.whole,
        name=str(path),
    )


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
