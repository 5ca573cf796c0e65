"""The nightly writes while readers read: nobody meets a lock, no answer is of two states, the archive stays sound."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from pipelines.database.opening import LOG_LIMIT, shorten_log
from pipelines.maintenance.verify import verify_archive
from reading_room.server.read_transaction import ReadTransaction
from tests.support.filled_archive import query_database
from tests.support.room import set_up_room
from tests.support.room_facts import QUESTIONS, ReaderNotes, read
from tests.support.room_writer import Night, checkpoint
from tests.support.serving import ROOT, get, serve_room
from tests.support.specimens import make_settings

COMMITS = int(os.environ.get("ROOM_COMMITS", "100"))


def write(folder: Path, commits: int) -> int:
    """Have a process write beside this one; how often it committed."""
    command = [
        sys.executable,
        "-m",
        "tests.support.room_writer",
        str(folder),
        "--commits",
        str(commits),
        "--pause",
        "0.01",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


@pytest.fixture(scope="module")
def archive_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("begun")
    Night(folder).begin()
    return folder


def test_eight_readers_while_nights_are_written(archive_folder: Path, tmp_path: Path) -> None:
    over, result, log = Event(), ReaderNotes(), tmp_path / "log"
    with serve_room(archive_folder / "archive.db", log=log) as address:
        reading = Thread(target=lambda: result.add(read(address, over)))
        reading.start()
        try:
            commits = write(archive_folder, COMMITS)
        finally:
            over.set()
            reading.join()
    assert result.faults == []
    assert set(result.reads) == set(QUESTIONS)
    assert commits >= COMMITS
    assert "locked" not in log.read_text()
    assert verify_archive(make_settings(archive_folder)).damage == ()


def test_the_front_page_is_kept_until_the_next_commit_and_no_longer(tmp_path: Path) -> None:
    night = Night(tmp_path)
    night.begin()
    with serve_room(tmp_path / "archive.db") as address:
        for turn in range(6):
            night.run(turn % 2)  # a night that brings nothing is a commit too
            for wait in (0, 0.2, 0):  # at first it is not kept, then it is, then it is shown
                time.sleep(wait)
                page = get(address + "/")
                assert f"read from {night.version:,} captures" in page
                assert f"<strong>{night.briefs:,} posts</strong>" in page
                assert last_run(tmp_path) in page


def test_a_client_who_stalls_does_not_hold_the_log_for_ever(tmp_path: Path) -> None:
    night = Night(tmp_path)
    night.begin()

    async def count_rows() -> list[int]:
        async with set_up_room(tmp_path / "archive.db") as room:
            transaction = ReadTransaction(room.get_database("archive"))
            result = []
            for pause in (False, False, True):
                if pause:
                    assert is_held(tmp_path)
                    transaction.pause()
                    assert not is_held(tmp_path)
                result.append(
                    await transaction.run_query(lambda db: db.execute("SELECT count(*) FROM captures").fetchone()[0])
                )
                night.run(1)
            transaction.end()
            return result

    first, second, third = asyncio.run(count_rows())
    assert (second, third) == (first, first + 2)


def is_held(folder: Path) -> bool:
    """Whether a reader keeps the log from being taken into the database."""
    pages, moved = checkpoint(folder)
    return moved < pages


def last_run(folder: Path) -> str:
    (result,) = query_database(folder / "archive.db", "SELECT ifnull(max(finished_at), '<strong>') FROM crawls")
    return str(result[0])


def test_a_reader_who_stays_for_long_stops_no_writer_and_leaves_no_log_behind(tmp_path: Path) -> None:
    night = Night(tmp_path)
    night.begin()
    database, log = tmp_path / "archive.db", tmp_path / "archive.db-wal"
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        before = reader.execute("SELECT count(*) FROM captures").fetchone()
        night.run(40)
        assert reader.execute("SELECT count(*) FROM captures").fetchone() == before
        assert is_held(tmp_path)  # what the reader still reads may not be overwritten
        with closing(sqlite3.connect(database, isolation_level=None)) as writer:
            size = log.stat().st_size
            assert shorten_log(writer, database, size) == size
            assert shorten_log(writer, database, 0) == 2 * size
            reader.execute("COMMIT")
            assert shorten_log(writer, database, 0) == LOG_LIMIT
        assert log.stat().st_size == 0
        night.run(20)
        assert log.stat().st_size == 0  # though there is still a reader
    night.run(1)
    assert not log.exists()  # the last writer takes it away
    assert verify_archive(make_settings(tmp_path)).damage == ()
