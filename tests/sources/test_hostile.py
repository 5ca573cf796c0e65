"""WARC files made to harm: every one is read to its end, in bounded memory, and what is wrong is told."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from scraper.records import Capture
from scraper.sources.content_coding import MAX_PAYLOAD
from scraper.sources.events import SourceItem, Unreadable
from tests.support.warc_writing import DAY, FORMS, Form, Warc, html, read, three

HUGE = b"9" * 5000  # digits: more than Python reads


def captures(result: list[SourceItem]) -> list[Capture]:
    return [item for item in result if isinstance(item, Capture)]


def lines(result: list[SourceItem]) -> list[Unreadable]:
    return [item for item in result if isinstance(item, Unreadable)]


def second(change: Callable[[bytes], bytes]) -> Warc:
    """Three pages, the record of the second changed."""
    warc = three()
    warc.records[1] = change(warc.records[1])
    return warc


def put(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(record: bytes) -> bytes:
        assert old in record
        return record.replace(old, new, 1)

    return change


def without(name: bytes) -> Callable[[bytes], bytes]:
    def change(record: bytes) -> bytes:
        head, _, rest = record.partition(name + b": ")
        return head + rest.partition(b"\r\n")[2]

    return change


VERSION = b"WARC/1.1\r\n"
# What is changed; how many pages are read; what is told, and whether that means a loss.
CASES: dict[str, tuple[Callable[[bytes], bytes], int, str, bool]] = {
    "no colon": (put(VERSION, VERSION + b"a header without any\r\n"), 3, "", False),
    "no date": (without(b"WARC-Date"), 3, "has no date; taken without a date", False),
    "no real date": (put(DAY.encode(), b"2019-44-01T99:00:00Z"), 3, "; taken without a date", False),
    "a date far away": (put(DAY.encode(), b"99999-01-01T00:00:00Z"), 3, "; taken without a date", False),
    "nanoseconds": (put(b"10:20:30Z", b"10:20:30.123456789Z"), 3, "", False),
    "no type": (without(b"WARC-Type"), 2, "without a type", True),
    "no length": (without(b"Content-Length"), 2, "a record without a length", True),
    "many digits": (put(b"Content-Length: ", b"Content-Length: " + HUGE), 2, "a record without a length", True),
    "many headers": (put(VERSION, VERSION + b"X-Header: of no use\r\n" * 100_000), 2, "1 MiB of headers", True),
    "a header of 2 MiB": (put(VERSION, VERSION + b"X-Header: " + b"y" * 2**21 + b"\r\n"), 2, "MiB of headers", True),
    "odd status": (put(b"HTTP/1.1 200", b"HTTP/1.1 99999999999999999999"), 3, "bytes", False),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_record_that_is_wrong_costs_no_other(
    tmp_path: Path, case: tuple[Callable[[bytes], bytes], int, str, bool], form: Form
) -> None:
    change, pages, why, lost = case
    result = read(second(change).save(tmp_path, form))
    assert [capture.body for capture in captures(result)] == [html(1), html(2), html(3)][
        :: 4 - pages if pages < 3 else 1
    ]
    assert bool(lines(result)) == bool(why)
    assert not why or any(why in str(line) and line.lost == lost for line in lines(result)), result


@pytest.mark.parametrize("form", FORMS)
def test_a_part_of_a_page_is_known_to_be_one(tmp_path: Path, form: Form) -> None:
    """It comes at the end of the file: until then the rest of it may follow."""
    result = read(second(put(VERSION, VERSION + b"WARC-Segment-Number: 1\r\n")).save(tmp_path, form))
    found = [(capture.body, capture.truncated) for capture in captures(result)]
    assert found == [(html(1), False), (html(3), False), (html(2), True)]
    assert "which is in segments, is not in the file" in str(lines(result))


def test_a_record_of_no_bytes_is_a_capture_of_none(tmp_path: Path) -> None:
    warc = Warc().page(1)
    warc.records[0] = warc.records[0].partition(b"\r\nContent-Length: ")[0] + b"\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    for form in FORMS:
        (capture,) = captures(read(warc.save(tmp_path, form)))
        assert (capture.body, capture.status) == (b"", None)


CHUNKS = {
    "too long": b"%x\r\n%b\r\n0\r\n\r\n" % (len(html(1)) + 50, html(1)),
    "no end": b"%x\r\n%b\r\n" % (len(html(1)), html(1)),
    "negative": b"%x\r\n%b\r\n-9\r\n\r\n" % (len(html(1)), html(1)),
    "no number": b"%x\r\n%b\r\nzz\r\n\r\n" % (len(html(1)), html(1)),
    "digits": b"%x\r\n%b\r\n%b\r\n" % (len(html(1)), html(1), HUGE),
}


@pytest.mark.parametrize("payload", CHUNKS.values(), ids=CHUNKS)
def test_chunks_that_lie_give_what_they_hold(tmp_path: Path, payload: bytes) -> None:
    http = [("Transfer-Encoding", "chunked"), ("Content-Length", HUGE.decode())]
    (capture,) = captures(read(Warc().page(1, payload, http=http).save(tmp_path)))
    assert capture.body.startswith(html(1))


def test_a_thousand_codings_are_not_undone_a_thousand_times(tmp_path: Path) -> None:
    http = [("Content-Encoding", ", ".join(["gzip"] * 1000)), ("Content-Length", HUGE.decode())]
    (capture,) = captures(read(Warc().page(1, gzip.compress(html(1)), http=http).save(tmp_path)))
    assert capture.body == html(1)


@pytest.mark.parametrize("name", ["zeros.warc", "zeros.warc.gz", "zeros.arc", "zeros.arc.gz"])
def test_a_hundred_megabytes_of_zeros_are_a_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    zeros = bytes(100 * 2**20)
    path.write_bytes(gzip.compress(zeros, 1) if name.endswith("gz") else zeros)
    del zeros
    tracemalloc.start()
    result = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [line.lost for line in lines(result)] == [True]
    assert peak < 8 * 2**20


def test_a_page_of_zeros_is_cut_at_the_cap(tmp_path: Path) -> None:
    warc = Warc().page(1, bytes(100 * 2**20)).page(2)
    tracemalloc.start()
    path = warc.save(tmp_path)
    warc.records.clear()
    tracemalloc.reset_peak()
    first, last = captures(read(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(first.body), first.truncated, last.body) == (MAX_PAYLOAD, True, html(2))
    assert peak < 5 * MAX_PAYLOAD


@pytest.mark.parametrize("crumb", [b"\x1f\x8b\x08", b"\x1f\x8b\x08" + bytes(6) + b"\x03", b"PK\x03\x04" + b"\x08" * 27])
@pytest.mark.parametrize("name", ["x.warc.gz", "x.arc.gz", "x.wacz"])
def test_what_looks_like_a_beginning_everywhere_is_read_in_one_go(tmp_path: Path, name: str, crumb: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(crumb * (200_000 // len(crumb)))
    assert any(line.lost for line in lines(read(path)))
