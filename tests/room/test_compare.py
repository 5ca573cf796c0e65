"""Comparisons: two versions or two briefs, word by word, at any length, and addresses that name neither."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from reading_room.pages.text_pairs import count_words, find_passage, pair_texts
from tests.support.room import HOSTILE, ODD, SCRIPT, SHARED, VERSIONED, answer, fill_room, open_room

Get = Callable[[str], Any]
_WORDS = " ".join(f"word{number}" for number in range(60))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("room")) / "archive.db"


@pytest.fixture(scope="module")
def ids(database: Path) -> dict[str, int]:
    with closing(sqlite3.connect(database)) as db:
        found = dict(db.execute("SELECT path, id FROM briefs"))
        captures = db.execute("SELECT id FROM captures WHERE path = ? ORDER BY captured_at", (VERSIONED,)).fetchall()
    return found | {f"version {place}": row[0] for place, row in enumerate(captures, 1)}


@pytest.fixture(scope="module")
def get(database: Path) -> Iterator[Get]:
    with open_room(database) as (room, runner):
        yield lambda path: runner.run(answer(room, path))


def parse(text: str) -> Any:  # noqa: ANN401 - lxml's stubs do not know what XPath gives
    return html.fromstring(text)


def _marks(text: str, tag: str) -> list[str]:
    return [
        mark.text_content() for mark in parse(text).xpath(f"//main//div[@class='room-pairs' or @role='region']//{tag}")
    ]


def test_two_versions_show_the_words_that_differ(get: Get, ids: dict[str, int]) -> None:
    brief = ids[VERSIONED]
    result = get(f"/compare?a={brief}@{ids['version 1']}&b={brief}@{ids['version 3']}")
    assert result.status_code == 200
    assert "Two versions compared" in result.text
    assert [text.split() for text in _marks(result.text, "del")] == [["Harbor"], ["Nobody", "objects."]]
    assert [text.split() for text in _marks(result.text, "ins")] == [["Harbour"], ["The", "owners", "object."]]
    same = get(f"/compare?a={brief}&b={brief}@{ids['version 3']}")
    assert "Both are the same, word for word." in same.text
    assert f"{brief}@{ids['version 1']}" in get(f"/archive/briefs/{brief}").text, "its page offers its versions"


@pytest.mark.parametrize("name", ["{0}", "/2022/05/05/two-hands/", "Technology Policy Brief #7", "two-hands"])
def test_any_name_of_a_brief_will_do(get: Get, ids: dict[str, int], name: str) -> None:
    result = get(f"/compare?a={ids[VERSIONED]}&b={name.format(ids[SHARED]).replace('#', '%23')}")
    assert result.status_code == 200
    assert "Two briefs compared" in result.text
    assert "Two Hands on the Switch" in "".join(_marks(result.text, "ins"))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("a=999999&b=1", "There is no brief 999999"),
        ("a=1@999999&b=1", "has no version 999999"),
        ("a=nothing-of-the-kind&b=1", "No brief is called"),
        ("a=nothing-of-the-kind", "No brief is called"),
        ("b=999999", "There is no brief 999999"),
        ("a=1&c=2", "knows no parameter “c”"),
        ("a=1&a=2&b=1", "given twice"),
        ("a=%00%1b&b=1", "No brief is called"),
        ("a=1&b=" + "9" * 40, "No brief is called"),
    ],
)
def test_a_side_that_is_none_is_told_in_a_line(get: Get, query: str, message: str) -> None:
    result = get(f"/compare?{query}")
    (line,) = parse(result.text).xpath("//p[@role='alert']")
    assert (result.status_code, message in line.text_content()) == (400, True)


def test_a_form_asks_where_a_side_is_missing(get: Get) -> None:
    for path in ("/compare", "/compare?a=1", "/compare?a=&b="):
        result = get(path)
        assert result.status_code == 200
        assert len(parse(result.text).xpath("//main//input[@name='a' or @name='b']")) == 2


def test_what_was_scraped_is_text(get: Get, ids: dict[str, int]) -> None:
    result = get(f"/compare?a={ids[HOSTILE]}&b={ids[VERSIONED]}")
    assert SCRIPT not in result.text
    assert any(ODD.split()[0] in text for text in _marks(result.text, "del"))


def test_paragraphs_stand_in_pairs() -> None:
    old, new = f"{_WORDS}\n\nA small levy.\n\nThe end.", f"{_WORDS}\n\nA large levy.\n\nThe end.\n\nMore."
    pairs = pair_texts(old, new)
    assert [pair.is_same for pair in pairs] == [True, False, True, False]
    assert count_words(pairs) == (1, 2)
    assert " ".join("".join(piece.text for piece in pair.old) for pair in pairs).split() == old.split()
    assert pair_texts("", "") == []
    assert count_words(pair_texts("The old text of one.", "Quite another sentence!")) == (5, 3), "no confetti"


def test_long_texts_are_cut_and_quick() -> None:
    old, new = "x" * 100_000, " ".join(f"y{number}" for number in range(40_000))
    pairs = pair_texts(old, new)
    assert sum(len(piece.text) for pair in pairs for piece in (*pair.old, *pair.new)) < 20_000
    assert pairs[-1].new[-1].kind == "skip"


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (
            f"{_WORDS} small levy.",
            f"{_WORDS} large levy.",
            [("same", "…"), ("del", "small"), ("ins", "large"), ("same", " levy.")],
        ),
        ("Title", "Title and more", [("del", "Title"), ("ins", "Title and more")]),
        ("", "new", [("ins", "new")]),
        ("gone", "", [("del", "gone")]),
        ("a b c", "a c", [("same", "a "), ("del", "b"), ("same", " c")]),
        ("a a a", "a a a a", None),
        (f"same {'o' * 900} end", f"same {'n' * 900} end", None),
    ],
)
def test_a_passage_begins_where_values_part(old: str, new: str, shown: list[tuple[str, str]] | None) -> None:
    pieces = find_passage(old, new)
    assert sum(len(piece.text) for piece in pieces) < 800
    if shown is None:
        assert any(piece.kind in ("ins", "del") for piece in pieces)
        return
    assert [piece.kind for piece in pieces] == [kind for kind, _ in shown]
    assert all(piece.text.strip().startswith(text.strip()) for piece, (_, text) in zip(pieces, shown, strict=True))
