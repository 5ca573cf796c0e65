"""Parts of the store that few captures reach: bytes that are kept first, pages that changed back, losses in words."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.briefs.announced_texts import compare_texts
from pipelines.briefs.held_readings import NIGHTS
from pipelines.briefs.verdicts import Verdicts
from pipelines.captures.balance import Balance, Ledger
from pipelines.captures.damaged_records import replace_if_damaged
from pipelines.captures.earlier_readings import find_earlier_reading
from pipelines.captures.revisits import WaitingRevisits
from pipelines.keep import keep
from pipelines.store import store
from scraper.address import SITE_HOSTS
from scraper.archive import CaptureItem
from scraper.records import Capture
from scraper.sources.revisits import Revisit
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
    read_rows,
)
from tests.support.warc_writing import Warc

DAYS = [f"2022-06-0{day}T02:00:00Z" for day in range(1, 6)]


def test_the_first_step_keeps_the_bytes_of_what_is_new(tmp_path: Path) -> None:
    page, read = make_page(make_brief())
    with open_archive(tmp_path) as archive:
        fresh = CaptureItem(page, SITE_HOSTS, extraction=read)
        keep(archive, fresh)
        assert fresh.place
        assert read_rows(tmp_path, "SELECT 1 FROM captures") == []
        store(archive, fresh)
        known = CaptureItem(page, SITE_HOSTS, extraction=read, taken="new")
        keep(archive, known)
        assert known.place is None
    assert read_rows(tmp_path, "SELECT warc_offset, warc_length FROM captures") == [
        (fresh.place.offset, fresh.place.length)
    ]


def test_readings_may_come_after_the_capture_and_come_once(tmp_path: Path) -> None:
    page, read = make_page(make_brief(), source="live")
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, page, read, store_readings=False)
        archive.commit()
        assert read_rows(tmp_path, "SELECT 1 FROM readings") == []
        for _ in range(2):
            archive.add_readings(page, read)
    assert read_rows(tmp_path, "SELECT title FROM briefs") == [("The River Pact",)]
    assert read_rows(tmp_path, "SELECT count(*) FROM readings") == [(1,)]


def test_a_capture_whose_rows_cannot_be_written_has_its_row_and_a_problem(tmp_path: Path) -> None:
    page, _ = make_page(make_brief())
    with open_archive(tmp_path) as archive:
        odd = replace(make_extraction(make_reading(make_brief())), layout="\ud800")  # no text that SQLite can hold
        item = CaptureItem(page, SITE_HOSTS, extraction=odd)
        keep(archive, item)
        store(archive, item)
        assert item.taken == "new"
    assert read_rows(tmp_path, "SELECT path, outcome FROM captures") == [(PATH, "unreadable")]
    (message,) = [message for (message,) in read_rows(tmp_path, "SELECT message FROM problems WHERE kind = 'fault'")]
    assert message.startswith("The rows of this page could not be stored")


def _redirect(day: int, to: str) -> Capture:
    return replace(make_capture(b"", DAYS[day], source="live", status=301), headers=(("Location", to),))


def _page(day: int, title: str) -> Capture:
    return make_capture(f"<title>{title}</title>".encode(), DAYS[day], source="live")


@pytest.mark.parametrize("come_last", [1, 2, 3])
@pytest.mark.parametrize("make", [_page, _redirect])
def test_a_page_that_changed_back_is_a_capture_again_whenever_the_change_is_known(
    tmp_path: Path, make: object, come_last: int
) -> None:
    assert callable(make)
    captures = [make(day, SITE + path) for day, path in enumerate(("/a/", "/a/", "/b/", "/a/"))]
    late = captures.pop(come_last)
    with open_archive(tmp_path) as archive:
        for capture in (*captures, late):
            ingest_capture(archive, capture)
    rows = read_rows(tmp_path, "SELECT captured_at FROM captures ORDER BY 1")
    assert [at for (at,) in rows] == [DAYS[0], DAYS[2], DAYS[3]]
    assert read_rows(tmp_path, "SELECT checked_at FROM checks") == [(DAYS[1],)]


@pytest.mark.parametrize(
    ("lost", "words"), [(1, "/1"), (5, "/1, /2, /3, /4, /5"), (7, "/1, /2, /3, /4, /5 and 2 more")]
)
def test_a_line_names_five_losses_and_counts_the_rest(lost: int, words: str) -> None:
    ledger = Ledger()
    things = [object() for _ in range(lost + 1)]
    for number, thing in enumerate(things):
        ledger.add(thing, f"/{number}")
    ledger.settle(things[0])
    assert list(ledger.find_losses("never came")) == [f"{lost} of {lost + 1} never came: {words}"]


@pytest.mark.parametrize(
    ("url", "name", "called"), [(SITE, "a.har", SITE), (None, "a.har", "a.har"), (None, None, "urn:sha256:")]
)
def test_a_lost_capture_is_called_by_its_address_or_its_file(url: str | None, name: str | None, called: str) -> None:
    balance = Balance()
    capture = replace(make_capture(b"", path=PATH), url=url, name=name)
    balance.add(CaptureItem(capture, SITE_HOSTS))
    (line,) = balance._items.find_losses("was lost")
    assert called in line


@pytest.mark.parametrize("at", DAYS[:3])
def test_damaged_bytes_are_written_anew_with_the_instant_of_their_row(tmp_path: Path, at: str) -> None:
    page, _ = make_page(make_brief(), DAYS[1])
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, page)
    ((name, offset, length),) = read_rows(tmp_path, "SELECT warc_file, warc_offset, warc_length FROM captures")
    with (tmp_path / "warcs" / name).open("r+b") as file:
        file.seek(offset + length // 2)
        file.write(bytes(20))
    with open_archive(tmp_path) as archive:
        replace_if_damaged(archive.transaction, 1, replace(page, captured_at=at))
        assert archive.tally["mended"] == 1
        (newer,) = archive.db.execute("SELECT warc_file FROM captures").fetchone()
    assert newer != name
    records = (tmp_path / "warcs" / newer).read_bytes()
    assert f"WARC-Date: {DAYS[1]}".encode() in gzip.decompress(records)


def test_an_edit_of_the_title_alone_is_one() -> None:
    before, after = make_brief(), make_brief(title="The Forest Pact")
    assert compare_texts(before, after, after) == "read"
    assert compare_texts(before, before, after) == "stale"


def test_a_revisit_finds_its_original_by_any_of_its_names(tmp_path: Path) -> None:
    page, _ = make_page(make_brief(), DAYS[0])
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, page)
        waiting = WaitingRevisits(archive.transaction)
        for names in ((page.payload_sha1,), ("<urn:uuid:nobody>", page.payload_sha1), (f"{DAYS[0]} {page.url}",)):
            found = waiting.find_original(Revisit(SITE + PATH, DAYS[1], names, "warc", "a.warc"))
            assert found
            assert found.body == page.body
        for nobody in ((), ("<urn:uuid:nobody>",), (f"{DAYS[1]} {page.url}",), ("sha1:" + "A" * 32,)):
            assert waiting.find_original(Revisit(SITE + PATH, DAYS[1], nobody, "warc", "a.warc")) is None


@pytest.mark.parametrize(
    ("at", "name", "is_known"),
    [(DAYS[0], "a.warc", True), (DAYS[1], "a.warc", False), (DAYS[0], "b.warc", False), ("some day", "a.warc", False)],
)
def test_a_capture_out_of_a_file_is_known_by_all_that_the_file_says(
    tmp_path: Path, at: str, name: str, is_known: bool
) -> None:
    page = replace(make_capture(b"<title>A</title>", DAYS[0], source="warc"), name="a.warc")
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, page)
        found = find_earlier_reading(archive.db, replace(page, captured_at=at, name=name))
    assert bool(found) == is_known


@pytest.mark.parametrize("others", [0, 1])
def test_a_short_address_is_of_the_post_with_its_number_unless_two_have_it(tmp_path: Path, others: int) -> None:
    permalinks = [PATH, "/2021/07/08/other-pact/"][: others + 1]
    briefs = [make_brief(path, wp_id=7, published=f"202{n}-03-05") for n, path in enumerate(permalinks)]
    with open_archive(tmp_path) as archive:
        for brief in (*briefs, make_brief("/?p=7", wp_id=7, published=None)):
            ingest_capture(archive, *make_page(brief))
    found = [path for (path,) in read_rows(tmp_path, "SELECT path FROM briefs ORDER BY path")]
    assert found == sorted(permalinks + ["/?p=7"] * others)


def test_a_problem_of_a_whole_run_is_told_once(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        for kind in ("list", "list", "robots"):
            archive.add_problem(kind, "It could not be read.")
    assert read_rows(tmp_path, "SELECT kind FROM problems ORDER BY kind") == [("list",), ("robots",)]


@pytest.mark.parametrize(("nights", "is_held"), [(0, True), (NIGHTS - 1, True), (NIGHTS, False), (NIGHTS + 1, True)])
def test_a_page_that_changes_each_night_is_held_some_nights_and_then_let_in(
    tmp_path: Path, nights: int, is_held: bool
) -> None:
    held: list[str] = []
    for night in range(nights + 2):
        with open_archive(tmp_path) as archive:
            archive.begin_run("briefs", {})
            assert archive.crawl_id
            verdicts = Verdicts(archive.transaction)
            verdicts.begin(archive.crawl_id)
            page, read = make_page(make_brief(body=f"Night {night}."), f"2022-06-1{night}T02:00:00Z", source="live")
            ingest_capture(archive, page, read)
            held = archive.readings.doubts.mark_unexplained(archive.crawl_id, [PATH] if night else [])
            verdicts.settle(archive.crawl_id, None)
            archive.finish_run("finished", {})
    assert held == ([PATH] if is_held else [])


def test_sound_bytes_are_not_written_anew_and_readings_of_an_unknown_capture_are_none(tmp_path: Path) -> None:
    page, _ = make_page(make_brief(), DAYS[0])
    other, other_read = make_page(make_brief("/2020/04/05/other/"), DAYS[0])
    with open_archive(tmp_path) as archive:
        ingest_capture(archive, page)
        replace_if_damaged(archive.transaction, 1, page)
        assert archive.tally["mended"] == 0
        archive.add_readings(other, other_read)
    assert read_rows(tmp_path, "SELECT path FROM briefs") == [(PATH,)]
    assert read_rows(tmp_path, "SELECT count(*) FROM captures") == [(1,)]


@pytest.mark.parametrize("names", [("a.warc", "b.warc"), ("b.warc", "a.warc")])
def test_a_revisit_of_two_files_waits_once_under_the_first_of_their_names(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    record = b"".join(Warc().revisit(2, {"WARC-Refers-To-Target-URI": SITE + PATH}).pack_records("gzip per record"))
    with open_archive(tmp_path) as archive:
        waiting = WaitingRevisits(archive.transaction)
        for name in names:
            waiting.add(Revisit(SITE + PATH, DAYS[1], ("<urn:uuid:nobody>",), "warc", name, record=record))
        rows = archive.db.execute("SELECT name FROM revisits").fetchall()
        result = [message for (message,) in archive.db.execute("SELECT message FROM problems WHERE kind = 'revisit'")]
        assert rows == [("a.warc",)]
        assert [(each.name, each.url) for each in waiting.read_all()] == [("a.warc", SITE + "/2019/03/02/page-2/")]
        assert len(result) == 1
        assert result[0].startswith("a.warc")
        waiting.remove(Revisit(SITE + PATH, DAYS[1], ("<urn:uuid:nobody>",), "warc", "b.warc"))
        assert archive.db.execute("SELECT 1 FROM problems WHERE kind = 'revisit'").fetchone() is None
