"""archive.db can be made again from warcs/ alone, number for number; what is damaged costs only what is damaged."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import closing
from os import _exit
from pathlib import Path

import pytest

from pipelines.maintenance.rebuild import RebuildResult, rebuild_archive
from pipelines.maintenance.verify import verify_archive
from pipelines.schema.doc import create_schema
from pipelines.schema.journal_triggers import DERIVED, JOURNAL_TABLES
from pipelines.workers import Workers
from scraper.errors import DATA, IO, OK, USAGE, BadArgument
from tests.support.archive_history import build_archive, dump_rows
from tests.support.archive_tables import compare_tables
from tests.support.filled_archive import edit_database, query_database
from tests.support.histories import captures
from tests.support.scrapy_running import scrapy
from tests.support.specimens import ingest_capture, make_settings, open_archive


@pytest.fixture
def folder(well_read: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(well_read, tmp_path / "archive"))


def rebuild_folder(folder: Path, workers: Workers | None = None) -> RebuildResult:
    return rebuild_archive(make_settings(folder), into=str(folder / "new.db"), workers=workers)


def warcs(folder: Path) -> list[Path]:
    return sorted((folder / "warcs").iterdir())


def test_every_table_is_told_or_follows() -> None:
    with closing(create_schema()) as db:
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    names = {name for name in names if not name.startswith(("sqlite", "_sqlite", "briefs_fts"))}
    assert names == {result.table for result in JOURNAL_TABLES} | {*DERIVED, "unwritten"}


@pytest.mark.parametrize("seed", range(6))
def test_the_same_rows_with_the_same_numbers(tmp_path: Path, seed: int) -> None:
    build_archive(tmp_path, seed)
    before = [path.read_bytes() for path in warcs(tmp_path)]
    outcome = rebuild_folder(tmp_path, Workers(pytest.fail, 1 + seed % 2, few=0))
    assert outcome.lost == ()
    assert compare_tables(dump_rows(tmp_path / "archive.db"), dump_rows(tmp_path / "new.db")) == []
    assert [path.read_bytes() for path in warcs(tmp_path)] == before
    assert verify_archive(make_settings(tmp_path, ARCHIVE_DB=str(tmp_path / "new.db"))).damage == ()


def _die_at_once(count: int) -> Executor:
    return ProcessPoolExecutor(count, initializer=_exit, initargs=(1,))


def test_whoever_reads_the_pages_the_rows_and_the_losses_are_the_same(folder: Path) -> None:
    _, file, offset, length = place_of(folder, "/2019/04/02/the-forest-law/")
    raw = bytearray((folder / "warcs" / file).read_bytes())
    raw[offset + length // 2] ^= 255
    (folder / "warcs" / file).write_bytes(raw)
    by_workers, lines = rebuild_folder(folder, Workers(pytest.fail, 2, few=0)), list[str]()
    shutil.move(folder / "new.db", folder / "other.db")
    assert rebuild_folder(folder, Workers(lines.append, 2, few=0, make_executor=_die_at_once)) == by_workers
    assert len(by_workers.lost) == 1
    assert set(lines) == {"a process that reads pages died or did not start: its pages are read by this one"}
    assert compare_tables(dump_rows(folder / "other.db"), dump_rows(folder / "new.db")) == []


def test_it_goes_on_as_the_old_one_would(folder: Path) -> None:
    rebuild_folder(folder)
    for name in ("archive.db", "new.db"):
        other = folder / name.removesuffix(".db")
        other.mkdir()
        shutil.copytree(folder / "warcs", other / "warcs")
        shutil.copy(folder / name, other / "archive.db")
        with open_archive(other) as opened:
            for item in captures()[:20]:
                ingest_capture(opened, item)
            opened.add_problem("last", "a last line")
    assert compare_tables(dump_rows(folder / "archive/archive.db"), dump_rows(folder / "new/archive.db")) == []
    rebuild_folder(folder / "new")
    assert compare_tables(dump_rows(folder / "archive/archive.db"), dump_rows(folder / "new/new.db")) == []


_KILLED = """
import os, signal, sys
from pathlib import Path
from tests.support.histories import captures
from tests.support.specimens import ingest_capture, open_archive
import pipelines.maintenance.journal
with open_archive(Path(sys.argv[1]), batch=100) as opened:
    opened.begin_run("ingest", {})
    for number, one in enumerate(captures()):
        if number == 5:
            opened.commit()
        if number == 9:  # on the disk, and never committed
            opened.transaction.shared.update_spellings()
            opened.transaction.index.update()
            pipelines.maintenance.journal.write_changes(opened.db, opened.warcs)
            opened.warcs.sync()
            os.kill(os.getpid(), signal.SIGKILL)
        ingest_capture(opened, one)
