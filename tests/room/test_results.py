"""Results of queries: a page shows a hundred rows, and what was slow is kept until the archive changes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from reading_room.server.database_file import FileIdentity, FileState
from reading_room.tables.limited_query import FetchedRows, LimitedQuery, ResultCache, StateCache
from tests.support.room import answer, fill_room, open_room
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive

Room = tuple[Any, asyncio.Runner]
_COUNT = "with recursive n(i) as (select 1 union all select i + 1 from n limit {}) "
_LIST = "/archive{form}?sql=" + quote(_COUNT.format(250) + "select i from n")
_SLOW = _COUNT.format(200_000) + "select count(*) as steps, (select count(*) from briefs) as briefs from n"
_STATE, _LATER = (FileState(FileIdentity((1, 1), (0, 0), 0), (number,)) for number in (1, 2))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def room(folder: Path) -> Iterator[Room]:
    with open_room(folder / "archive.db") as entered:
        yield entered


def _ask(room: Room, path: str) -> Any:  # noqa: ANN401 - a response of httpx
    return room[1].run(answer(room[0], path))


@pytest.mark.parametrize(
    ("page", "heading", "rows"),
    [
        ("", "Rows 1–100 of 250", range(1, 101)),
        ("&_page=2", "Rows 101–200 of 250", range(101, 201)),
        ("&_page=3", "Rows 201–250 of 250", range(201, 251)),
        ("&_page=4", "No rows.", range(0)),
        ("&_page=", "Rows 1–100 of 250", range(1, 101)),
    ],
)
def test_a_page_shows_a_hundred_rows(room: Room, page: str, heading: str, rows: range) -> None:
    result = _ask(room, _LIST.format(form="") + page).text
    assert heading in result
    assert re.findall(r'<td class="col-i">(\d+)</td>', result) == [str(number) for number in rows]
    assert ('rel="next"' in result) is bool(rows and rows[-1] < 250)
    assert ('rel="prev"' in result) is (rows == range(101, 201) or rows == range(201, 251))


@pytest.mark.parametrize("odd", ["0", "-1", "x", "%D9%A2"])
def test_a_page_that_is_none_is_told(room: Room, odd: str) -> None:
    result = _ask(room, _LIST.format(form="") + f"&_page={odd}")
    assert (result.status_code, "it is 1 or more" in result.text) == (400, True)


def test_data_has_all_rows(room: Room) -> None:
    assert len(_ask(room, _LIST.format(form=".json")).json()["rows"]) == 250
    assert len(_ask(room, _LIST.format(form=".csv")).text.split()) == 251


def test_a_short_result_has_no_pages(room: Room) -> None:
    result = _ask(room, "/archive/briefs_by_year?domain=Economics").text
    assert "_page" not in result
    assert re.search(r"<h2>\d+ rows?</h2>", result)


def test_no_more_is_read_than_a_page_shows(room: Room) -> None:
    sql = quote(_COUNT.format(4000) + "select i, hex(zeroblob(20000)) from n")  # more than a result may have
    first, second = (_ask(room, f"/archive?sql={sql}{page}") for page in ("", "&_page=2"))
    assert "Rows 1–100 of many" in first.text
    assert "Rows 101–200 of many" in second.text
    assert _ask(room, f"/archive.json?sql={sql}").status_code == 400


def test_a_kept_result_goes_with_the_next_commit(folder: Path, room: Room) -> None:
    path = f"/archive.json?_shape=array&sql={quote(_SLOW)}"
    before = [_ask(room, path).json()[0]["briefs"] for _ in range(3)]
    searches = [_ask(room, "/archive/search?q=zebracorns").text for _ in range(2)]
    with open_archive(folder) as there:
        ingest_capture(there, *make_page(make_brief("/2026/02/02/new/", title="Zebracorns")))
    assert [_ask(room, path).json()[0]["briefs"] for _ in range(2)] == [before[0] + 1] * 2
    assert len(set(before)) == 1
    searches.append(_ask(room, "/archive/search?q=zebracorns").text)
    assert [bool(re.search(r'href="/archive/briefs/\d+', text)) for text in searches] == [False, False, True]


def _query(sql: str = "select 1", values: object = None, end: int | None = None) -> LimitedQuery:
    return LimitedQuery(sql, values, 5000, 1000, end)


def _make_rows(rows: int = 1, *, seconds: float = 1.0, is_whole: bool = True, width: int = 1) -> FetchedRows:
    return FetchedRows([("x" * width,)] * rows, (("a",),), is_whole, seconds)


def test_slow_results_are_kept_for_one_state() -> None:
    cache = ResultCache()
    cache.keep(_STATE, _query(), slow := _make_rows())
    cache.keep(_STATE, _query("select 2"), _make_rows(seconds=0.001))
    cache.keep(_STATE, _query("select 3"), _make_rows(width=5 * 2**20))
    cache.keep(_STATE, rights := _query("select name from sqlite_master"), quick := _make_rows(seconds=0))
    assert cache.find(_STATE, rights) is quick  # a page of all tables asks a hundred of these
    found = [cache.find(_STATE, _query(f"select {number}")) for number in (1, 2, 3)]
    assert found == [slow, None, None]
    assert cache.find(_STATE, _query(values={"a": 1})) is None
    assert cache.find(_LATER, _query()) is None
    cache.keep(_LATER, _query("select 4"), slow)
    assert cache.find(_STATE, _query()) is None


def test_a_result_in_part_serves_the_pages_that_it_has() -> None:
    cache = ResultCache()
    cache.keep(_STATE, _query(), part := _make_rows(150, is_whole=False))
    assert [cache.find(_STATE, _query(end=end)) for end in (100, 149, 150, None)] == [part, part, None, None]


def test_what_was_not_asked_for_longest_goes_first() -> None:
    cache = ResultCache()
    for number in range(30):
        cache.keep(_STATE, _query(f"select {number}"), _make_rows(width=3 * 2**20))
        assert cache.find(_STATE, _query("select 0"))
    kept = [number for number in range(30) if cache.find(_STATE, _query(f"select {number}"))]
    assert kept[0] == 0
    assert kept[1:] == list(range(10, 30))


@pytest.mark.parametrize(
    "sql",
    [
        *("select random()", "select date('NOW')", "select current_timestamp", "select datetime( )", "select time ()"),
        *("select hex(randomblob(4))", "select julianday('now')"),
    ],
)
def test_what_changes_by_itself_is_not_kept(sql: str) -> None:
    assert _query(sql).key is None
    assert _query("select date(:day)", {"day": "now"}).key is None
    assert _query("select date(published) from briefs").key


def test_a_cache_forgets_another_state_and_what_was_not_asked_for_longest() -> None:
    cache = StateCache(2)
    for number in (1, 2, 1, 3):
        if cache.find(_STATE, number) is None:
            cache.keep(_STATE, number, None)
    assert [cache.find(_STATE, number) for number in (1, 2, 3)] == [(None,), None, (None,)]
    assert cache.find(_LATER, 1) is None
    cache.keep(_LATER, 4, "new")
    assert (cache.find(_STATE, 1), cache.find(_LATER, 4)) == (None, ("new",))
