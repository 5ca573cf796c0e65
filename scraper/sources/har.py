"""Takes the pages out of a HAR file, in which the developer tools of browsers save all answers of a visit."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

from scraper.address import is_web
from scraper.dates import parse_instant
from scraper.markup.charset import decode_text, narrow_text
from scraper.sources import media_type as media
from scraper.sources import provenance
from scraper.sources.content_coding import Payload
from scraper.sources.saved_page import Origin, SavedPage

_ENTRIES = re.compile(r'"entries"\s*:\s*\[')
_ENTRY = re.compile(r"[\s,]*(?=\{)")
_DECODER = json.JSONDecoder(strict=False)
_UNKNOWN = "x-unknown"  # as Chrome calls what never came
_HEAD = re.compile(rb"\s*\{\s*\"log\"\s*:\s*\{")


def is_har(head: bytes) -> bool:
    """Whether a file that begins so is one."""
    return _HEAD.match(narrow_text(head).removeprefix(b"\xef\xbb\xbf")) is not None


def read_pages(raw: bytes) -> Iterator[SavedPage | str]:
    """Read the answers that are pages, without images and the like; a text says how much of the file is broken."""
    text = decode_text(raw, None)[0]
    try:
        entries = json.loads(text)["log"]["entries"]
        is_whole = True
    except (ValueError, KeyError, TypeError, RecursionError):
        entries, is_whole = list(_decode_entries(text)), False
    yield from _make_pages(entries if isinstance(entries, list) else [])
    if not is_whole:
        yield f"a HAR that is broken or cut off: what stands behind its first {len(entries)} answers is not read"


def _decode_entries(text: str) -> Iterator[Any]:
    """Decode the entries one by one, up to the one in which the file is broken."""
    begin = _ENTRIES.search(text)
    at = begin.end() if begin else len(text)
    while match := _ENTRY.match(text, at):
        try:
            entry, at = _DECODER.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            return
        yield entry


def _make_pages(entries: list[Any]) -> Iterator[SavedPage]:
    for entry in entries:
        try:
            page = _make_page(entry)
        except (KeyError, TypeError, AttributeError, ValueError):
            continue
        if page and media.is_page_type(page.content_type) and not media.is_asset(page.origin.url or ""):
            yield page


def _make_page(entry: dict[str, Any]) -> SavedPage | None:
    response, url = entry.get("response") or {}, str(entry["request"]["url"])
    content = response.get("content") or {}
    text = content.get("text")
    is_coded = content.get("encoding") == "base64"
    body = base64.b64decode(text or "") if is_coded else str(text or "").encode("utf-8", "replace")
    # The text is decoded already, whatever charset the head names.
    mime = str(content.get("mimeType") or ("" if response else _UNKNOWN))
    content_type = mime if is_coded else mime.partition(";")[0] + "; charset=utf-8"
    headers = tuple((str(h["name"]), str(h["value"])) for h in response.get("headers") or ())
    status = int(response.get("status") or 0)
    origin = Origin(captured_at=parse_instant(str(entry.get("startedDateTime")))) | provenance.origin_of_address(url)
    # A browser that was told "not modified" shows and saves the copy that it had.
    payload, shown = Payload(body, whole=text is not None), status if status not in (0, 304) else None
    return SavedPage(payload, origin, content_type, shown, headers) if is_web(url) else None
