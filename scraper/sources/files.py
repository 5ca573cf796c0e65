"""Reads saved pages, one per file: HTML, plain text, REST answers, feeds, sitemaps, WordPress exports."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from scraper.address import host_of, identity, is_ours, is_web, strip_wayback
from scraper.dates import parse_instant
from scraper.discovery import wordpress_export
from scraper.markup.html_page import Page
from scraper.records import Capture
from scraper.sources import archivebox, mirror, provenance, zip_page
from scraper.sources import media_type as media
from scraper.sources.archive_records import unpack_head
from scraper.sources.events import Omission, SourceItem, Unreadable
from scraper.sources.page_file import is_wrapped, unwrap_pages
from scraper.sources.saved_page import UNKNOWN, Origin, SavedPage
from scraper.sources.sidecar import Sidecar, find_sidecar, read_sidecar
from scraper.sources.zip_index import LOCAL_HEADER

MAX_FILE = 64 * 2**20  # a page saved with its images can be large, but no larger than this
MAX_EXPORT = 512 * 2**20  # the posts of a whole site


@dataclass(frozen=True, slots=True)
class _Statements:
    """What is stated about a page outside of its file: by the user, a sidecar, an index, its place in a mirror."""

    origin: Origin = UNKNOWN
    place: Origin = UNKNOWN  # the last resort
    content_type: str | None = None
    status: int | None = None
    status_in_list: int | None = None


def read_page(
    path: Path, hosts: Collection[str] | None, given: Sidecar | None = None, *, is_named: bool = True
) -> Iterator[SourceItem]:
    """Yield the capture in one file, and what is wrong with it or its sidecar.

    `given` comes from the command line and overrides the sidecar. `is_named` is False for a file found in a folder:
    there, a file that does not look like a page is left out and is no error.
    """
    with path.open("rb") as file:
        head = file.read(media.HEAD)
        if refusal := _find_refusal(path, head):
            yield refusal
            return
        if not is_named and not _looks_like_page(path, head):
            yield Omission(str(path), "unknown", media.ending_of(path.name))
            return
        pages = unwrap_pages(path, head + file.read(MAX_EXPORT))
    if not any(isinstance(page, SavedPage) for page in pages):
        yield from (Unreadable(str(path), "format", why) for why in pages if isinstance(why, str))
        return
    sidecar = read_sidecar(path)
    yield from sidecar.problems
    stated = _find_statements(path, hosts, given or Sidecar(), sidecar) if len(pages) == 1 else _Statements()
    for page in pages:
        if isinstance(page, str):
            yield Unreadable(str(path), "damaged", page)
        else:
            yield from _read_body(path, page, hosts, stated)


def _read_body(path: Path, page: SavedPage, hosts: Collection[str] | None, stated: _Statements) -> Iterator[SourceItem]:
    body = page.payload.body
    if what := media.describe_binary(body[: media.HEAD]):
        yield Unreadable(str(path), "format", f"not a page: {what}")
        return
    if wordpress_export.is_export(body):
        yield from (
            Omission(str(path), "unpublished", what) for what in wordpress_export.count_left_out(body).elements()
        )
    yield _drop_foreign_page(_make_capture(path, page, stated, hosts), hosts)


def _find_refusal(path: Path, head: bytes) -> Unreadable | None:
    where, size = str(path), path.stat().st_size
    if size == 0:
        return Unreadable(where, "empty", "an empty file")
    may_hold_page = head.startswith(LOCAL_HEADER) and size <= MAX_FILE
    if (what := media.describe_unread_format(path.name)) and not may_hold_page:
        return Unreadable(where, "format", f"not a page: {what}")
    max_size = MAX_EXPORT if wordpress_export.is_export(head) else MAX_FILE
    if size > max_size:
        why = f"{size / 2**20:,.0f} MiB, more than the {max_size // 2**20} MiB that a single page may have; not read"
        return Unreadable(where, "size", why)
    return None


def _looks_like_page(path: Path, head: bytes) -> bool:
    """Whether a file in a folder is one to read, or to report."""
    if media.guess_by_name(path.name) or media.describe_unread_format(path.name) or find_sidecar(path):
        return True
    begin = unpack_head(head)
    is_text = media.guess_by_bytes(begin) is not None or is_wrapped(begin) or media.describe_packer(head) is not None
    return is_text or (head.startswith(LOCAL_HEADER) and zip_page.find_page(path) is not None)


def _find_statements(path: Path, hosts: Collection[str] | None, given: Sidecar, sidecar: Sidecar) -> _Statements:
    """Find what is stated about the one page in a file outside of it."""
    address = given.url or sidecar.url
    listed = mirror.find_listed_address(path)
    # A stated instant belongs to this file; the one in a Wayback address may be the nearest capture's.
    origin = Origin(captured_at=given.captured_at or sidecar.captured_at)
    origin |= provenance.origin_of_address(address) if address else Origin()
    origin |= provenance.origin_of_address(listed[0]) if listed else Origin()
    origin |= archivebox.find_origin(path)
    place = mirror.derive_address(path, hosts)
    return _Statements(
        origin,
        provenance.origin_of_address(place) if place else Origin(),
        given.content_type or sidecar.content_type,
        sidecar.status,
        listed[1] if listed else None,
    )


def _make_capture(path: Path, page: SavedPage, stated: _Statements, hosts: Collection[str] | None) -> Capture:
    body = page.payload.body
    content_type = stated.content_type or page.content_type or _choose_media_type(path, body)
    origin = stated.origin | _find_own_origin(body, content_type) | page.origin | stated.place
    origin = origin if origin.url else origin | _find_stamped_origin(path, body, content_type, hosts)
    return Capture(
        body=body,
        url=origin.url,
        captured_at=origin.captured_at,
        source="wayback" if origin.wayback else "file",
        status=stated.status or page.status or stated.status_in_list,
        headers=page.headers,
        content_type=content_type,
        truncated=not page.payload.whole,
        name=str(path),
    )


def _find_own_origin(body: bytes, content_type: str) -> Origin:
    """Find what the page itself says about where and when it was saved."""
    if wordpress_export.is_export(body):
        return Origin(captured_at=wordpress_export.find_export_time(body))
    return provenance.origin_of_text(body) if content_type.startswith("text/plain") else provenance.find_origin(body)


def _find_stamped_origin(path: Path, body: bytes, content_type: str, hosts: Collection[str] | None) -> Origin:
    """Find the origin of a page in a folder named by an instant, whose address only the page itself states.

    Where its place below that folder is another one, the folder may be the copy of a whole disk.
    """
    if "html" not in content_type or (stamp := mirror.find_stamp(path)) is None:
        return UNKNOWN
    page = Page(body, content_type, None)
    url = page.links.get("canonical") or page.meta.get("og:url") or ""
    if not (is_web(url) and is_ours(url, hosts)):
        return UNKNOWN
    instant, place = stamp
    agrees = f"{identity(url).rstrip('/')}/".endswith(f"/{place}/") if place else True
    return Origin(strip_wayback(url)[0], parse_instant(instant)) if agrees else UNKNOWN


def _choose_media_type(path: Path, body: bytes) -> str:
    """Choose the media type by the bytes where they are clear, else by the name, else plain text."""
    by_bytes, by_name = media.guess_by_bytes(body[: media.HEAD]), media.guess_by_name(path.name)
    if by_name == "application/json" and not media.is_document(body[: media.HEAD]):
        return by_name  # a server's notice in front of it is HTML too
    if by_bytes == "text/html" or by_name in (None, "text/html"):
        return by_bytes or by_name or "text/plain"
    return by_name


def _drop_foreign_page(capture: Capture, hosts: Collection[str] | None) -> SourceItem:
    if capture.url and not is_ours(capture.url, hosts):
        return Omission(capture.name or "", "host", host_of(capture.url))
    return capture
