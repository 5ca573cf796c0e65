"""Reads the heads in a file that holds a whole answer, as curl, wget and HTTPie save it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.address import is_web
from scraper.dates import parse_instant
from scraper.http_headers import find_header
from scraper.sources import provenance
from scraper.sources.saved_page import Origin
from scraper.sources.warc_records import parse_headers
from scraper.url_reading import resolve_location

_STATUS = re.compile(rb"(?:^|(?<=>))HTTP/[0-3](?:\.\d)? +([1-9]\d\d)(?= |\r?$)", re.MULTILINE)
_STATUS_LINE = re.compile(rb"HTTP/[0-3](?:\.\d)? +[1-9]\d\d(?=[ \r\n])")
_REQUEST = re.compile(rb"(?:GET|POST|HEAD) (\S{1,4000}) HTTP/[0-3](?:\.\d)?\r?\n")  # HTTPie prints it in front
# What ends a page where curl was given several addresses: the next answer follows.
_BEHIND = re.compile(
    rb"</html>\s{0,9}(?=HTTP/[0-3](?:\.\d)? +[1-9]\d\d[ \r\n]|(?:GET|POST|HEAD) \S{1,4000} HTTP/)", re.IGNORECASE
)
_PADDING = b"\xef\xbb\xbf\r\n"  # a mark of UTF-8, empty lines
_ORIGINAL = re.compile(r"<([^<>]{1,2000})>\s*;[^<,]{0,200}?\brel=\"?original\b")
_MAX_HEAD = 2**20
_MAX_HEADS = 50  # curl follows as many redirects
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """The last head in front of a page; those of redirects and of `100 Continue` stand before it."""

    status: int
    headers: Headers
    origin: Origin
    end: int  # where the page begins, in bytes

    @property
    def is_followed(self) -> bool:
        """Whether another head belongs behind this one."""
        return self.status < 200 or 300 <= self.status < 400


def has_head(begin: bytes) -> bool:
    """Whether a file that begins so begins with the head of an answer, or with that of the request in front of it."""
    begin = _recode_console_text(begin).lstrip(_PADDING)
    return _STATUS.match(begin) is not None or _REQUEST.match(begin) is not None


def split_answers(raw: bytes) -> Iterator[tuple[ResponseHead, bytes]]:
    """Split a file into the answers in it, mostly one, each as its last head and the coded page."""
    raw = _recode_console_text(raw).lstrip(_PADDING)
    at = 0
    while at < len(raw) and (head := _parse_heads(raw, at)):
        behind = _BEHIND.search(raw, head.end)
        at = behind.end() if behind else len(raw)
        yield head, raw[head.end : at]


def _parse_heads(raw: bytes, at: int) -> ResponseHead | None:
    """Parse all heads in front of a page; None where there is none."""
    url = None
    if request := _REQUEST.match(raw, at):
        head, size = parse_headers(raw[at : at + _MAX_HEAD])
        url = _make_address(head.get_header("Host"), request[1].decode("utf-8", "replace"))
        at += size
    last: ResponseHead | None = None
    for _ in range(_MAX_HEADS):
        if (begin := _find_next_head(raw, at, last)) is None:
            break
        if last and (location := find_header(last.headers, "location")):
            url = resolve_location(url or "", location) if url or is_web(location) else None
        last = _parse_head(raw, begin, url)
        at = last.end
    return last


def _recode_console_text(raw: bytes) -> bytes:
    """Recode as UTF-8 what PowerShell wrote as UTF-16."""
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and b"H\0T\0T\0P" in raw[:4096]
    return raw.decode("utf-16", "replace").encode("utf-8", "replace") if wide else raw


def _make_address(host: str | None, place: str) -> str | None:
    """Make the address of a request; it does not say whether it went by http or by https."""
    return place if is_web(place) else f"https://{host}{place}" if host else None


def _find_next_head(raw: bytes, at: int, last: ResponseHead | None) -> int | None:
    """Find the next head: at once, or behind the body of a redirect."""
    begin = at
    while raw[at : at + 1] in (b"\r", b"\n"):
        at += 1
    if _STATUS.match(raw, at):
        return at
    length = find_header(last.headers, "content-length") if last else None
    if length and length.isdecimal() and _STATUS_LINE.match(raw, behind := begin + int(length[:9])):
        return behind
    match = _STATUS.search(raw, at) if last is None or last.is_followed else None
    return match.start() if match else None


def _parse_head(raw: bytes, begin: int, url: str | None) -> ResponseHead:
    head, size = parse_headers(raw[begin : begin + _MAX_HEAD])
    origin = _find_origin(url, *map(head.get_header, ("Memento-Datetime", "Link", "Date")))
    return ResponseHead(int(head.get_statuscode()), tuple(head.headers), origin, begin + size)


def _find_origin(url: str | None, memento: str | None, link: str | None, date: str | None) -> Origin:
    """Find where and when the page was captured; the date of a web archive's answer is that of the download."""
    origin = provenance.origin_of_address(url) if url else Origin()
    if memento:
        original = _ORIGINAL.search(link or "")
        return Origin(original[1] if original else origin.url, parse_instant(memento), wayback=True)
    return origin | Origin(captured_at=parse_instant(date or ""))
