"""Answers that were saved with their heads: which one counts, and what it says of address, time and status."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from scraper.records import Capture
from scraper.sources.warc_records import parse_headers, split_http
from tests.support.warc_writing import address, html, read

PAGE = html(1)
MOVED = "<html><body>Moved.</body></html>"
AT, LATER = "Wed, 05 Jun 2019 10:11:12 GMT", "Sun, 29 Nov 2026 13:20:34 GMT"
HEAD = f"Date: {AT}\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n"
MOMENT = "2019-06-05T10:11:12Z"

HEADS = {
    "HTTP/1.0": (f"HTTP/1.0 200 OK\r\n{HEAD}", None, MOMENT, 200),
    "HTTP/1.1 with line feeds": (f"HTTP/1.1 200 OK\r\n{HEAD}".replace("\r", ""), None, MOMENT, 200),
    "HTTP/2": (f"HTTP/2 200 \r\n{HEAD.lower().replace('gmt', 'GMT')}", None, MOMENT, 200),
    "HTTP/2.0": (f"HTTP/2.0 410 Gone\r\n{HEAD}", None, MOMENT, 410),
    "HTTP/3": (f"HTTP/3 200\r\n{HEAD}", None, MOMENT, 200),
    "behind a mark of UTF-8": (f"\ufeffHTTP/2 200 \r\n{HEAD}", None, MOMENT, 200),
    "100 Continue": (f"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n{HEAD}", None, MOMENT, 200),
    "103 Early Hints": (f"HTTP/2 103 \r\nlink: </a.css>\r\n\r\nHTTP/2 200 \r\n{HEAD}", None, MOMENT, 200),
    "a proxy": (f"HTTP/1.1 200 Connection established\r\n\r\nHTTP/2 200 \r\n{HEAD}", None, MOMENT, 200),
    "a redirect": (
        f"HTTP/1.1 301 Moved\r\nDate: {LATER}\r\nLocation: {address(1)}\r\n\r\nHTTP/2 200 \r\n{HEAD}",
        *(address(1), MOMENT, 200),
    ),
    "two redirects, the second to a place": (
        f"HTTP/2 302 \r\nlocation: {address(2)}\r\n\r\nHTTP/2 302 \r\nlocation: /2019/03/01/page-1/\r\n\r\n"
        f"HTTP/2 200 \r\n{HEAD}",
        *(address(1), MOMENT, 200),
    ),
    "a redirect to a place alone": (
        f"HTTP/2 302 \r\nlocation: /2019/03/01/page-1/\r\n\r\nHTTP/2 200 \r\n{HEAD}",
        *(None, MOMENT, 200),
    ),
    "HTTPie, all of them": (
        f"GET /?p=1 HTTP/1.1\r\nHost: www.usresistnews.org\r\nAccept: */*\r\n\r\n\n"
        f"HTTP/1.1 301 Moved\r\nLocation: {address(1)}\r\n\r\n{MOVED}\n\nHTTP/1.1 200 OK\r\n{HEAD}",
        *(address(1), MOMENT, 200),
    ),
    "HTTPie": (
        f"GET /2019/03/01/page-1/ HTTP/1.1\r\nHost: www.usresistnews.org\r\n\r\n\r\nHTTP/1.1 200 OK\r\n{HEAD}",
        *(address(1), MOMENT, 200),
    ),
    "a web archive": (
        f"HTTP/2 200 \r\ndate: {LATER}\r\nmemento-datetime: {AT}\r\ncontent-type: text/html\r\n"
        f'link: <{address(1)}>; rel="original", <https://w.example/map>; rel="timemap"\r\n\r\n',
        *(address(1), MOMENT, 200),
    ),
    "no date": ("HTTP/3 200 \r\ncontent-type: text/html\r\n\r\n", None, None, 200),
}


@pytest.mark.parametrize(("head", "url", "at", "status"), HEADS.values(), ids=HEADS.keys())
def test_the_last_head_says_it(tmp_path: Path, head: str, url: str | None, at: str | None, status: int) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(head.encode() + PAGE)
    (found,) = read(path)
    assert isinstance(found, Capture)
    assert (found.body, found.url, found.captured_at, found.status) == (PAGE, url, at, status)
    assert found.content_type
    assert found.content_type.startswith("text/html")


@pytest.mark.parametrize("gap", ["", "\n", "\r\n\r\n", f"\nGET {address(2)} HTTP/1.1\r\nHost: a\r\n\r\n"])
def test_several_answers_in_a_file_are_a_page_each(tmp_path: Path, gap: str) -> None:
    pages = [b"<html>" + html(n) + b"</html>" for n in (1, 2, 3)]
    parts = [f"HTTP/2 200 \r\n{HEAD}".encode() + page for page in pages]
    moved = f"HTTP/2 301 \r\nlocation: {address(3)}\r\n\r\n".encode()
    (tmp_path / "2019.html").write_bytes(parts[0] + gap.encode() + parts[1] + b"\n" + moved + parts[2])
    found = [item for item in read(tmp_path / "2019.html") if isinstance(item, Capture)]
    assert [page.body.strip() for page in found] == pages
    assert [page.url for page in found] == [None, address(2) if "GET" in gap else None, address(3)]
    assert {(page.captured_at, page.status) for page in found} == {(MOMENT, 200)}


def test_a_redirect_alone_is_a_redirect(tmp_path: Path) -> None:
    (tmp_path / "moved").write_text(f"HTTP/1.1 301 Moved\r\nLocation: {address(1)}\r\n\r\n{MOVED}", newline="")
    (found,) = read(tmp_path / "moved")
    assert isinstance(found, Capture)
    assert (found.status, found.location, found.body) == (301, address(1), MOVED.encode())


def test_an_answer_that_a_console_wrote_is_read(tmp_path: Path) -> None:
    for charset in ("utf-16", "utf-8-sig"):
        path = tmp_path / f"{charset}.html"
        path.write_bytes(f"HTTP/2 200 \r\n{HEAD}{PAGE.decode()}".encode(charset))
        (found,) = read(path)
        assert isinstance(found, Capture)
        assert (found.body, found.captured_at) == (PAGE, MOMENT)


def test_a_packed_answer_is_unpacked(tmp_path: Path) -> None:
    head = f"HTTP/2 200 \r\ncontent-encoding: gzip\r\n{HEAD}".encode()
    (tmp_path / "packed").write_bytes(head + gzip.compress(PAGE))
    (tmp_path / "unpacked").write_bytes(head + PAGE)
    assert [found.body for found in read(tmp_path) if isinstance(found, Capture)] == [PAGE, PAGE]


def test_a_text_about_heads_is_a_text(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("HTTP/2 is the talk of the harbour.\n\nGET your tickets.")
    (found,) = read(tmp_path / "page.txt")
    assert isinstance(found, Capture)
    assert (found.status, found.content_type) == (None, "text/plain")


def test_a_megabyte_of_heads_takes_no_time(tmp_path: Path) -> None:
    (tmp_path / "pages.html").write_bytes(b"HTTP/1.1 200 OK\r\n\r\n<html></html>" * 1000)
    assert len(read(tmp_path / "pages.html")) == 1000
    (tmp_path / "page.html").write_bytes(b"HTTP/1.1 301 Moved\r\n\r\n" * (2**20 // 22) + PAGE)
    assert len(read(tmp_path / "page.html")) == 1


@pytest.mark.parametrize("status", ["200 OK", " 404 ", "20", "", "OK 200", "200\t"])
@pytest.mark.parametrize(
    "header", ["x: v", "x:", "x:  a: b ", "x : v", "a b: v", ": v", "x", "x: é", "x: v\r\n\tw", "x: v\r"]
)
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_plain_head_is_read_as_any_other(status: str, header: str, end: str) -> None:
    block = f"HTTP/1.1 {status}\r\nServer: s\r\n{header}{end}Age: 1\r\n\r\n<p>Lamps</p>".encode()
    head, size = parse_headers(block)
    code = head.get_statuscode()
    assert split_http(block) == (int(code) if len(code) == 3 else None, tuple(head.headers), block[size:])


def test_a_header_may_go_on_over_very_many_lines() -> None:
    many = 200_000
    block = (
        b"HTTP/1.1 200 OK\r\nX: a\r\n" + b" b\r\n\tc\r\n" * (many // 2) + b"Age: 1\r\n\r\n <p>Lamps</p>\n <p>Oil</p>"
    )
    before = time.process_time()
    status, headers, payload = split_http(block)
    assert time.process_time() - before < 3  # it was the square of their number: half a minute
    assert (status, payload) == (200, b" <p>Lamps</p>\n <p>Oil</p>")
    assert [(name, "".join(value.split())) for name, value in headers] == [
        ("X", "a" + "bc" * (many // 2)),
        ("Age", "1"),
    ]
