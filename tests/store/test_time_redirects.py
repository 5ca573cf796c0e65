"""Paths that move by redirect, hosts that are renamed: one brief."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from pipelines.extract import extract
from scraper.records import Brief, Capture, Extraction, Outcome
from tests.support.specimens import (
    PATH,
    SITE,
    ingest_capture,
    make_brief,
    make_capture,
    make_extraction,
    make_page,
    make_reading,
    open_archive,
    read_all,
    read_rows,
)

pytestmark = pytest.mark.services

NEW = "/2020/03/05/the-river-pact/"
NEWEST = "/2020/03/05/the-river-pact-again/"
_REDIRECTS = "SELECT path, target, permanent, first_seen, last_seen FROM redirects ORDER BY path, target"
_REVISIONS = "SELECT field, old, new, seen_at FROM revisions ORDER BY seen_at, field"


def _at(year: int) -> str:
    return f"{year}-01-01T00:00:00Z"


def _move(path: str, location: str, year: int, status: int = 301) -> tuple[Capture, Extraction]:
    page = replace(make_capture(b"moved", _at(year), path=path, status=status), headers=(("Location", location),))
    return page, extract(page)


def _see(path: str, outcome: Outcome, year: int) -> tuple[Capture, Extraction]:
    status = 404 if outcome == "missing" else 200
    page = make_capture(f"{outcome} {year}".encode(), _at(year), path=path, status=status)
    return page, make_extraction(at=_at(year), path=path, outcome=outcome)


def _list_post(path: str, brief: Brief, year: int) -> tuple[Capture, Extraction]:
    result = make_extraction(make_reading(brief, fidelity=2), at=_at(year), path=path, outcome="feed")
    return make_capture(b"a feed", _at(year), path=path), result


def _story() -> list[tuple[Capture, Extraction]]:
    """A post at one address, moved, read at the next."""
    return [
        make_page(make_brief(wp_id=41), _at(2020)),
        _move(PATH, NEW, 2021),
        make_page(make_brief(NEW, wp_id=41, title="The Pact"), _at(2022)),
    ]


def test_a_moved_post_is_one_brief_with_its_old_id(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for page, result in _story():
            ingest_capture(opened, page, result)
        assert [item.path for item in opened.list_posts()] == [NEW]
        assert opened.list_waiting_addresses() == []
    assert read_rows(tmp_path, "SELECT id, path, title FROM briefs") == [(1, NEW, "The Pact")]
    assert read_rows(tmp_path, _REVISIONS) == [
        ("path", PATH, NEW, _at(2022)),
        ("title", "The River Pact", "The Pact", _at(2022)),
    ]
    assert read_rows(tmp_path, _REDIRECTS) == [(PATH, NEW, 1, _at(2021), _at(2021))]
    assert read_rows(tmp_path, "SELECT event, detail FROM page_events WHERE path = ? ORDER BY rowid", PATH) == [
        ("seen", None),
        ("redirected", NEW),
    ]


_COMPARED = (
    "SELECT path, title, wp_id FROM briefs ORDER BY path",
    "SELECT path, field, old, new, seen_at FROM revisions JOIN briefs ON briefs.id = brief_id ORDER BY 1, 5, 2",
    "SELECT path, field, value, until FROM past_values JOIN briefs ON briefs.id = brief_id ORDER BY 1, 2, 4",
    "SELECT path, field, value FROM evidence JOIN briefs ON briefs.id = brief_id ORDER BY 1, position",
    _REDIRECTS,
    "SELECT * FROM pages ORDER BY path",
    "SELECT path, at, event, detail FROM page_events ORDER BY path, at",
    "SELECT path, brief_path, fidelity FROM readings ORDER BY path, brief_path",
)


def _store_captures(folder: Path, captures: list[tuple[Capture, Extraction]]) -> list[list[tuple[Any, ...]]]:
    folder.mkdir()
    with open_archive(folder) as opened:
        for page, result in captures:
            ingest_capture(opened, page, result)
        opened.commit()
        opened.db.execute("INSERT INTO briefs_fts (briefs_fts, rank) VALUES ('integrity-check', 1)")
    return read_all(folder, *_COMPARED)


_LONG_STORY = [
    *_story(),
    _move(NEW, NEWEST, 2023),
    make_page(make_brief(NEWEST, wp_id=41, title="The Pact"), _at(2024)),
]


def _list_orders(captures: list[Any]) -> list[tuple[Any, ...]]:
    """All orders of up to four captures; of more every seventh, in which any two follow each other."""
    return list(permutations(captures))[:: 7 if len(captures) > 4 else 1]


_STORIES = {
    "moved": _story(),
    "moved twice": _LONG_STORY,
    "told by title and day": [
        make_page(make_brief(), _at(2020)),
        _move(PATH, SITE + NEW, 2021, 308),
        make_page(make_brief(NEW), _at(2022)),
    ],
    "moved and back": [*_story(), _move(NEW, PATH, 2023), make_page(make_brief(wp_id=41), _at(2024))],
    "by number": [
        *_story(),
        make_page(make_brief("/?p=41", wp_id=41, posted_by="desk", url=None), _at(2019), fidelity=2),
    ],
    "a circle": [*_story(), _move(NEW, PATH, 2023)],
    "in two steps to where nothing ever was": [
        *(_move(PATH, NEW, 2021), _move(NEW, NEWEST, 2020, 302), _see(NEWEST, "missing", 2023)),
    ],
    "to a page that leads on, and is there again": [
        *(_move(PATH, NEW, 2022), _move(NEW, NEWEST, 2020), _see(NEWEST, "missing", 2021), _see(NEW, "listing", 2023)),
    ],
    "to a list of other posts that leads on, and is there again": [
        _move(PATH, NEW, 2022),
        _move(NEW, NEWEST, 2020),
        _see(NEWEST, "missing", 2021),
        _list_post(NEW, make_brief("/2020/04/04/other/"), 2023),
    ],
    "a circle of what is missing": [
        *(_move(PATH, NEW, 2020), _see(PATH, "missing", 2022), _move(NEW, PATH, 2021), _move(NEWEST, PATH, 2023)),
    ],
}


@pytest.mark.parametrize("story", _STORIES)
def test_any_order_tells_the_same_story(tmp_path: Path, story: str) -> None:
    captures = _STORIES[story]
    expected = _store_captures(tmp_path / "in order", captures)
    for number, order in enumerate(_list_orders(captures)):
        assert _store_captures(tmp_path / str(number), list(order)) == expected


@pytest.mark.parametrize(
    ("story", "paths"),
    [
        ("moved", [NEW]),
        ("moved twice", [NEWEST]),
        ("told by title and day", [NEW]),
        ("moved and back", [PATH]),
        ("by number", [NEW]),
    ],
)
def test_of_each_story_one_brief_is_left(tmp_path: Path, story: str, paths: list[str]) -> None:
    assert [row[0] for row in _store_captures(tmp_path / "told", _STORIES[story])[0]] == paths


@pytest.mark.parametrize(
    ("status", "there"), [(302, make_brief(NEW)), (301, make_brief(NEW, title="Another", published="2022-01-01"))]
)
def test_other_redirects_leave_two_briefs(tmp_path: Path, status: int, there: Brief) -> None:
    with open_archive(tmp_path) as opened:
        for page, result in (
            make_page(make_brief(), _at(2020)),
            _move(PATH, NEW, 2021, status),
            make_page(there, _at(2022)),
        ):
            ingest_capture(opened, page, result)
    assert read_rows(tmp_path, "SELECT path FROM briefs ORDER BY path") == [(PATH,), (NEW,)]
    assert [row[2] for row in read_rows(tmp_path, _REDIRECTS)] == [int(status == 301)]


@pytest.mark.parametrize("location", ["https://www.usrenewnews.org" + PATH, "https://buy.example/", "http://[", ""])
def test_hosts_and_strangers_are_no_new_paths(tmp_path: Path, location: str) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(), _at(2020)))
        ingest_capture(opened, *_move(PATH, location, 2021))
    assert read_rows(tmp_path, _REDIRECTS) == []
    assert read_rows(tmp_path, "SELECT path FROM pages") == [(PATH,)]


def test_the_same_path_on_either_host_is_one_brief_without_versions(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for year in range(2018, 2026):
            host = ("https://www.usresistnews.org", "https://usrenewnews.org")[year % 2]
            page, result = make_page(make_brief(url=host + PATH), _at(year))
            ingest_capture(opened, replace(page, url=host + PATH), replace(result, url=host + PATH))
    assert read_rows(tmp_path, "SELECT path, url FROM briefs") == [(PATH, f"https://usrenewnews.org{PATH}")]
    assert read_rows(tmp_path, "SELECT * FROM revisions UNION ALL SELECT * FROM past_values, (SELECT 1, 2, 3)") == []


_ELSEWHERE = "/2020/04/01/another-matter/"
_REMOVALS = {
    "home": "/",
    "home on the other host": "https://www.usrenewnews.org/",
    "a domain page": "/category/environment/",
    "a search": "/?s=river+pact",
    "an attachment": f"{PATH}river-photo/",
    "an attachment by number": "/?attachment_id=77",
    "a file": "/wp-content/uploads/2020/03/pact.jpg",
    "another post": _ELSEWHERE,
}


@pytest.mark.parametrize("status", [301, 302, 307])
@pytest.mark.parametrize("way", _REMOVALS)
def test_a_post_whose_address_leads_elsewhere_is_missing(tmp_path: Path, way: str, status: int) -> None:
    captures = [
        make_page(make_brief(wp_id=41), _at(2020)),
        make_page(make_brief(_ELSEWHERE, wp_id=52, title="Another Matter", published="2020-04-01"), _at(2020)),
        _move(PATH, _REMOVALS[way], 2022, status),
    ]
    is_tried_in_all = status == 301 and way in ("home", "another post")
    orders = _list_orders(captures) if is_tried_in_all else (captures, captures[::-1])
    for number, order in enumerate(orders):
        folder = tmp_path / str(number)
        _store_captures(folder, list(order))
        assert read_rows(folder, "SELECT status, missing_since FROM pages WHERE path = ?", PATH) == [
            ("missing", _at(2022))
        ]
        assert read_rows(folder, "SELECT title FROM briefs WHERE path = ?", PATH) == [("The River Pact",)]
        with open_archive(folder) as opened:
            assert PATH in {post.path for post in opened.list_posts()}


@pytest.mark.parametrize(
    "target", [NEW, "/blog/river-pact/", "/river-pact/", "/wp-login.php?redirect_to=x", PATH + "amp/", "/?p=41"]
)
def test_a_move_and_a_login_are_no_removal(tmp_path: Path, target: str) -> None:
    captures = [make_page(make_brief(wp_id=41), _at(2020)), _move(PATH, target, 2022)]
    captures += [make_page(make_brief(NEW, wp_id=41, title="The Pact"), _at(2023))] if target == NEW else []
    for number, order in enumerate(_list_orders(captures)):
        _store_captures(tmp_path / str(number), list(order))
        assert read_rows(tmp_path / str(number), "SELECT status FROM pages WHERE path = ?", PATH) == [("live",)]


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("/", "missing"),
        ("/category/x/", "missing"),
        ("/wp-login.php", "live"),
        ("/river-pact/?c=1", "live"),
        (NEW, "live"),
    ],
)
def test_a_removed_post_may_lead_away_in_two_steps(tmp_path: Path, end: str, status: str) -> None:
    """The first keeps the slug, as a move would."""
    captures = [
        make_page(make_brief(wp_id=41), _at(2020)),
        _move(PATH, f"{SITE}/river-pact/", 2022),
        _move("/river-pact/", SITE + end, 2023, 302),
    ]
    for number, order in enumerate(_list_orders(captures)):
        _store_captures(tmp_path / str(number), list(order))
        assert read_rows(tmp_path / str(number), "SELECT status FROM pages WHERE path = ?", PATH) == [(status,)]


@pytest.mark.parametrize(("status", "expected"), [(404, "missing"), (410, "missing"), (500, "live"), (200, "live")])
def test_a_post_whose_address_leads_to_one_that_was_never_there_is_missing(
    tmp_path: Path, status: int, expected: str
) -> None:
    trashed = PATH[:-1] + "__trashed/"
    answer = make_capture(b"no page", _at(2022), path=trashed, status=status)
    captures = [make_page(make_brief(), _at(2020)), _move(PATH, SITE + trashed, 2022), (answer, extract(answer))]
    for number, order in enumerate(_list_orders(captures)):
        _store_captures(tmp_path / str(number), list(order))
        assert read_rows(tmp_path / str(number), "SELECT status FROM pages WHERE path = ?", PATH) == [(expected,)]
