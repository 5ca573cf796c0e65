"""The pages that are measured: the fixture pages, padded with the furniture that real pages carry, in one WARC."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.support.expected import list_saved_pages, load_capture

_REAL_SIZE = 100_000  # bytes of a page of this kind as it comes over the wire
_MENU = b'<li class="menu-item"><a href="https://www.usresistnews.org/about/%d/">Menu item %d</a></li>\n'


def _pad_page(body: bytes, size: int) -> bytes:
    """The page with a header menu and scripts that bring it to a size, as far as it is smaller."""
    menu = b"".join(_MENU % (n, n) for n in range(250 if size >= _REAL_SIZE else 20))
    missing = max(0, size - len(body) - len(menu))
    script = b"<script>var settings = {" + b'"key": "value",' * (missing // 15) + b"};</script>"
    return body.replace(b"<header", script + b"<ul class='nav-menu'>" + menu + b"</ul><header", 1)


def write_warc(path: Path, pages: int, *, size: int = _REAL_SIZE, first: int = 0, is_gzip: bool = True) -> int:
    """Write that many response records, each a post of its own address from number `first`; the bytes of HTML."""
    captures = [load_capture(page) for page in list_saved_pages() if page.page.suffix == ".html"]
    captures = [capture for capture in captures if b"<header" in capture.body and b"single-post" in capture.body]
    total = 0
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=is_gzip, warc_version="1.1")
        for n in range(first, first + pages):
            capture = captures[n % len(captures)]
            address = f"https://www.usresistnews.org/{2018 + n % 8}/0{1 + n % 9}/1{n % 9}/post-{n}/"
            body = _pad_page(capture.body.replace((capture.url or "-").encode(), address.encode()), size)
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=UTF-8")], protocol="HTTP/1.1")
            date = {"WARC-Date": "2026-11-01T00:00:00Z"}
            record = writer.create_warc_record(
                address, "response", BytesIO(body), http_headers=headers, warc_headers_dict=date
            )
            writer.write_record(record)
            total += len(body)
    return total
