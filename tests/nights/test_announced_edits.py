"""An edit that REST or a feed announced is asked for until the page was read with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.archive import SqliteArchive
from pipelines.briefs.announced_texts import compare_texts, note_edits
from pipelines.briefs.text_doubts import TextChange
from pipelines.pages.edits import ENOUGH_LOOKS, count_unread, report_lost_edits
from scraper.crawl.probe import is_read_well
from scraper.records import Brief, Evidence, FoundAddress, Resource
from tests.support.specimens import (
    PATH,
    SITE,
    ingest_capture,
    make_brief,
    make_capture,
    make_page,
    open_archive,
    read_rows,
)

EDIT = "2022-06-02T01:00:00Z"
LONG = "The pact was signed by the river. " * 30


def look(archive: SqliteArchive, day: int, brief: Brief) -> None:
    """The page at PATH shows this brief; the instant of its last change is stated by the page, if at all."""
    page, extraction = make_page(brief, f"2022-06-{day:02}T02:00:00Z", source="live")
    (reading,) = extraction.readings
    if brief.modified:
        stated = Evidence("modified", brief.modified, "specimen.modified", brief.modified, "stated", chosen=True)
        reading = replace(reading, evidence=(*reading.evidence, stated))
    extraction = replace(extraction, path=PATH, url=SITE + PATH, readings=(reading,))
    ingest_capture(archive, replace(page, url=SITE + PATH), extraction)


def announce(archive: SqliteArchive, finder: str = "rest") -> None:
    archive.add_found([FoundAddress(SITE + PATH, finder, EDIT.removesuffix("Z"))])


def find_unread(archive: SqliteArchive) -> str | None:
    return next(post.unread_edit for post in archive.list_posts() if post.path == PATH)


BEFORE = make_brief(body=LONG, sections=())
AFTER = make_brief(body=LONG + "It was signed twice.", sections=())
DATED = replace(BEFORE, modified="2022-05-30T00:00:00Z")


@pytest.mark.parametrize(
    ("before", "read", "is_read"),
    [
        (BEFORE, AFTER, True),
        (BEFORE, BEFORE, False),  # a cache that has not heard of the edit
        (DATED, replace(DATED, body=AFTER.body), False),  # it shows the edit before this one
        (DATED, replace(DATED, modified=EDIT), True),  # what changed is in no field of ours
        (BEFORE, replace(BEFORE, body=LONG[:99]), False),  # held
        (BEFORE, replace(BEFORE, path="/2020/03/05/another-pact/"), False),  # another post's page
    ],
)
@pytest.mark.parametrize("finder", ["rest", "feed"])
def test_it_is_asked_for_until_it_was_read(
    tmp_path: Path, before: Brief, read: Brief, is_read: bool, finder: str
) -> None:
    with open_archive(tmp_path) as archive:
        look(archive, 1, before)
        assert find_unread(archive) is None
        announce(archive, finder)
        assert find_unread(archive) == EDIT
        look(archive, 2, read)
        assert find_unread(archive) == (None if is_read else EDIT)


ADDED, OTHER = "It was signed twice. ", "Give to the bannerfund. "


@pytest.mark.parametrize(
    ("before", "page", "rest", "state"),
    [
        (LONG, LONG + ADDED, LONG + ADDED, "read"),
        (LONG, LONG, LONG, "read"),  # saved without a change
        (LONG, LONG, LONG + ADDED, "stale"),  # a cache
        (LONG + OTHER, LONG, LONG + ADDED, "stale"),  # the page changed otherwise: a banner is gone
        (LONG, LONG + OTHER, LONG + ADDED, "stale"),  # or there is a new one
        (LONG + OTHER, LONG + "As of last week.", LONG + ADDED, "stale"),  # or the cache is older
        (LONG + ADDED, LONG + ADDED, LONG, "stale"),  # an edit that was taken back
        (LONG + ADDED, LONG, LONG, "read"),
        (LONG, LONG + ADDED + OTHER, LONG + ADDED, "open"),  # it is there, and more
        (LONG, LONG + ADDED, LONG + ADDED + "Thrice it was.", "open"),  # the edit before the last
        (LONG, LONG[34:] + "Share this", LONG[34:], "open"),
        (LONG, LONG + "The river gives to the fund.", LONG + ADDED, "stale"),  # words that are in every text
    ],
)
def test_rest_says_whether_the_page_shows_the_edit(before: str, page: str, rest: str, state: str) -> None:
    assert compare_texts(*(make_brief(body=body, sections=()) for body in (before, page, rest))) == state


def test_words_of_resources_and_writers_are_part_of_the_edit() -> None:
    more = replace(BEFORE, resources=(Resource("Heading", "A fund", None, None, "A fund: new"),))
    assert compare_texts(BEFORE, BEFORE, more) == "stale"
    assert compare_texts(BEFORE, more, more) == "read"


@pytest.mark.parametrize(
    ("page", "rest", "is_read"), [(LONG + OTHER, AFTER.body, False), (LONG, LONG, True), (AFTER.body, AFTER.body, True)]
)
def test_a_change_of_another_kind_is_not_the_announced_edit(
    tmp_path: Path, page: str, rest: str, is_read: bool
) -> None:
    with open_archive(tmp_path) as archive:
        look(archive, 1, BEFORE)
        announce(archive)
        look(archive, 2, replace(BEFORE, body=page))
        change = TextChange(PATH, BEFORE, replace(BEFORE, body=page), is_announced=True)
        stale = note_edits(archive.db, [change], {PATH: replace(BEFORE, body=rest)})
        assert find_unread(archive) == (None if is_read else EDIT)
        assert stale == (set() if is_read else {PATH})
        look(archive, 3, AFTER)
        later = TextChange(PATH, BEFORE, AFTER, is_announced=True)
        assert not note_edits(archive.db, [later], {PATH: AFTER})
        assert find_unread(archive) is None


def test_an_edit_before_the_first_reading_is_in_it(tmp_path: Path) -> None:
    """However the page states the instant, as one whose clock is that of another zone."""
    with open_archive(tmp_path) as archive:
        announce(archive)
        assert find_unread(archive) == EDIT
        look(archive, 3, replace(DATED, modified="2022-06-01T21:00:00Z"))
        assert find_unread(archive) is None


def test_an_edit_that_no_page_shows_is_given_up_and_told(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        look(archive, 1, BEFORE)
        announce(archive)
        for day in range(2, 2 + ENOUGH_LOOKS):
            assert find_unread(archive) == EDIT
            look(archive, day, BEFORE)
        assert find_unread(archive) is None
        report_lost_edits(archive.db)
        report_lost_edits(archive.db)
    assert len(read_rows(tmp_path, "SELECT 1 FROM problems WHERE kind = 'edit' AND path = ?", PATH)) == 1


def test_an_empty_page_is_no_look(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        look(archive, 1, BEFORE)
        announce(archive)
        for day in range(2, 2 + 2 * ENOUGH_LOOKS):
            page, extraction = make_page(BEFORE, f"2022-06-{day:02}T02:00:00Z", source="live")
            empty = replace(extraction, outcome="unreadable", readings=())
            ingest_capture(archive, replace(page, body=b"%d" % day), empty)
        assert find_unread(archive) == EDIT


def test_a_page_that_names_another_post_is_not_read_well() -> None:
    brief = make_brief(body=LONG)
    _, extraction = make_page(brief)
    extraction = replace(extraction, readings=(replace(extraction.readings[0], evidence=()),))
    assert is_read_well(extraction)
    assert is_read_well(replace(extraction, path="/?p=7"))
    assert is_read_well(replace(extraction, path=PATH + "2/"))
    assert not is_read_well(replace(extraction, path="/2020/03/06/another-pact/"))


def test_an_edit_of_a_post_that_moved_waits_at_its_old_address_no_more(tmp_path: Path) -> None:
    """Its nights would all end with 4, though there is nothing to ask for."""
    there = "/2022/06/02/the-pact-moved/"
    with open_archive(tmp_path) as archive:
        look(archive, 1, BEFORE)
        announce(archive)
        assert count_unread(archive.db) == 1
        moved = make_capture(b"", "2022-06-02T02:00:00Z", source="live", status=301)
        moved = replace(moved, headers=(("Location", SITE + there),))
        ingest_capture(archive, moved)
        ingest_capture(archive, *make_page(replace(AFTER, path=there), "2022-06-02T02:00:00Z", source="live"))
        assert read_rows(tmp_path, "SELECT path FROM briefs") == [(there,)]
        assert count_unread(archive.db) == 0
