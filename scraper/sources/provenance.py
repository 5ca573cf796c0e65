"""Finds the address and the instant of a page in what programs wrote into it on saving. Pure functions on bytes."""

from __future__ import annotations

import re
from collections.abc import Callable

from scraper.address import is_believed, is_web, parse_address_line, strip_wayback
from scraper.dates import parse_instant, parse_script_instant, parse_wayback_instant, parse_worded_instant
from scraper.discovery.front_matter import find_stated_address, split_front_matter
from scraper.markup.charset import narrow_text
from scraper.sources.saved_page import Origin

_LINE = 4096  # bytes that hold the first line of a text
_EDGE = 64 * 1024  # the comments of programs stand at the very start or the very end

_BROWSER = re.compile(rb"<!--\s*saved from url=\(\d+\)(?:view-source:)?(\S{1,2000}?)\s*-->", re.IGNORECASE)
_SINGLEFILE = re.compile(rb"<!--\s{0,9}Page saved with SingleFile(.{0,4000}?)-->", re.DOTALL)
_HTTRACK = re.compile(rb"<!--\s*Mirrored from (\S{1,2000}) by HTTrack[^>]{0,200}?\],? ([^>]{1,60}?)\s*-->")
_MONOLITH = re.compile(rb"<!--\s*Saved from (\S{1,2000}) at ([0-9TZ:+-]{10,30}) using monolith", re.IGNORECASE)
_SCRAPBOOK = rb'<html\b[^>]{0,2000}?\bdata-scrapbook-%s="([^"]{1,2000})"'
# Firefox's Reader View puts the address above the page.
_READER = re.compile(rb'<a\b(?=[^>]{0,200}\bclass="[^"]{0,60}\breader-domain\b)[^>]{0,200}?\bhref="([^"]{1,2000})"')
_SAVEPAGE = rb'<meta name="savepage-%s" content="([^"]{1,2000})"'
_EVERNOTE = rb'<meta itemprop="%s" content="([^"]{1,2000})"'
_ARCHIVED_ON = re.compile(rb"FILE ARCHIVED ON (\d\d:\d\d:\d\d \w{3} \d{1,2}, \d{4})")
_WOMBAT = re.compile(rb"__wm\.wombat\(\s*[\"']([^\"']{1,2000})[\"']\s*,\s*[\"'](\d{14})[\"']")
_CANONICAL = re.compile(rb"<link\b[^>]{0,200}?\brel=[\"']?(?:canonical|bookmark)\b[^>]{0,2500}>", re.IGNORECASE)
_HREF = re.compile(rb"\bhref=[\"']?([^\"'\s>]{1,2000})", re.IGNORECASE)
# The frames of archive.today and of the caches of search engines.
_FORM = re.compile(rb"\bid=[\"']?HEADER\b(?:.(?!\bid=[\"']?CONTENT\b)){0,16000}", re.DOTALL)
_COPY = re.compile(rb"\barchive\.(?:today|ph|is|li|vn|fo|md)/")
_ASKED = re.compile(rb"<input\b(?=[^>]{0,500}\bname=[\"']?q\b)[^>]{0,500}?\bvalue=[\"']?([^\"'\s>]{1,2000})")
_DATETIME = re.compile(rb"\bdatetime=[\"']?([^\"'>]{10,40})")
_GOOGLE = re.compile(
    rb"(?:\bid=[\"']?[\w-]{0,40}google-cache-hdr\b|\bThis is Google.{1,8}s (?:<[^>]{0,300}>)?cache(?:</a>)? of )"
    rb"(.{0,6000})",
    re.DOTALL,
)
_BING = re.compile(rb"<!-- Banner:Start -->|\bYou have reached the cached page for\b")
_BASE = re.compile(rb"<base\b[^>]{0,200}?\bhref=[\"']?([^\"'\s>]{1,2000})", re.IGNORECASE)
_TAG = re.compile(rb"<[^>]{0,4000}>")


def find_origin(body: bytes) -> Origin:
    """Find all that the page says about its saving; nothing is taken from its prose or its links."""
    body = narrow_text(body)
    edges = body if len(body) <= 2 * _EDGE else body[:_EDGE] + b"\n" + body[-_EDGE:]
    origin = _read_savepage_metas(body) if b'name="savepage-' in body else Origin()
    for read_origin in _READERS:
        origin |= read_origin(edges)
    return origin


def origin_of_text(body: bytes) -> Origin:
    """Read the first line of a plain text, or the fields above it: the address of the post that it is a copy of."""
    head = narrow_text(body[:_LINE]).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    first = head.splitlines()[:1]
    url = parse_address_line(first[0]) if first else None
    url = url or find_stated_address(split_front_matter(head)[0])
    return origin_of_address(url) if url else Origin()


def origin_of_address(url: str) -> Origin:
    """Make an origin of an address; of a Wayback address, the original address and the instant in it.

    The address of an unknown web archive stays whole, so that whoever asks whose page it is sees who says so.
    """
    original, stamp = strip_wayback(url)
    original = original if is_believed(url, ()) else url
    captured_at = parse_instant(stamp) if stamp and len(stamp) == 14 else None
    return Origin(original, captured_at, wayback=stamp is not None)


def _decode_address(address: bytes) -> str:
    return address.decode("utf-8", "replace").replace("&amp;", "&")


def _origin_of_match(address: bytes) -> Origin:
    url = _decode_address(address)
    return origin_of_address(url) if is_web(url) else Origin()


