"""The page of a brief: it reads like a document, its evidence is at hand, and hostile texts are text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from pipelines.archive import SqliteArchive
from scraper.records import Author, Category, Evidence, Link, PhotoCredit, Problem, Reading, Resource, Section
from tests.support.filled_archive import edit_database
from tests.support.room import HOSTILE, SHARED, answers, fill_room
from tests.support.specimens import ingest_capture, make_brief, make_capture, make_extraction, open_archive, read_rows

RICH = "/2024/03/03/dry-docks/"
EMAIL = "io.vale@mail.example"
HTML = (
    "<p>The docks are <strong>dry</strong>, says <a href='https://dock.example/?a=1&amp;b=2'>the report</a>.</p>"
    "<h2>Policy &amp; Analysis</h2><p>Write to io.vale@mail.example.</p><ul><li>One.</li></ul>"
    "<h2>What next?</h2><p>Rain.</p><h2>What next?</h2><blockquote><p>Or not.</p></blockquote>"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = fill_room(tmp_path_factory.mktemp("room"))
    with open_archive(made) as there:
        _take(there, _rich(), (_problem("The day on the page differs from that of its address."),))
        _take(there, _long())
    edit_database(
        made / "archive.db",
        """INSERT INTO link_checks (url, checked_at, outcome, status, archived_url, archived_at) VALUES
            ('https://dead.example/', '2025-01-02T03:04:05Z', 'gone', 404,
            'https://web.archive.org/web/2020/https://dead.example/', '2020-01-01T00:00:00Z')""",
    )
    return made


def _take(there: SqliteArchive, reading: Reading, problems: tuple[Problem, ...] = ()) -> None:
    path = reading.brief.path
    ingest_capture(
        there, make_capture(repr(reading).encode(), path=path), make_extraction(reading, path=path, problems=problems)
    )


def _problem(message: str) -> Problem:
    return Problem("published", "conflict", message)


def _rich() -> Reading:
    result = make_brief(
        RICH,
        title="Dry Docks",
        modified="2024-03-04T05:06:07Z",
        dateline="2024-03-01",
        published="2020-03-03",
        posted_by="desk",
        body="x",
        body_html=HTML,
        authors=(Author("Io Vale", role="Harbour Analyst", contact=f"mailto:{EMAIL}"), Author("Staff", "collective")),
        resources=(
            Resource("Act Now", "Dead End", "https://dead.example/", "It is gone.", "Dead End - It is gone."),
            Resource("Resistance Resources", "Sink", None, None, "Sink, call 555"),
            Resource("Act Now", "Open End", "https://open.example/", None, "Open End"),
            Resource("Read On", "Learn more", "https://one.example/", None, "Learn more"),
            Resource("Read On", "Learn more", "https://two.example/", None, "Learn more"),
        ),
        photo_credits=(PhotoCredit("Photo by Mo", "Mo", None, "https://photos.example/mo"),),
        categories=(Category("Ports", "ports"),),
        links=(Link("the report", "https://dock.example/?a=1&b=2"),),
    )
    evidence = (
        Evidence("title", "Dry Docks", "og:title", "<meta og:title>", "stated", chosen=True),
        Evidence("title", "Docks, Dry", "h1", "Docks, Dry", "read", chosen=False),
        Evidence("authors", "Io Vale", "closing", f"By Io Vale, {EMAIL}", "read", chosen=True),
    )
    return Reading(result, evidence, (), 3)


def _long() -> Reading:
    sections = tuple(Section(f"Part {n}", "\n\n".join(["A word and another. " * 200] * 5)) for n in range(100))
    body = "\n\n".join(f"{section.heading}\n\n{section.text}" for section in sections)
    return Reading(replace(make_brief("/2020/01/01/long/"), sections=sections, body=body), (), (), 3)


@pytest.fixture(scope="module")
def page(folder: Path) -> Any:  # noqa: ANN401 - lxml's elements are not typed
    return html.fromstring(_show(folder, RICH))


def _number(folder: Path, path: str) -> int:
    return int(read_rows(folder, "SELECT id FROM briefs WHERE path = ?", path)[0][0])


@cache
def _show(folder: Path, path: str) -> str:
    (answer,) = answers(folder / "archive.db", f"/archive/briefs/{_number(folder, path)}")
    assert answer.status_code == 200
    return str(answer.text)


def _words(page: Any, path: str) -> str:  # noqa: ANN401
    return " ".join(" ".join(item.text_content() for item in page.xpath(path)).split())


def test_it_reads_like_a_document(page: Any) -> None:  # noqa: ANN401
    assert _words(page, "//h1") == "Dry Docks"
    assert _words(page, "//*[@class='room-label']") == "Brief #7—Environment"
    assert _words(page, "//ul[@class='room-byline']") == "Io Vale, Harbour Analyst Staff"
    assert all("/archive/authors/" in link for link in page.xpath("//ul[@class='room-byline']//a/@href"))
    facts = _words(page, "//dl[@class='room-facts']")
    assert "Published 3 March 2020" in facts
    assert "Modified (per page) 4 March 2024, 05:06 UTC" in facts
    assert "Date line of the text 1 March 2024" in facts
    assert page.xpath("//dl[@class='room-facts']//a/@href") == ["/archive/domains/Environment"]
    source = _words(page, "//*[@class='room-source']")
    assert "Photo credit as published: Photo by Mo" in source
    assert "Filed by the site under Ports (category)." in source
    assert "Captured from the Wayback Machine, 1 June 2021, 12:00 UTC." in source


def test_emphasis_and_links_of_the_text_stay(page: Any) -> None:  # noqa: ANN401
    (prose,) = page.xpath("//*[@class='room-prose']")
    assert prose.xpath(".//strong/text()") == ["dry"]
    assert prose.xpath(".//a[not(@class)]/@href") == ["https://dock.example/?a=1&b=2"]
    assert prose.xpath(".//a/@rel") == ["nofollow noopener"]
    assert _words(prose, ".//blockquote") == "Or not."


def test_headings_can_be_jumped_to(page: Any) -> None:  # noqa: ANN401
    ids = page.xpath("//*[@class='room-prose']//h2/@id")
    assert len(set(ids)) == 3
    lists = page.xpath("//section[@class='room-resources']/h2/@id")
    assert page.xpath("//nav[@class='room-parts']//a/@href") == [f"#{place}" for place in (*ids, *lists)]
    called = page.xpath("//nav[@class='room-parts']//a/text()")
    assert called[:3] == ["Policy & Analysis", "What next?", "What next?"]
    every = page.xpath("//@id")
    assert len(every) == len(set(every))


def test_resources_stand_under_their_headings_as_published(page: Any) -> None:  # noqa: ANN401
    headings = page.xpath("//section[@class='room-resources']/h2/text()")
    assert headings == ["Act Now", "Resistance Resources", "Act Now", "Read On"]
    dead, sink, *_ = page.xpath("//section[@class='room-resources']")
    assert _words(dead, ".//li").startswith("Dead End: It is gone.")
    assert "link is dead, checked 2 January 2025 · archived copy of 1 January 2020" in _words(dead, ".//li")
    links = dead.xpath(".//a/@href")
    assert links[0] == "https://dead.example/"
    assert re.fullmatch(r"/archive/resources/\d+", links[1])
    assert links[2] == "https://web.archive.org/web/2020/https://dead.example/"
    assert _words(sink, ".//li").startswith("Sink: Sink, call 555")


def test_resources_of_one_name_have_each_its_own_page(page: Any, folder: Path) -> None:  # noqa: ANN401
    links = page.xpath("//section[@class='room-resources'][last()]//li//a/@href")
    ids = dict(read_rows(folder, "SELECT url, id FROM resources"))
    item, two = "https://one.example/", "https://two.example/"
    assert links == [item, f"/archive/resources/{ids[item]}", two, f"/archive/resources/{ids[two]}"]


def test_problems_are_told_at_the_top(page: Any, folder: Path) -> None:  # noqa: ANN401
    assert "published: The day on the page differs" in _words(page, "//*[@class='room-problems']")
    assert "room-problems" not in _show(folder, "/2020/01/01/long/")


def test_the_evidence_is_one_click_away(page: Any, folder: Path) -> None:  # noqa: ANN401
    details = {_words(item, "./summary"): _words(item, ".//ul") for item in page.xpath("//*[@class='room-evidence']")}
    title = details["title Dry Docks · 1 not chosen"]
    assert "Dry Docks Rule og:title, stated Stood in <meta og:title>" in title
    assert "Docks, Dry (not chosen) Rule h1, read" in title
    assert f"/archive/evidence?brief_id={_number(folder, RICH)}" in page.xpath("//a/@href")


def test_no_address_of_a_writer_is_on_the_page(folder: Path) -> None:
    for path in (RICH, SHARED):
        assert "mail.example" not in _show(folder, path)
    assert "[e-mail left out]" in _show(folder, RICH)
    held = read_rows(folder, "SELECT count(*) FROM brief_authors WHERE contact LIKE '%mail.example'")
    assert held == [(2,)]  # the archive knows them


def test_machines_are_told_too(page: Any, folder: Path) -> None:  # noqa: ANN401
    number = _number(folder, RICH)
    assert page.xpath("//link[@rel='canonical']/@href") == [f"http://localhost/archive/briefs/{number}"]
    alternates = page.xpath("//link[@rel='alternate']/@href")
    assert {f"http://localhost/-/cite/{number}.{form}" for form in ("bib", "json", "txt")} < set(alternates)
    (result,) = page.xpath("//script[@type='application/ld+json']/text()")
    node = json.loads(result)["@graph"][-1]
    assert (node["headline"], node["identifier"]) == ("Dry Docks", RICH)
    assert node["archivedAt"].startswith("http://localhost/-/captured/")


def test_hostile_texts_are_text(folder: Path) -> None:
    shown = _show(folder, HOSTILE)
    page: Any = html.fromstring(shown)
    assert "<script>alert(1)</script>{{ 7*7 }}{% raw %}" in _words(page, "//h1")
    scripts = page.xpath("//script")
    assert all(script.get("nonce") for script in scripts)
    (result,) = (script.text for script in scripts if script.get("type") == "application/ld+json")
    assert "alert(1)" in result
    assert "<" not in result
    hosts = page.xpath("//article//a/@href")
    assert [link for link in hosts if not link.startswith(("#", "/", "https://www.usresistnews.org/"))] == []
    assert page.xpath("//@onclick") == []


def test_other_numbers_and_odd_keys_are_answered_calmly(folder: Path) -> None:
    number = _number(folder, RICH)
    keys = ("999999", "x", "5e0", f"{number}.0", f"0{number}", "9" * 40, f"{number},2")
    for answer in answers(folder / "archive.db", *(f"/archive/briefs/{key}" for key in keys)):
        assert answer.status_code in (200, 404), answer.url
        assert "Traceback" not in answer.text


def test_a_very_long_brief_is_shown_whole(folder: Path) -> None:
    shown = _show(folder, "/2020/01/01/long/")
    assert shown.count("A word and another.") >= 100_000
    assert len(shown) < 3_000_000  # two million characters of text, and the text but once


def test_it_prints_as_a_document(page: Any) -> None:  # noqa: ANN401
    css = (Path(__file__).parents[2] / "reading_room/static/room.css").read_text(encoding="utf-8")
    hidden = css.partition("@media print {")[2]
    assert ".room-screen" in hidden
    article = next(iter(page.xpath("//article")))
    assert not any("room-screen" in (item.get("class") or "") for item in _with_text(article))


def _with_text(article: Any) -> Iterator[Any]:  # noqa: ANN401
    yield from article.xpath(".//h1 | .//*[@class='room-prose'] | .//section")
