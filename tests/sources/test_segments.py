"""Records that a recorder split into segments are one page; what is missing of them is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.records import Capture
from scraper.sources.events import Unreadable
from tests.support.warc_writing import address, html, read

_HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def split(n: int, parts: int) -> list[bytes]:
    """Write a page as so many records."""
    block = _HTTP + html(n)
    size = -(-len(block) // parts)
    return [
        _write(n, i + 1, block[i * size : (i + 1) * size], len(block), is_last=i + 1 == parts) for i in range(parts)
    ]


def _write(n: int, number: int, block: bytes, total: int, *, is_last: bool) -> bytes:
    head = {
        "WARC-Type": "continuation" if number > 1 else "response",
        "WARC-Record-ID": f"<urn:uuid:{n}-{number}>",
        "WARC-Date": "2020-05-04T00:00:00Z",
        "WARC-Target-URI": address(n),
        "WARC-Segment-Number": str(number),
        **({"WARC-Segment-Origin-ID": f"<urn:uuid:{n}-1>"} if number > 1 else {}),
        **({"WARC-Segment-Total-Length": str(total)} if is_last and number > 1 else {}),
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return b"WARC/1.1\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n"


A, B, C = split(1, 2), split(2, 3), split(3, 2)
FILES = {
    "one behind the other": ([*A, *B], {1: True, 2: True}, 0),
    "among one another": ([A[0], B[0], A[1], *B[1:]], {1: True, 2: True}, 0),
    "the beginning alone": ([A[0], *C], {1: False, 3: True}, 1),
    "the end alone": ([A[1], *C], {3: True}, 1),
    "one amid is missing": ([B[0], B[2], *C], {2: False, 3: True}, 1),
    "the last is missing": ([*B[:2], *C], {2: False, 3: True}, 1),
    "many that go nowhere": ([split(n, 2)[0] for n in range(4, 30)], dict.fromkeys(range(4, 30), False), 26),
}


@pytest.mark.parametrize(("records", "pages", "faults"), FILES.values(), ids=FILES.keys())
def test_segments_are_joined_or_told(tmp_path: Path, records: list[bytes], pages: dict[int, bool], faults: int) -> None:
    (tmp_path / "crawl.warc").write_bytes(b"".join(records))
    items = read(tmp_path / "crawl.warc")
    found = {item.url: item for item in items if isinstance(item, Capture)}
    assert {url: not page.truncated for url, page in found.items()} == {address(n): whole for n, whole in pages.items()}
    for n in (n for n, whole in pages.items() if whole):
        assert found[address(n)].body == html(n)
    result = [item for item in items if isinstance(item, Unreadable)]
    assert [("segment" in item.why, item.lost) for item in result] == [(True, True)] * faults
