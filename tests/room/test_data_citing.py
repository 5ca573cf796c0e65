"""Data is cited and described: feeds of changes, citations of searches and charts, and what programs may rely on."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest
from jsonschema import Draft202012Validator
from lxml import html
from openapi_spec_validator import validate
from pybtex.database import parse_string  # type: ignore[import-untyped]

from tests.support.room import VERSIONED, answer, answers, fill_room, open_room

Get = Callable[[str], Any]
_HOME = "https://briefs.example"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = fill_room(tmp_path_factory.mktemp("cited"))
    with closing(sqlite3.connect(home / "archive.db")) as db, db:
        row = ("/2020/01/01/gone/", "/2020/01/01/gone/", 900, "2026-03-02T00:00:00Z", "Asked for by the author")
        db.execute("INSERT INTO withdrawals (path, post, brief_id, withdrawn_at, reason) VALUES (?, ?, ?, ?, ?)", row)
    return home


@pytest.fixture(scope="module")
def get(folder: Path) -> Iterator[Get]:
    with open_room(folder / "archive.db", immutable=True, public_url=_HOME) as (room, runner):
        yield lambda path: runner.run(answer(room, path.removeprefix(_HOME)))


def test_the_feed_of_changes_names_fields_and_nothing_of_what_was_withdrawn(get: Get) -> None:
    feed = feedparser.parse(get("/archive/changes.atom").content)
    assert not feed.bozo
    gone, *edits = feed.entries
    assert (gone.title, gone.link) == ("Withdrawn: brief 900", f"{_HOME}/archive/briefs/900")
    assert [author.name for author in gone.authors] == ["U.S. RESIST NEWS"]  # whoever wrote it is not named
    levy = [entry for entry in edits if entry.title == "Edited: The Harbour Levy"]
    assert [re.sub("<.*?>", "", entry.summary) for entry in levy] == ["Changed: body.", "Changed: title."]
    assert get(levy[0].link).status_code == 200
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    assert {row["domain"] for row in get("/archive/changes.json?domain=economics&_shape=array").json()} == {"Economics"}


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("/archive/search?q=levy", None),
        ("/archive/briefs_by_year?domain=Economics", None),
        ("/charts/posts-by-month?domain=Economics", None),
        ("/download", "posts"),
    ],
)
def test_data_is_cited_with_address_day_count_and_digest(get: Get, page: str, count: str | None) -> None:
    shown = html.fromstring(get(page).text)
    digest = get("/-/databases.json").json()[0]["hash"]
    links = {link.text: link.get("href") or "" for link in shown.iter("a") if "/-/cite/" in (link.get("href") or "")}
    text, (entry,) = get(links["text"]).text, parse_string(get(links["BibTeX"]).text, "bibtex").entries.values()
    (item,) = get(links["CSL-JSON"]).json()
    for cited in (text, entry.fields["note"] + entry.fields["url"].replace("\\", ""), item["note"] + item["URL"]):
        assert f"sha256:{digest}" in cited.replace("\\", "")
        assert _HOME + page in cited
        assert re.search(r"\d+ (posts?|rows?), archive as of \d+ \w+ \d{4}", cited)
    assert item["type"] == "dataset"
    assert count is None or count in text


def test_a_count_that_is_cited_is_what_the_search_finds(get: Get) -> None:
    found = len(get("/archive/search.json?q=levy&_shape=array").json())
    assert f"“Search: “levy”.” Archive of the U.S. RESIST NEWS policy briefs. {found} post, " in (
        get("/-/cite/query/search.txt?q=levy&utm_source=x").text
    )
    assert ". 0 posts, " in get("/-/cite/query/search.txt?q=quillwortish").text
    assert get("/-/cite/query/search.txt?domain=Imigration").status_code == 400
    assert {get(f"/-/cite/{part}.txt").status_code for part in ("query/nothing", "chart/briefs/nothing")} == {404}


@pytest.mark.parametrize(
    "page",
    [
        "/archive/search?q=%22a+b%22&without=o%27neil",
        "/archive/brief_list?domain=Economics&_facet=kind&_size=1",
        "/archive/newest?domain=Economics",
        "/archive/domains/Health+~26+Gender",
        "/archive/resources/1",
        "/archive/briefs/1",
        "/archive?sql=select+1+as+%22it%27s%22",
    ],
)
def test_the_lines_for_programs_lead_to_the_data(get: Get, page: str) -> None:
    shown = html.fromstring(get(page).text).iterfind(".//section[@aria-labelledby='use-data']/details/pre")
    lines = ["".join(map(str, code.itertext())) for code in shown]
    assert [line.split()[0] for line in lines] == ["curl", "import", "rows", "SELECT", "rows"]
    addresses = [re.search(r"[\"'](https://[^\"'\s]+)[\"']", line) for line in lines]
    (address,) = {match[1] for match in addresses if match}
    table = get(address)
    assert (table.status_code, table.headers["content-type"].split(";")[0]) == (200, "text/plain"), address


def test_the_document_for_programs_is_valid_and_true(get: Get) -> None:
    document = get("/openapi.json").json()
    validate(document)
    assert len(document["paths"]) > 25
    for path, item in [*document["paths"].items()][::3]:  # each kind of address is among them
        result = item["get"]
        values = {each["name"]: str(each["example"]) for each in result["parameters"] if "example" in each}
        inside = {each["name"] for each in result["parameters"] if each["in"] == "path"}
        query = "&".join(f"{name}={value}" for name, value in values.items() if name not in inside)
        given = get(f"{path.format(**values)}?{query}" + ("&size=2" if "jsonl" in path else ""))
        kind = given.headers["content-type"].split(";")[0]
        assert given.status_code == 200, (path, given.text)
        assert kind in result["responses"]["200"]["content"], (path, kind)
        if "json" in kind and "jsonl" not in kind:
            Draft202012Validator(result["responses"]["200"]["content"][kind]["schema"]).validate(given.json())
    lines = get("/archive/search.jsonl?q=levy").text.splitlines()
    brief = Draft202012Validator(document["components"]["schemas"]["Brief"])
    for line in lines:
        brief.validate(json.loads(line))


def test_a_page_for_people_lists_the_same(get: Get) -> None:
    page = get("/api").text
    assert all(path in page for path in get("/openapi.json").json()["paths"] if "{" not in path)


def test_a_growing_archive_is_cited_without_a_digest(folder: Path) -> None:
    text, item = answers(folder / "archive.db", "/-/cite/dataset.txt", "/-/cite/dataset.json")
    assert "sha256" not in text.text
    assert "version" not in item.json()[0]


def test_a_feed_of_changes_leads_to_the_version(get: Get) -> None:
    (edit,) = [
        row
        for row in get("/archive/changes.json?_shape=array").json()
        if row["fields"] == "body" and row["title"] == "The Harbour Levy"
    ]
    page = get(f"/archive/briefs/{edit['brief_id']}?version={edit['version']}")
    assert "The owners object" in page.text
    assert VERSIONED in page.text
