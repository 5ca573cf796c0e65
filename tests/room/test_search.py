"""The search finds, ranks, marks, narrows and pages; whatever is typed, it answers."""

from __future__ import annotations

import asyncio
import csv
import re
from collections.abc import Callable, Iterator
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from datasette.app import Datasette  # type: ignore[import-untyped]
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from scraper.records import Author
from tests.support.room import HOSTILE, SCRIPT, answer, answers, fill_room, open_room
from tests.support.specimens import ingest_capture, make_brief, make_page, make_resource, open_archive, read_rows

_EMAIL = "ada.fenn@mail.example"
_OLD_COLUMNS = ["id", "title", "published", "domain", "number", "found_in", "url"]
Asking = Callable[..., Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fill_room(tmp_path_factory.mktemp("search"))
    keepers = (make_resource("Quillwort Keepers", "https://quillwort.example/"),)
    briefs = (
        make_brief("/2018/01/02/title/", title="The Quillwort Act", body="Of plants.", resources=()),
        make_brief("/2018/01/03/body/", title="Plants", body=f"A quillwort. Write to {_EMAIL}."),
        make_brief("/2018/01/04/resource/", title="Ponds", body="Wet.", resources=keepers),
        make_brief("/2019/01/05/mist/", title="Mist", body="Fog.", authors=(Author("José Álvarez"),), resources=()),
    )
    with open_archive(folder) as there:
        for brief in briefs:
            ingest_capture(there, *make_page(brief))
    return folder


@pytest.fixture(scope="module")
def room(folder: Path) -> Iterator[tuple[Datasette, asyncio.Runner]]:
    with open_room(folder / "archive.db") as entered:
        yield entered


@pytest.fixture(scope="module")
def ask(room: tuple[Datasette, asyncio.Runner]) -> Asking:
    """The answer to a search, as a page or in another format."""

    def ask_search(form: str = "", **words: str) -> Any:  # noqa: ANN401 - a response of httpx, which datasette does not type
        return room[1].run(answer(room[0], f"/archive/search{form}?{urlencode(words)}"))

    return ask_search


def _rows(ask: Asking, **words: str) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = ask(".json", _shape="array", **words).json()
    return result


def _titles(ask: Asking, **words: str) -> list[str]:
    return [row["title"] for row in _rows(ask, **words)]


def _read_count(page: str) -> int:
    result = re.search(r"<h2>([\d,]+) posts? found", page)
    return int(result[1].replace(",", "")) if result else 0


def test_title_counts_most_then_resources_then_body(ask: Asking) -> None:
    assert _titles(ask, q="quillwort") == ["The Quillwort Act", "Ponds", "Plants"]
    assert "Two Hands on the Switch" in _titles(ask, q="io vale")


def test_found_words_are_marked_and_nothing_else_is(ask: Asking) -> None:
    assert "The <mark>Quillwort</mark> Act" in ask(q="quillwort").text
    page = ask(q="script").text
    assert SCRIPT not in page
    assert "&lt;<mark>script</mark>&gt;alert(1)" in page


def test_json_has_what_it_had_and_more(ask: Asking) -> None:
    (first, *_) = _rows(ask, q="quillwort")
    assert list(first)[:7] == _OLD_COLUMNS
    assert (first["found_in"], first["briefs_found"]) == ("The [Quillwort] Act", 3)
    assert _rows(ask, q="quillwort", mark_from="<b>", mark_to="</b>")[0]["found_in"] == "The <b>Quillwort</b> Act"
    listed = list(csv.DictReader(StringIO(ask(".csv", q="quillwort").text)))
    assert [row["title"] for row in listed] == _titles(ask, q="quillwort")


def test_the_page_knows_each_parameter_of_its_data(ask: Asking) -> None:
    assert ask(q="quillwort", size="20", page="1", mark_from="[", mark_to="]", sort="", number="").status_code == 200


def test_quotes_hold_words_together(ask: Asking) -> None:
    assert _titles(ask, q='"harbour levy"') == ["The Harbour Levy"]
    assert _titles(ask, q='"levy harbour"') == []
    assert _titles(ask, q="levy harbour") == ["The Harbour Levy"]


@pytest.mark.parametrize("typed", ["NEAR(levy, 3)", "^levy x", "levy +harbour zz", "titles:levy"])
def test_operators_that_the_language_lacks_are_words_like_others(ask: Asking, typed: str) -> None:
    assert _titles(ask, q=typed) == []
    assert f"<strong>{escape(typed)}</strong>" in ask(q=typed).text


@given(
    typed=st.text(),
    author=st.text(max_size=5),
    domain=st.text(max_size=5),
    year=st.text(max_size=5),
    page=st.text(max_size=3),
)
@example(typed='"', author="", domain="", year="", page="")
@example(typed='"a\nb" c', author="%", domain="'", year="'", page="-1")
@example(typed="levy\0harbour", author="\0", domain="\0", year="\0", page="\0")
@example(typed='levy " harbour', author="", domain="", year="", page="²")
@example(typed="* ^ NEAR ( ) { } : - + OR", author="_", domain="", year="2", page="99999999999999999999")
@example(typed="word " * 300, author="", domain="", year="", page="1e9")
@example(typed='"' * 999, author="", domain="", year="", page="0")
@settings(max_examples=40, deadline=None)
def test_whatever_is_typed_is_answered(ask: Asking, typed: str, author: str, domain: str, year: str, page: str) -> None:
    words = {"q": typed, "author": author, "domain": domain, "year": year, "page": page}
    shown, result, listed = ask(**words), ask(".json", **words), ask(".csv", **words)
    assert shown.status_code == listed.status_code == result.status_code
    if result.status_code == 400:  # a filter that cannot be meant so
        assert result.json()["error"] == listed.text.removesuffix("\n")
        return
    assert (result.status_code, result.json()["error"]) == (200, None)
    assert listed.text.startswith("id,title,")
    if result.json()["rows"]:
        assert _read_count(shown.text) in (result.json()["rows"][0][-1], 0)


def test_each_filter_leaves_as_many_as_it_says(ask: Asking) -> None:
    page = ask(q="the").text
    offered = re.findall(r'<select id="room-(\w+)".*?</select>', page, re.DOTALL)
    assert offered == ["domain", "year", "kind", "sort"]
    for name, choices in re.findall(r'<select id="room-(\w+)"(.*?)</select>', page, re.DOTALL)[:3]:
        options = re.findall(r'<option value="([^"]+)">[^<]* \((\d+)\)', choices)
        assert len(options) >= 2, name
        for value, briefs in options:
            result = _rows(ask, q="the", size="2000", **{name: unescape(value)})
            assert len(result) == result[0]["briefs_found"] == int(briefs), (name, value)


def test_filters_hold_together(ask: Asking, folder: Path) -> None:
    ((author,),) = read_rows(folder, "SELECT id FROM authors WHERE name = 'Io Vale'")
    for words in (
        {"author": "Io Vale"},
        {"author": "io va"},
        {"author": f"{author}"},
        {"author": "Io", "year": "2022-05"},
    ):
        assert _titles(ask, q="switch", **words) == ["Two Hands on the Switch"], words
    for words in ({"year": "2021"}, {"domain": "Economics"}, {"kind": "opinion"}):
        assert _titles(ask, q="switch", author="Io Vale", **words) == [], words
    page = ask(q="switch", domain="Technology", year="2022").text
    assert '<option value="Technology" selected>' in page
    assert '<option value="2022" selected>' in page


def _briefs_of(page: str, name: str) -> dict[str, int]:
    """What a filter offers: its values and their briefs."""
    choices = re.search(rf'<select id="room-{name}"(.*?)</select>', page, re.DOTALL)
    assert choices
    return {unescape(value): int(n) for value, n in re.findall(r'value="([^"]+)"[^>]*>[^<]* \((\d+)\)', choices[1])}


@pytest.mark.parametrize("typed", ["2022-05", "2022-05-", " 2022-05 ", "2022-05-05"])
def test_a_month_and_a_day_narrow_as_a_year_does(ask: Asking, typed: str) -> None:
    year, page = ask(q="switch", year="2022").text, ask(q="switch", year=typed).text
    assert _titles(ask, q="switch", year=typed) == ["Two Hands on the Switch"]
    assert _read_count(page) == 1
    assert _briefs_of(page, "domain") == {"Technology": 1}
    assert _briefs_of(page, "kind") == {"brief": 1}
    assert _briefs_of(page, "year") == _briefs_of(year, "year") | {typed.strip().rstrip("-"): 1}
    assert "is no year" not in page


@pytest.mark.parametrize("typed", ["20x", "abc", "2020-13", "2022/05", "202205", "2022-5", "٢٠٢٢", "-2022"])
def test_what_is_no_year_is_told_and_finds_nothing(ask: Asking, typed: str) -> None:
    page = ask(q="switch", year=typed).text
    assert f"“{typed}” is no year, month or day" in page
    assert "is no year, month or day" in ask(".json", q="switch", year=typed).json()["error"]
    assert _briefs_of(page, "domain") == _briefs_of(ask(q="switch").text, "domain")


@pytest.mark.parametrize("typed", ["José Álvarez", "JOSÉ", "álvarez"])
def test_an_author_is_known_without_capitals(ask: Asking, typed: str) -> None:
    assert _titles(ask, author=typed) == ["Mist"]
    assert _titles(ask, q="fog", author=typed) == ["Mist"]
    assert _read_count(ask(author=typed).text) == 1


def test_filters_alone_list_their_briefs_the_newest_first(ask: Asking, folder: Path) -> None:
    sql = "SELECT id FROM briefs WHERE domain = 'Economics' ORDER BY published DESC, id DESC"
    assert [row["id"] for row in _rows(ask, domain="Economics")] == [number for (number,) in read_rows(folder, sql)]
    assert "The newest first" in ask(domain="Economics").text


def test_pages_have_every_brief_once_in_the_order_of_the_json(ask: Asking) -> None:
    in_order = [row["id"] for row in _rows(ask, q="the", size="2000")]
    seen: list[int] = []
    page = ask(q="the").text
    assert _read_count(page) == len(in_order) > 40
    while True:
        seen += [int(number) for number in re.findall(r'<h3><a href="/archive/briefs/(\d+)\?q=the"', page)]
        following = re.search(r'rel="next" href="/archive/search\?([^"]+)"', page)
        if following is None:
            break
        query = dict(part.split("=", 1) for part in unescape(following[1]).split("&"))
        page = ask(**query).text
    assert seen == in_order
    assert [row["id"] for row in _rows(ask, q="the", size="7", page="3")] == in_order[14:21]


def test_a_page_that_is_not_there_leads_to_the_last(ask: Asking) -> None:
    page = ask(q="quillwort", page="9").text
    assert "3 posts found, but no page 9" in page
    assert 'href="/archive/search?q=quillwort">The last page is 1' in page


def test_nothing_found_offers_to_drop_filters(ask: Asking) -> None:
    page = ask(q="quillwort", domain="Technology", year="2018").text
    assert "Nothing found" in page
    dropping = [unescape(link) for link in re.findall(r'<li><a href="/archive/search\?([^"]+)">Search without', page)]
    assert dropping == ["q=quillwort&year=2018", "q=quillwort&domain=Technology", "q=quillwort"]


def test_an_empty_search_shows_ways_in(ask: Asking) -> None:
    for typed in ("", "   "):
        page = ask(q=typed).text
        assert "Type words above" in page
        assert 'href="/archive/brief_list"' in page
        assert _rows(ask, q=typed) == []


def test_hostile_filters_stay_text(ask: Asking) -> None:
    page = ask(q='"><script>', author=SCRIPT, domain=SCRIPT, year='"><script>').text
    assert page.count("<script") == ask().text.count("<script")
    assert 'value="&#34;&gt;&lt;script&gt;"' in page
    assert HOSTILE in {row["url"].partition(".org")[2] for row in _rows(ask, domain=SCRIPT)}


def test_addresses_of_writers_are_not_shown(ask: Asking) -> None:
    page = ask(q="quillwort ada").text
    assert "Plants</a>" in page
    assert "mail.example" not in page


def test_a_search_that_takes_too_long_says_so(room: tuple[Datasette, asyncio.Runner], ask: Asking) -> None:
    limit = room[0]._settings["sql_time_limit_ms"]
    room[0]._settings["sql_time_limit_ms"] = 0
    try:
        page = ask(q="the")
    finally:
        room[0]._settings["sql_time_limit_ms"] = limit
    assert page.status_code == 200
    assert "takes too long" in page.text


def test_an_author_s_number_is_that_author_alone_and_is_shown_by_name(folder: Path) -> None:
    number, name, briefs = read_rows(
        folder,
        """SELECT author_id, authors.name, count(DISTINCT brief_id) FROM brief_authors
        JOIN authors ON authors.id = author_id GROUP BY author_id ORDER BY author_id LIMIT 1""",
    )[0]
    page, data, months = answers(
        folder / "archive.db",
        f"/archive/search?author={number}",
        f"/archive/search.json?author={number}&_shape=array",
        f"/archive/search_by_month.json?author={number}&_shape=array",
    )
    assert [row["briefs_found"] for row in data.json()] == [briefs] * briefs
    assert sum(row["briefs"] for row in months.json()) == briefs
    assert f"Drop author “{name}”" in page.text


def test_the_count_by_month_is_of_the_same_search(folder: Path) -> None:
    asked = "domain=Economics&year=2021&kind=brief"
    found, months = answers(
        folder / "archive.db",
        *(f"/archive/{name}.json?{asked}&_shape=array" for name in ("search", "search_by_month")),
    )
    assert sum(row["briefs"] for row in months.json()) == len(found.json()) > 0
