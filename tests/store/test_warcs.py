"""The bytes of every capture can be had again from warcs/ alone, by us and by others."""

from __future__ import annotations

import gzip
import hashlib
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

import pipelines.captures.warc_writer
from pipelines.captures.read_back import read_captures, read_payload
from pipelines.captures.warc_writer import WarcAppender
from scraper.errors import DamagedArchive
from scraper.records import Capture, Place
from tests.support.specimens import (
    NOON,
    PATH,
    SITE,
    ingest_capture,
    make_brief,
    make_page,
    make_settings,
    open_archive,
    read_rows,
)

_PAGE = "<p>Ufer und Brücke</p>".encode() * 50


def _live(body: bytes = _PAGE, wire: bytes | None = None, **headers: str) -> Capture:
    result = (
        ("Content-Type", "text/html"),
        ("X-Odd", "é\r\nline"),
        *((n.replace("_", "-"), v) for n, v in headers.items()),
    )
    return Capture(body, SITE + PATH, NOON, "live", 200, result, "text/html", wire=wire)


def _make_foreign_record() -> bytes:
    """A record as another recorder wrote it, chunked and compressed."""
    packed = gzip.compress(_PAGE)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n" + chunked
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    writer.write_record(writer.create_warc_record(SITE + PATH, "response", BytesIO(block), len(block)))
    return out.getvalue()


CAPTURES = {
    "gzip on the wire": _live(wire=gzip.compress(_PAGE), Content_Encoding="gzip", Transfer_Encoding="chunked"),
    "brotli on the wire": _live(wire=brotli.compress(_PAGE), Content_Encoding="br"),
    "a wire that says something else": _live(wire=b"junk", Content_Encoding="gzip"),
    "only the decoded body": _live(Content_Encoding="gzip", Content_Length="12"),
    "a compressed file": replace(_live(gzip.compress(b"map")), headers=(("Content-Type", "application/gzip"),)),
    "no bytes": replace(_live(b""), status=301, headers=(("Location", "/there/"),)),
    "a status nobody knows": replace(_live(), status=799),
    "a saved file": Capture(_PAGE, None, None, "file", content_type="text/html", name="saved/ä\udcff.html"),
    "a saved file of HTTP-like text": Capture(b"HTTP/1.1 200 OK\r\n\r\nx", SITE, NOON, "file"),
    "somebody's record": replace(_live(), record=_make_foreign_record()),
    "a cut copy": replace(_live(), truncated=True),
}


def _keep_capture(folder: Path, item: Capture) -> Place:
    with closing(WarcAppender(folder)) as shelf:
        return shelf.add(item, "urn:sha256:0")


@pytest.mark.parametrize("item", CAPTURES.values(), ids=CAPTURES)
def test_the_decoded_payload_comes_back(tmp_path: Path, item: Capture) -> None:
    assert read_payload(tmp_path, _keep_capture(tmp_path, item)) == item.body


@pytest.mark.parametrize("item", CAPTURES.values(), ids=CAPTURES)
def test_other_programs_find_the_digests_right(tmp_path: Path, item: Capture) -> None:
    place = _keep_capture(tmp_path, item)
    passed = []
    with (tmp_path / place.file).open("rb") as file:
        for record in ArchiveIterator(file, check_digests=True):
            record.raw_stream.read()
            passed.append(record.digest_checker.passed)
    assert passed == [True, True]


def _headers(folder: Path, item: Capture) -> dict[str, str]:
    place = _keep_capture(folder, item)
    with (folder / place.file).open("rb") as file:
        records = [dict(record.rec_headers.headers) for record in ArchiveIterator(file)]
    assert records[0]["WARC-Type"] == "warcinfo"
    return records[1]


def test_records_tell_what_the_archive_knows(tmp_path: Path) -> None:
    live = _headers(tmp_path / "live", CAPTURES["gzip on the wire"])
    assert live["WARC-Type"] == "response"
    assert live["WARC-Date"] == NOON
    assert live["WARC-Target-URI"] == SITE + PATH
    assert live["WARC-Payload-Digest"].startswith("sha1:")
    assert live["Brief-Archive-Source"] == "live"
    assert "Brief-Archive-Captured-At" not in live
    saved = _headers(tmp_path / "saved", CAPTURES["a saved file"])
    assert saved["WARC-Type"] == "resource"
    assert saved["Content-Type"] == "text/html"
    assert saved["WARC-Target-URI"] == "urn:sha256:0"
    assert saved["Brief-Archive-Captured-At"] == "unknown"
    assert saved["Brief-Archive-Name"] == "saved/ä?.html"
    assert _headers(tmp_path / "cut", CAPTURES["a cut copy"])["WARC-Truncated"] == "unspecified"


