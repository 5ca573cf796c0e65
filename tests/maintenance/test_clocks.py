"""A clock that is set back, stands still or jumps ahead costs no run: the journal is in the order of its writing."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from pipelines.maintenance import journal
from pipelines.maintenance.journal import Entry
from pipelines.maintenance.rebuild import rebuild_archive
from pipelines.maintenance.restore import restore_post
from pipelines.maintenance.verify import verify_archive
from pipelines.maintenance.warc_folder import order_entries, scan_warcs
from pipelines.maintenance.withdraw import withdraw_post
from tests.support.archive_tables import compare_tables, read_tables
from tests.support.filled_archive import query_database
from tests.support.histories import FOREST, RIVER, captures
from tests.support.specimens import ingest_capture, make_settings, open_archive
from tests.support.stopped_clock import stop_clock

_CLOCKS = {
    "back once": (0, 60, -3600, 60, 120, 180, 240),
    "back twice": (0, -3600, -3500, -90_000, -89_000, -10, 7200),
    "back each time": (0, -60, -120, -180, -240, -300, -360),
    "all in one second": (0, 0, 0, 0, 0, 0, 0),
    "ahead by years and back": (0, 9 * 10**8, 60, 120, 120, 60, 180),
}
_ADD_EVENT = "INSERT INTO page_events (path, at, event) VALUES (?, ?, 'withdrawn')"


def clock(seconds: int) -> AbstractContextManager[None]:
    return stop_clock(
        datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(seconds=seconds), "pipelines.captures.warc_writer"
    )


def run(folder: Path, some: slice, at: int) -> None:
    with clock(at), open_archive(folder, batch=3) as opened:
        opened.begin_run("ingest", {})
        for item in captures()[some]:
            ingest_capture(opened, item)
        opened.finish_run("finished", {})


def write_without_commit(folder: Path, at: int) -> None:
    """What a kill leaves between the journal's last record and the commit of its transaction."""
    with clock(at), open_archive(folder) as opened:
        with opened.transaction.open_savepoint():
            opened.db.execute(
                "INSERT INTO memory (key, value, changed_at) VALUES ('lost', '1', '2026-01-01T00:00:00Z')"
            )
            journal.write_changes(opened.db, opened.warcs)
            opened.warcs.sync()
        opened.db.execute("ROLLBACK")


def assert_whole(folder: Path) -> None:
    settings = make_settings(folder)
    assert verify_archive(settings).damage == ()
    outcome = rebuild_archive(settings, into=str(folder / "new.db"))
    assert outcome.lost == ()
    assert compare_tables(read_tables(folder / "archive.db"), read_tables(folder / "new.db")) == []
    runs = "SELECT id, started_at, new FROM crawls"
    assert query_database(folder / "new.db", runs) == query_database(folder / "archive.db", runs)


@pytest.mark.parametrize("name", _CLOCKS)
def test_every_run_and_withdrawal_counts_whatever_the_clock_says(tmp_path: Path, name: str) -> None:
    first, second, third, fourth, fifth, sixth, seventh = _CLOCKS[name]
    run(tmp_path, slice(5), first)
    with clock(second):
        withdraw_post(make_settings(tmp_path), RIVER, "asked by its author")
    run(tmp_path, slice(32, 36), third)
    with clock(fourth):
        restore_post(make_settings(tmp_path), RIVER)
    write_without_commit(tmp_path, fifth)
    with clock(sixth):
        withdraw_post(make_settings(tmp_path), FOREST, "asked by a reader")
    assert_whole(tmp_path)
    run(tmp_path, slice(36, 39), seventh)
    (tmp_path / "new.db").unlink()
    assert_whole(tmp_path)


@pytest.mark.parametrize("back", [60, 0, -3600])
def test_an_older_copy_of_the_database_counts_from_where_it_goes_on(tmp_path: Path, back: int) -> None:
    run(tmp_path, slice(6), 0)
    shutil.copy(tmp_path / "archive.db", tmp_path / "copy.db")
    run(tmp_path, slice(6, 12), 30)
    shutil.move(tmp_path / "copy.db", tmp_path / "archive.db")
    with clock(30 + back):
        withdraw_post(make_settings(tmp_path), RIVER, "asked by its author")
    assert_whole(tmp_path)


@pytest.mark.parametrize("index", ["path", "event"])
def test_events_of_a_page_are_in_the_order_of_their_writing(tmp_path: Path, index: str) -> None:
    orders = list(permutations((2025, 2026, 2027)))
    with open_archive(tmp_path) as opened, opened.transaction.open_savepoint():
        opened.db.execute(f"DROP INDEX page_events_{'event' if index == 'path' else 'path'}")  # either may be chosen
        for path, years in enumerate(orders):
            opened.db.execute("INSERT INTO pages (path) VALUES (?)", (f"/{path}/",))
            for year in years:
                opened.db.execute(_ADD_EVENT, (f"/{path}/", f"{year}-01-01T00:00:00Z"))
    entries = scan_warcs(tmp_path / "warcs", lambda more: None).entries
    rows = entries[-1].tables["page_events"]["rows"]
    assert [int(row[1][:4]) for row in rows] == [year for years in orders for year in years]


def make_entries(numbers: list[int]) -> list[Entry]:
    return [Entry("mine", number, ends=True, anew=False, tables={}) for number in numbers]


def read_numbers(files: list[list[int]]) -> list[int]:
    return [entry.number for entry in order_entries(list(map(make_entries, files)))]


@pytest.mark.parametrize(
    "files",
    [
        *([list(part) for part in parts] for parts in permutations(((1, 2, 3), (4,), (5, 6), (7, 8, 9)))),
        [[7], [4, 5, 6, 7], [1, 2, 3]],  # 7 was never committed where it stands behind 6
    ],
)
def test_files_named_by_a_wrong_clock_alone_are_in_the_order_of_their_records(files: list[list[int]]) -> None:
    assert read_numbers(files) == sorted(number for numbers in files for number in numbers)


@pytest.mark.parametrize(
    "files",
    [
        [[1, 2, 3, 4], [5, 6, 7], [3, 4]],  # an older copy of the database was put in place
        [[1, 2], [9, 10], [3, 4]],  # and a file is lost besides
        [[1, 2, 3], [3, 4]],
    ],
)
def test_files_of_a_database_that_was_taken_back_stay_in_the_order_of_their_names(files: list[list[int]]) -> None:
    assert read_numbers(files) == [number for numbers in files for number in numbers]
