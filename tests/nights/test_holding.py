"""What is doubtful is held: it neither replaces good values nor is published, until a good night reads the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from pipelines.archive import SqliteArchive
from pipelines.briefs.held_readings import NIGHTS
from pipelines.briefs.verdicts import Verdicts
from pipelines.ingest import run_steps
from pipelines.maintenance.accept import accept_run
from pipelines.maintenance.rebuild import rebuild_archive
from pipelines.maintenance.snapshot import make_snapshot
from pipelines.maintenance.verify import verify_archive
from scraper.address import SITE_HOSTS
from scraper.archive import CaptureItem
from scraper.errors import BadInput
from scraper.records import Brief, Capture, Section
from tests.support.filled_archive import query_database
from tests.support.post_copies import SITE, TEXT
from tests.support.post_copies import make_page as render_post
from tests.support.specimens import PATH, ingest_capture, make_brief, make_page, make_settings, open_archive, read_rows

LONG = "The pact was signed by the river. " * 30
CUT = LONG[:250].strip()
OTHER_CUT = "The pact was " + LONG[30:250].strip()
TABLES = ("crawls", "captures", "checks", "readings", "briefs", "problems", "revisions", "past_values", "sections")


def make_version(body: str, path: str = PATH, title: str = "The River Pact") -> Brief:
    return make_brief(path, title=title, body=body, sections=(Section(None, body),))


@contextmanager
def run(folder: Path, day: int, verdict: str | None = None, unexplained: str = "") -> Iterator[SqliteArchive]:
    """A night of that day which ends with the verdict, and cannot explain what that page showed."""
    with open_archive(folder) as archive:
        archive.begin_run("briefs", {})
        assert archive.crawl_id
        Verdicts(archive.transaction).begin(archive.crawl_id)
        with archive.transaction.open_savepoint():
            started_at = f"2022-06-{day:02}T02:00:00Z"
            archive.db.execute("UPDATE crawls SET started_at = ? WHERE id = ?", (started_at, archive.crawl_id))
        yield archive
        with archive.transaction.open_savepoint():
            archive.readings.doubts.mark_unexplained(archive.crawl_id, [unexplained] if unexplained else [])
        Verdicts(archive.transaction).settle(archive.crawl_id, verdict)
        archive.finish_run("finished", {})


def read_night(folder: Path, day: int, *briefs: Brief, verdict: str | None = None, unexplained: str = "") -> None:
    with run(folder, day, verdict, unexplained) as archive:
        for brief in briefs:
            ingest_capture(archive, *make_page(brief, f"2022-06-{day:02}T02:05:00Z", source="live"))


def read_bodies(folder: Path) -> list[str]:
    return [body for (body,) in read_rows(folder, "SELECT body FROM briefs ORDER BY path")]


def read_held(folder: Path) -> list[str]:
    return [message for (message,) in read_rows(folder, "SELECT message FROM problems WHERE kind = 'held'")]


def test_a_text_that_shrank_is_held_and_told(tmp_path: Path) -> None:
    read_night(tmp_path, 1, make_version(LONG))
    read_night(tmp_path, 2, make_version(CUT))
    assert read_bodies(tmp_path) == [LONG]
    assert len(read_held(tmp_path)) == 1
    assert "briefs accept 2" in read_held(tmp_path)[0]
    assert read_rows(tmp_path, "SELECT count(*) FROM revisions") == [(0,)]
    assert not verify_archive(make_settings(tmp_path)).damage


@pytest.mark.parametrize(
    ("third", "shown", "held"),
    [
        (make_version(LONG + "More."), LONG + "More.", 0),  # the same bytes
        (make_version(LONG), LONG, 0),  # the fault is gone
        (make_version(LONG + "Thrice."), LONG + "Thrice.", 0),  # explained by an edit
    ],
)
def test_a_page_that_no_edit_explains_is_held_until_it_is_seen_again(
    tmp_path: Path, third: Brief, shown: str, held: int
) -> None:
    read_night(tmp_path, 1, make_version(LONG), make_version(LONG, "/2021/01/01/pact/"))
    read_night(
        tmp_path, 2, make_version(LONG + "More."), make_version(LONG + "New.", "/2021/01/01/pact/"), unexplained=PATH
    )
    assert read_bodies(tmp_path) == [LONG, LONG + "New."]
    assert "no list announced an edit" in read_held(tmp_path)[0]
    read_night(tmp_path, 3, third)
    assert read_bodies(tmp_path) == [shown, LONG + "New."]
    assert len(read_held(tmp_path)) == held
    assert not verify_archive(make_settings(tmp_path)).damage


def test_what_stays_unexplained_stays_held_and_no_longer_than_some_nights(tmp_path: Path) -> None:
    """A page that shows another text each night has no other way to be published."""
    read_night(tmp_path, 1, make_version(LONG))
    for day in range(2, 2 + NIGHTS):
        read_night(tmp_path, day, make_version(f"{LONG}Read {day} times."), unexplained=PATH)
        assert read_bodies(tmp_path) == [LONG]
    read_night(tmp_path, 20, make_version(f"{LONG}Read 20 times."), unexplained=PATH)
    assert read_bodies(tmp_path) == [f"{LONG}Read 20 times."]


def test_the_bytes_of_an_older_page_are_held_as_long_as_they_are_unexplained(tmp_path: Path) -> None:
    read_night(tmp_path, 1, make_version(LONG))
    for day in (2, 3, 4):
        read_night(tmp_path, day, make_version(LONG + "Old."), unexplained=PATH)
    assert read_bodies(tmp_path) == [LONG]
    accept_run(make_settings(tmp_path), 2)
    assert read_bodies(tmp_path) == [LONG + "Old."]


@pytest.mark.parametrize(("fidelity", "held"), [(2, 0), (3, 1)])
def test_a_doubtful_text_is_told_where_it_could_replace_what_counts(tmp_path: Path, fidelity: int, held: int) -> None:
    """A feed's weighs less than the page's: nobody has to look, and no night has to ask again."""
    read_night(tmp_path, 1, make_version(LONG))
    page, extraction = make_page(make_version(CUT), "2022-06-02T02:04:00Z", source="live")
    reading = replace(extraction.readings[0], fidelity=fidelity)
    with run(tmp_path, 2, "held") as archive:
        result = replace(extraction, path="/feed/", outcome="feed", readings=(reading,))
        ingest_capture(archive, replace(page, url=SITE + "/feed/"), result)
    assert len(read_held(tmp_path)) == held
    assert read_bodies(tmp_path) == [LONG]


@pytest.mark.parametrize("again", [make_version(CUT), make_version(CUT, title="Beside the River")])
def test_an_honest_edit_comes_in_when_it_is_read_again(tmp_path: Path, again: Brief) -> None:
    """By the same bytes, which are a check, and by other bytes with the same words."""
    read_night(tmp_path, 1, make_version(LONG))
    read_night(tmp_path, 2, make_version(CUT))
    read_night(tmp_path, 3, again)
    assert read_bodies(tmp_path) == [CUT]
    assert read_held(tmp_path) == []
    assert read_rows(tmp_path, "SELECT seen_at FROM revisions WHERE field = 'body'") == [("2022-06-02T02:05:00Z",)]


def test_a_cut_that_is_gone_the_next_night_never_was(tmp_path: Path) -> None:
    read_night(tmp_path, 1, make_version(LONG))
    read_night(tmp_path, 2, make_version(CUT))
    read_night(tmp_path, 3, make_version(OTHER_CUT))
    assert len(read_held(tmp_path)) == 2
    read_night(tmp_path, 4, make_version(LONG))
    assert (read_bodies(tmp_path), read_held(tmp_path)) == ([LONG], [])
    assert read_rows(tmp_path, "SELECT count(*) FROM revisions") == [(0,)]


@pytest.mark.parametrize(
    ("number", "title", "shown"), [(8, "Another post", 7), (7, "The River Pact, again", 7), (8, "The River Pact", 8)]
)
def test_a_page_with_title_and_number_of_another_post_is_held(
    tmp_path: Path, number: int, title: str, shown: int
) -> None:
    read_night(tmp_path, 1, replace(make_version(LONG), wp_id=7))
    read_night(tmp_path, 2, replace(make_version(LONG + "More.", title=title), wp_id=number))
    ((kept, body),) = read_rows(tmp_path, "SELECT wp_id, body FROM briefs")
    assert (kept, bool(read_held(tmp_path))) == (shown, body == LONG)


def test_a_doubtful_night_confirms_nothing(tmp_path: Path) -> None:
    read_night(tmp_path, 1, make_version(LONG))
    read_night(tmp_path, 2, make_version(CUT))
    read_night(tmp_path, 3, make_version(CUT), verdict="held")
    assert read_bodies(tmp_path) == [LONG]
    read_night(tmp_path, 4, make_version(CUT))
    assert read_bodies(tmp_path) == [CUT]


def test_a_doubtful_nights_values_and_posts_are_held(tmp_path: Path) -> None:
    new = make_version(LONG, "/2022/06/02/news/", "News")
    read_night(tmp_path, 1, make_version(LONG))
    read_night(tmp_path, 2, make_version(LONG, title="Menu"), new, verdict="held")
    assert read_rows(tmp_path, "SELECT title FROM briefs") == [("The River Pact",)]
    assert len(read_held(tmp_path)) == 2
    settings = make_settings(tmp_path)
    make_snapshot(settings)
    public = tmp_path / "public/archive.db"
    assert query_database(public, "SELECT DISTINCT title FROM readings") == [("The River Pact",)]
    assert query_database(public, "SELECT count(*) FROM records") == [(1,)]
    assert b"Menu" not in public.read_bytes()
    assert not verify_archive(settings).damage
    read_night(tmp_path, 3, make_version(LONG), new)
    assert read_rows(tmp_path, "SELECT title FROM briefs ORDER BY title") == [("News",), ("The River Pact",)]
    assert read_held(tmp_path) == []
    assert read_rows(tmp_path, "SELECT count(*) FROM revisions") == [(0,)]


def test_nothing_counts_while_a_night_runs_nor_after_it_was_killed(tmp_path: Path) -> None:
    read_night(tmp_path, 1, make_version(LONG))
    with open_archive(tmp_path) as archive:
        archive.begin_run("briefs", {})
        assert archive.crawl_id
        Verdicts(archive.transaction).begin(archive.crawl_id)
        ingest_capture(archive, *make_page(make_version(LONG, title="Menu"), "2022-06-02T02:05:00Z", source="live"))
    assert (read_rows(tmp_path, "SELECT title FROM briefs"), read_held(tmp_path)) == ([("The River Pact",)], [])
    with run(tmp_path, 3) as archive:
        (post,) = (post for post in archive.list_posts() if post.path == PATH)
        assert post.is_held
    assert len(read_held(tmp_path)) == 1


def test_a_person_accepts_a_run(tmp_path: Path) -> None:
    read_night(tmp_path, 1, make_version(LONG))
    read_night(tmp_path, 2, make_version(CUT, title="Menu"), verdict="held")
    settings = make_settings(tmp_path)
    with pytest.raises(BadInput, match="runs that do: 2"):
        accept_run(settings, 1)
    assert accept_run(settings, 2).pending == 0
    assert read_rows(tmp_path, "SELECT title, body FROM briefs") == [("Menu", CUT)]
    assert read_held(tmp_path) == []
    with pytest.raises(BadInput, match="no run does"):
        accept_run(settings, 2)


def test_a_rebuild_holds_the_same(tmp_path: Path) -> None:
    """From the pages' own bytes: a text that shrank, one that shrank and was seen again, and a doubtful night."""
    whole = TEXT + "<p>The lamp was lit again the winter after, and nobody said who had paid for it.</p>" * 12
    nights = [("lamp", whole, ""), ("lamp", TEXT, ""), ("lamp", whole.replace("lamp", "light"), "held")]
    nights += [("quay", whole, ""), ("quay", TEXT, ""), ("quay", TEXT, "")]
    for day, (slug, content, verdict) in enumerate(nights, 1):
        url = f"{SITE}/2021/02/09/{slug}/"
        page = Capture(
            render_post(content, canonical=url), url, f"2022-06-{day:02}T02:05:00Z", "live", 200, (), "text/html"
        )
        with run(tmp_path, day, verdict or None) as archive:
            run_steps(archive, CaptureItem(page, SITE_HOSTS))
    assert len(read_held(tmp_path)) == 2
    before = {table: query_database(tmp_path / "archive.db", f"SELECT * FROM {table}") for table in TABLES}
    assert [held for *_, held in before["readings"]] == [0, 1, 1, 0, 0]
    rebuild_archive(make_settings(tmp_path), replace=True)
    assert before == {table: query_database(tmp_path / "archive.db", f"SELECT * FROM {table}") for table in TABLES}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_arrival_does_not_matter(tmp_path: Path, order: tuple[int, ...]) -> None:
    """An old copy from a web archive may come before the night that it confirms, or after it."""
    copies = (
        make_page(make_version(LONG), "2022-05-01T00:00:00Z"),
        make_page(make_version(CUT), "2022-06-02T02:05:00Z", source="live"),
        make_page(make_version(CUT, title="Beside the River"), "2022-07-01T00:00:00Z", source="warc"),
    )
    with open_archive(tmp_path) as archive:
        for number in order:
            ingest_capture(archive, *copies[number])
    assert (read_bodies(tmp_path), read_held(tmp_path)) == ([CUT], [])
    rows = read_rows(tmp_path, "SELECT field, seen_at FROM revisions ORDER BY seen_at")
    assert rows == [("body", "2022-06-02T02:05:00Z"), ("title", "2022-07-01T00:00:00Z")]