def _read_browser_comment(page: bytes) -> Origin:
    match = _BROWSER.search(page)
    return _origin_of_match(match[1]) if match else Origin()


def _read_singlefile_comment(page: bytes) -> Origin:
    if not (match := _SINGLEFILE.search(page)):
        return Origin()
    url = re.search(rb"\burl:\s*(?:view-source:)?(\S+)", match[1])
    captured_at = _parse_match(re.search(rb"saved date:([^\r\n]+)", match[1]), parse_script_instant)
    return (_origin_of_match(url[1]) if url else Origin()) | Origin(captured_at=captured_at)


def _read_httrack_comment(page: bytes) -> Origin:
    if not (match := _HTTRACK.search(page)):
        return Origin()
    # HTTrack names no scheme, and may add index.html to what is a folder to it.
    url = b"https://" + re.sub(rb"(?<=/)index\.html?$", b"", match[1])
    return _origin_of_match(url) | Origin(captured_at=parse_instant(match[2].decode("ascii", "replace")))


def _read_monolith_comment(page: bytes) -> Origin:
    match = _MONOLITH.search(page)
    return _origin_of_match(match[1]) | Origin(captured_at=parse_instant(match[2].decode())) if match else Origin()


def _read_scrapbook_attributes(page: bytes) -> Origin:
    """Read the attributes of WebScrapBook; its instants are in UTC, to the millisecond."""
    source, create = (re.search(_SCRAPBOOK % name, page) for name in (b"source", b"create"))
    captured_at = parse_instant(create[1].decode("ascii", "replace")[:14]) if create else None
    return (_origin_of_match(source[1]) if source else Origin()) | Origin(captured_at=captured_at)


def _read_reader_view(page: bytes) -> Origin:
    match = _READER.search(page)
    return _origin_of_match(match[1]) if match else Origin()


def _read_savepage_metas(page: bytes) -> Origin:
    """Read the metas of the browser extension Save Page WE, which stand anywhere between embedded style sheets."""
    values = {name: match[1] for name in ("url", "date") if (match := re.search(_SAVEPAGE % name.encode(), page))}
    captured_at = parse_script_instant(values["date"].decode("ascii", "replace")) if "date" in values else None
    return (_origin_of_match(values["url"]) if "url" in values else Origin()) | Origin(captured_at=captured_at)


def _read_evernote_metas(page: bytes) -> Origin:
    """Read the metas of a note that Evernote exports: the page that was clipped, and when it was."""
    if not (match := re.search(_EVERNOTE % b"source-url", page)):
        return Origin()
    created = re.search(_EVERNOTE % b"created", page)
    stamp = re.sub(rb"\D", b"", created[1]).decode() if created else ""
    return _origin_of_match(match[1]) | Origin(captured_at=parse_instant(stamp) if len(stamp) == 14 else None)


def _read_archived_comment(page: bytes) -> Origin:
    match = _ARCHIVED_ON.search(page)
    return Origin(captured_at=_parse_match(match, parse_wayback_instant), wayback=True) if match else Origin()


def _read_wombat_call(page: bytes) -> Origin:
    if not (match := _WOMBAT.search(page)):
        return Origin()
    return Origin(captured_at=parse_instant(match[2].decode()), wayback=True) | _origin_of_match(match[1])


def _read_rewritten_canonical(page: bytes) -> Origin:
    """Read a canonical link that a replay has rewritten; an original one says nothing about the saving."""
    for link in _CANONICAL.finditer(page):
        href = _HREF.search(link[0])
        origin = origin_of_address(_decode_address(href[1])) if href else Origin()
        if origin.wayback and is_web(origin.url or ""):
            return origin
    return Origin()


def _read_archive_today(page: bytes) -> Origin:
    """Read the form above a copy of archive.today, whose link to itself names address and instant in most years."""
    if not (_COPY.search(page) and (header := _FORM.search(page))):
        return Origin()
    url, instant = _ASKED.search(header[0]), _DATETIME.search(header[0])
    captured_at = _parse_match(instant, parse_instant)
    return Origin(captured_at=captured_at, wayback=True) | _origin_of_match(url[1]) if url and captured_at else Origin()


def _read_google_cache(page: bytes) -> Origin:
    if not (banner := _GOOGLE.search(page)):
        return Origin()
    url = _HREF.search(banner[1])
    captured_at = parse_worded_instant(" ".join(_TAG.sub(b" ", banner[1]).decode("utf-8", "replace").split()))
    return (_origin_of_match(url[1]) if url else Origin()) | Origin(captured_at=captured_at)


def _read_bing_cache(page: bytes) -> Origin:
    """Read the base that Bing's cache states; of the time it knows the day alone."""
    banner = _BING.search(page)
    base = _BASE.search(page, max(banner.start() - _LINE, 0), banner.end() + _LINE) if banner else None
    return _origin_of_match(base[1]) if base else Origin()


# Surest first: a replay may show a page that a browser had saved before.
_READERS = (
    *(_read_wombat_call, _read_archived_comment, _read_rewritten_canonical),
    *(_read_archive_today, _read_google_cache, _read_bing_cache),
    *(_read_singlefile_comment, _read_httrack_comment, _read_browser_comment),
    *(_read_monolith_comment, _read_scrapbook_attributes, _read_reader_view, _read_evernote_metas),
)


def _parse_match(match: re.Match[bytes] | None, parse: Callable[[str], str | None]) -> str | None:
    return parse(match[1].decode("ascii", "replace")) if match else None
