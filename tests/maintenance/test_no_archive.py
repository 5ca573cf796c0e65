"""Where no archive is, what reads one says so in one line and makes nothing: no database, no lock, no folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.errors import DATA, OK
from tests.support.filled_archive import edit_database
from tests.support.scrapy_running import scrapy

_PATH, _WHY = "/2019/03/10/slug/", ["--reason", "asked for"]
_READING = [
    ["explain", _PATH],
    ["explain", "12", "--json"],
    ["gaps"],
    ["gaps", "--csv", "{}/gaps.csv"],
    ["gaps", "--json"],
    ["export", "jsonl"],
    ["export", "wacz", "-o", "{}/briefs.wacz"],
    ["export", "bagit", "-o", "{}/bag"],
    ["export", "csv-tables", "-o", "{}/tables"],
    ["verify"],
    ["verify", "--sample", "5"],
    ["report"],
    ["report", "--write", "-s", "REPORTS_DIR={}/reports"],
    ["snapshot", "-s", "SNAPSHOT={}/public/archive.db"],
    ["rebuild"],
    ["rebuild", "--into", "{}/new.db"],
    ["rebuild", "--journal"],
    ["withdraw", "--list"],
    ["withdraw", _PATH, *_WHY],
    ["withdraw", _PATH, *_WHY, "--dry-run"],
    ["withdraw", _PATH, "--undo"],
    ["authors"],
    ["authors", "--csv", "{}/aliases.csv"],
    ["authors", "merge", "J. Doe", "Jane Doe", *_WHY],
    ["authors", "split", "J. Doe"],
    ["authors", "reject", "Ann Roe", "Anne Roe", *_WHY],
    ["authors", "import", "{}/aliases.csv"],
    ["reextract"],
    ["reextract", "--dry-run", "--csv", "{}/changes.csv"],
    ["links"],
    ["links", "--dry-run"],
]


@pytest.mark.parametrize("words", _READING, ids=" ".join)
def test_it_is_one_line_and_nothing_is_made(words: list[str], tmp_path: Path) -> None:
    ran = scrapy(tmp_path, *(word.format(tmp_path) for word in words))
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (DATA, "", 1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", {words[0]: words for words in _READING}.values(), ids=" ".join)
def test_an_empty_file_as_a_full_disk_leaves_it_is_no_archive(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "archive.db").touch()
    ran = scrapy(tmp_path, *(word.format(tmp_path) for word in words))
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (DATA, "", 1)
    assert (tmp_path / "archive.db").stat().st_size == 0


@pytest.mark.parametrize(
    "words", [["verify"], ["snapshot"], ["explain", _PATH], ["reextract"], ["report"]], ids=" ".join
)
def test_nor_is_a_file_without_a_table(words: list[str], tmp_path: Path) -> None:
    edit_database(tmp_path / "archive.db", "PRAGMA journal_mode = WAL", "CREATE TABLE any (thing)", "DROP TABLE any")
    ran = scrapy(tmp_path, *words)
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (DATA, "", 1)


def test_a_dry_run_of_a_night_makes_nothing(tmp_path: Path, site: str) -> None:
    ran = scrapy(tmp_path, "nightly", "--dry-run", "-a", f"start={site}")
    assert (ran.returncode, ran.stderr) == (OK, "")
    assert list(tmp_path.iterdir()) == []
