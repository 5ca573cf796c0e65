"""The WARC export: the kept bytes, all of them, read again by warcio."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Literal, get_args

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker
from warcio.recordloader import ArcWarcRecord

from pipelines.exports.request import Selection
from scraper.errors import BadArgument, BadInput, DamagedArchive
from tests.support.exported_archive import FERRY, LATER, LOST, NOTES, SECRET, TEXT, fill_exportable, run_export
from tests.support.filled_archive import edit_database, query_database
from tests.support.specimens import PATH, SITE, make_settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_exportable(tmp_path_factory.mktemp("exported"))


def records(path: Path) -> list[tuple[ArcWarcRecord, bytes]]:
    with path.open("rb") as file:
        return [(record, record.content_stream().read()) for record in ArchiveIterator(file, check_digests="raise")]


def targets(path: Path) -> list[str]:
    urls = (record.rec_headers.get_header("WARC-Target-URI") for record, _ in records(path))
    return sorted(url.removeprefix(SITE) for url in urls if url)


def test_every_capture_is_in_it_verbatim(folder: Path, tmp_path: Path) -> None:
    done = run_export(folder, "warc", tmp_path / "all.warc.gz")
    raw = (tmp_path / "all.warc.gz").read_bytes()
    assert (done.briefs, done.captures, done.sha256) == (4, 7, hashlib.sha256(raw).hexdigest())
    assert "; 1 briefs have no page in it" in str(done)  # the feed that has it names a withdrawn post
    assert targets(tmp_path / "all.warc.gz") == sorted([PATH, PATH, FERRY, "/", LOST, "/old/", TEXT])
    kept = query_database(folder / "archive.db", "SELECT warc_file, warc_offset, warc_length, path FROM captures")
    for file, offset, length, path in kept:
        member = (folder / "warcs" / file).read_bytes()[offset : offset + length]
        assert (member in raw) == (path not in ("/feed/", "/2021/08/01/hidden/"))
    assert SECRET not in str([payload for _, payload in records(tmp_path / "all.warc.gz")])


def test_warcio_finds_every_digest_true(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_export(folder, "warc", tmp_path / "all.warc.gz")
    checker = Checker(type("Args", (), {"inputs": [str(tmp_path / "all.warc.gz")], "verbose": True})())
    checker.process_all()
    assert checker.exit_value == 0, capsys.readouterr().out
    assert "digest pass" in capsys.readouterr().out


def test_it_says_what_it_is(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_export(folder, "warc", tmp_path / "all.warc.gz")
    (first, about), (second, _), *_ = records(tmp_path / "all.warc.gz")
    assert (first.rec_type, second.rec_type) == ("warcinfo", "warcinfo")
    assert first.rec_headers.protocol == "WARC/1.1"
    assert first.rec_headers.get_header("WARC-Date") == LATER
    assert b"An export of 7 captures" in about
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    run_export(folder, "warc", tmp_path / "dated.warc.gz")
    dated = records(tmp_path / "dated.warc.gz")[0][0]
    assert dated.rec_headers.get_header("WARC-Date") == "2023-11-14T22:13:20Z"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(BadArgument, match="SOURCE_DATE_EPOCH"):
        run_export(folder, "warc", tmp_path / "dated.warc.gz")


def test_records_refer_to_warcinfos_that_are_there(folder: Path, tmp_path: Path) -> None:
    run_export(folder, "warc", tmp_path / "all.warc.gz")
    read = [record.rec_headers for record, _ in records(tmp_path / "all.warc.gz")]
    there = {headers.get_header("WARC-Record-ID") for headers in read}
    assert {headers.get_header("WARC-Warcinfo-ID") for headers in read} - {None} <= there


@pytest.mark.parametrize("name", get_args(Literal["warc", "wacz"]))
def test_twice_the_same_bytes(folder: Path, tmp_path: Path, name: Literal["warc", "wacz"]) -> None:
    item, two = (run_export(folder, name, tmp_path / turn) for turn in ("one", "two"))
    assert item.sha256 == two.sha256


def test_of_chosen_briefs_all_that_tells_of_them(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "some.warc.gz"
    run_export(folder, "warc", out, Selection(paths=(PATH,)))
    assert targets(out) == sorted([PATH, PATH, "/old/"])
    run_export(folder, "warc", out, Selection(paths=(PATH,), captures="newest"))
    assert targets(out) == [PATH]
    run_export(folder, "warc", out, Selection(captures="newest"))
    assert targets(out) == sorted([PATH, FERRY, TEXT])
    with pytest.raises(BadInput, match="nothing to export"):
        run_export(folder, "warc", out, Selection(paths=(NOTES,)))  # its only capture tells of a withdrawn page, too


def test_damage_is_told_and_leaves_no_file(folder: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(folder, tmp_path / "broken"))
    edit_database(broken / "archive.db", f"UPDATE captures SET digest = 'sha256:{'0' * 64}' WHERE path = '{FERRY}'")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/old.warc.gz").write_text("old")
    with pytest.raises(DamagedArchive, match="briefs verify"):
        run_export(broken, "warc", tmp_path / "out/old.warc.gz")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["old.warc.gz"]
    assert (tmp_path / "out/old.warc.gz").read_text() == "old"
    shutil.rmtree(make_settings(broken)["WARCS_DIR"])
    with pytest.raises(DamagedArchive):
        run_export(broken, "wacz", tmp_path / "out/new.wacz")
