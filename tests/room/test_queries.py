"""Every ready query runs, with and without its parameters, says what it asks for, and tells what is so."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import feedparser  # type: ignore[import-untyped]
import pytest

from pipelines.exports.citation_parts import make_citation_key
from pipelines.schema import doc as schema_doc
from tests.support.room import HOSTILE, SCRIPT, SHARED, VERSIONED, answer, fill_room, open_room
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive, read_rows

QUERIES = schema_doc.load_metadata()["queries"]
_EMPTY = (
    "dead_links",
    "links_by_host",
    "links_by_month",
    "lost_pages",
    "web_archives",
)  # nothing of the kind is in the archive of these tests
_VALUES = {
    "q": "the",
    "domain": "Economics",
    "author": "Ada",
    "name": "Ada",
    "year": "2021",
    "kind": "brief",
    "page": "1",
    "size": "10",
    "brief": VERSIONED,
    "path": VERSIONED,
    "day": "2020-01-01",
    "date": "2022-06-01",
    "change": "substantive",
    "source": "live",
}
_UNDATED, _ODD, _PLACELESS = "/undated/", "/2024/07/07/b%c3%a9zier/", "urn:sha256:" + "cd" * 32
Got = Callable[..., Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fill_room(tmp_path_factory.mktemp("queries"))
    with open_archive(folder) as there:
        ingest_capture(there, *make_page(make_brief(_UNDATED, published=None, title="Without a day")))
        ingest_capture(
            there, *make_page(make_brief(_ODD, published="2024-07-07", title="Bell \x07 and \ufffe", authors=()))
        )
        ingest_capture(
            there,
            *make_page(make_brief(_PLACELESS, published="2024-08-08", url=None, title="From a drawer", number=99)),
        )
    return folder


@pytest.fixture(scope="module")
def got(folder: Path) -> Iterator[Got]:
    """The answer to a ready query, in some format, with some parameters."""
    with open_room(folder / "archive.db") as (room, runner):
        yield lambda name, form="", /, **asked: runner.run(
            answer(room, f"/archive/{name}".rstrip("/") + f"{form}?{urlencode(asked)}")
        )


def _ask_query(got: Got, name: str, /, **asked: str) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = got(name, ".json", _shape="array", **asked).json()
    return result


@pytest.mark.parametrize("name", QUERIES)
def test_it_says_what_it_is_and_what_it_asks_for(name: str) -> None:
    query = QUERIES[name]
    assert query["title"]
    assert query["description"].endswith(".")
    assert set(query.get("params", ())) == set(re.findall(r"(?<![:\w]):([a-z_]+)", query["sql"]))
    if not name.startswith("chart_"):
        assert all(query["asks"][parameter].endswith(".") for parameter in query.get("params", ())), name


@pytest.mark.parametrize("name", QUERIES)
def test_it_runs_with_its_parameters_and_without(name: str, got: Got) -> None:
    asked = {parameter: _VALUES[parameter] for parameter in QUERIES[name].get("params", ()) if parameter in _VALUES}
    for words in ({}, asked):
        result = got(name, ".json", **words)
        assert (result.status_code, result.json()["error"]) == (200, None), words
        assert got(name, ".csv", **words).text.startswith(",".join(result.json()["columns"])), words
        assert got(name, **words).status_code == 200, words
    odd = dict.fromkeys(asked, "'\"; drop table briefs; --")
    assert {got(name, form, **odd).status_code for form in ("", ".json", ".csv")} <= {200, 400}
    assert _ask_query(got, name, **asked) or name in _EMPTY


@pytest.mark.parametrize("name", sorted(set(QUERIES) - {"search"}))
def test_its_cells_lead_to_pages_that_are_there(name: str, got: Got) -> None:
    asked = {
        parameter: _VALUES[parameter] for parameter in ("brief", "path") if parameter in QUERIES[name].get("params", ())
    }
    table = got(name, **asked).text.partition("<tbody>")[2].partition("</tbody>")[0]
    links = {unescape(link) for link in re.findall(r'href="/archive/([^"]+)"', table)}
    for link in sorted(links)[::7]:
        path, _, query = link.partition("?")
        assert got(path, **dict(part.split("=") for part in query.split("&") if part)).status_code == 200, link


def test_lists_of_briefs_and_people_are_links(got: Got) -> None:
    assert re.search(r'<a href="/archive/briefs/\d+">Two Hands on the Switch</a>', got("newest").text)
    assert re.search(r'<a href="/archive/authors/\d+">Ada Fenn</a>', got("authors_by_briefs").text)
    assert re.search(r'<a href="/archive/resources/\d+">Switch Watch<', got("resources_by_briefs").text)
    assert '<a href="/archive/domains/Elections+~26+Politics">' in got("briefs_by_year").text
    assert SCRIPT not in got("newest").text


def test_counts_by_month_are_those_of_the_search(got: Got) -> None:
    for words in ({"q": "the"}, {"q": "switch", "author": "io"}, {"q": '"harbour levy"'}):
        counted = sum(row["briefs"] for row in _ask_query(got, "search_by_month", **words))
        assert counted == _ask_query(got, "search", **words)[0]["briefs_found"] > 0
    assert _ask_query(got, "search_by_month", q="zzz") == []


def test_filters_leave_a_part(got: Got, folder: Path) -> None:
    everything = sum(row["briefs"] for row in _ask_query(got, "briefs_by_year"))
    assert [(everything,)] == read_rows(folder, "SELECT count(*) FROM briefs")
    assert {row["domain"] for row in _ask_query(got, "briefs_by_year", domain="Economics")} == {"Economics"}
    assert 0 < sum(row["briefs"] for row in _ask_query(got, "briefs_by_year", kind="opinion")) < everything
    (ada,) = _ask_query(got, "authors_by_briefs", name="ada fe", domain="Technology")
    assert (ada["name"], ada["briefs"], ada["domains"]) == ("Ada Fenn", 1, "Technology")
    recommended = _ask_query(got, "resources_by_briefs", domain="Technology", year="2022")
    assert {"River Keepers", "Switch Watch"} <= {row["name"] for row in recommended}
    assert {row["change"] for row in _ask_query(got, "changes_since", change="substantive")} == {"substantive"}


def test_each_capture_is_counted_once_in_the_coverage(got: Got, folder: Path) -> None:
    result = _ask_query(got, "coverage")
    parts = ("briefs", "listings_and_pages", "for_machines", "redirects", "missing", "turned_away", "failed", "other")
    assert [(sum(row["captures"] for row in result),)] == read_rows(folder, "SELECT count(*) FROM captures")
    assert all(row["captures"] == sum(row[part] for part in parts) for row in result)
    assert {row["source"] for row in _ask_query(got, "coverage", source="live", year="2021-06")} == {"live"}


@pytest.mark.parametrize("form", ["path", "without slash", "id", "address", "other host"])
def test_a_brief_is_known_by_id_path_and_address(got: Got, folder: Path, form: str) -> None:
    ((number,),) = read_rows(folder, "SELECT id FROM briefs WHERE path = ?", VERSIONED)
    named = {
        "path": VERSIONED,
        "without slash": f" {VERSIONED.rstrip('/')} ",
        "id": f"{number}",
        "address": f"https://www.usresistnews.org{VERSIONED}",
        "other host": f"http://usrenewnews.org{VERSIONED}",
    }[form]
    versions = _ask_query(got, "versions_of", brief=named)
    assert [row["changed"] for row in versions] == [None, "title (substantive)", "body (substantive)"]
    assert versions[1]["old_and_new"] == "title: The Harbor Levy → The Harbour Levy"
    assert [row["version"] for row in versions] == [1, 2, 3]
    assert [row["brief_id"] for row in _ask_query(got, "cite", brief=named)] == [number]
    assert {row["brief_id"] for row in _ask_query(got, "evidence_of", path=named)} == {number}


def test_the_citation_names_the_copy(got: Got) -> None:
    (result,) = _ask_query(got, "cite", brief=SHARED)
    assert result["citation"].startswith(
        "Ada Fenn, Io Vale. “Two Hands on the Switch.” U.S. RESIST NEWS, 2022-05-05. https://"
    )
    assert result["digest"] in result["citation"]
    assert result["bibtex_key"] == make_citation_key(SHARED)
    assert got(result["permalink"].removeprefix("/archive/").partition("?")[0]).status_code == 200
    assert _ask_query(got, "cite", brief=_ODD)[0]["bibtex_key"] is None
    assert _ask_query(got, "cite", brief=_PLACELESS)[0]["citation"].startswith("Ada Fenn. “From a drawer.”")
    for unknown in ("/nowhere/", "999", "abc", "https://www.usresistnews.org/nowhere/", "\0"):
        answered = got(f"cite.json?{urlencode({'brief': unknown})}")
        assert (answered.status_code, "There is no brief" in answered.json()["error"]) == (400, True), unknown


def test_the_feed_can_be_read(got: Got) -> None:
    answered = got("newest", ".atom")
    assert answered.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answered.content)
    assert (feed.bozo, feed.version, feed.feed.title) == (False, "atom10", "Newest posts")
    listed = _ask_query(got, "newest")
    assert [entry.id for entry in feed.entries] == [row["atom_id"] for row in listed]
    assert len({entry.id for entry in feed.entries}) == len(listed) == 50
    assert all(entry.id.startswith("tag:usresistnews.org,2017:") and entry.author for entry in feed.entries)
    assert all(
        entry.link.startswith(("https://", "http://", "tag:")) and entry.updated_parsed for entry in feed.entries
    )
    assert [row["published"] for row in listed] == sorted((row["published"] for row in listed), reverse=True)


def test_a_feed_of_one_s_own_has_the_title_that_it_is_given(got: Got) -> None:
    dated = "'2020-01-01T00:00:00Z' as atom_updated, '' as atom_content"
    sql = f"select path as atom_id, title as atom_title, {dated} from briefs"
    named = feedparser.parse(got("", ".atom", sql=sql, _feed_title="Mine \0\x07<b>").content)
    assert (named.bozo, named.feed.title.split()) == (False, ["Mine", "<b>"])
    assert feedparser.parse(got("", ".atom", sql=sql).content).feed.title == sql
    assert feedparser.parse(got("newest", ".atom", _feed_title="\0").content).feed.title == "Newest posts"
    for wrong in (
        "'x' as atom_content, 'yesterday' as atom_updated",
        "'2020-01-01' as atom_updated",
        "1 as atom_updated",
    ):
        result = got("", ".atom", sql=f"select 1 as atom_id, 2 as atom_title, {wrong}")
        assert (result.status_code, "No feed can be made of these rows: " in result.text) == (400, True), wrong


def test_hostile_titles_are_text_in_the_feed(got: Got) -> None:
    answered = got("newest", ".atom")
    by_path = {entry.id.partition("2017:")[2]: entry for entry in feedparser.parse(answered.content).entries}
    assert b"<script" not in answered.content
    assert "<script>" in unescape(by_path[HOSTILE].title)
    assert by_path[_ODD].title.split() == ["Bell", "and"]
    assert by_path[_ODD].author == "U.S. RESIST NEWS"
    assert by_path[_PLACELESS].link == by_path[_PLACELESS].id
    assert _UNDATED not in by_path


def test_a_feed_of_a_domain_has_its_briefs_or_none(got: Got, folder: Path) -> None:
    levies = feedparser.parse(got("newest", ".atom", domain="Economics").content)
    assert "The Harbour Levy" in [entry.title for entry in levies.entries]
    assert len(levies.entries) == len(_ask_query(got, "newest", domain="Economics"))
    with closing(sqlite3.connect(folder / "archive.db")) as db, db:
        db.execute("INSERT INTO domains (name) VALUES ('Nothing of the kind')")
    nothing = got("newest", ".atom", domain="NOTHING of the kind")
    assert nothing.status_code == 200
    assert (feedparser.parse(nothing.content).bozo, feedparser.parse(nothing.content).entries) == (False, [])
    assert [
        feedparser.parse(item).feed.title
        for item in (got("newest", ".atom", domain=" Economics ").content, nothing.content)
    ] == [
        "Newest posts: domain Economics",
        "Newest posts: domain Nothing of the kind",
    ]
    assert got("briefs_by_year", ".atom").status_code == 400


_ELSEWHERE = """
import asyncio, sys, yaml
from datasette.app import Datasette

database, metadata, *addresses = sys.argv[1:]

async def ask():
    room = Datasette([database], metadata=yaml.safe_load(open(metadata, encoding="utf-8")))
    for address in addresses:
        answer = await room.client.get(address)
        print(answer.status_code, address, answer.json().get("error", ""))

asyncio.run(ask())
"""


def test_they_run_in_any_datasette(folder: Path) -> None:
    asked = urlencode(_VALUES)
    addresses = [f"/archive/{name}.json?{words}" for name in QUERIES for words in (asked, "")]
    words = [sys.executable, "-c", _ELSEWHERE, str(folder / "archive.db"), str(schema_doc.METADATA), *addresses]
    result = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(result) == len(addresses)
    assert [line for line in result if not line.startswith("200 ")] == []
