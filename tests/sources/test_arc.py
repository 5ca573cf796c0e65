"""ARC 1.0 and 1.1 files as captures."""

from __future__ import annotations

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.captures.warc_writer import WarcAppender
from scraper.records import Capture
from scraper.sources.content_coding import MAX_PAYLOAD
from scraper.sources.events import Omission, SourceItem, Unreadable
from scraper.sources.warc import read_capture
from scraper.sources.warc_records import RecordPosition
from tests.support.warc_writing import FORMS, Form, Warc, address, html, read

STAMP = "20090401102030"
DATE = "2009-04-01T10:20:30Z"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def block(n: int) -> bytes:
    return HTTP + b"\r\n" + html(n)


def record(n: int, data: bytes | None = None, *, version: int = 1, length: object = None, url: str = "") -> bytes:
    """One record with its line in front and the line end behind."""
    data = block(n) if data is None else data
    more = "200 0123abcd - 17 crawl.arc.gz " if version == 2 else ""
    line = f"{url or address(n)} 192.0.2.7 {STAMP} text/html {more}{len(data) if length is None else length}\n"
    return line.encode() + data + b"\n"


def about(version: int = 1) -> bytes:
    """The record of the file itself."""
    fields = "URL IP-address Archive-date Content-type "
    fields += "Result-code Checksum Location Offset Filename " if version == 2 else ""
    body = f"{version} 0 InternetArchive\n{fields}Archive-length\n\n".encode()
    more = "200 - - 0 crawl.arc.gz " if version == 2 else ""
    return f"filedesc://crawl.arc.gz 0.0.0.0 {STAMP} text/plain {more}{len(body)}\n".encode() + body


def save(folder: Path, *records: bytes, form: Form = "gzip per record", version: int = 1) -> Path:
    parts = [about(version), *records]
    path = folder / ("crawl.arc" if form == "plain" else "crawl.arc.gz")
    if "per" in form:
        parts = [gzip.compress(part, mtime=0) for part in parts]
    data = b"".join(parts)
    path.write_bytes(gzip.compress(data) if form == "one gzip stream" else data)
    return path


def bodies(result: list[SourceItem]) -> list[bytes]:
    return [item.body for item in result if isinstance(item, Capture)]


def lines(result: list[SourceItem]) -> list[Unreadable]:
    return [item for item in result if isinstance(item, Unreadable)]


THREE = [html(1), html(2), html(3)]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_file_gives_the_same_captures(tmp_path: Path, form: Form, version: int) -> None:
    path = save(tmp_path, *(record(n, version=version) for n in (1, 2, 3)), form=form, version=version)
    result = read(path)
    assert bodies(result) == THREE
    assert lines(result) == []
    first = next(item for item in result if isinstance(item, Capture))
    assert (first.url, first.captured_at, first.source, first.status) == (address(1), DATE, "warc", 200)
    assert (first.content_type, first.name, first.record) == ("text/html; charset=utf-8", str(path), None)


def test_an_arc_is_known_without_its_name(tmp_path: Path) -> None:
    for form in FORMS:
        result = read(save(tmp_path, record(1), form=form).rename(tmp_path / "old-crawl"))
        assert bodies(result) == [html(1)]


def test_an_arc_record_is_kept_as_a_warc_record(tmp_path: Path) -> None:
    packed = gzip.compress(html(1))
    data = HTTP + b"Content-Encoding: gzip\r\nX-Odd: yes\r\n\r\n" + packed
    (capture,) = (item for item in read(save(tmp_path, record(1, data))) if isinstance(item, Capture))
    assert (capture.body, capture.wire) == (html(1), packed)
    shelf = WarcAppender(tmp_path / "warcs")
    place = shelf.add(capture, "urn:x")
    shelf.close()
    kept = read_capture(shelf.folder / place.file, RecordPosition(place.offset, 0))
    assert kept and kept.body == html(1)
    assert ("X-Odd", "yes") in kept.headers
    assert ("Content-Encoding", "gzip") in kept.headers


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wrong", [3, 60, 3000, 10**9, 10**30, -1, "abc"])
def test_a_length_that_lies_costs_no_page(tmp_path: Path, form: Form, wrong: object) -> None:
    result = read(save(tmp_path, record(1), record(2, length=wrong), record(3), form=form))
    assert [body.strip() for body in bodies(result)] == THREE
    assert [line.lost for line in lines(result) if "says" in str(line)] == [False]


