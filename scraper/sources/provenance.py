"""What a saved page says of itself: the address and the instant it was saved from. Pure functions on bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from scraper.address import address_line, is_web, strip_wayback
from scraper.sources.instants import instant, script_instant, wayback_instant

_LINE = 4096  # bytes of a text that hold its first line
_REACH = 64 * 1024  # such comments stand at the very start or the very end

_BROWSER = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S{1,2000}?)\s*-->", re.IGNORECASE)
_SINGLEFILE = re.compile(rb"<!--\s{0,9}Page saved with SingleFile(.{0,4000}?)-->", re.DOTALL)
_HTTRACK = re.compile(rb"<!--\s*Mirrored from (\S{1,2000}) by HTTrack[^>]{0,200}?\],? ([^>]{1,60}?)\s*-->")
_SAVEPAGE = rb'<meta name="savepage-%s" content="([^"]{1,2000})"'
_ARCHIVED_ON = re.compile(rb"FILE ARCHIVED ON (\d\d:\d\d:\d\d \w{3} \d{1,2}, \d{4})")
_WOMBAT = re.compile(rb"__wm\.wombat\(\s*[\"']([^\"']{1,2000})[\"']\s*,\s*[\"'](\d{14})[\"']")
_CANONICAL = re.compile(rb"<link\b[^>]{0,200}?\brel=[\"']?canonical\b[^>]{0,2500}>", re.IGNORECASE)
_HREF = re.compile(rb"\bhref=[\"']?([^\"'\s>]{1,2000})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where and when a page was saved, as far as it says; `wayback` if it is a replayed capture."""

    url: str | None = None
    captured_at: str | None = None
    wayback: bool = False

    def __or__(self, other: Origin) -> Origin:
        """This one, its gaps filled from the other."""
        return Origin(self.url or other.url, self.captured_at or other.captured_at, self.wayback or other.wayback)


def origin(body: bytes) -> Origin:
    """All that the page tells of its saving; nothing is taken from its prose or its links."""
    edges = body if len(body) <= 2 * _REACH else body[:_REACH] + b"\n" + body[-_REACH:]
    told = _savepage(body) if b'name="savepage-' in body else Origin()
    for ask in (_wombat, _archived_on, _rewritten, _singlefile, _httrack, _browser):
        told |= ask(edges)
    return told


def of_text(body: bytes) -> Origin:
    """What a plain text says in its first line: the address of the post that it is a copy of."""
    first = body[:_LINE].decode("utf-8", "replace").lstrip("\ufeff \t\r\n").splitlines()[:1]
    url = address_line(first[0]) if first else None
    return of_address(url) if url else Origin()


def of_address(url: str) -> Origin:
    """An address; where it is one of the Wayback Machine, the original address and the instant it names."""
    original, stamp = strip_wayback(url)
    captured_at = instant(stamp) if stamp and len(stamp) == 14 else None
    return Origin(original, captured_at, wayback=stamp is not None)


def _address(found: bytes) -> Origin:
    url = found.decode("utf-8", "replace").replace("&amp;", "&")
    return of_address(url) if is_web(url) else Origin()


def _browser(page: bytes) -> Origin:
    match = _BROWSER.search(page)
    return _address(match[1]) if match else Origin()


def _singlefile(page: bytes) -> Origin:
    if not (match := _SINGLEFILE.search(page)):
        return Origin()
    url = re.search(rb"\burl:\s*(\S+)", match[1])
    saved = _dated(re.search(rb"saved date:([^\r\n]+)", match[1]), script_instant)
    return (_address(url[1]) if url else Origin()) | Origin(captured_at=saved)


def _httrack(page: bytes) -> Origin:
    if not (match := _HTTRACK.search(page)):
        return Origin()
    # HTTrack names no scheme, and may add index.html to what is a folder to it.
    url = b"https://" + re.sub(rb"(?<=/)index\.html?$", b"", match[1])
    return _address(url) | Origin(captured_at=instant(match[2].decode("ascii", "replace")))


def _savepage(page: bytes) -> Origin:
    """The metas of the browser extension Save Page WE; they stand anywhere in the head, between whole style sheets."""
    said = {name: match[1] for name in ("url", "date") if (match := re.search(_SAVEPAGE % name.encode(), page))}
    saved = script_instant(said["date"].decode("ascii", "replace")) if "date" in said else None
    return (_address(said["url"]) if "url" in said else Origin()) | Origin(captured_at=saved)


def _archived_on(page: bytes) -> Origin:
    match = _ARCHIVED_ON.search(page)
    return Origin(captured_at=_dated(match, wayback_instant), wayback=True) if match else Origin()


def _wombat(page: bytes) -> Origin:
    if not (match := _WOMBAT.search(page)):
        return Origin()
    return Origin(captured_at=instant(match[2].decode()), wayback=True) | _address(match[1])


def _rewritten(page: bytes) -> Origin:
    """A canonical link that a replay has rewritten; an untouched one is the page's own matter."""
    link = _CANONICAL.search(page)
    href = _HREF.search(link[0]) if link else None
    if not href:
        return Origin()
    found = of_address(href[1].decode("utf-8", "replace").replace("&amp;", "&"))
    return found if found.wayback and is_web(found.url or "") else Origin()


def _dated(match: re.Match[bytes] | None, read: Callable[[str], str | None]) -> str | None:
    return read(match[1].decode("ascii", "replace")) if match else None
