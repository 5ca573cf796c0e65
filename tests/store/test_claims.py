"""A page speaks for another address only if it shows the post that is there, whatever came first."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from pipelines.maintenance.rebuild import rebuild_archive
from pipelines.maintenance.reextract import CaptureChoice, reextract_archive
from pipelines.maintenance.verify import verify_archive
from scraper.records import Capture
from tests.support.archive_history import dump_rows
from tests.support.archive_tables import compare_tables, read_tables
from tests.support.filled_archive import query_database
from tests.support.histories import FOREST, HTML, NEW, RIVER, Post
from tests.support.specimens import ingest_capture, make_settings, open_archive

A = Post(RIVER, 41, "The river's pact")
B = Post(FOREST, 99, "The forest law", said="What B says.")
EARLY, NOON, LATE = "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z"
_BRIEFS = "SELECT path, url, wp_id, title, published FROM briefs ORDER BY path"
_CLAIMS = "SELECT path, field FROM problems WHERE kind = 'claim' ORDER BY path"
_A = (RIVER, NEW + RIVER, 41, A.title, "2019-03-10")
_B = (FOREST, NEW + FOREST, 99, B.title, "2019-04-02")


def show(post: Post, at: str | None, path: str | None = None, *, names: str = "", how: str = "canonical") -> Capture:
    """The page of a post, which names another address as its own."""
    body = post.html(named=False)
    link = {
        "canonical": f'<link rel="canonical" href="{NEW}{names}"/>',
        "og": f'<meta property="og:url" content="{NEW}{names}"/>',
    }[how]
    body = body.replace(b"</head>", link.encode() + b"</head>") if names else body
    return Capture(body, None if path == "" else NEW + (path or post.path), at, "wayback", 200, (), HTML)


def lead(path: str, to: str) -> Capture:
    return Capture(b"", NEW + path, EARLY, "wayback", 301, (("Location", NEW + to),), HTML)


def ingest_all(folder: Path, captures: Sequence[Capture]) -> Path:
    folder.mkdir(exist_ok=True)
    with open_archive(folder, batch=50) as opened:
        opened.begin_run("ingest", {})
        for capture in captures:
            ingest_capture(opened, capture)
        opened.finish_run("finished", {})
    return folder / "archive.db"


@pytest.mark.parametrize("how", ["canonical", "og"])
@pytest.mark.parametrize("at", [EARLY, LATE, None])
def test_another_post_keeps_its_own_path_and_both_are_told(tmp_path: Path, how: str, at: str | None) -> None:
    captures = [show(A, NOON), show(B, at, names=RIVER, how=how), show(A, EARLY, "/?p=41", names=RIVER)]
    dumps = []
    for number, order in enumerate(permutations(captures)):
        database = ingest_all(tmp_path / str(number), order)
        assert query_database(database, _BRIEFS) == [_A, _B]
        assert query_database(database, _CLAIMS) == [(RIVER, "path"), (FOREST, "url")]
        assert verify_archive(make_settings(tmp_path / str(number))).damage == ()
        dumps.append(read_tables(database))
    assert all(compare_tables(dumps[0], dump) == [] for dump in dumps)


@pytest.mark.parametrize(
    "page",
    [
        show(replace(B, number=41), LATE, names=RIVER),
        show(replace(B, title="The  River's PACT"), LATE, names=RIVER),
        show(replace(B, number=0), LATE, "/?p=41", names=RIVER),
        show(replace(A, title="Edited"), None, "", names=RIVER),
    ],
)
def test_the_same_post_under_another_address_speaks_for_it(tmp_path: Path, page: Capture) -> None:
    for number, order in enumerate(permutations([show(A, NOON), page])):
        database = ingest_all(tmp_path / str(number), order)
        assert query_database(database, "SELECT path FROM briefs") == [(RIVER,)]
        assert query_database(database, _CLAIMS) == []


def test_a_redirect_between_the_two_shows_that_they_are_one(tmp_path: Path) -> None:
    captures = [show(A, NOON), show(B, LATE, names=RIVER), lead(FOREST, RIVER)]
    for number, order in enumerate(permutations(captures)):
        database = ingest_all(tmp_path / str(number), order)
        assert query_database(database, "SELECT path, title FROM briefs") == [(RIVER, B.title)]
        assert query_database(database, _CLAIMS) == []


def test_where_nothing_else_is_known_the_page_is_believed_and_the_first_of_several(tmp_path: Path) -> None:
    database = ingest_all(tmp_path / "one", [show(B, LATE, "/?p=99", names=RIVER)])
    assert query_database(database, "SELECT path, title FROM briefs") == [(RIVER, B.title)]
    captures = [show(A, EARLY, "", names=RIVER), show(B, LATE, names=RIVER), show(B, None, "", names=RIVER)]
    for number, order in enumerate(permutations(captures)):
        database = ingest_all(tmp_path / str(number), order)
        paths = dict(query_database(database, "SELECT path, title FROM briefs"))
        assert (paths.pop(RIVER), paths.pop(FOREST)) == (A.title, B.title)
        assert [path.startswith("urn:sha256:") for path in paths] == [True]


def test_what_stays_apart_is_the_same_read_again_and_rebuilt(tmp_path: Path) -> None:
    captures = [
        show(A, NOON),
        show(B, LATE, names=RIVER),
        show(replace(B, said="Later."), "2023-01-01T00:00:00Z", names=RIVER),
    ]
    random.Random(1).shuffle(captures)
    database = ingest_all(tmp_path, captures)
    before = dump_rows(database, but=("records", "readings", "crawls"))
    with open_archive(tmp_path) as opened:
        opened.db.execute("UPDATE captures SET extractor = '0'")
    changes: list[object] = []
    reextract_archive(make_settings(tmp_path), CaptureChoice(), report=changes.append)
    assert changes == []
    after = dump_rows(database, but=("records", "readings", "crawls"))
    assert compare_tables(before, after) == []
    rebuild_archive(make_settings(tmp_path), into=str(tmp_path / "new.db"))
    assert compare_tables(after, dump_rows(tmp_path / "new.db", but=("records", "readings", "crawls"))) == []
