"""Damaged WARC files: what is whole is read, what is not is told."""

from __future__ import annotations

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.records import Capture
from scraper.sources.events import SourceItem, Unreadable
from tests.support.warc_writing import FORMS, Form, Warc, html, read, three


def bodies(result: list[SourceItem]) -> list[bytes]:
    return [item.body for item in result if isinstance(item, Capture)]


def damage(result: list[SourceItem]) -> list[Unreadable]:
    assert all(isinstance(item, Capture | Unreadable) for item in result)
    return [item for item in result if isinstance(item, Unreadable)]


@pytest.mark.parametrize("form", FORMS)
def test_a_cut_tail_leaves_the_rest_and_what_there_is_of_it(tmp_path: Path, form: Form) -> None:
    path = three().save(tmp_path, form)
    path.write_bytes(path.read_bytes()[:-150])
    result = read(path)
    assert bodies(result)[:2] == [html(1), html(2)]
    assert html(3).startswith(bodies(result)[2])
    assert [item.truncated for item in result if isinstance(item, Capture)] == [False, False, True]
    assert [item.what for item in damage(result)] == ["damaged"]
    assert "breaks off" in str(damage(result)[0])


def test_a_damaged_member_in_the_middle_is_passed(tmp_path: Path) -> None:
    each, two, three_ = three().pack_records("gzip per record")
    broken = two[:200] + bytes(40) + two[240:]
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(each + broken + three_)
    result = read(path)
    assert bodies(result)[0] == html(1)
    assert bodies(result)[-1] == html(3)
    assert f"at byte {len(each)}" in str(damage(result)[-1])
    assert [item.record for item in result if isinstance(item, Capture)][-1] == three_


def test_a_wrong_checksum_is_told_and_the_page_kept(tmp_path: Path) -> None:
    each, two = Warc().page(1).page(2).pack_records("gzip per record")
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(each[:-8] + bytes(8) + two)
    result = read(path)
    assert bodies(result) == [html(1), html(2)]
    assert "gzip" in str(damage(result)[0])
    assert [item.record for item in result if isinstance(item, Capture)] == [None, two]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wrong", [3, 60, 3000, 10**9])
def test_a_length_that_lies_costs_no_page(tmp_path: Path, form: Form, wrong: int) -> None:
    warc = three()
    head, _, rest = warc.records[1].partition(b"Content-Length: ")
    _, _, rest = rest.partition(b"\r\n")
    warc.records[1] = head + b"Content-Length: %d\r\n" % wrong + rest
    result = read(warc.save(tmp_path, form))
    assert bodies(result) == [html(1), html(2), html(3)]
    assert [item.lost for item in damage(result) if "says" in str(item)] == [False]
    # A record that lies is not kept as it is: nobody could read it again.
    assert [bool(item.record) for item in result if isinstance(item, Capture)] == [True, False, True]


@pytest.mark.parametrize("form", FORMS)
def test_bytes_between_records_are_told(tmp_path: Path, form: Form) -> None:
    warc = three()
    warc.records[1] = b"no record at all\r\n"
    result = read(warc.save(tmp_path, form))
    assert bodies(result) == [html(1), html(3)]
    assert len(damage(result)) == 1


def test_a_tail_that_is_no_gzip_is_told_and_padding_is_not(tmp_path: Path) -> None:
    path = three().save(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole + bytes(512))
    assert damage(read(path)) == []
    path.write_bytes(whole + b"copied twice, once by mistake")
    result = read(path)
    assert (len(bodies(result)), len(damage(result))) == (3, 1)


def test_changed_bytes_are_told_by_their_digest(tmp_path: Path) -> None:
    path = three().save(tmp_path, "plain")
    path.write_bytes(path.read_bytes().replace(b"ferry number 2", b"ferry number 7"))
    result = read(path)
    assert len(bodies(result)) == 3
    assert [item.lost for item in damage(result)] == [False]
    assert "digest" in str(damage(result)[0])


def test_members_that_divide_a_record_are_joined(tmp_path: Path) -> None:
    data = b"".join(three().records)
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(b"".join(gzip.compress(data[at : at + 333]) for at in range(0, len(data), 333)))
    result = read(path)
    assert bodies(result) == [html(1), html(2), html(3)]


def test_a_file_that_only_bears_the_name_is_told(tmp_path: Path) -> None:
    path = tmp_path / "not.warc.gz"
    path.write_bytes(b"GIF89a" * 100)
    assert [str(item) for item in read(path)] == [f"{path}: bytes that belong to no record near byte 0"]
    path.write_bytes(b"")
    assert [str(item) for item in read(path)] == [f"{path}: an empty file"]


@given(form=st.sampled_from(FORMS), at=st.floats(0, 1), cut=st.booleans(), noise=st.binary(min_size=1, max_size=30))
def test_no_damage_whatever_stops_the_reading(form: Form, at: float, cut: bool, noise: bytes) -> None:
    with TemporaryDirectory() as folder:
        warc = three()
        path = warc.save(Path(folder), form)
        data = path.read_bytes()
        place = int(at * len(data))
        path.write_bytes(data[:place] if cut else data[:place] + noise + data[place + len(noise) :])
        result = read(path)
        if form == "gzip per record":
            first, _, last = (len(member) for member in warc.pack_records(form))
            assert place < first or html(1) in bodies(result)
            assert cut or place + len(noise) > len(data) - last or html(3) in bodies(result)
