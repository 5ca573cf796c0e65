"""A post whose address leads elsewhere is missing only when no list names it any more."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations
from pathlib import Path

import pytest

from pipelines.extract import extract
from pipelines.maintenance.rebuild import rebuild_archive
from scraper.records import Capture, Extraction, FoundAddress
from tests.support.filled_archive import query_database
from tests.support.specimens import (
    PATH,
    SITE,
    ingest_capture,
    make_brief,
    make_capture,
    make_extraction,
    make_page,
    make_settings,
    open_archive,
    read_rows,
)

_STATE = "SELECT status, listed_on FROM pages WHERE path = ?"
Taken = tuple[Capture, Extraction]


def _read() -> Taken:
    return make_page(make_brief(wp_id=41), "2020-06-01T00:00:00Z")


def _lead_home(day: str = "2021-01-02") -> Taken:
    page = make_capture(b"moved", f"{day}T12:00:00Z", status=302)
    page = replace(page, headers=(("Location", f"{SITE}/"),))
    return page, extract(page)


def _list(day: str, finder: str, path: str = PATH) -> Taken:
    page = make_capture(f"{finder} {day} {path}".encode(), f"{day}T12:00:00Z", path=f"/{finder}/")
    return page, make_extraction(path=f"/{finder}/", outcome="listing", found=(FoundAddress(SITE + path, finder),))


CASES = {
    "no list": ([], "missing", None),
    "a sitemap of that day": ([_list("2021-01-02", "sitemap")], "live", "2021-01-02"),
    "REST the day before": ([_list("2021-01-01", "rest")], "live", "2021-01-01"),
    "a feed later": ([_list("2022-02-02", "feed")], "live", "2022-02-02"),
    "a listing, then none": ([_list("2020-12-24", "listing")], "missing", "2020-12-24"),
    "a list of others": ([_list("2021-01-02", "listing", "/2020/04/04/other/")], "missing", None),
    "a link": ([_list("2022-02-02", "link")], "missing", None),
}


@pytest.mark.parametrize(("lists", "status", "day"), CASES.values(), ids=CASES.keys())
def test_a_list_that_names_it_keeps_it_in_any_order(
    tmp_path: Path, lists: list[Taken], status: str, day: str | None
) -> None:
    for number, order in enumerate(permutations([_read(), _lead_home(), *lists])):
        folder = tmp_path / str(number)
        folder.mkdir()
        with open_archive(folder) as opened:
            for page, extraction in order:
                ingest_capture(opened, page, extraction)
        assert read_rows(folder, _STATE, PATH) == [(status, day)]


_RUN = "INSERT INTO crawls (spider, started_at, finished_at, arguments) VALUES ('briefs', ?, ?, '{}')"
RUNS = {
    "an earlier run of that day named it": (("11:00", "11:59"), ("12:00", "12:10"), "10:00", "missing"),
    "the run that is at work named it": (("11:00", "11:59"), ("11:59", None), "12:00", "live"),
    "an earlier run that was killed named it": (("09:00", None), ("11:30", "12:10"), "10:00", "missing"),
    "a later run names it": (("11:00", "12:10"), ("13:00", "13:10"), "13:01", "live"),
}


@pytest.mark.parametrize(("first", "second", "listed", "status"), RUNS.values(), ids=RUNS.keys())
def test_the_lists_of_the_run_that_saw_the_redirect_count(
    tmp_path: Path, first: tuple[str, str | None], second: tuple[str, str | None], listed: str, status: str
) -> None:
    page, extraction = _list("2021-01-02", "sitemap")
    page = replace(page, captured_at=f"2021-01-02T{listed}:00Z")
    with open_archive(tmp_path) as opened:
        for run in (first, second):
            opened.db.execute(_RUN, [time and f"2021-01-02T{time}:00Z" for time in run])
        for taken in (_read(), (page, replace(extraction, captured_at=page.captured_at)), _lead_home()):
            ingest_capture(opened, *taken)
    assert read_rows(tmp_path, "SELECT status FROM pages WHERE path = ?", PATH) == [(status,)]
    if listed == "10:00" and first[1]:  # one rebuild is enough
        rebuild_archive(make_settings(tmp_path), into=str(tmp_path / "new.db"))
        assert query_database(tmp_path / "new.db", f"SELECT status FROM pages WHERE path = '{PATH}'") == [(status,)]


def test_what_a_crawl_finds_in_lists_counts_and_outlives_a_rebuild(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for page, extraction in (_read(), _lead_home()):
            ingest_capture(opened, page, extraction)
        assert opened.db.execute(_STATE, (PATH,)).fetchone() == ("missing", None)
        opened.add_found([FoundAddress(SITE + PATH, "sitemap")])
    ((status, day),) = read_rows(tmp_path, _STATE, PATH)
    assert (status, day is None) == ("live", False)
    rebuild_archive(make_settings(tmp_path), into=str(tmp_path / "new.db"))
    path = f"SELECT listed_on FROM pages WHERE path = '{PATH}'"
    assert query_database(tmp_path / "new.db", path) == [(day,)]


@pytest.mark.parametrize("steps", [20, 21, 40])
def test_a_chain_of_redirects_is_followed_as_far_as_browsers_follow(tmp_path: Path, steps: int) -> None:
    """From the first a post that was there leads to one that never was; the order does not matter."""
    paths = [PATH, *(f"/2020/04/{number:02}/step-{number}/" for number in range(1, steps + 1))]
    last = make_capture(b"no page", "2022-01-01T00:00:00Z", path=paths[-1], status=404)
    chain = [_read(), (last, extract(last))]
    for begin, end in pairwise(paths):
        moved = make_capture(b"moved", "2021-01-02T12:00:00Z", path=begin, status=301)
        moved = replace(moved, headers=(("Location", f"{SITE}{end}"),))
        chain.append((moved, extract(moved)))
    found = set()
    for number, order in enumerate([chain, chain[::-1], chain[::3] + chain[1::3] + chain[2::3]]):
        (tmp_path / str(number)).mkdir()
        with open_archive(tmp_path / str(number)) as archive:
            for taken in order:
                ingest_capture(archive, *taken)
        found.add(tuple(read_rows(tmp_path / str(number), "SELECT path, status, last_seen FROM pages ORDER BY path")))
    (rows,) = found
    assert {path: status for path, status, _ in rows}[PATH] == ("missing" if steps <= 21 else "live")
