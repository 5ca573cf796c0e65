"""An edit that REST or a feed announced is asked for until the page was read with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.archive import SqliteArchive
from pipelines.pages.edits import NIGHTS, report_lost_edits
from scraper.crawl.probe import is_read_well
from scraper.records import Brief, Evidence, FoundAddress
from tests.support.specimens import PATH, SITE, ingest_capture, make_brief, make_page, open_archive, read_rows

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
        for day in range(2, 2 + NIGHTS):
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
        for day in range(2, 2 + 2 * NIGHTS):
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