def test_the_file_may_end_in_the_middle_of_a_record(tmp_path: Path) -> None:
    path = save(tmp_path, record(1), record(2), form="plain")
    path.write_bytes(path.read_bytes()[:-100])
    result = read(path)
    assert [item.truncated for item in result if isinstance(item, Capture)] == [False, True]
    assert [line.lost for line in lines(result)] == [True]


def test_bytes_between_records_are_told(tmp_path: Path) -> None:
    result = read(save(tmp_path, record(1), b"no record at all\n", record(3), form="plain"))
    assert bodies(result) == [html(1), html(3)]
    assert len(lines(result)) == 1


def test_what_the_first_record_swallows_is_told(tmp_path: Path) -> None:
    path = tmp_path / "crawl.arc"
    path.write_bytes(b"filedesc://x 0.0.0.0 20090401102030 text/plain -1\n" + b"no record\n" * 10_000 + record(1))
    result = read(path)
    assert bodies(result) == [html(1)]
    assert [line.lost for line in lines(result)] == [True]


def test_a_body_without_http_has_the_type_of_its_line(tmp_path: Path) -> None:
    result = read(
        save(tmp_path, record(1, html(1)), record(2, b"", url="dns:example.org"), record(3, url="http://x.org/"))
    )
    (capture,) = (item for item in result if isinstance(item, Capture))
    assert (capture.status, capture.content_type, capture.body) == (None, "text/html", html(1))
    assert [(item.reason, item.detail) for item in result if isinstance(item, Omission)] == [
        *(("record", "dns"), ("host", "x.org")),
    ]


def test_a_payload_over_the_cap_is_cut(tmp_path: Path) -> None:
    path = save(tmp_path, record(1, HTTP + b"\r\n" + bytes(MAX_PAYLOAD + 2**22)), record(2))
    first, last = (item for item in read(path) if isinstance(item, Capture))
    assert (len(first.body), first.truncated, last.body) == (MAX_PAYLOAD, True, html(2))


def test_a_revisit_in_a_warc_finds_its_original_in_an_arc(tmp_path: Path) -> None:
    of = {"WARC-Refers-To-Target-URI": address(1), "WARC-Refers-To-Date": DATE}
    result = read(Warc().revisit(1, of).save(tmp_path), save(tmp_path, record(1)))
    assert bodies(result) == [html(1)] * 2
    assert {item.captured_at for item in result if isinstance(item, Capture)} == {DATE, "2020-05-05T00:00:00Z"}


def test_a_date_that_is_none_is_told(tmp_path: Path) -> None:
    result = read(save(tmp_path, record(1).replace(STAMP.encode(), b"20091341992030", 1)))
    assert [(line.what, line.lost) for line in lines(result)] == [("time", False)]
    assert bodies(result) == [html(1)]


@given(form=st.sampled_from(FORMS), at=st.floats(0, 1), cut=st.booleans(), noise=st.binary(min_size=1, max_size=30))
def test_no_damage_whatever_stops_the_reading(form: Form, at: float, cut: bool, noise: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = save(Path(folder), record(1), record(2), record(3), form=form)
        data = path.read_bytes()
        place = int(at * len(data))
        path.write_bytes(data[:place] if cut else data[:place] + noise + data[place + len(noise) :])
        result = read(path)
        if form == "gzip per record":
            before = len(gzip.compress(about())) + len(gzip.compress(record(1)))
            behind = len(data) - len(gzip.compress(record(3)))
            assert place < before or html(1) in bodies(result)
            assert cut or place + len(noise) > behind or html(3) in bodies(result)
