"""The versions of a brief: differences marked word by word, and the brief as of each capture."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from reading_room.pages.text_diff import Piece, diff_texts, shorten_unchanged
from scraper.records import Author, Brief, Resource, Section
from tests.support.filled_archive import edit_database
from tests.support.room import MEMENTO, VERSIONED, answers, fill_room
from tests.support.specimens import SITE, ingest_capture, make_brief, make_page, open_archive, read_rows

MANY, MOVING = "/2020/02/02/many/", "/2021/02/02/moving/"
WORDS = st.lists(st.sampled_from(["the", "pact", "river.", "Ada ", "\n\n", "holds", " ", "“", "é", "\t"])).map("".join)
TEXTS = st.one_of(st.text(), WORDS, WORDS.map(lambda words: words * 40))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = fill_room(tmp_path_factory.mktemp("room"))
    with open_archive(made, batch=500) as there:
        for result, at in _moving():
            ingest_capture(there, *make_page(result, at))
        for at in ("2019-01-01T00:00:00Z", "2019-02-01T00:00:00Z"):
            text = " ".join(f"Word {n} at {at if n == 77 else 'no time'}." for n in range(300))
            ingest_capture(
                there, *make_page(make_brief(MANY, title=f"At {at}", body=text, sections=(Section(None, text),)), at)
            )
    edit_database(made / "archive.db", *_four_hundred())
    return made


def _four_hundred() -> tuple[str, ...]:
    """What makes 398 more captures like the second, each with its changes: taking them in costs a minute."""
    second = f"SELECT max(capture_id) FROM readings WHERE capture_id < 100000 AND brief_path = '{MANY}'"
    result = """path, url, source, status, media_type, outcome, digest, extractor, length, truncated, read, warc_file,
        warc_offset, warc_length"""
    return (
        f"""WITH RECURSIVE turn (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM turn WHERE n < 398)
            INSERT INTO captures (id, captured_at, {result})
            SELECT 100000 + n, strftime('%Y-%m-%dT%H:%M:%SZ', '2019-03-01', n || ' days'), {result}
            FROM captures, turn WHERE id = ({second})""",
        f"""INSERT INTO readings (capture_id, path, brief_path, fidelity, record_id)
            SELECT captures.id, readings.path, brief_path, fidelity, record_id FROM captures, readings
            WHERE captures.id > 100000 AND capture_id = ({second})""",
        """INSERT INTO revisions (brief_id, capture_id, field, old, new, seen_at)
            SELECT brief_id, captures.id, field, old, new, captured_at FROM captures, revisions
            JOIN briefs ON briefs.id = brief_id
            WHERE captures.id > 100000 AND briefs.path = captures.path""",
    )


def _moving() -> list[tuple[Brief, str | None]]:
    first = make_brief(
        MOVING,
        title="Moving “Goods”",
        domain="Environment",
        authors=(Author("Ada Fenn", role="Intern"), Author("Ed Gone")),
        resources=(
            Resource("Act", "Old Place", "https://old.example/", "Once.", "Old Place - Once."),
            Resource("Act", "Learn more", "https://one.example/", None, "Learn more"),
            Resource("Act", "Learn more", "https://two.example/", None, "Learn more"),
        ),
        body_html="<p>The pact was <em>signed</em>.</p><h2>Analysis</h2><p>It may hold.</p>",
        url=SITE + MOVING + "?old",
        modified="2021-02-03T00:00:00Z",
    )
    second = replace(first, title='Moving "Goods"', url=SITE + MOVING, modified=None)
    third = replace(
        second,
        authors=(Author("Ada Fenn", role="Editor"),),
        resources=(Resource("Act", "New Place", None, None, "New Place"),),
        body="All is new. Write to ada.fenn@mail.example",
        sections=(Section(None, "All is new. Write to ada.fenn@mail.example"),),
        body_html=None,
    )
    return [(first, "2021-03-01T00:00:00Z"), (second, "2021-04-01T00:00:00Z"), (third, "2021-05-01T00:00:00Z")]


def _captures(folder: Path, path: str) -> tuple[int, list[int]]:
    (number,) = read_rows(folder, "SELECT id FROM briefs WHERE path = ?", path)[0]
    sql = "SELECT capture_id FROM readings JOIN captures ON id = capture_id WHERE brief_path = ? ORDER BY captured_at"
    return int(number), [int(capture) for (capture,) in read_rows(folder, sql, path)]


@cache
def _page(folder: Path, path: str, turn: int | None = None) -> Any:  # noqa: ANN401 - lxml's elements are not typed
    number, captures = _captures(folder, path)
    asked = "" if turn is None else f"?version={captures[turn]}"
    (answer,) = answers(folder / "archive.db", f"/archive/briefs/{number}{asked}")
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


def _words(page: Any, path: str) -> str:  # noqa: ANN401
    return " ".join(" ".join(each.text_content() for each in page.xpath(path)).split())


@given(TEXTS, TEXTS)
def test_the_pieces_are_both_texts(old: str, new: str) -> None:
    pieces = diff_texts(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "del") == new
    assert all(piece.text for piece in pieces)
    assert all(each.kind != other.kind for each, other in pairwise(pieces))


@given(WORDS)
def test_what_is_alike_is_not_marked(text: str) -> None:
    assert {piece.kind for piece in diff_texts(text, text)} <= {"same"}


def test_a_changed_word_alone_is_marked() -> None:
    pieces = diff_texts("One. The pact may hold for years. Three.", "One. The pact did hold for years. Three.")
    assert [piece for piece in pieces if piece.kind != "same"] == [Piece("del", " may"), Piece("ins", " did")]


def test_scattered_changes_of_a_long_text_are_marked_one_by_one() -> None:
    old = "\n\n".join(" ".join(f"Word {n} of {part}." for n in range(60)) for part in range(40))
    pieces = diff_texts(old, old.replace("Word 7 of", "Thing 7 of").replace("Word 31 of", "Thing 31 of"))
    assert [piece.text.strip() for piece in pieces if piece.kind == "ins"] == ["Thing"] * 80


@pytest.mark.parametrize("unit", ["a ", "a.\n\n", "a", "\n", ". "])
def test_huge_texts_that_differ_everywhere_are_told_apart_as_wholes(unit: str) -> None:
    old, new = unit * 300_000, f"b{unit}" * 200_000
    pieces = diff_texts(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "del") == new
    assert len(pieces) < 10


def test_long_runs_that_stayed_are_left_out() -> None:
    words = "word " * 1000
    result = shorten_unchanged(diff_texts(f"{words}old {words}", f"{words}new {words}"))
    assert [piece.kind for piece in result] == ["skip", "same", "del", "ins", "same", "skip"]
    assert sum(len(piece.text) for piece in result) < 1000
    assert int(result[0].text.split()[0]) > 900


def test_each_capture_tells_what_it_changed(folder: Path) -> None:
    items = _page(folder, VERSIONED).xpath("//ol[@class='room-captures']/li")
    first, second, third = (_words(item, ".") for item in items)
    assert first.startswith("1 May 2021, 00:00 UTC")
    assert "First seen." in first
    assert "title substance: The Harbor Harbour Levy" in second
    assert "body substance" in third
    assert items[1].xpath(".//del/text() | .//ins/text()") == [" Harbor", " Harbour"]
    assert items[2].xpath(".//del/text() | .//ins/text()") == ["Nobody objects.", "The owners object."]
    assert MEMENTO.replace("id_", "") in items[1].xpath(".//a/@href")


def test_dress_and_substance_are_told_apart(folder: Path) -> None:
    page = _page(folder, MOVING)
    marks = {
        _words(each, "./strong"): _words(each, "./span[1]") for each in page.xpath("//ul[@class='room-changes']/li")
    }
    assert marks == {"title": "formatting only", **dict.fromkeys(("authors", "body", "resources"), "substance")}


def test_the_brief_as_of_its_first_capture(folder: Path) -> None:
    page = _page(folder, MOVING, 0)
    assert "as of 1 March 2021, 00:00 UTC" in _words(page, "//*[@class='room-banner']")
    number, captures = _captures(folder, MOVING)
    assert page.xpath("//*[@class='room-banner']//a/@href") == [f"http://localhost/archive/briefs/{number}"]
    assert _words(page, "//h1") == "Moving “Goods”"
    assert _words(page, "//ul[@class='room-byline']") == "Ada Fenn, Intern Ed Gone"
    assert page.xpath("//*[@class='room-prose']//h2/text()") == ["Analysis"]
    assert page.xpath("//*[@class='room-prose']//em/text()") == ["signed"]
    assert _words(page, "//section[@class='room-resources']//li").startswith("Old Place: Once.")
    assert "3 February 2021" in _words(page, "//dl[@class='room-facts']")
    assert page.xpath("//link[@rel='canonical']/@href") == [
        f"http://localhost/archive/briefs/{number}?version={captures[0]}"
    ]
    assert "room-evidence" not in html.tostring(page).decode()  # that is today's


def test_resources_of_one_text_lead_where_they_led(folder: Path) -> None:
    links = _page(folder, MOVING, 0).xpath("//section[@class='room-resources']//li/a/@href")
    assert links == ["https://old.example/", "https://one.example/", "https://two.example/"]


def test_only_today_s_row_is_offered_as_data(folder: Path) -> None:
    row = "//*[@class='room-source']//a[text()='JSON']/@href"
    number, _ = _captures(folder, VERSIONED)
    assert _page(folder, VERSIONED).xpath(row) == [f"/archive/briefs/{number}.json"]
    assert (
        _page(folder, VERSIONED, 0).xpath("//a[contains(@href, '.json?version') and not(contains(@href, 'cite'))]")
        == []
    )
    assert _page(folder, VERSIONED, 0).xpath(row) == []


def test_where_no_change_was_seen_it_says_of_what(tmp_path: Path) -> None:
    with open_archive(tmp_path) as there:
        for role, at in (("Intern", "2021-06-01T12:00:00Z"), ("Editor", "2022-06-01T12:00:00Z")):
            ingest_capture(there, *make_page(make_brief(authors=(Author("Ada Fenn", role=role),)), at))
    (answer,) = answers(tmp_path / "archive.db", "/archive/briefs/1")
    result = _words(html.fromstring(answer.text), "//section[@aria-labelledby='versions']/p")
    assert "2 captures show this brief; none of them shows a change." in result
    assert "leaves out the roles of authors and the targets of links and resources" in result


def test_the_brief_as_of_a_capture_in_between(folder: Path) -> None:
    page = _page(folder, VERSIONED, 1)
    assert _words(page, "//h1") == "The Harbour Levy"
    assert "Nobody objects" in _words(page, "//*[@class='room-prose']")
    assert "The owners object" in _words(_page(folder, VERSIONED, 2), "//*[@class='room-prose']")


def test_addresses_are_blotted_out_in_versions_too(folder: Path) -> None:
    for turn in (None, 0, 1, 2):
        shown_page = html.tostring(_page(folder, MOVING, turn)).decode()
        assert "mail.example" not in shown_page
    assert _words(_page(folder, MOVING, 2), "//*[@class='room-prose']") == "All is new. Write to [e-mail left out]"


@pytest.mark.parametrize("version", ["1", "0", "-1", "x", "999999999999999999999999", "1%27--", "%00"])
def test_no_other_version_is_shown(folder: Path, version: str) -> None:
    number, _ = _captures(folder, VERSIONED)
    (answer,) = answers(folder / "archive.db", f"/archive/briefs/{number}?version={version}")
    assert answer.status_code == 404
    assert f"Brief {number} has no version" in answer.text


def test_four_hundred_versions_fit_on_a_page(folder: Path) -> None:
    page = _page(folder, MANY)
    assert "400 captures show this brief" in _words(page, "//section[@aria-labelledby='versions']")
    items = page.xpath("//ol[@class='room-captures']/li")
    assert len(items) == 400
    assert len(html.tostring(page)) < 600_000
    result = [item for item in items if item.xpath(".//*[@class='room-marked']//ins") and "body" in _words(item, ".")]
    assert result  # the newest are told word by word, the others on their own pages
    others = page.xpath("//ul[@class='room-changes']//a/@href")
    assert len(others) > 300
    number, _ = _captures(folder, MANY)
    (answer,) = answers(folder / "archive.db", f"/archive/briefs/{number}{others[0].partition('#')[0]}")
    own: Any = html.fromstring(answer.text)
    assert own.xpath("//li[@aria-current]//ins")
