"""WARC files that zstd packed, with and without a dictionary, whole and damaged."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from pipelines.extract import extract
from scraper.records import Capture
from scraper.sources.content_coding import zstd
from scraper.sources.events import Unreadable
from tests.support.warc_writing import Warc, address, html, read, three

RECORDS = three().records
TRAINED = zstd.train_dict([bytes(record) for record in RECORDS * 40], 4096)


def skippable(content: bytes) -> bytes:
    return b"\x5d\x2a\x4d\x18" + struct.pack("<I", len(content)) + content


def with_dictionary(dictionary: zstd.ZstdDict) -> bytes:
    return b"".join(zstd.compress(record, zstd_dict=dictionary) for record in RECORDS)


FORMS = {
    "a frame a record": b"".join(map(zstd.compress, RECORDS)),
    "one frame": zstd.compress(b"".join(RECORDS)),
    "a dictionary": skippable(TRAINED.dict_content) + with_dictionary(TRAINED),
    "a packed dictionary": skippable(zstd.compress(TRAINED.dict_content)) + with_dictionary(TRAINED),
    "other skippable frames": b"".join(b"\x51\x2a\x4d\x18\x02\0\0\0no" + zstd.compress(each) for each in RECORDS),
}


@pytest.mark.parametrize("name", ["crawl.warc.zst", "crawl"])
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_all_records_are_read(tmp_path: Path, form: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(form)
    found = read(tmp_path / name)
    assert [item.url for item in found if isinstance(item, Capture)] == [address(n) for n in (1, 2, 3)]
    assert [item.body for item in found if isinstance(item, Capture)] == [html(n) for n in (1, 2, 3)]
    assert all(isinstance(item, Capture) and item.record for item in found)


def test_a_revisit_finds_its_original(tmp_path: Path) -> None:
    warc = Warc().page(1, warc={"WARC-Record-ID": "<urn:uuid:1>"}).revisit(1, of={"WARC-Refers-To": "<urn:uuid:1>"})
    (tmp_path / "crawl.warc.zst").write_bytes(b"".join(map(zstd.compress, warc.records)))
    assert [item.body for item in read(tmp_path) if isinstance(item, Capture)] == [html(1)] * 2


SUM = {int(zstd.CompressionParameter.checksum_flag): 1}
FRAMES = [zstd.compress(record, options=SUM) for record in RECORDS]
DAMAGES: dict[str, tuple[bytes, list[int]]] = {
    "in the middle": (FRAMES[0] + FRAMES[1][:60] + b"\xff" * 40 + FRAMES[1][100:] + FRAMES[2], [1, 3]),
    "a broken end": (FRAMES[0] + FRAMES[1] + FRAMES[2][:-90], [1, 2]),
    "bytes between": (FRAMES[0] + b"no frame" + FRAMES[1] + FRAMES[2], [1, 2, 3]),
    "a dictionary that is gone": (FRAMES[0] + zstd.compress(RECORDS[1], zstd_dict=TRAINED) + FRAMES[2], [1, 3]),
}


@pytest.mark.parametrize(("data", "whole"), DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_told_and_reading_goes_on(tmp_path: Path, data: bytes, whole: list[int]) -> None:
    (tmp_path / "crawl.warc.zst").write_bytes(data)
    found = read(tmp_path / "crawl.warc.zst")
    pages = [item for item in found if isinstance(item, Capture) and not item.truncated]
    assert [page.url for page in pages] == [address(n) for n in whole]
    assert [item.what for item in found if isinstance(item, Unreadable) and item.lost] == ["damaged"]


def test_a_frame_that_cannot_be_unpacked_is_named(tmp_path: Path) -> None:
    (tmp_path / "crawl.warc.zst").write_bytes(zstd.compress(RECORDS[1], zstd_dict=TRAINED))
    assert "near byte 0: a frame of zstd" in str(read(tmp_path / "crawl.warc.zst"))


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.sources.zstd_file.FREE", 2**20)
    (tmp_path / "crawl.warc.zst").write_bytes(zstd.compress(bytes(2**24)))
    (result,) = read(tmp_path / "crawl.warc.zst")
    assert isinstance(result, Unreadable)
    assert "unpacks to more than" in result.why


def test_a_page_that_zstd_packed_is_read(tmp_path: Path) -> None:
    for name in ("page.html", "page.html.zst", "page"):
        (tmp_path / name).write_bytes(zstd.compress(html(1)))
        (found,) = read(tmp_path / name)
        assert isinstance(found, Capture)
        assert (found.body, found.content_type) == (html(1), "text/html")
        assert extract(found).outcome
