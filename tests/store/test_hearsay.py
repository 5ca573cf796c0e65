"""What the site itself showed is not overruled by a saved file that says to be newer; the file is told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import get_args

import pytest

from pipelines.captures.origins import HEARSAY
from pipelines.maintenance.verify import verify_archive
from scraper.records import Capture, Source
from tests.support.histories import FOREST, HTML, NEW, RIVER, Post
from tests.support.specimens import PATH, ingest_capture, make_brief, make_page, make_settings, open_archive, read_rows

pytestmark = pytest.mark.services

LIVE, LATER, LATEST = "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z"
TOLD = f"A saved file of {LATER} shows what the site did not show {LIVE}."
_SHOWN = "SELECT title, captured_at FROM briefs JOIN captures ON captures.id = capture_id"
_STATE = "SELECT path, status, missing_since FROM pages WHERE path = ?"
_PLACE = "SELECT path FROM briefs WHERE wp_id = 41"
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


_A = Post(RIVER, 41, "The river's pact")
_MOVED = Post("/2021/05/06/elsewhere/", 41, "Elsewhere")


def _show(post: Post, at: str, source: Source) -> Capture:
    return Capture(post.html(), NEW + post.path, at, source, 200, (), HTML)


def _deny(at: str, source: Source, status: int, to: str = "") -> Capture:
    headers = (("Location", NEW + to),) if to else ()
    return Capture(b"", NEW + RIVER, at, source, status, headers, HTML)


@pytest.mark.parametrize(
    ("source", "status", "to"),
    [("file", 404, ""), ("wayback", 410, ""), ("wayback", 301, "/"), ("file", 301, FOREST), ("file", 301, _MOVED.path)],
)
def test_a_file_neither_removes_nor_moves_what_the_site_shows(
    tmp_path: Path, source: Source, status: int, to: str
) -> None:
    elsewhere = [_show(_MOVED, LATER, source), _show(Post(FOREST, 99, "The forest law"), LIVE, "live")]
    captures = [_show(_A, LIVE, "live"), *elsewhere, _deny(LATER, source, status, to)]
    for number, order in enumerate((captures, captures[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        with open_archive(folder, batch=9) as opened:
            for capture in order:
                ingest_capture(opened, capture)
        assert read_rows(folder, _STATE, RIVER) == [(RIVER, "live", None)]
        assert (RIVER,) in read_rows(folder, _PLACE)
        assert read_rows(folder, "SELECT path FROM problems WHERE kind = 'hearsay'") == [(RIVER,)]
        with open_archive(folder) as opened:
            ingest_capture(opened, _deny(LATEST, "live", 404))  # now the site says so itself
        assert [status for _, status, _ in read_rows(folder, _STATE, RIVER)] == ["missing"]
    assert verify_archive(make_settings(folder)).damage == ()


def test_where_the_site_showed_nothing_a_file_may_say_that_a_post_is_gone(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, _show(_A, LIVE, "file"))
        ingest_capture(opened, _deny(LATER, "file", 404))
    assert read_rows(tmp_path, _STATE, RIVER) == [(RIVER, "missing", LATER)]


@pytest.mark.parametrize("denial", [False, True])
def test_a_saved_copy_counts_once_a_web_archive_has_it_too(tmp_path: Path, denial: bool) -> None:
    saved = _deny(LATER, "wayback", 301, "/") if denial else _show(replace(_A, title="Edited"), LATER, "wayback")
    fetched = replace(saved, memento=f"https://web.archive.org/web/20240301000000/{NEW}{RIVER}")
    states = []
    for number, order in enumerate(((saved, fetched), (fetched, saved))):
        folder = tmp_path / str(number)
        folder.mkdir()
        for capture in (_show(_A, LIVE, "live"), *order):
            with open_archive(folder) as opened:
                ingest_capture(opened, capture)
        shown = read_rows(folder, "SELECT title FROM briefs"), read_rows(folder, _STATE, RIVER)
        states.append((*shown, read_rows(folder, "SELECT kind, message FROM problems ORDER BY 1, 2")))
        assert verify_archive(make_settings(folder)).damage == ()
    assert states[0] == states[1]
    assert states[0][:2] == (
        ([(_A.title,)], [(RIVER, "missing", LATER)]) if denial else ([("Edited",)], [(RIVER, "live", None)])
    )


_LONG = "The council of the town has asked for a second lamp at the harbour, and nobody has answered. "
_STRANGER = Post(RIVER, 77, "A stranger's words", said=_LONG * 20)


@pytest.mark.parametrize(
    ("source", "at"), [("file", "2019-01-01T00:00:00Z"), ("wayback", LATER), ("file", LATER), ("warc", LATER)]
)
def test_the_site_is_not_held_against_what_a_stranger_s_copy_shows(tmp_path: Path, source: Source, at: str) -> None:
    captures = [_show(_A, LIVE, "live"), _show(_STRANGER, at, source)]
    captures += [_show(replace(_A, said="It was signed in May."), LATEST, "live")] if at == LATER else []
    for number, order in enumerate((captures, captures[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        with open_archive(folder, batch=9) as opened:
            for capture in order:
                ingest_capture(opened, capture)
        assert read_rows(folder, "SELECT title, wp_id FROM briefs") == [(_A.title, 41)]
        assert read_rows(folder, "SELECT message FROM problems WHERE kind = 'held'") == []


def test_a_stranger_s_reading_joins_no_two_posts_of_the_site(tmp_path: Path) -> None:
    forest = Post(FOREST, 99, "The forest law")
    with open_archive(tmp_path, batch=9) as opened:
        ingest_capture(opened, _show(_A, LIVE, "live"))
        ingest_capture(opened, _show(forest, LIVE, "live"))
        ingest_capture(opened, _deny(LATER, "warc", 301, FOREST))
        ingest_capture(opened, _show(replace(forest, number=41), "2018-01-01T00:00:00Z", "warc"))
        ingest_capture(opened, _show(replace(_A, number=99), "2018-01-01T00:00:00Z", "warc"))
    assert read_rows(tmp_path, "SELECT path, title FROM briefs ORDER BY 1") == [
        (RIVER, _A.title),
        (FOREST, forest.title),
    ]


@pytest.mark.parametrize("source", get_args(Source))
@pytest.mark.parametrize("memento", [None, "https://web.archive.org/web/2024/x"])
def test_what_is_hearsay_is_so_in_sql_too(source: Source, memento: str | None) -> None:
    sql = f"SELECT {HEARSAY} FROM (SELECT ? AS source, ? AS memento) AS captures"
    with closing(sqlite3.connect(":memory:")) as db:
        (is_hearsay,) = db.execute(sql, (source, memento)).fetchone()
    assert bool(is_hearsay) == Capture(b"", None, None, source, memento=memento).is_hearsay