def test_the_file_says_what_is_not_true_to_the_wire(tmp_path: Path) -> None:
    place = _keep_capture(tmp_path, _live())
    with (tmp_path / place.file).open("rb") as file:
        about = next(iter(ArchiveIterator(file))).raw_stream.read().decode()
    assert "transfer encoding is removed" in about
    assert "WARC File Format 1.1" in about


def test_the_wire_is_kept_with_its_encoding(tmp_path: Path) -> None:
    item = CAPTURES["gzip on the wire"]
    place = _keep_capture(tmp_path, item)
    with (tmp_path / place.file).open("rb") as file:
        file.seek(place.offset)
        record = next(iter(ArchiveIterator(file)))
        assert record.http_headers.get_header("Content-Encoding") == "gzip"
        assert record.http_headers.get_header("Transfer-Encoding") is None
        assert record.raw_stream.read() == item.wire


def test_a_found_record_is_kept_to_the_byte(tmp_path: Path) -> None:
    item = CAPTURES["somebody's record"]
    place = _keep_capture(tmp_path, item)
    data = (tmp_path / place.file).read_bytes()
    assert data[place.offset : place.offset + place.length] == item.record


def test_a_full_file_is_followed_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipelines.captures.warc_writer, "ROLL_OVER", 100)
    with closing(WarcAppender(tmp_path)) as shelf:
        places = [shelf.add(item, "urn:sha256:0") for item in CAPTURES.values()]
    assert len({place.file for place in places}) == len(places)
    assert [read_payload(tmp_path, place) for place in places] == [item.body for item in CAPTURES.values()]


def test_bytes_that_are_gone_are_told_with_their_place(tmp_path: Path) -> None:
    place = _keep_capture(tmp_path, _live())
    with pytest.raises(DamagedArchive, match="no record at byte 9999999"):
        read_payload(tmp_path, replace(place, offset=9999999))
    with pytest.raises(DamagedArchive, match="no record at byte"):
        read_payload(tmp_path, replace(place, offset=place.offset + 3))
    with pytest.raises(DamagedArchive, match=r"other\.warc\.gz"):
        read_payload(tmp_path, replace(place, file="other.warc.gz"))


def test_every_row_of_captures_leads_to_its_bytes(tmp_path: Path) -> None:
    with open_archive(tmp_path, batch=3) as opened:
        for year in range(5):
            ingest_capture(opened, *make_page(make_brief(title=str(year)), f"202{year}-01-01T00:00:00Z"))
    found = read_rows(tmp_path, "SELECT warc_file, warc_offset, warc_length, digest, length FROM captures")
    assert len(found) == 5
    for *place, digest, length in found:
        body = read_payload(tmp_path / "warcs", Place(*place))
        assert ("sha256:" + hashlib.sha256(body).hexdigest(), len(body)) == (digest, length)


def test_captures_come_out_as_they_came_in(tmp_path: Path) -> None:
    item, result = make_page(make_brief())
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, item, result)
        ingest_capture(opened, *make_page(make_brief(title="Older"), "2020-06-01T12:00:00Z"))
    chosen = make_settings(tmp_path)
    chosen.set("ARCHIVE", "pipelines.archive.SqliteArchive")
    for address in (SITE + PATH, PATH, "1"):
        newest, older = read_captures(Path(chosen["ARCHIVE_DB"]), Path(chosen["WARCS_DIR"]), address)
        assert (newest.body, newest.url, newest.captured_at, newest.source, newest.status) == (
            *(item.body, item.url, item.captured_at, item.source, item.status),
        )
        assert older.captured_at == "2020-06-01T12:00:00Z"
    assert read_captures(Path(chosen["ARCHIVE_DB"]), Path(chosen["WARCS_DIR"]), "99") == []
