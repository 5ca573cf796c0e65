"""What readers carry off: items for Zotero, full texts, and answers that pages of other sites may read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from reading_room.citations.citation_tags import format_creator, list_citation_tags
from tests.support.room import HOSTILE, ODD, SHARED, VERSIONED, answer, fill_room, open_room
from tests.support.specimens import SITE, read_rows
from tests.support.zotero_reading import read_context_objects, read_embedded_metadata, split_creator

Get = Callable[[str], Any]
_CONTACT = "{http://www.openarchives.org/OAI/2.0/}adminEmail"
PAGES = [
    *("/", "/archive", "/archive/brief_list", "/archive/brief_list?domain=Economics", "/archive/search?q=levy"),
    *("/archive/domains/Economics", "/charts", "/download"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("away"))


@pytest.fixture(scope="module")
def get(folder: Path) -> Iterator[Get]:
    options = {"public_url": "https://briefs.example", "contact": "keeper@briefs.example"}
    with open_room(folder / "archive.db", **options) as (room, runner):
        yield lambda path: runner.run(answer(room, path))


@pytest.fixture(scope="module")
def find(folder: Path) -> Callable[[str], str]:
    def find_brief(path: str) -> str:
        return f"/archive/briefs/{read_rows(folder, 'SELECT id FROM briefs WHERE path = ?', path)[0][0]}"

    return find_brief


def test_zotero_reads_a_brief(get: Get, find: Callable[[str], str]) -> None:
    item = read_embedded_metadata(get(find(SHARED)).text)
    assert item == {
        "itemType": "report",
        "title": "Two Hands on the Switch",
        "date": "2022-05-05",
        "creators": [("Ada", "Fenn"), ("Io", "Vale")],
        "institution": "U.S. RESIST NEWS",
        "reportNumber": "7",
        "reportType": "Technology Policy Brief #7",
        "url": SITE + SHARED,
        "language": "en",
        "rights": "© the publisher",
        "archiveLocation": item["archiveLocation"],
        "extra": item["extra"],
        "abstractNote": item["abstractNote"],
    }
    assert item["archiveLocation"].startswith("https://briefs.example/-/captured/")
    assert item["archiveLocation"] in item["extra"]


@pytest.mark.parametrize(
    ("kind", "changes", "fields"),
    [
        ("brief", {"published": None}, {"date": "n.d."}),
        ("brief", {"title": None}, {"title": "Brief #7", "reportType": None}),
        ("blog", {}, {"itemType": "blogPost", "publicationTitle": "The Site", "websiteType": "Brief #7"}),
        ("opinion", {"label": None}, {"itemType": "webpage", "publicationTitle": "The Site", "websiteType": None}),
        ("brief", {}, {"reportNumber": None, "institution": "The Site", "publicationTitle": None}),
    ],
)
def test_zotero_is_told_what_it_would_guess(kind: str, changes: dict[str, object], fields: dict[str, object]) -> None:
    brief = dict.fromkeys(("url", "number", "domain", "archived"), None) | {"kind": kind, "authors": []}
    brief |= {"title": "Two", "label": "Brief #7", "path": "/two/", "publisher": "The Site", "published": "2022-05-05"}
    tags = list_citation_tags(brief | {"permalink": "https://briefs.example/1"} | changes)
    head = "".join(f'<meta name="{name}" content="{content}">' for name, content in tags)
    item = read_embedded_metadata(f"<html><head>{head}</head></html>")
    assert {name: item.get(name) for name in fields} == fields


@pytest.mark.parametrize(
    ("name", "kind", "creator"),
    [
        ("Ana de la Cruz", "person", ("Ana", "de la Cruz")),
        ("Io M. Vale Jr.", "person", ("Io M. Jr.", "Vale")),
        ("Nora Vale, J.D.", "person", ("Nora J.D.", "Vale")),
        ("Solon", "person", ("", "Solon")),
        ("The Harbor Desk", "collective", ("", "The Harbor Desk")),
    ],
)
def test_zotero_splits_a_name_as_citations_do(name: str, kind: str, creator: tuple[str, str]) -> None:
    assert split_creator(format_creator(name, kind)) == creator


@pytest.mark.parametrize("page", ["/archive/search?q=switch&sort=newest", "/archive/authors/{author}"])
def test_zotero_reads_a_list(get: Get, folder: Path, page: str) -> None:
    ((author,),) = read_rows(folder, "SELECT id FROM authors WHERE name = ?", "Ada Fenn")
    items = {item["title"]: item for item in read_context_objects(get(page.format(author=author)).text)}
    assert items["Two Hands on the Switch"] == {
        "itemType": "report",
        "title": "Two Hands on the Switch",
        "date": "2022-05-05",
        "creators": [("Ada", "Fenn"), ("Io", "Vale")],
        "publisher": "U.S. RESIST NEWS",
        "rights": "© the publisher",
        "url": SITE + SHARED,
        "tags": ["Technology"],
        "language": "en",
    }


def test_an_odd_title_is_one_value(get: Get, find: Callable[[str], str]) -> None:
    assert [item["title"] for item in read_context_objects(get("/archive/search?number=9").text)].count(ODD) == 1
    assert read_embedded_metadata(get(find(HOSTILE)).text)["title"] == ODD


def test_the_full_text_of_a_brief_and_of_a_version(get: Get, folder: Path, find: Callable[[str], str]) -> None:
    address = find(VERSIONED)
    today = get(f"{address}/text")
    assert today.headers["content-type"].startswith("text/plain")
    assert today.text == "The levy is small.\n\nAnalysis\n\nShips will pay it. The owners object.\n"
    first = read_rows(folder, "SELECT min(id) FROM captures WHERE path = ?", VERSIONED)[0][0]
    assert "Nobody objects" in get(f"{address}/text?version={first}").text
    assert f"{address}/text" in get(address).text
    assert get("/archive/briefs/99999/text").status_code == 404


def test_the_full_texts_of_a_search_are_json_lines(get: Get) -> None:
    found = get("/archive/search.json?q=levy&_shape=array").json()
    lines = [json.loads(line) for line in get("/archive/search.jsonl?q=levy").text.splitlines()]
    assert [brief["title"] for brief in lines] == [row["title"] for row in found]
    assert all("contact" not in author for brief in lines for author in brief["authors"])
    assert all(brief["body"] for brief in lines)
    assert len(get("/archive/search.jsonl?kind=brief&size=2").text.splitlines()) == 2
    assert "did you mean domain?" in get("/archive/search.jsonl?domian=Economics").text


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_its_one_address_and_a_picture(get: Get, page: str) -> None:
    root = html.fromstring(get(page + ("&" if "?" in page else "?") + "utm_source=letter&fbclid=1").text)
    assert [link.get("href") for link in root.iterfind("head/link[@rel='canonical']")] == [
        f"https://briefs.example{page}"
    ]
    (picture,) = [tag.get("content") or "" for tag in root.iterfind("head/meta[@property='og:image']")]
    assert get(picture.removeprefix("https://briefs.example")).content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "address", ["/archive/brief_list.json?_shape=array", "/archive/newest.csv", "/datapackage.json", "/archive/x.json"]
)
def test_pages_of_other_sites_may_read_answers(get: Get, address: str) -> None:
    assert get(address).headers["access-control-allow-origin"] == "*"


def test_the_icon_is_the_rooms_own(get: Get) -> None:
    assert get("/favicon.ico").headers["content-type"] == "image/svg+xml"


def test_harvesters_are_told_whom_to_write_to(get: Get, folder: Path) -> None:
    def find_contact(identify: Get) -> str | None:
        return etree.fromstring(identify("/-/oai?verb=Identify").content).findtext(f".//{_CONTACT}")

    assert find_contact(get) == "keeper@briefs.example"
    with open_room(folder / "archive.db", public_url="https://a.example", contact="https://a.example/us") as (
        room,
        runner,
    ):
        assert find_contact(lambda path: runner.run(answer(room, path))) == "webmaster@a.example"
