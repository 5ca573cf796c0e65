"""Today's rules over the kept bytes: the archive becomes the one that they would have made from the start."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.extract import extract
from pipelines.extraction.version import EXTRACTOR
from pipelines.maintenance.differences import Change
from pipelines.maintenance.rebuild import rebuild_archive
from pipelines.maintenance.reextract import CaptureChoice, ReextractResult, reextract_archive
from pipelines.workers import Workers
from scraper.errors import DATA, IO, OK
from scraper.records import Capture, Extraction, Problem
from tests.support.archive_history import build_archive, dump_rows
from tests.support.archive_tables import compare_tables, read_tables
from tests.support.filled_archive import edit_database, query_database
from tests.support.histories import RIVER
from tests.support.scrapy_running import scrapy
from tests.support.specimens import make_settings

STALE = CaptureChoice()
OLD = "0"  # the extractor whose rules are broken


@contextmanager
def break_rules() -> Iterator[None]:
    """No label is read, titles are in capitals, one page is not read at all, and the extractor says that it is old."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.captures.capture_rows.EXTRACTOR", OLD)
        patch.setattr("tests.support.archive_history.extract", _badly)
        yield


def _badly(capture: Capture) -> Extraction:
    result = extract(capture)
    if result.path == "/2019/06/07/left/":
        wrong = Problem(None, "unreadable", "No headline and no text were found.")
        return replace(result, outcome="unreadable", layout=None, readings=(), problems=(wrong,))
    readings = tuple(
        replace(
            item,
            brief=replace(item.brief, title=(item.brief.title or "").upper() or None, label=None, number=None),
            problems=(*item.problems, Problem("label", "missing", "no shape fits")),
        )
        for item in result.readings
    )
    return replace(result, readings=readings)


@pytest.fixture(scope="module")
def badly_read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with break_rules():
        return build_archive(tmp_path_factory.mktemp("badly"))


@pytest.fixture
def folder(badly_read: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(badly_read, tmp_path / "archive"))


def again(folder: Path, which: CaptureChoice = STALE, **others: object) -> tuple[ReextractResult, list[Change]]:
    result: list[Change] = []
    return reextract_archive(make_settings(folder), which, report=result.append, **others), result  # type: ignore[arg-type]


def left(folder: Path) -> int:
    (count,) = query_database(
        folder / "archive.db", f"SELECT count(*) FROM captures WHERE extractor = '{OLD}' AND read = 1"
    )[0]
    return int(count)


def mark_unread_as_today(database: Path) -> None:
    """What was never read shows the extractor of its day."""
    edit_database(database, f"UPDATE captures SET extractor = '{EXTRACTOR}' WHERE read = 0", "DELETE FROM unwritten")


def test_it_becomes_the_archive_of_the_right_rules(folder: Path, well_read: Path) -> None:
    outcome, changes = again(folder)
    assert (outcome.read, outcome.lost) == (outcome.captures, ())
    assert {"title", "label", "number", "(outcome)", "(post)", "(problem)"} <= {item.field for item in changes}
    mark_unread_as_today(folder / "archive.db")
    assert compare_tables(read_tables(folder / "archive.db"), read_tables(well_read / "archive.db")) == []
    assert left(folder) == 0
    assert again(folder)[0] == ReextractResult(0, 0, 0, ())


def test_the_same_rules_change_nothing(well_read: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(well_read, tmp_path / "archive"))
    before = dump_rows(folder / "archive.db", but=("crawls",))
    outcome, changes = again(folder, CaptureChoice(all=True))
    assert (outcome.read > 30, outcome.changed, changes) == (True, 0, [])
    assert compare_tables(before, dump_rows(folder / "archive.db", but=("crawls",))) == []


def test_a_dry_run_tells_and_writes_nothing(folder: Path) -> None:
    before = dump_rows(folder / "archive.db")
    kept = sorted((folder / "warcs").iterdir())
    outcome, changes = again(folder, dry_run=True)
    assert outcome.changed > 10
    assert compare_tables(before, dump_rows(folder / "archive.db")) == []
    assert sorted((folder / "warcs").iterdir()) == kept
    assert again(folder)[1] == changes
    river = next(item for item in changes if item.path == RIVER and item.field == "title")
    assert river.old == (river.new or "").upper()
    assert next(item for item in changes if item.field == "number").rule.startswith("heading.")


