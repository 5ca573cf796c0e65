"""Takes the pages out of a HAR file, in which the developer tools of browsers save all answers of a visit."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scraper.address import is_web
from scraper.dates import parse_instant
from scraper.sources import media_type as media
from scraper.sources import provenance
from scraper.sources.provenance import Origin

_HEAD = re.compile(rb"\s*\{\s*\"log\"\s*:\s*\{")


@dataclass(frozen=True, slots=True)
class HarPage:
    """One answer that may be a page; `body` is None where the file holds its head alone."""

    body: bytes | None
    content_type: str
    status: int | None
    headers: tuple[tuple[str, str], ...]
    origin: Origin


def is_har(head: bytes) -> bool:
    """Whether a file that begins so is one."""
    return _HEAD.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def read_pages(raw: bytes) -> Iterator[HarPage]:
    """Read the answers that are pages, without images and the like; nothing where it is no HAR."""
    try:
        entries = json.loads(raw)["log"]["entries"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return
    for entry in entries if isinstance(entries, list) else ():
        try:
            page = _make_page(entry)
        except (KeyError, TypeError, AttributeError, ValueError):
            continue
        if page and media.is_page_type(page.content_type) and not media.is_asset(page.origin.url or ""):
            yield page


def _make_page(entry: dict[str, Any]) -> HarPage | None:
    response, url = entry["response"], str(entry["request"]["url"])
    content = response.get("content") or {}
    text = content.get("text")
    is_coded = content.get("encoding") == "base64"
    body = None if text is None else base64.b64decode(text) if is_coded else str(text).encode("utf-8", "replace")
    # The text is decoded already, whatever charset the head names.
    mime = str(content.get("mimeType") or "")
    content_type = mime if is_coded else mime.partition(";")[0] + "; charset=utf-8"
    headers = tuple((str(h["name"]), str(h["value"])) for h in response.get("headers") or ())
    status = int(response.get("status") or 0)
    origin = Origin(captured_at=parse_instant(str(entry.get("startedDateTime")))) | provenance.origin_of_address(url)
    # A browser that was told "not modified" shows and saves the copy that it had.
    return (
        HarPage(body, content_type, status if status not in (0, 304) else None, headers, origin)
        if is_web(url)
        else None
    )
