"""Where nothing can be written, what only reads works, and what writes says so in one line with 74."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.database.opening import open_read_only
from scraper.errors import DATA, IO, OK
from tests.support.filled_archive import edit_database, query_database
from tests.support.read_only import copy_in_use, frozen, powerless, run_on_read_only_mount, scrapy
from tests.support.scrapy_running import ROOT, command
from tests.support.scrapy_running import scrapy as scrapy_as_usual

_READING = {
    "explain": ["explain", "1"],
    "gaps": ["gaps", "--all"],
    "export": ["export", "csv"],
    "verify": ["verify"],
    "withdrawn": ["withdraw", "--list"],
    "authors": ["authors", "--all"],
    "reextract": ["reextract", "--dry-run", "--path", "/2019/03/10/slug/"],
    "links": ["links", "--dry-run"],
}
_WRITING = {
    "ingest": ["ingest", "tests/pages/amp.html"],
    "crawl": ["crawl", "briefs", "-a", "start=http://127.0.0.1:9/"],
    "wayback": ["crawl", "wayback", "-a", "archive=http://127.0.0.1:9/web/"],
    "probe": ["probe", "http://127.0.0.1:9/"],
    "nightly": ["nightly", "-a", "start=http://127.0.0.1:9/"],
    "withdraw": ["withdraw", "/2020/09/15/unemployment-supplements-run-dry/", "--reason", "asked for"],
    "undo": ["withdraw", "/2019/03/10/slug/", "--undo"],
    "split": ["authors", "split", "J. Doe"],
    "reextract": ["reextract", "--all"],
    "journal": ["rebuild", "--journal"],
    "replace": ["rebuild", "--replace"],
    "links": ["links", "-s", "CONTACT=archivist@keepers.org"],
}
_WRITING_FILES = {
    "snapshot": ["snapshot", "-s", "SNAPSHOT={}/public/archive.db"],
    "into": ["rebuild", "--into", "{}/new.db"],
    "text": ["export", "csv", "-o", "{}/briefs.csv"],
    "records": ["export", "wacz", "-o", "{}/briefs.wacz"],
    "bag": ["export", "bagit", "-o", "{}/bag"],
    "folder": ["export", "csv-tables", "-o", "{}/tables"],
    "gaps": ["gaps", "--html", "{}/gaps.html"],
    "aliases": ["authors", "--csv", "{}/aliases.csv"],
    "changes": ["reextract", "--dry-run", "--csv", "{}/changes.csv"],
}


@pytest.fixture
def read_only(archive: Path) -> Iterator[Path]:
    """An archive in a folder that nobody may write to."""
    with frozen(archive):
        yield archive


@pytest.mark.parametrize("words", _READING.values(), ids=_READING)
def test_what_reads_says_the_same_as_elsewhere(words: list[str], archive: Path) -> None:
    usual = scrapy_as_usual(archive, *words)
    for made in archive.glob("archive.db-*"):  # a copy on a read-only disk has none of SQLite's files
        made.unlink()
    with frozen(archive):
        ran = scrapy(archive, *words)
    assert (ran.returncode, ran.stdout) == (OK, usual.stdout)
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("words", _WRITING.values(), ids=_WRITING)
def test_what_writes_is_refused_in_one_line(words: list[str], read_only: Path) -> None:
    ran = scrapy(read_only, *words)
    assert (ran.returncode, len(ran.stderr.splitlines())) == (IO, 1)
    assert str(read_only) in ran.stderr


@pytest.mark.parametrize("words", _WRITING_FILES.values(), ids=_WRITING_FILES)
def test_what_writes_files_is_refused_there_and_works_elsewhere(
    words: list[str], read_only: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ran = scrapy(read_only, *(word.format(read_only) for word in words))
    assert (ran.returncode, len(ran.stderr.splitlines())) == (IO, 1)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    ran = scrapy(read_only, *(word.format(elsewhere) for word in words))
    assert (ran.returncode, ran.stderr) == (OK, "")
    assert list(elsewhere.iterdir())


def test_a_report_is_printed_there_and_written_elsewhere(well_read: Path, tmp_path: Path) -> None:
    there = Path(shutil.copytree(well_read, tmp_path / "archive"))
    with frozen(there):
        assert scrapy(there, "report").stdout.startswith("# Run ")
        refused = scrapy(there, "report", "--write", "-s", f"REPORTS_DIR={there / 'reports'}")
        assert (refused.returncode, len(refused.stderr.splitlines())) == (IO, 1)
        assert scrapy(there, "report", "--write", "-s", f"REPORTS_DIR={tmp_path / 'reports'}").returncode == OK
    assert (tmp_path / "reports/latest.html").exists()


def test_a_read_only_mount_is_as_good(archive: Path) -> None:
    for made in archive.glob("archive.db-*"):
        made.unlink()
    ran = run_on_read_only_mount(archive, command(archive, "verify"))
    assert (ran.returncode, ran.stderr) == (OK, "")
    assert run_on_read_only_mount(archive, command(archive, "ingest", ROOT / "tests/pages/amp.html")).returncode == IO


def test_a_file_alone_without_permission_is_as_good(archive: Path) -> None:
    (archive / "archive.db").chmod(0o444)
    ran = scrapy(archive, "verify")
    assert (ran.returncode, ran.stderr) == (OK, "")


@pytest.mark.parametrize("with_index", [True, False])
def test_a_copy_made_while_somebody_wrote_shows_its_last_state(archive: Path, with_index: bool) -> None:
    copy_in_use(archive, with_index=with_index)
    script = (
        "import sys, pathlib; from pipelines.database.opening import open_read_only as connect; "
        "db = connect(pathlib.Path(sys.argv[1])); "
        "print(*db.execute(\"SELECT value FROM memory WHERE key = 'copied'\").fetchone()); db.close()"
    )
    with frozen(archive):
        ran = powerless([sys.executable, "-c", script, archive / "archive.db"])
        assert (ran.stdout, ran.stderr) == ("in use\n", "")
        assert scrapy(archive, "verify").returncode == OK


@pytest.mark.parametrize(
    ("harm", "line"),
    [
        (["PRAGMA ignore_check_constraints = ON", "UPDATE briefs SET published = 'soon'"], "CHECK constraint failed"),
        (["UPDATE briefs SET title = 'Otherwise' WHERE id = 1"], "sqlite-utils rebuild-fts {}"),
        (["PRAGMA foreign_keys = OFF", "DELETE FROM authors"], "has no authors"),
    ],
)
def test_damage_is_found_there_too(archive: Path, harm: list[str], line: str) -> None:
    edit_database(archive / "archive.db", *harm)
    with frozen(archive):
        ran = scrapy(archive, "verify")
    assert ran.returncode == IO
    assert line.format(archive / "archive.db") in ran.stderr


def test_what_may_not_be_read_is_one_line(archive: Path) -> None:
    (archive / "archive.db").chmod(0o000)
    ran = scrapy(archive, "verify")
    assert (ran.returncode, len(ran.stderr.splitlines())) == (IO, 1)


def test_an_empty_folder_without_permission_is_one_line(tmp_path: Path) -> None:
    with frozen(tmp_path):
        for words, code in ((_WRITING["ingest"], IO), (_READING["gaps"], DATA), (_WRITING_FILES["bag"], DATA)):
            ran = scrapy(tmp_path, *(word.format(tmp_path) for word in words))
            assert (ran.returncode, len(ran.stderr.splitlines())) == (code, 1)


def test_the_room_says_how_it_can_be_served(read_only: Path) -> None:
    serve: list[str | Path] = [
        sys.executable,
        "-m",
        "reading_room",
        read_only / "archive.db",
        "--get",
        "/-/databases.json",
    ]
    refused = powerless(serve)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (IO, 1)
    assert "--immutable" in refused.stderr
    assert powerless([*serve, "--immutable"]).returncode == OK


def test_a_reader_leaves_an_archive_as_it_is(archive: Path) -> None:
    before = (archive / "archive.db").read_bytes()
    with closing(open_read_only(archive / "archive.db")) as db:
        assert db.execute("SELECT count(*) FROM briefs").fetchone()[0] > 10
    assert (archive / "archive.db").read_bytes() == before
    assert query_database(archive / "archive.db", "SELECT count(*) FROM briefs")[0][0] > 10
