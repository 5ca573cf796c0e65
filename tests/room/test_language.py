"""The language of the search box: what each sign does; nothing is an error, and what is not understood is said."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.schema.views import BRIEFS_FTS
from reading_room.search.found_passages import mark_forms
from reading_room.search.search_language import parse_search
from reading_room.search.search_page import mark_words
from scraper.records import Author, Section
from tests.support.room import answer, open_room
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive

Ask = Callable[..., Any]
Get = Callable[[str], Any]
_CARAVAN = "The caravan waits. Families ask for asylum. Immigration is slow."
_TAX = "A tax on ships & boats, and a port without courts. The levy ends. A new regulation follows."
_FACTS = (
    ("/2019/02/01/asylum/", "Asylum at the Gate", _CARAVAN, "Immigration", 7, "Ada Fenn"),
    ("/2019/03/01/courts/", "Courts", "Asylum is decided by judges in courts.", "Immigration", 8, "Io Vale"),
    ("/2019/03/31/levy/", "Levy", "A levy on ships. The port pays.", "Economics", 8, "Ada Fenn"),
    ("/2020/06/15/tax/", "Tax", _TAX, "Economics", 9, "Ada Fenn"),
)


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    folder: Path = tmp_path_factory.mktemp("language")
    with open_archive(folder) as there:
        for path, title, body, domain, number, author in _FACTS:
            brief = make_brief(
                path,
                title=title,
                body=body,
                body_html=None,
                sections=(Section(None, body),),
                published=path[1:11].replace("/", "-"),
                domain=domain,
                number=number,
                label=f"Brief #{number}—{domain}",
                authors=(Author(author),),
                resources=(),
            )
            ingest_capture(there, *make_page(brief))
    with open_room(folder / "archive.db") as (room, runner):
        yield lambda path: runner.run(answer(room, path))


@pytest.fixture(scope="module")
def ask(get: Get) -> Ask:
    """The answer to a search, as a page or in another format."""
    return lambda form="", /, **words: get(f"/archive/search{form}?{urlencode(words)}")


def _list_titles(page: str) -> list[str]:
    found = page.partition('class="room-found"')[2].partition("</ol>")[0]
    return [unescape(title) for title in re.findall(r"<h3><a[^>]*>([^<]*)</a>", found)]


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("asylum", {"Asylum at the Gate", "Courts"}),
        ("asylum -caravan", {"Courts"}),
        ("asylum NOT caravan", {"Courts"}),
        ('asylum -"the caravan"', {"Courts"}),
        ("-asylum", {"Levy", "Tax"}),
        ("-asylum -boats", {"Levy"}),
        ("levy OR caravan", {"Levy", "Tax", "Asylum at the Gate"}),
        ("levy | caravan", {"Levy", "Tax", "Asylum at the Gate"}),
        ("levy OR asylum courts", {"Courts", "Tax"}),
        ("court", {"Courts", "Tax"}),
        ("decid*", {"Courts"}),
        ("decide*", {"Courts"}),
        ("title:cour* decidi*", {"Courts"}),
        ("immigra*", {"Asylum at the Gate"}),
        ("-immigrati* -tax", {"Courts", "Levy"}),
        ('"new regulat"*', {"Tax"}),
        ("regulati* OR immigrat* ships", {"Tax"}),
        ('"port pay"*', {"Levy"}),
        ("title:levy", {"Levy"}),
        ("title: levy", {"Levy"}),
        ("text:courts -title:courts", {"Tax"}),
        ('author:"ada fenn" ships', {"Levy", "Tax"}),
        ("author:vale", {"Courts"}),
        ("domain:immigration", {"Asylum at the Gate", "Courts"}),
        ("DOMAIN:Economics after:2020", {"Tax"}),
        ("after:2019-03-01", {"Courts", "Levy", "Tax"}),
        ("after:2019-03 before:2019-03", {"Courts", "Levy"}),
        ("before:2019-03-01", {"Asylum at the Gate", "Courts"}),
        ("ships #8", {"Levy"}),
        ("levy after:", {"Levy", "Tax"}),
        ("levy kind: brief", {"Levy", "Tax"}),
        ("#8 domain:economics", {"Levy"}),
        ("asylum domain:Foreign Policy", set()),
        ("ships & boats", {"Tax"}),
        ("“port pays”", {"Levy"}),
    ],
)
def test_each_sign_does_what_the_help_says(ask: Ask, typed: str, titles: set[str]) -> None:
    page, data = ask(q=typed), ask(".json", q=typed, _shape="array")
    assert (page.status_code, set(_list_titles(page.text))) == (200, titles)
    assert {row["title"] for row in data.json()} == titles


@pytest.mark.parametrize(
    ("typed", "result"),
    [
        ("levy OR", "OR stands between two words"),
        ("(levy OR tax) port", "Brackets are not understood"),
        ("harbour:levy", "harbour: is no field of the search"),
        ('"levy on', "A quotation mark without its other half"),
        ("*evy", "* stands at the end of a word only"),
        ("l*", "begins too many words"),
        ("levy -domain:Economics", "-domain:Economics was not applied"),
        ("levy -tax OR port", "to leave out either of two"),
        ("levy title:", "title: has nothing behind it"),
    ],
)
def test_what_is_not_understood_is_said(ask: Ask, typed: str, result: str) -> None:
    page = ask(q=typed)
    assert (page.status_code, result in page.text) == (200, True)


@pytest.mark.parametrize(
    ("words", "result"),
    [
        ({"q": "levy domain:Imigration"}, "There is no domain “Imigration”: did you mean Immigration?"),
        ({"q": "levy", "domain": "Imigration"}, "did you mean Immigration?"),
        ({"q": "after:2019-9-1"}, "“2019-9-1” is no year, month or day (did you mean 2019-09-01?)"),
        ({"q": "levy", "before": "June"}, "“June” is no year, month or day"),
        ({"q": "levy domain:Economics", "domain": "Immigration"}, "domain is given twice"),
        ({"q": "after:2021-05 before:2021-04-30"}, "after 2021-05 before 2021-04-30 is no range"),
        ({"q": "levy before:2019", "after": "2020"}, "is no range: nothing lies in it"),
        ({"q": "levy", "author": "zzzz"}, "There is no author “zzzz”"),
        ({"q": "levy", "sort": "date"}, "“date” was not understood"),
        ({"q": "levy", "page": "two"}, "“two” is no whole number"),
        ({"q": "kind:opinions"}, "did you mean opinion?"),
    ],
)
def test_a_filter_that_cannot_be_meant_searches_for_nothing(ask: Ask, words: dict[str, str], result: str) -> None:
    page, data = ask(**words), ask(".json", **words)
    assert (page.status_code, data.status_code) == (400, 400)
    assert result in unescape(page.text)
    assert result in data.json()["error"]
    assert _list_titles(page.text) == []
    assert f'value="{words["q"]}"' in page.text  # to be mended


def test_data_refuses_what_the_page_notes_as_not_applied(ask: Ask) -> None:
    assert "was not applied" in ask(".json", q="levy -domain:Economics").json()["error"]


def test_filters_in_the_box_become_fields(ask: Ask) -> None:
    page = ask(q="ships domain:economics before:2019").text
    assert 'name="q" value="ships"' in page
    assert '<option value="Economics" selected>' in page
    assert 'name="before" value="2019"' in page


@pytest.mark.parametrize(
    ("sort", "titles"), [("newest", ["Tax", "Levy", "Courts"]), ("oldest", ["Courts", "Levy", "Tax"])]
)
def test_results_are_in_the_order_that_was_asked_for(ask: Ask, sort: str, titles: list[str]) -> None:
    assert _list_titles(ask(q="a OR is", sort=sort, after="2019-03").text) == titles
    assert _list_titles(ask(after="2019-03", sort=sort).text) == titles


def test_facets_count_what_each_would_leave(ask: Ask) -> None:
    page = ask(q="ships OR asylum").text
    facets = page.partition('class="room-facets"')[2].partition("</aside>")[0]
    links = re.findall(r'href="/archive/search\?([^"]+)">[^<]*</a>\s*<span class="room-note">(\d+)', facets)
    assert len(links) == 2 + 2 + 2 + 1  # domains, authors, years, kinds
    for query, briefs in links:
        found = dict(part.split("=", 1) for part in unescape(query).split("&"))
        assert len(_list_titles(ask(**{**found, "q": "ships OR asylum"}).text)) == int(briefs), query


def test_passages_are_marked_on_the_page_of_the_brief_and_paragraphs_have_addresses(get: Get) -> None:
    link = re.search(
        r'<h3><a href="(/archive/briefs/\d+\?q=[^"]+)"', get("/archive/search?q=%22on+ships%22+port+-tax").text
    )
    assert link is not None
    page = get(unescape(link[1])).text
    assert re.findall(r'<mark id="found-\d">([^<]*)</mark>', page) == ["on ships", "port"]
    assert '<p id="p-1"><a class="room-here" href="#p-1" aria-label="Paragraph 1"></a>A levy' in page
    assert "No passage of the text is marked" in get(unescape(link[1]).partition("?")[0] + "?q=nothing").text


@settings(max_examples=30, deadline=None)
@given(
    st.text()
    | st.lists(st.sampled_from(['"', "-", "OR", "a", "*", "title:", "domain:", "(", " ", "#1", ":", "|"])).map("".join)
)
@example("\ud800")
@example("a OR -b OR")
@example('title:"')
@example("-" * 400)
def test_whatever_is_typed_is_a_search_that_can_be_made_and_typed_again(typed: str) -> None:
    parsed = parse_search(typed)
    again = parse_search(parsed.words, has_filters=False)
    assert again.groups == parsed.groups
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(BRIEFS_FTS.replace("content='briefs_text', content_rowid='id', ", ""))
        db.execute(
            "SELECT * FROM briefs_fts WHERE briefs_fts MATCH ?", (parsed.match.encode("utf-8", "replace").decode(),)
        )


def test_marks_stand_outside_of_tags() -> None:
    text = '<p title="port">The <em>port</em> of ports &amp; AT&amp;T</p>'
    marked, found = mark_forms(text, ["port", "AT&T"])
    assert found == 2
    assert marked == (
        '<p title="port">The <em><mark id="found-1">port</mark></em> of ports &amp; '
        '<mark id="found-2">AT&amp;T</mark></p>'
    )


@given(st.lists(st.sampled_from(["S1", "E1", "<b>", "word ", "&", '"', "'"])))
def test_marks_are_whole_and_all_else_is_escaped(parts: list[str]) -> None:
    result = str(mark_words("".join(parts), "S1", "E1"))
    assert re.findall(r"</?mark>", result) == ["<mark>", "</mark>"] * parts.count("S1")
    assert "<b>" not in result
    plain = "".join(part for part in parts if part not in ("S1", "E1"))
    assert unescape(re.sub(r"</?mark>", "", result)) == plain
