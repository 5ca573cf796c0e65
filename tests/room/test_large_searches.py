"""A search that finds more than is counted: all is found, the filters stand without numbers, and the page says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from reading_room.search import search_page
from tests.support.room import answer, fill_room, open_room

_NOTE = re.compile(r"More than ([\d,]+) posts were found; so many are not counted")
_FOUND = re.compile(r"<h2>([\d,]+) posts? found")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("large"))


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(search_page, "_MOST_COUNTED", 2)
    yield 2


def _ask(folder: Path, *queries: str) -> list[str]:
    with open_room(folder / "archive.db") as (room, runner):
        return [runner.run(answer(room, f"/archive/search?{query}")).text for query in queries]


def _read_options(page: str, name: str) -> list[str]:
    choices = re.search(rf'<select id="room-{name}"(.*?)</select>', page, re.DOTALL)
    assert choices
    return re.findall(r'<option value="([^"]+)"', choices[1])


def test_all_is_found_and_nothing_is_counted(folder: Path, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    queries = ("q=the", "q=the&year=2021", "kind=brief&sort=oldest", "q=the&page=99", "q=switch")
    large = _ask(folder, *queries)
    monkeypatch.undo()
    for query, page, usual in zip(queries, large, _ask(folder, *queries), strict=True):
        found = _FOUND.findall(page) or re.findall(r"([\d,]+) posts found, but", page)
        assert found == (_FOUND.findall(usual) or re.findall(r"([\d,]+) posts found, but", usual)), query
        is_large = int(found[0].replace(",", "")) > few
        assert bool(re.search(r" \([\d,]+\)</option>", page)) is not is_large, query
        assert _NOTE.findall(page) == ([str(few)] if is_large and "page=99" not in query else []), query
        for name in ("domain", "year", "kind"):
            assert set(_read_options(page, name)) >= set(_read_options(usual, name)), (query, name)
            assert re.findall(r'<option value="([^"]+)" selected', page) == re.findall(
                r'<option value="([^"]+)" selected', usual
            )
