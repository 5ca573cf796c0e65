"""Who does what `scrapy verify` says has a sound archive again, with all that can be had."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.maintenance.rebuild import rebuild_archive, write_journal_anew
from pipelines.maintenance.verify import Health, verify_archive
from tests.support.archive_history import dump_rows
from tests.support.archive_tables import compare_tables
from tests.support.filled_archive import edit_database, query_database
from tests.support.scrapy_running import ROOT, scrapy
from tests.support.specimens import ingest_capture, make_brief, make_page, make_settings, open_archive

SAVED = ("amp.html", "blog-by-category.html", "non-home.html")
PAGES = "SELECT path, digest, outcome FROM captures ORDER BY path"
BRIEFS = "SELECT path, title, published, number, body FROM briefs ORDER BY path"


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    run = scrapy(folder, "ingest", *(ROOT / "tests/pages" / name for name in SAVED))
    assert (folder / "archive.db").exists(), run.stderr
    return folder


@pytest.fixture
def folder(pristine: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pristine, tmp_path / "archive"))


def look(folder: Path) -> Health:
    return verify_archive(make_settings(folder))


def follow(folder: Path) -> None:
    """Type every command that the lines name, in their order, each once."""
    commands = re.findall(r"briefs ((?:rebuild --\w+|ingest)[^;,(]*?)(?=[;,(]|$)", "\n".join(
        damage.remedy for damage in look(folder).damage
    ), re.MULTILINE)  # fmt: skip
    own = ["-s", f"ARCHIVE_DB={folder / 'archive.db'}", "-s", f"WARCS_DIR={folder / 'warcs'}"]
    for command in dict.fromkeys(commands):
        if command == "rebuild --replace":
            rebuild_archive(make_settings(folder), replace=True)
        elif command == "rebuild --journal":
            write_journal_anew(make_settings(folder))
        else:
            subprocess.run(
                [sys.executable, "-m", "scrapy", *shlex.split(command), *own],
                cwd=ROOT,
                check=False,
                capture_output=True,
            )


def test_pages_whose_bytes_are_damaged(folder: Path) -> None:
    pages, briefs = (query_database(folder / "archive.db", sql) for sql in (PAGES, BRIEFS))
    (file,) = (folder / "warcs").iterdir()
    raw = bytearray(file.read_bytes())
    for offset, length in query_database(
        folder / "archive.db", "SELECT warc_offset, warc_length FROM captures LIMIT 2"
    ):
        raw[offset + length // 2] ^= 255
    file.write_bytes(raw)
    (damage,) = look(folder).damage
    assert "2 of 3 pages" in damage.what
    follow(folder)
    assert look(folder).damage == ()
    assert (query_database(folder / "archive.db", PAGES), query_database(folder / "archive.db", BRIEFS)) == (
        pages,
        briefs,
    )


def test_a_file_that_is_gone(folder: Path) -> None:
    pages, briefs = (query_database(folder / "archive.db", sql) for sql in (PAGES, BRIEFS))
    (file,) = (folder / "warcs").iterdir()
    file.unlink()
    journal, lost = look(folder).damage
    assert "rebuild --journal" in journal.remedy
    assert "3 of 3 pages" in lost.what
    follow(folder)
    assert look(folder).damage == ()
    assert (query_database(folder / "archive.db", PAGES), query_database(folder / "archive.db", BRIEFS)) == (
        pages,
        briefs,
    )


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("DELETE FROM sections WHERE position = 2", "do not give its body"),
        ("DELETE FROM readings", "no capture shows the brief"),
        ("DELETE FROM evidence WHERE field = 'title'", "has no evidence"),
        ("DELETE FROM briefs WHERE id = 2", "has no briefs"),
        ("DELETE FROM captures WHERE id = 3", "has no captures"),
        ("UPDATE captures SET captured_at = '2011-11-11T11:11:11Z' WHERE id = 5", "differ in address or time"),
        ("UPDATE mementos SET state = 'taken', capture_id = NULL WHERE id = 1", "its capture is not there"),
    ],
)
def test_rows_that_are_wrong(well_read: Path, tmp_path: Path, sql: str, line: str) -> None:
    folder = Path(shutil.copytree(well_read, tmp_path / "archive"))
    before = dump_rows(folder / "archive.db")
    edit_database(folder / "archive.db", "PRAGMA foreign_keys = OFF", sql)
    assert any(line in damage.what for damage in look(folder).damage)
    follow(folder)
    assert look(folder).damage == ()
    assert compare_tables(before, dump_rows(folder / "archive.db")) == []


def test_a_journal_written_anew_makes_the_same(well_read: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(well_read, tmp_path / "archive"))
    write_journal_anew(make_settings(folder))
    before = dump_rows(folder / "archive.db")
    assert rebuild_archive(make_settings(folder), replace=True).lost == ()
    assert compare_tables(before, dump_rows(folder / "archive.db")) == []


def test_a_kill_before_the_commit_of_a_journal_written_anew_is_one_line(well_read: Path, tmp_path: Path) -> None:
    """Only its database is not as the journal says: which rows it should have, the journal cannot tell."""
    folder = Path(shutil.copytree(well_read, tmp_path / "archive"))
    write_journal_anew(make_settings(folder))
    shutil.copy(well_read / "archive.db", folder / "archive.db")
    (damage,) = look(folder).damage
    assert "a run was killed as it committed" in damage.what
    follow(folder)
    assert look(folder).damage == ()


def test_files_that_nobody_refers_to_are_told_and_are_no_damage(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with open_archive(other.parent) as opened:
        ingest_capture(opened, *make_page(make_brief()))
    (file,) = (tmp_path / "warcs").iterdir()
    shutil.copy(file, folder / "warcs/stranger.warc.gz")
    health = look(folder)
    assert health.damage == ()
    (note,) = health.notes
    assert note.startswith(
        f"{folder / 'warcs/stranger.warc.gz'}: no row refers to it; to take its pages in: briefs ingest "
    )


def test_what_people_changed_is_told_until_it_is_written(folder: Path) -> None:
    edit_database(
        folder / "archive.db", "UPDATE pages SET status = 'withdrawn' WHERE path = '/robots.txt' OR path LIKE '/2%'"
    )
    (note,) = look(folder).notes
    assert "rows changed since the last run" in note
    with open_archive(folder) as opened:
        opened.add_problem("any", "thing")
    assert look(folder).notes == ()
