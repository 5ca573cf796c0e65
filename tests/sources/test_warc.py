"""WARC files as captures: every form, every encoding, revisits, and what is left out."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.records import Capture
from scraper.sources.content_coding import MAX_PAYLOAD
from scraper.sources.events import Omission, Unreadable
from tests.support.warc_writing import DAY, FORMS, Form, Warc, address, html, read, three


def captures(*paths: Path) -> list[Capture]:
    result = read(*paths)
    assert all(isinstance(item, Capture) for item in result), result
    return [item for item in result if isinstance(item, Capture)]


@pytest.mark.parametrize("version", ["WARC/1.0", "WARC/1.1"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_file_gives_the_same_captures(tmp_path: Path, form: Form, version: str) -> None:
    path = Warc(version).page(1).page(2, b"", status="301 Moved", http=[("Location", "/")]).page(3).save(tmp_path, form)
    first, moved, last = captures(path)
    assert (first.url, first.body, first.captured_at) == (address(1), html(1), DAY)
    assert (first.status, first.source, first.name, first.truncated) == (200, "warc", str(path), False)
    assert first.content_type == "text/html; charset=utf-8"
    assert (moved.status, dict(moved.headers)["Location"]) == (301, "/")
    assert last.body == html(3)


def test_the_record_of_a_file_that_is_gzip_per_record_is_kept_verbatim(tmp_path: Path) -> None:
    warc = three()
    found = captures(warc.save(tmp_path))
    assert [capture.record for capture in found] == warc.pack_records("gzip per record")
    alone = ArchiveIterator(BytesIO(found[1].record or b""))
    assert [record.content_stream().read() for record in alone] == [html(2)]


@pytest.mark.parametrize("form", ["plain", "one gzip stream"])
def test_the_record_of_other_files_is_kept_to_the_byte_too(tmp_path: Path, form: Form) -> None:
    warc = three()
    found = captures(warc.save(tmp_path, form))
    assert [gzip.decompress(capture.record or b"") for capture in found] == warc.records


def chunk_body(body: bytes, size: int = 100) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;ext=1\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    return zlib.compress(body, wbits=-15)


ENCODED: list[tuple[str, Callable[[bytes], bytes], list[tuple[str, str]]]] = [
    ("gzip", gzip.compress, [("Content-Encoding", "gzip")]),
    ("x-gzip", gzip.compress, [("content-encoding", "X-GZIP")]),
    ("brotli", brotli.compress, [("Content-Encoding", "br")]),
    ("deflate", zlib.compress, [("Content-Encoding", "deflate")]),
    ("raw deflate", raw_deflate, [("Content-Encoding", "deflate")]),
    ("chunked", chunk_body, [("Transfer-Encoding", "chunked")]),
    ("both", lambda b: chunk_body(gzip.compress(b)), [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]),
    ("chunked in name only", bytes, [("Transfer-Encoding", "chunked")]),
    ("gzip in name only", bytes, [("Content-Encoding", "gzip"), ("Content-Length", "9999")]),
    ("brotli in name only", bytes, [("Content-Encoding", "br")]),
    ("doubled", lambda b: gzip.compress(gzip.compress(b)), [("Content-Encoding", "gzip")]),
    ("named twice", gzip.compress, [("Content-Encoding", "gzip, gzip")]),
    ("two codings", lambda b: brotli.compress(gzip.compress(b)), [("Content-Encoding", "gzip, br")]),
    ("blank", gzip.compress, [("Content-Encoding", "")]),
    ("not named", gzip.compress, []),
    ("two members", lambda b: gzip.compress(b[:50]) + gzip.compress(b[50:]), [("Content-Encoding", "gzip")]),
    ("unknown", bytes, [("Content-Encoding", "identity")]),
]


@pytest.mark.parametrize(("encode", "headers"), [c[1:] for c in ENCODED], ids=[c[0] for c in ENCODED])
def test_transfer_and_content_encodings_are_undone(
    tmp_path: Path, encode: Callable[[bytes], bytes], headers: list[tuple[str, str]]
) -> None:
    (capture,) = captures(Warc().page(1, encode(html(1)), http=headers).save(tmp_path))
    assert capture.body == html(1)
    assert not capture.truncated


CUT: list[tuple[str, bytes, list[tuple[str, str]]]] = [
    ("length", html(1), [("Content-Length", str(len(html(1)) + 1))]),
    ("gzip", gzip.compress(html(1))[:-40], [("Content-Encoding", "gzip")]),
    ("brotli", brotli.compress(html(1, 50_000))[:-400], [("Content-Encoding", "br")]),
    ("chunked", chunk_body(html(1))[:-50], [("Transfer-Encoding", "chunked")]),
]


@pytest.mark.parametrize(("body", "headers"), [c[1:] for c in CUT], ids=[c[0] for c in CUT])
def test_a_payload_that_breaks_off_keeps_its_beginning(
    tmp_path: Path, body: bytes, headers: list[tuple[str, str]]
) -> None:
    (capture,) = captures(Warc().page(1, body, http=headers).save(tmp_path))
    assert capture.truncated
    assert capture.body.startswith(b"<!doctype html>")


def test_warc_truncated_is_believed(tmp_path: Path) -> None:
    (capture,) = captures(Warc().page(1, warc={"WARC-Truncated": "length"}).save(tmp_path))
    assert capture.truncated
    assert capture.record


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
def test_a_bomb_ends_at_the_cap(tmp_path: Path, coding: str) -> None:
    packs: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "br": partial(brotli.compress, quality=4),
        "deflate": zlib.compress,
    }
    bomb = packs[coding](bytes(MAX_PAYLOAD * 3))
    first, last = captures(Warc().page(1, bomb, http=[("Content-Encoding", coding)]).page(2).save(tmp_path))
    assert (len(first.body), first.truncated) == (MAX_PAYLOAD, True)
    assert last.body == html(2)


def test_a_payload_over_the_cap_is_cut(tmp_path: Path) -> None:
    first, last = captures(Warc().page(1, bytes(MAX_PAYLOAD + 2**22)).page(2).save(tmp_path))
    assert (len(first.body), first.truncated, first.record) == (MAX_PAYLOAD, True, None)
    assert last.body == html(2)


def test_other_hosts_and_other_media_are_counted_by_name(tmp_path: Path) -> None:
    warc = Warc().page(1, url="https://cdn.example.org/x").page(2, content_type="image/png").page(3)
    warc.page(4, content_type="", url="https://usrenewnews.org/style.css?v=2").page(
        5, b"9.9.9.9", url="dns:example.org"
    )
    warc.page(6, kind="conversion", content_type="image/png")
    path = warc.save(tmp_path)
    result = read(path)
    assert [item for item in result if isinstance(item, Omission)] == [
        Omission(str(path), "host", "cdn.example.org"),
        Omission(str(path), "asset", "image/png"),
        Omission(str(path), "asset", "css"),
        Omission(str(path), "record", "dns"),
        Omission(str(path), "record", "conversion"),
    ]
    assert [item.url for item in result if isinstance(item, Capture)] == [address(3)]


def test_requests_and_metadata_are_passed_over_in_silence(tmp_path: Path) -> None:
    assert len(captures(Warc().page(1, kind="metadata").page(1, kind="warcinfo").page(1).save(tmp_path))) == 1


def test_a_resource_record_is_a_page_without_a_status(tmp_path: Path) -> None:
    (capture,) = captures(Warc().page(1, kind="resource", content_type="text/html").save(tmp_path))
    assert (capture.status, capture.content_type, capture.body) == (None, "text/html", html(1))


def test_a_recorded_wayback_page_has_the_instant_of_its_address(tmp_path: Path) -> None:
    url = f"https://web.archive.org/web/20180203040506id_/{address(1)}"
    (capture,) = captures(Warc().page(1, url=url).save(tmp_path))
    assert (capture.url, capture.captured_at, capture.source) == (address(1), "2018-02-03T04:05:06Z", "wayback")


def original(n: int) -> dict[str, str]:
    return {"WARC-Refers-To-Target-URI": address(n), "WARC-Refers-To-Date": DAY}


@pytest.mark.parametrize("form", FORMS)
def test_a_revisit_has_the_bytes_of_its_original(tmp_path: Path, form: Form) -> None:
    path = Warc().revisit(2, original(2)).page(1).page(2).save(tmp_path, form)
    again = captures(path)[-1]
    assert (again.url, again.captured_at, again.body) == (address(2), "2020-05-05T00:00:00Z", html(2))
    assert again.record is None


def test_a_revisit_finds_its_original_in_another_file_by_its_digest(tmp_path: Path) -> None:
    digest = {"WARC-Payload-Digest": "xxh3:INVENTED"}
    old = Warc().page(1, warc=digest).save(tmp_path, name="old")
    new = Warc().revisit(9, digest).save(tmp_path, name="new")
    again = captures(new, old)[-1]
    assert (again.url, again.body) == (address(9), html(1))


@pytest.mark.parametrize("profile", ["http://netpreserve.org/warc/1.1/revisit/identical-payload-digest", "x:unknown"])
def test_a_revisit_without_its_original_is_told(tmp_path: Path, profile: str) -> None:
    path = Warc().page(1).revisit(2, original(2), profile=profile).save(tmp_path)
    (result,) = [item for item in read(path) if isinstance(item, Unreadable)]
    assert (result.what, result.lost, result.where) == ("revisit", True, str(path))
    assert address(2) in str(result)
