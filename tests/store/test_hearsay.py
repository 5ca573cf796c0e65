"""What the site itself showed is not overruled by a saved file that says to be newer; the file is told."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from scraper.records import Source
from tests.support.specimens import PATH, ingest_capture, make_brief, make_page, open_archive, read_rows

LIVE, LATER, LATEST = "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z"
TOLD = f"A saved file of {LATER} shows what the site did not show {LIVE}."
_SHOWN = "SELECT title, captured_at FROM briefs JOIN captures ON captures.id = capture_id"
_TOLD = "SELECT path, message FROM problems WHERE kind = 'unconfirmed'"


def ingest_titles(folder: Path, *pages: tuple[str, str, Source], memento: str | None = None) -> None:
    with open_archive(folder) as opened:
        for title, at, source in pages:
            page, read = make_page(make_brief(title=title), at, source=source)
            ingest_capture(opened, replace(page, memento=memento), read)


@pytest.mark.parametrize("source", ["file", "wayback"])
def test_a_file_does_not_overrule_the_site_and_is_told(tmp_path: Path, source: Source) -> None:
    pages: list[tuple[str, str, Source]] = [
        ("Of old", "2019-01-01T00:00:00Z", "wayback"),
        ("As shown", LIVE, "live"),
        ("As claimed", LATER, source),
    ]
    for number, order in enumerate(permutations(pages)):
        folder = tmp_path / str(number)
        folder.mkdir()
        ingest_titles(folder, *order)
        assert read_rows(folder, _SHOWN) == [("As shown", LIVE)]
        assert read_rows(folder, _TOLD) == [(PATH, TOLD)]
        assert read_rows(folder, "SELECT old, new FROM revisions") == [("Of old", "As shown")]
        ingest_titles(folder, ("As shown", LATEST, "live"))  # now the file lies between what the site showed
        assert read_rows(folder, _SHOWN) == [("As shown", LATEST)]
        assert read_rows(folder, _TOLD) == []


@pytest.mark.parametrize(
    ("source", "memento"), [("warc", None), ("commoncrawl", None), ("wayback", "https://x.example/")]
)
def test_records_of_the_site_s_answer_do(tmp_path: Path, source: Source, memento: str | None) -> None:
    ingest_titles(tmp_path, ("As shown", LIVE, "live"))
    ingest_titles(tmp_path, ("As recorded", LATER, source), memento=memento)
    assert read_rows(tmp_path, _SHOWN) == [("As recorded", LATER)]
    assert read_rows(tmp_path, _TOLD) == []


def test_a_file_that_says_the_same_is_not_told(tmp_path: Path) -> None:
    ingest_titles(tmp_path, ("As shown", LIVE, "live"), ("As shown", LATER, "file"))
    assert read_rows(tmp_path, _SHOWN) == [("As shown", LIVE)]
    assert read_rows(tmp_path, _TOLD) == []


def test_without_a_live_capture_the_newest_file_speaks(tmp_path: Path) -> None:
    ingest_titles(tmp_path, ("First", LIVE, "file"), ("Second", LATER, "file"))
    assert read_rows(tmp_path, _SHOWN) == [("Second", LATER)]
    assert read_rows(tmp_path, _TOLD) == []
