"""A rich history in any order, in any number of runs, tells the same archive: every table, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.extract import extract
from scraper.records import Capture, Extraction
from tests.support.archive_tables import Rows, compare_tables, read_tables
from tests.support.histories import FOREST, NEW, OLD, RIVER, captures
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive, read_rows

Taken = tuple[Capture, Extraction]


@cache
def history() -> tuple[Taken, ...]:
    return tuple((capture, extract(capture)) for capture in captures())


def store_runs(runs: Sequence[Sequence[Taken]], batch: int = 100) -> dict[str, Rows]:
    """The tables after these runs of commands."""
    with TemporaryDirectory() as name:
        for run in runs:
            with open_archive(Path(name), batch=batch) as opened:
                for page, result in run:
                    ingest_capture(opened, page, result)
        with open_archive(Path(name)) as opened:
            opened.db.execute("INSERT INTO briefs_fts (briefs_fts, rank) VALUES ('integrity-check', 1)")
        return read_tables(Path(name) / "archive.db")


@cache
def in_order() -> dict[str, Rows]:
    return store_runs([history()])


def test_the_history_is_rich() -> None:
    result = in_order()
    assert len(history()) > 50
    assert all(result[table] for table in ("revisions", "past_values", "checks", "redirects", "problems", "duplicates"))
    assert not result["lost"]
    assert {row[2] for row in result["captures"]} >= {"2019-04-01T00:00:00Z", None}


@given(st.permutations(range(len(captures()))), st.sampled_from([7, 100]))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_tells_the_same(order: list[int], batch: int) -> None:
    assert compare_tables(in_order(), store_runs([[history()[n] for n in order]], batch)) == []


@given(st.data(), st.permutations(range(len(captures()))))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_number_of_runs_tells_the_same(data: st.DataObject, order: list[int]) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(order)), max_size=3)))
    runs = [order[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    again = data.draw(st.lists(st.sampled_from(order), max_size=12))  # what was taken already comes once more
    assert compare_tables(in_order(), store_runs([[history()[n] for n in run] for run in (*runs, again)])) == []


@given(st.data(), st.lists(st.sampled_from(range(len(captures()))), min_size=2, max_size=9, unique=True))
@settings(max_examples=25, deadline=None)
def test_any_part_of_it_in_any_order_tells_the_same(data: st.DataObject, part: list[int]) -> None:
    shuffled = data.draw(st.permutations(part))
    assert compare_tables(*(store_runs([[history()[n] for n in each]]) for each in (part, shuffled))) == []


def _of(*wanted: str) -> list[Taken]:
    """The river's captures of these instants."""
    return [item for item in history() if item[0].captured_at in wanted and item[1].path == RIVER]


def test_the_row_tells_of_the_most_direct_copy_and_where_it_can_be_cited(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for page, result in _of("2019-04-01T00:00:00Z"):
            ingest_capture(opened, page, result)
    source, url, name, memento = read_rows(tmp_path, "SELECT source, url, name, memento FROM captures")[0]
    assert (source, url, name) == ("warc", NEW + RIVER + "?utm_source=x", "a.warc.gz")
    assert memento == "https://web.archive.org/web/20190401000000/http://usresistnews.org" + RIVER


def test_a_whole_copy_goes_before_a_cut_one(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for page, result in reversed(_of("2021-05-05T05:05:05Z")):
            ingest_capture(opened, page, result)
    assert read_rows(tmp_path, "SELECT truncated, source FROM captures") == [(0, "wacz")]
    assert read_rows(tmp_path, "SELECT kind FROM problems") == []


def test_a_capture_between_two_nights_shows_that_they_are_two(tmp_path: Path) -> None:
    """The page was changed for a day and back: only a late copy tells of it."""
    live = [make_page(make_brief(), f"2024-02-{day:02}T00:00:00Z", source="live") for day in (1, 3, 5)]
    with open_archive(tmp_path) as opened:
        assert [ingest_capture(opened, *item) for item in live] == ["new", "unchanged", "unchanged"]
        ingest_capture(opened, *make_page(make_brief(title="For a day"), "2024-02-02T00:00:00Z"))
    assert read_rows(tmp_path, "SELECT title, captured_at FROM briefs JOIN captures ON captures.id = capture_id") == [
        ("The River Pact", "2024-02-03T00:00:00Z")
    ]
    assert read_rows(tmp_path, "SELECT new, seen_at FROM revisions ORDER BY seen_at") == [
        ("For a day", "2024-02-02T00:00:00Z"),
        ("The River Pact", "2024-02-03T00:00:00Z"),
    ]
    assert read_rows(tmp_path, "SELECT count(*), count(DISTINCT warc_offset) FROM captures") == [(3, 2)]
    assert read_rows(tmp_path, "SELECT checked_at FROM checks") == [("2024-02-05T00:00:00Z",)]


def test_what_is_still_to_come_is_no_instant(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(), "2024-01-01T00:00:00Z"))
        ingest_capture(opened, *make_page(make_brief(title="Tomorrow"), "2099-01-01T00:00:00Z"))
        ingest_capture(opened, *make_page(make_brief(title="Nonsense"), "2024-13-01T00:00:00Z"))
    assert read_rows(tmp_path, "SELECT title FROM briefs") == [("The River Pact",)]
    assert read_rows(tmp_path, "SELECT kind FROM problems ORDER BY kind") == [("future",), ("malformed",)]
    assert read_rows(tmp_path, "SELECT old, new FROM revisions") == []


def test_one_host_without_the_page_is_no_missing_page(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for page, result in history():
            if result.path == RIVER and "2023" < (result.captured_at or "") < "2024-03":
                ingest_capture(opened, page, result)
    assert read_rows(tmp_path, "SELECT event FROM page_events WHERE path = ?", RIVER) == [("seen",)]


@pytest.mark.parametrize("order", [1, -1])
def test_an_answer_in_another_dress_is_no_new_version(tmp_path: Path, order: int) -> None:
    page = make_brief(title="The river's pact", modified="2024-01-01T00:00:00Z")
    dressed = make_page(replace(page, title="The river’s pact"), "2024-02-02T04:00:00Z")
    answer = dressed[0], replace(dressed[1], outcome="rest", path="/wp-json/wp/v2/posts")
    with open_archive(tmp_path) as opened:
        for item in [make_page(page, "2024-01-15T00:00:00Z"), answer, make_page(page, "2024-03-01T00:00:00Z")][::order]:
            ingest_capture(opened, *item)
    assert read_rows(tmp_path, "SELECT title FROM briefs") == [("The river's pact",)]
    assert read_rows(tmp_path, "SELECT * FROM revisions") == []


def test_one_number_on_two_hosts_is_two_posts(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for page, result in history():
            if any(reading.brief.wp_id == 41 for reading in result.readings):
                ingest_capture(opened, page, result)
    titles = dict(read_rows(tmp_path, "SELECT path, title FROM briefs"))
    assert titles["/2020/07/08/the-harbour-toll/"] == "A toll for the harbour"
    assert set(titles) == {RIVER, FOREST, "/2020/07/08/the-harbour-toll/"}
    assert ("wp_id", 2) in read_rows(tmp_path, "SELECT same, briefs FROM duplicates")


def test_two_redirects_of_one_second_are_two_captures(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for location, host in ((OLD + FOREST, OLD), (NEW + FOREST, NEW)):
            page = Capture(b"", host + RIVER, "2023-01-01T00:00:00Z", "wayback", 301, (("Location", location),))
            assert ingest_capture(opened, page) == "new"
    assert read_rows(tmp_path, "SELECT path, target FROM redirects") == [(RIVER, FOREST)]
