"""Lists that are made for people, and the guide: ranges and counts that are right, no columns for programs alone."""

from __future__ import annotations

import re
import sqlite3

import pytest

from pipelines.schema.doc import format_doc, read_metadata
from reading_room.pages.numbering import Numbering
from tests.support.room import VERSIONED, Get, parse_page


def _ranges(text: str) -> list[int]:
    heading = parse_page(text).xpath("string(//main//h2)")
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", heading)]


def test_the_newest_are_paged_and_counted(get: Get, db: sqlite3.Connection) -> None:
    (dated,) = db.execute("SELECT count(*) FROM briefs WHERE published IS NOT NULL").fetchone()
    first, second = get("/archive/newest"), get("/archive/newest?page=2")
    assert _ranges(first.text) == [1, 50, dated]
    assert _ranges(second.text)[0] == 51
    titles = [parse_page(page.text).xpath("//main//ol//h3/a/@href") for page in (first, second)]
    assert not set(titles[0]) & set(titles[1])
    assert "atom_" not in parse_page(first.text).xpath("string(//main)")
    (ours,) = db.execute("SELECT count(*) FROM briefs WHERE domain = 'Economics' AND published IS NOT NULL").fetchone()
    assert _ranges(get("/archive/newest?domain=economics").text)[-1] == ours
    assert "No posts on page 999" in get("/archive/newest?page=999").text
    assert get("/archive/newest?page=x").status_code == 400
    assert get("/archive/newest.atom").text.count("<entry>") == 50


def test_gaps_are_told_domain_by_domain(get: Get, db: sqlite3.Connection) -> None:
    page = parse_page(get("/archive/gaps").text)
    missing = sum(int(cell.text.replace(",", "")) for cell in page.xpath("//td[@data-label='Missing']"))
    (gaps,) = db.execute("SELECT count(*) FROM number_gaps WHERE kind = 'gap'").fetchone()
    assert missing == gaps or _ranges(get("/archive/gaps").text)[1] < _ranges(get("/archive/gaps").text)[2]
    (row,) = parse_page(get("/archive/gaps?domain=Economics").text).xpath("//tbody/tr")
    assert row.xpath("string(th)").strip() == "Economics"
    numbers = Numbering("Economics", tuple((number, 1) for number in (0, 4, 6, 8, 11)))
    assert (numbers.gaps, numbers.missing) == (["1–3", "5", "7", "9–10"], 7)


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        *(("authors_by_briefs", "author_id"), ("resources_by_briefs", "resource_id"), ("dead_links", "detail")),
        ("changes", "atom_id"),
    ],
)
def test_lists_have_headings_in_words(get: Get, name: str, hidden: str) -> None:
    text = get(f"/archive/{name}").text
    heads = parse_page(text).xpath("//thead//th/text()")
    assert hidden not in heads
    assert heads == list(read_metadata()["databases"]["archive"]["queries"][name]["shows"].values()) or not heads
    assert hidden in get(f"/archive/{name}.json").json()["columns"]


def test_changes_show_the_passage_and_lead_to_both_versions(get: Get) -> None:
    page = parse_page(get("/archive/changes_since?day=2020-01-01").text)
    marks = {
        (item.xpath("string(.//del)").strip(), item.xpath("string(.//ins)").strip())
        for item in page.xpath("//main//ol/li")
    }
    assert ("Nobody objects.", "The owners object.") in marks
    assert ("Harbor", "Harbour") in marks
    for link in page.xpath("//main//ol/li/a/@href"):
        assert "Two versions compared" in get(link).text
    assert VERSIONED


def test_the_guide_has_counts_words_and_whom_to_write_to(get: Get, db: sqlite3.Connection) -> None:
    result = get("/guide")
    (posts,) = db.execute("SELECT count(*) FROM briefs").fetchone()
    assert f"{posts:,} posts" in result.text
    assert parse_page(result.text).xpath("//a[@href='mailto:desk@archive.example']")
    words = read_metadata()["glossary"]
    assert [word.text for word in parse_page(result.text).xpath("//dl[@class='room-words']//dt")] == list(words)
    doc = format_doc()
    assert all(f"| {word} | {meaning} |" in doc for word, meaning in words.items())
    assert all(meaning.endswith(".") for meaning in words.values())
    assert parse_page(get("/archive/gaps").text).xpath("//footer//a[@href='/guide']")
    assert get("/guide?x=1").status_code == 400
