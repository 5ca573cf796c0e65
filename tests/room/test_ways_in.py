"""Ways into the room: sitemap, feeds of searches and pages, canonical addresses, and wrong addresses that lead on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest
from lxml import etree, html

from reading_room.server.settings import build_metadata
from tests.support.room import SCRIPT, VERSIONED, Get, answer, fill_room, open_room, parse_page
from tests.support.specimens import read_rows

_LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("ways"))


@pytest.fixture(scope="module")
def get(folder: Path) -> Iterator[Get]:
    with open_room(folder / "archive.db", public_url="https://briefs.example") as (room, runner):
        yield lambda path: runner.run(answer(room, path))


def test_the_sitemap_names_every_brief_by_an_address_that_answers(get: Get, folder: Path) -> None:
    parts = [loc.text or "" for loc in etree.fromstring(get("/sitemap.xml").content).iter(_LOC)]
    found = [
        loc.text or ""
        for part in parts
        for loc in etree.fromstring(get(part.partition("briefs.example")[2]).content).iter(_LOC)
    ]
    ids = {int(number) for address in found for number in re.findall(r"/archive/briefs/(\d+)$", address)}
    assert ids == {number for (number,) in read_rows(folder, "SELECT id FROM briefs")}
    assert len(found) == len(set(found))
    assert all(address.startswith("https://briefs.example/") for address in [*parts, *found])
    assert {get(address.partition("briefs.example")[2]).status_code for address in found[::40]} == {200}
    assert get("/sitemap-99.xml").status_code == 404


def test_robots_name_the_sitemap_of_a_room_that_has_an_address() -> None:
    def read_robots(public_url: str | None) -> str:
        return str(build_metadata(public_url=public_url)["plugins"]["datasette-block-robots"]["literal"])

    assert "Sitemap: https://briefs.example/sitemap.xml" in read_robots("https://briefs.example/")
    assert "Sitemap" not in read_robots(None)


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/archive/search?q=levy+-quillwort", "newest.atom?q=levy+-quillwort"),
        ("/archive/search?q=the&domain=Economics&sort=oldest", "newest.atom?q=the&domain=Economics"),
        ("/archive/authors/1", "newest.atom?author=1"),
        ("/archive/domains/Economics", "newest.atom?domain=Economics"),
        ("/archive/resources/1", "newest.atom?resource=1"),
        ("/archive/newest?domain=Economics&page=2", "newest.atom?domain=Economics"),
        ("/archive/changes?domain=Economics", "changes.atom?domain=Economics"),
    ],
)
def test_a_page_has_the_feed_of_what_it_lists(get: Get, page: str, feed: str) -> None:
    links = parse_page(get(page).text).xpath("//head/link[@rel='alternate'][@type='application/atom+xml']/@href")
    assert [link for link in links if link.endswith(feed)]
    answered = feedparser.parse(get(f"/archive/{feed}").content)
    assert not answered.bozo
    assert answered.entries
    assert all(entry.author for entry in answered.entries)
    rows = get(f"/archive/{feed.replace('.atom', '.json')}&_shape=array").json()
    assert [entry.id for entry in answered.entries] == [row["atom_id"] for row in rows]


@pytest.mark.parametrize("table", ["author", "resource"])
def test_a_feed_of_an_id_says_whose_it_is(get: Get, folder: Path, table: str) -> None:
    ((name,),) = read_rows(folder, f"SELECT name FROM {table}s WHERE id = 2")
    feed = feedparser.parse(get(f"/archive/newest.atom?{table}=2").content).feed
    assert feed.title == f"Newest posts: {table} {name}"
    for form in ("atom", "json", "csv"):
        answered = get(f"/archive/newest.{form}?{table}=99999")
        assert (answered.status_code, f"There is no {table} with the id 99999" in answered.text) == (400, True)


def test_a_feed_without_entries_has_an_author(get: Get) -> None:
    feed = feedparser.parse(get("/archive/newest.atom?q=nothingofthekind").content)
    assert (feed.bozo, feed.entries, feed.feed.author) == (False, [], "U.S. RESIST NEWS")


def test_a_feed_of_a_search_has_what_the_search_finds(get: Get) -> None:
    found = get("/archive/search.json?q=levy&sort=newest&_shape=array").json()
    listed = get("/archive/newest.json?q=levy&_shape=array").json()
    assert [row["brief_id"] for row in listed] == [row["id"] for row in found if row["published"]][:50]
    assert listed


@pytest.mark.parametrize("path", ["/archive/authors/1", "/archive/domains/Economics", "/archive/resources/1"])
def test_a_page_names_its_one_address(get: Get, path: str) -> None:
    assert f'<link rel="canonical" href="https://briefs.example{path}">' in get(f"{path}?utm_source=mail").text


@pytest.mark.parametrize("path", ["/2021/04/05/harbour-levy", "/archive/harbour-levy", "/harbour_levy.html"])
def test_a_wrong_address_leads_to_what_it_may_mean(get: Get, folder: Path, path: str) -> None:
    ((brief_id,),) = read_rows(folder, "SELECT id FROM briefs WHERE path = ?", VERSIONED)
    page = get(path)
    assert page.status_code == 404
    assert f'<a href="/archive/briefs/{brief_id}">The Harbour Levy</a>' in page.text
    assert 'href="/archive/search?q=harbour+levy"' in page.text


def test_a_number_that_is_missing_leads_to_those_near_it_and_to_no_title_with_the_word(get: Get) -> None:
    listed: Any = html.fromstring(get("/b/foreign-policy/60").text)
    near = [text for text in listed.xpath("//main//li//text()") if "#" in text]
    assert near
    assert "#61" in near[0]
    assert all("Foreign Policy" in text for text in near)
    assert "Perhaps one of these" not in get("/b/harbour/7").text


@pytest.mark.parametrize(
    "path", ["/%22%27", f"/{'x' * 900}", "/a/b/c/d/e", "/archive/%3Cscript%3E", "/-/nothing", "/%00"]
)
def test_any_wrong_address_is_a_page_of_404(get: Get, path: str) -> None:
    page = get(path)
    assert page.status_code in (302, 404)
    assert SCRIPT not in page.text


@pytest.mark.parametrize(
    "path", ["briefs/1.ris", "brief_list.xyz", "newest.rss", "search.pdf", "domains/Economics.xml"]
)
def test_an_ending_that_there_is_not_is_no_page(get: Get, path: str) -> None:
    page = get(f"/archive/{path}")
    assert page.status_code == 404
    assert f"There is no .{path.rpartition('.')[2]} here" in page.text


def test_a_brief_as_citation_is_what_its_ending_says(get: Get) -> None:
    assert get("/archive/briefs/1.bib").text.startswith("@")
    assert get("/archive/briefs/1.txt").headers["content-type"].startswith("text/plain")
    assert get("/archive/briefs/99999.bib").status_code == 404