"""


def test_a_transaction_that_never_lasted_does_no_harm(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    with open_archive(tmp_path) as opened:
        opened.begin_run("ingest", {})
        for item in captures()[20:]:
            ingest_capture(opened, item)
    assert rebuild_folder(tmp_path).replay.left > 1
    assert compare_tables(dump_rows(tmp_path / "archive.db"), dump_rows(tmp_path / "new.db")) == []


def test_a_database_taken_back_to_an_older_copy_is_the_one_that_counts(tmp_path: Path) -> None:
    def run(some: slice) -> None:
        with open_archive(tmp_path, batch=3) as opened:
            opened.begin_run("ingest", {})
            for item in captures()[some]:
                ingest_capture(opened, item)

    run(slice(10))
    shutil.copy(tmp_path / "archive.db", tmp_path / "copy.db")
    run(slice(10, 20))
    shutil.move(tmp_path / "copy.db", tmp_path / "archive.db")
    run(slice(20, 25))
    assert rebuild_folder(tmp_path).replay.left > 5
    assert compare_tables(dump_rows(tmp_path / "archive.db"), dump_rows(tmp_path / "new.db")) == []


def test_an_archive_from_before_the_journal_is_read_from_its_pages(folder: Path) -> None:
    old = dump_rows(folder / "archive.db")
    for path in warcs(folder):
        path.write_bytes(b"".join(member for member in members(path) if b"vnd.brief-archive" not in plain(member)))
    outcome = rebuild_folder(folder)
    assert (outcome.has_journal, outcome.lost) == (False, ())
    paths = "SELECT path, title, published, number FROM briefs ORDER BY path"
    assert query_database(folder / "new.db", paths) == query_database(folder / "archive.db", paths)
    result = "SELECT path, captured_at, digest, source FROM captures ORDER BY path, captured_at, digest"
    assert (
        len(query_database(folder / "new.db", result)) >= len(old["captures"]) - 2
    )  # those met again were parted by checks


def members(path: Path) -> Sequence[bytes]:
    return [b"\x1f\x8b\x08" + part for part in path.read_bytes().split(b"\x1f\x8b\x08")[1:]]


def plain(member: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(member)
    except zlib.error:
        return b""


def place_of(folder: Path, path: str) -> tuple[int, str, int, int]:
    sql = f"SELECT id, warc_file, warc_offset, warc_length FROM captures WHERE path = '{path}' AND outcome = 'brief'"
    row: tuple[int, str, int, int] = query_database(folder / "archive.db", sql)[0]
    return row


def test_a_damaged_page_costs_that_page(folder: Path) -> None:
    number, file, offset, length = place_of(folder, "/2019/04/02/the-forest-law/")
    raw = bytearray((folder / "warcs" / file).read_bytes())
    raw[offset + length // 2] ^= 255
    (folder / "warcs" / file).write_bytes(raw)
    run = scrapy(folder, "rebuild", "--into", folder / "new.db")
    assert run.returncode == IO, run.stderr
    assert "/2019/04/02/the-forest-law/ of" in run.stderr
    assert query_database(folder / "new.db", f"SELECT * FROM captures WHERE id = {number}") == []
    assert (
        len(query_database(folder / "new.db", "SELECT id FROM captures"))
        == len(query_database(folder / "archive.db", "SELECT id FROM captures")) - 1
    )
    assert verify_archive(make_settings(folder, ARCHIVE_DB=str(folder / "new.db"))).damage == ()


def test_a_lost_file_costs_its_pages_and_their_runs(folder: Path) -> None:
    first, *_ = warcs(folder)
    first.unlink()
    outcome = rebuild_folder(folder)
    assert any("transactions of the journal are missing" in line for line in outcome.lost)
    kept = query_database(folder / "archive.db", f"SELECT digest FROM captures WHERE warc_file <> '{first.name}'")
    assert {*kept} <= {*query_database(folder / "new.db", "SELECT digest FROM captures")}
    assert query_database(folder / "new.db", "PRAGMA foreign_key_check") == []


def test_a_database_that_is_there_is_moved_aside_when_all_is_done(folder: Path) -> None:
    with pytest.raises(BadArgument, match="--replace"):
        rebuild_archive(make_settings(folder))
    old = dump_rows(folder / "archive.db")
    edit_database(folder / "archive.db", "DELETE FROM past_values", "DELETE FROM revisions")
    run = scrapy(folder, "rebuild", "--replace")
    assert (run.returncode, run.stderr) == (OK, "")
    assert run.stdout.splitlines()[-2:] == [
        f"The database that was there is {folder / 'archive.db'}.old now",
        "Nothing is lost",
    ]
    assert compare_tables(old, dump_rows(folder / "archive.db")) == []
    assert query_database(folder / "archive.db.old", "SELECT * FROM revisions") == []


def test_interrupted_it_leaves_all_as_it_was(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    def stop(done: int, of: int) -> None:
        if done == of // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_archive(make_settings(folder), replace=True, storing=stop)
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert {name: after[name] for name in before} == before
    assert {*after} - {*before} <= {"archive.db-lock"}


def test_wrong_usage_is_one_line(tmp_path: Path, folder: Path) -> None:
    for words, code in (([tmp_path / "nowhere"], DATA), ([folder], USAGE)):
        run = scrapy(words[0] if code == USAGE else tmp_path, "rebuild")
        assert run.returncode == code
        assert len(run.stderr.splitlines()) == 1


def test_nothing_to_tell_writes_nothing(folder: Path) -> None:
    kept = warcs(folder)
    with open_archive(folder) as opened:
        item = captures()[0]
        assert ingest_capture(opened, item) == "known"
        opened.add_problem("damaged", "a file that is always damaged")
    assert warcs(folder) == kept
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        assert db.execute("SELECT * FROM unwritten").fetchall() == []
