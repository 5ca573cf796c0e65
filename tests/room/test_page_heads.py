"""Each page says what it is, by its head and one heading, leads back, and calls different places by different names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scraper.records import Resource
from tests.support.room import SHARED, answer, fill_room, open_room, parse_page
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive

Get = Callable[[str], Any]


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    folder: Path = fill_room(tmp_path_factory.mktemp("heads"))
    namesakes = [Resource("Resources", "River Keepers", f"https://{host}.example/", None, "All") for host in ("a", "b")]
    brief = make_brief("/2024/07/07/namesakes/", domain="Technology", label="Technology #3", resources=tuple(namesakes))
    with open_archive(folder) as there:
        there.begin_run("briefs", {})
        ingest_capture(there, *make_page(brief, source="live"))
        there.finish_run("finished", {})
    with open_room(folder / "archive.db") as (room, runner):
        yield lambda path: runner.run(answer(room, path))


def _names_links(page: Any) -> dict[str, set[str]]:  # noqa: ANN401 - lxml's stubs do not know what XPath gives
    links: dict[str, set[str]] = defaultdict(set)
    for link in page.xpath("//a[@href]"):
        name = link.get("aria-label") or " ".join(link.text_content().split())
        links[name.lower()].add(link.get("href").partition("#")[0])
    return links


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/api", "/download", "/charts/posts?domain=Technology", "/compare?a=1&b=2", "/archive", SHARED),
        *("/archive/search?q=levy", "/archive/resources_by_briefs", "/archive/brief_resources", "/archive/captures/1"),
        *("/archive/authors/1", "/archive/domains/Technology", "/archive/resources/1"),
    ],
)
def test_a_page_says_what_it_is_and_no_two_links_are_alike(get: Get, path: str) -> None:
    answered = get(path)
    page = parse_page(get(answered.headers["location"]).text if answered.status_code == 301 else answered.text)
    assert len(page.xpath("//h1")) == len(page.xpath("//link[@rel='canonical']")) == 1
    assert page.findtext(".//title").strip()
    (description,) = page.xpath("//meta[@name='description']/@content")
    assert len(description) > 20
    assert page.xpath("//header//a[@href='/']")
    alike = {name: places for name, places in _names_links(page).items() if len(places) > 1 and not name.isdigit()}
    assert not alike


def test_the_titles_of_rows_and_filtered_pages_tell_them_apart(get: Get) -> None:
    paths = ["captures/1", "captures/2", "search?q=levy", "search?q=levy&year=2021", "search?q=levy&page=2"]
    titles = [parse_page(get(f"/archive/{path}").text).findtext(".//title") for path in paths]
    assert len(set(titles)) == len(titles)


def test_every_way_on_from_a_sorted_search_is_open(get: Get) -> None:
    page = parse_page(get("/archive/search?q=levy&sort=newest&kind=brief").text)
    ways = page.xpath("//main//p[@class='room-note']//a/@href")
    assert len(ways) > 4
    assert [way for way in ways if get(way).status_code != 200] == []
