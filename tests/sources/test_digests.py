"""Digests that records state are held against their bytes; the archive's own name of a payload is theirs."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b32encode, b64encode
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from scraper.records import Capture
from scraper.sources import digests
from scraper.sources.events import Unreadable
from tests.support.warc_writing import FORMS, Form, Warc, html, read

PACKED = gzip.compress(html(1), mtime=0)
CHUNKED = b"%x\r\n%b\r\n0\r\n\r\n" % (len(PACKED), PACKED)
CODED = [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]


def sha1(data: bytes) -> str:
    return "sha1:" + b32encode(hashlib.sha1(data).digest()).decode()


def each(path: Path) -> tuple[Capture, list[Unreadable]]:
    """The only capture of a file, and the lines about it."""
    result = read(path)
    (capture,) = (item for item in result if isinstance(item, Capture))
    return capture, [item for item in result if isinstance(item, Unreadable)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("over", [CHUNKED, PACKED, html(1)], ids=["chunks", "coded", "decoded"])
def test_a_digest_over_any_form_of_the_payload_is_right_and_is_kept(tmp_path: Path, over: bytes, form: Form) -> None:
    warc = Warc().page(1, CHUNKED, http=CODED, warc={"WARC-Payload-Digest": sha1(over)})
    capture, lines = each(warc.save(tmp_path, form))
    assert lines == []
    assert capture.body == html(1)
    assert capture.payload_sha1 == sha1(over)


def test_without_a_digest_the_payload_is_named_without_its_chunks(tmp_path: Path) -> None:
    capture, lines = each(Warc().page(1, CHUNKED, http=CODED, warc={"WARC-Payload-Digest": "-"}).save(tmp_path))
    assert (capture.wire, capture.payload_sha1, lines) == (PACKED, sha1(PACKED), [])
    plain, _ = each(Warc().page(1).save(tmp_path))
    assert (plain.wire, plain.payload_sha1) == (None, sha1(html(1)))


def test_what_warcio_writes_is_what_the_archive_calls_it(tmp_path: Path) -> None:
    for headers, payload in (([], html(1)), (CODED[:1], PACKED), (CODED, CHUNKED)):
        path = Warc().page(1, payload, http=headers).save(tmp_path)
        record = next(iter(ArchiveIterator(BytesIO(path.read_bytes()))))
        assert each(path)[0].payload_sha1 == record.rec_headers.get_header("WARC-Payload-Digest")


RAW, RAW_SHA1 = hashlib.sha256(html(1)).digest(), hashlib.sha1(html(1)).digest()
SPELLINGS = {
    "base 16": f"sha256:{RAW.hex()}",
    "upper case": f"SHA-256:{RAW.hex().upper()}",
    "base 32": f"sha256:{b32encode(RAW).decode()}",
    "base 32 without padding": f"sha256:{b32encode(RAW).decode().rstrip('=').lower()}",
    "base 64": f"sha256:{b64encode(RAW).decode()}",
    "SHA-1 in base 16": f"sha1:{RAW_SHA1.hex()}",
    "SHA-1 in small letters": sha1(html(1)).lower(),
    "SHA-1 in base 64": f"sha1:{b64encode(RAW_SHA1).decode()}",
    "SHA-1 by another name": sha1(html(1)).replace("sha1:", "SHA-1:"),
    "md5": f"md5:{hashlib.md5(html(1)).hexdigest()}",
    "nothing we know": "blake3:af1349b9f5f9a1a6",
}


@pytest.mark.parametrize("stated", SPELLINGS.values(), ids=SPELLINGS)
def test_every_spelling_of_a_digest_is_understood(tmp_path: Path, stated: str) -> None:
    capture, lines = each(Warc().page(1, warc={"WARC-Payload-Digest": stated}).save(tmp_path))
    assert (capture.payload_sha1, lines) == (sha1(html(1)), [])


WRONG = {
    "WARC-Payload-Digest": {"WARC-Payload-Digest": sha1(b"else")},
    "WARC-Block-Digest": {"WARC-Block-Digest": f"sha256:{RAW.hex()}"},
    "WARC-Block-Digest and WARC-Payload-Digest": {
        "WARC-Block-Digest": sha1(b"else"),
        "WARC-Payload-Digest": "md5:" + "0" * 32,
    },
}


@pytest.mark.parametrize(("names", "stated"), WRONG.items(), ids=WRONG)
def test_a_wrong_digest_is_told_and_the_page_kept(tmp_path: Path, names: str, stated: dict[str, str]) -> None:
    capture, lines = each(Warc().page(1, warc=stated).save(tmp_path))
    assert capture.body == html(1)
    assert capture.payload_sha1 == sha1(html(1))
    assert [(line.what, line.lost, f"({names})" in str(line)) for line in lines] == [("damaged", False, True)]


def test_a_cut_record_is_not_held_against_its_digest(tmp_path: Path) -> None:
    warc = {"WARC-Payload-Digest": sha1(b"the whole of it"), "WARC-Truncated": "length"}
    capture, lines = each(Warc().page(1, warc=warc).save(tmp_path))
    assert (capture.truncated, lines) == (True, [])


@given(st.text(max_size=60), st.binary(max_size=20))
def test_any_text_may_stand_for_a_digest(stated: str, data: bytes) -> None:
    named = digests.parse_digest(stated)
    assert named is None or digests.has_digest(named, data) in (True, False)


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256"])
def test_a_bare_digest_is_known_by_its_shape(name: str) -> None:
    value = hashlib.new(name, b"the ferry").hexdigest()
    assert digests.parse_digest(value) == (name, value)
    assert digests.has_digest((name, value), b"the ferry")