def test_values_that_rules_change_are_no_changes_of_the_site(folder: Path, well_read: Path) -> None:
    again(folder)
    sql = "SELECT field, old, new, seen_at, change FROM revisions ORDER BY field, seen_at, new"
    assert query_database(folder / "archive.db", sql) == query_database(well_read / "archive.db", sql)
    assert len(query_database(folder / "archive.db", sql)) > 0


def test_stopped_it_goes_on_where_it_was(folder: Path, well_read: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.maintenance.reextract._BATCH", 4)
    turns = iter(range(100))
    outcome, _ = again(folder, stop=lambda: next(turns) == 10)
    assert (outcome.read, left(folder)) == (11, outcome.captures - 11)

    def kill_run(done: int, of: int) -> None:
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again(folder, progress=kill_run)
    assert 0 < left(folder) < outcome.captures - 11
    again(folder)
    mark_unread_as_today(folder / "archive.db")
    assert compare_tables(read_tables(folder / "archive.db"), read_tables(well_read / "archive.db")) == []


def test_several_processors_read_the_same(folder: Path, well_read: Path) -> None:
    again(folder, workers=Workers(pytest.fail, 2, few=0))
    assert query_database(
        folder / "archive.db", "SELECT path, title, body FROM briefs ORDER BY path"
    ) == query_database(well_read / "archive.db", "SELECT path, title, body FROM briefs ORDER BY path")


def test_only_what_is_asked_for_is_read_again(folder: Path) -> None:
    everywhere = left(folder)
    paths = {item.path for item in again(folder, CaptureChoice(path=RIVER), dry_run=True)[1]}
    assert (RIVER in paths, "/2020/07/08/the-harbour-toll/" in paths) == (True, False)
    assert again(folder, CaptureChoice(path="https://www.usresistnews.org" + RIVER))[0].read > 3
    assert again(folder, CaptureChoice(layout="nothing"))[0].captures == 0
    assert again(folder, CaptureChoice(extractor=EXTRACTOR), dry_run=True)[0].captures == everywhere - left(folder)


def test_it_can_be_rebuilt_afterwards(folder: Path) -> None:
    again(folder)
    outcome = rebuild_archive(make_settings(folder), into=str(folder / "new.db"))
    assert (outcome.lost, outcome.replay.by_other_rules) == ((), 0)
    but = ("records", "readings")  # records that nobody needs any more leave gaps in the numbers of these
    old, new = dump_rows(folder / "archive.db", but=but), dump_rows(folder / "new.db", but=but)
    assert compare_tables(old, new) == []


def test_an_archive_of_other_rules_is_rebuilt_by_todays(badly_read: Path, well_read: Path, tmp_path: Path) -> None:
    outcome = rebuild_archive(make_settings(badly_read), into=str(tmp_path / "new.db"))
    assert outcome.replay.by_other_rules == left(badly_read) > 10
    mark_unread_as_today(tmp_path / "new.db")
    assert compare_tables(read_tables(tmp_path / "new.db"), read_tables(well_read / "archive.db")) == []


def test_the_command_shows_and_writes_what_changes(folder: Path) -> None:
    run = scrapy(folder, "reextract", "--dry-run", "--csv", folder / "c.csv", "--json", folder / "c.jsonl")
    assert (run.returncode, run.stderr) == (OK, "")
    assert "number by heading." in run.stdout
    assert "THE RIVER'S PACT" in run.stdout
    assert "values would change" in run.stdout
    with (folder / "c.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    lines = [json.loads(line) for line in (folder / "c.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["new"] or None for row in table] == [line["new"] for line in lines]
    assert scrapy(folder, "reextract").returncode == OK
    assert left(folder) == 0


def test_bytes_that_are_lost_are_told_and_their_readings_stay(folder: Path) -> None:
    first = sorted((folder / "warcs").iterdir())[0]
    first.unlink()
    briefs = len(query_database(folder / "archive.db", "SELECT * FROM readings"))
    run = scrapy(folder, "reextract")
    assert run.returncode == IO
    assert first.name in run.stderr
    assert len(query_database(folder / "archive.db", "SELECT * FROM readings")) >= briefs


def test_no_archive_is_one_line(tmp_path: Path) -> None:
    run = scrapy(tmp_path, "reextract")
    assert (run.returncode, len(run.stderr.splitlines())) == (DATA, 1)
