"""Builds a Capture of a Scrapy response, as true to the wire as Scrapy allows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from scraper.crawl.site_explorer import SiteAnswer
from scraper.dates import now
from scraper.http_headers import find_content_length, find_header
from scraper.records import Capture, Extraction
from scraper.sample_site import move_to_sample_host
from scraper.sources.content_coding import MAX_PAYLOAD, decode_payload

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})$", re.ASCII)
_WIRE = "wire"  # meta key: (body, headers) before anything was decoded


class WireMiddleware:
    """Keeps each body and its headers as they came, and decodes it as it will be read back, whatever its headers say.

    Scrapy's HttpCompressionMiddleware would fail on a wrong header, and leave packed what has none.
    """

    def __init__(self, max_size: int, *, decodes: bool) -> None:
        self._max_size = max_size
        self._decodes = decodes

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """By the settings; a spider without compression gets each body as it came, as those of web archives want it."""
        settings = crawler.settings
        return cls(settings.getint("DOWNLOAD_MAXSIZE") or MAX_PAYLOAD, decodes=settings.getbool("COMPRESSION_ENABLED"))

    def process_response(self, request: Request, response: Response) -> Response:
        """The decoded response; one that lacks a part of its body is marked as Scrapy marks them."""
        headers = list_headers(response.headers)
        request.meta[_WIRE] = (response.body, headers)
        if not self._decodes or "Range" in request.headers:  # a part of a file is no page
            return response
        coding = [header for header in headers if header[0].lower() in ("content-encoding", "content-type")]
        payload = decode_payload(response.body, coding, cap=self._max_size)
        is_complete = payload.whole or "download_stopped" in response.flags  # by ourselves
        if not is_complete and len(payload.body) >= self._max_size:
            raise IgnoreRequest(f"the unpacked body is larger than DOWNLOAD_MAXSIZE ({self._max_size} bytes)")
        if payload.body == response.body and "Content-Encoding" not in response.headers:
            return response
        plain = response.headers.copy()
        plain.pop("Content-Encoding", None)
        flags = response.flags if is_complete else [*response.flags, "dataloss"]
        kind = responsetypes.from_args(headers=plain, url=response.url, body=payload.body)
        return response.replace(cls=kind, body=payload.body, headers=plain, flags=flags)


def build_capture(response: Response) -> Capture:
    """Build a live capture of the response, taken now; header names are as Scrapy normalises them, without order.

    A page of the sample site gets an address without a port, for ports change from run to run.
    """
    meta = response.request.meta if response.request else {}
    wire, headers = meta.get(_WIRE, (response.body, list_headers(response.headers)))
    capture = Capture(
        body=response.body,
        url=response.url,
        captured_at=now(),
        source="live",
        status=response.status,
        headers=headers,
        content_type=find_header(headers, "content-type"),
        # Scrapy's flag "partial" only says that the server stated no length, as many do.
        truncated="dataloss" in response.flags or len(wire) < find_content_length(headers) or _is_part(headers),
        wire=wire if wire != response.body else None,
    )
    return move_to_sample_host(capture)


def build_answer(response: Response, capture: Capture, extraction: Extraction) -> SiteAnswer:
    """Build the answer that the exploration of the site reads."""
    headers = {name.lower(): value for name, value in capture.headers}
    total = headers.get("x-wp-totalpages", "")
    pages = int(total) if total.isascii() and total.isdigit() and len(total) < 6 else None
    return SiteAnswer(response.url, response.status, capture.body, capture.content_type, pages, extraction, headers)


def list_headers(headers: Headers) -> tuple[tuple[str, str], ...]:
    """List name and value of every header, as many times as it was sent."""
    return tuple((_decode_header(name), _decode_header(value)) for name, values in headers.items() for value in values)


def _decode_header(raw: bytes) -> str:
    """Decode a part of a header as readers of WARC files do, so that it stays the same when it is read back."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _is_part(headers: tuple[tuple[str, str], ...]) -> bool:
    """Whether a server sent a part of the page, which nobody asked for."""
    ranges = [_RANGE.match(value) for name, value in headers if name.lower() == "content-range"]
    return any(found and int(found[2]) - int(found[1]) + 1 < int(found[3]) for found in ranges)
