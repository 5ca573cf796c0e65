"""What taking captures in writes, and what it must leave alone."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.records import Evidence, Problem, Section
from tests.support.specimens import (
    NOON,
    PATH,
    ingest_capture,
    make_brief,
    make_capture,
    make_extraction,
    make_page,
    make_reading,
    open_archive,
    read_rows,
)

LATER = "2022-06-01T12:00:00Z"
EARLIER = "2019-06-01T12:00:00Z"


def _dump(folder: Path) -> list[str]:
    with open_archive(folder) as opened:
        lines = opened.db.iterdump()  # of the journal's own number, in a run's row or without runs in memory, nothing
        return [line for line in lines if 'INSERT INTO "crawls"' not in line and "VALUES('journal'," not in line]


def test_the_newest_capture_gives_the_values_whenever_it_comes(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(title="Now"), LATER))
        ingest_capture(opened, *make_page(make_brief(title="Then"), NOON))
    assert read_rows(tmp_path, "SELECT title, captured_at FROM briefs JOIN captures ON captures.id = capture_id") == [
        ("Now", LATER)
    ]
    assert read_rows(tmp_path, "SELECT field, old, new, seen_at FROM revisions") == [("title", "Then", "Now", LATER)]


def test_an_empty_value_replaces_nothing(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(), NOON))
        ingest_capture(
            opened, *make_page(make_brief(title=None, body=None, sections=(), authors=(), label=None), LATER)
        )
    assert read_rows(tmp_path, "SELECT title, number, domain FROM briefs") == [("The River Pact", 7, "Environment")]
    assert read_rows(tmp_path, "SELECT count(*) FROM sections") == [(2,)]
    assert read_rows(tmp_path, "SELECT name FROM authors") == [("Ada Fenn",)]
    assert read_rows(tmp_path, "SELECT * FROM revisions") == []


def test_a_truncated_copy_overrides_nothing_but_is_better_than_nothing(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(title="Cut", posted_by="desk"), LATER, fidelity=0))
        ingest_capture(opened, *make_page(make_brief(title="Whole"), NOON))
    assert read_rows(tmp_path, "SELECT title, posted_by FROM briefs") == [("Whole", "desk")]


def test_evidence_names_the_capture_each_value_comes_from(tmp_path: Path) -> None:
    lost = Evidence("title", "River", "specimen.og", "River", "stated", chosen=False)
    seen = make_reading(make_brief())
    with open_archive(tmp_path) as opened:
        first = replace(seen, evidence=(*seen.evidence, lost))
        ingest_capture(opened, make_capture(b"first", NOON), make_extraction(first, at=NOON))
        ingest_capture(opened, *make_page(make_brief(title=None), LATER))
    found = read_rows(
        tmp_path,
        """SELECT field, value, chosen, captured_at FROM evidence JOIN captures ON captures.id = capture_id
        WHERE field IN ('title', 'domain') ORDER BY field, chosen DESC""",
    )
    assert found == [
        ("domain", "Environment", 1, LATER),
        ("title", "The River Pact", 1, NOON),
        ("title", "River", 0, NOON),
    ]


def test_the_same_input_twice_changes_nothing(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief()))
    before, warcs = _dump(tmp_path), sorted((tmp_path / "warcs").iterdir())
    with open_archive(tmp_path) as opened:
        assert ingest_capture(opened, *make_page(make_brief())) == "known"
    assert _dump(tmp_path) == before
    assert sorted((tmp_path / "warcs").iterdir()) == warcs


def test_of_a_live_page_that_has_not_changed_only_the_check_is_written(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(), NOON, source="live"))
    before = _dump(tmp_path)
    with open_archive(tmp_path) as opened:
        assert ingest_capture(opened, *make_page(make_brief(), LATER, source="live")) == "unchanged"
        assert opened.read_capture_times() == {PATH: LATER}
    changed = set(_dump(tmp_path)) ^ set(before)
    assert {line.partition("(")[0] for line in changed} == {'INSERT INTO "checks" VALUES', 'INSERT INTO "pages" VALUES'}
    assert read_rows(tmp_path, "SELECT last_seen, checked_at FROM pages") == [(LATER, LATER)]


def test_a_live_page_that_is_as_it_was_before_a_change_is_new(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        assert ingest_capture(opened, *make_page(make_brief(title="A"), EARLIER, source="live")) == "new"
        assert ingest_capture(opened, *make_page(make_brief(title="B"), NOON)) == "new"
        assert ingest_capture(opened, *make_page(make_brief(title="A"), LATER, source="live")) == "new"
    assert read_rows(tmp_path, "SELECT old, new FROM revisions ORDER BY seen_at") == [("A", "B"), ("B", "A")]


def test_what_the_probe_kept_is_read_when_the_crawl_comes(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        page, result = make_page(make_brief(), NOON, source="live")
        assert ingest_capture(opened, page, result, store_readings=False) == "new"
        assert [item.path for item in opened.list_waiting_addresses()] == [PATH]
        assert ingest_capture(opened, page, result, store_readings=False) == "known"
        assert read_rows(tmp_path, "SELECT count(*) FROM briefs") == [(0,)]
        assert ingest_capture(opened, *make_page(make_brief(), LATER, source="live")) == "new"
        assert opened.list_waiting_addresses() == []
    assert read_rows(tmp_path, "SELECT title FROM briefs") == [("The River Pact",)]
    assert read_rows(tmp_path, "SELECT captured_at, read FROM captures") == [(NOON, 1)]


def test_equal_readings_are_stored_once_and_move_only_the_capture(tmp_path: Path) -> None:
    result = make_reading(make_brief())
    with open_archive(tmp_path) as opened:
        for at in (NOON, LATER):
            ingest_capture(opened, make_capture(at.encode(), at), make_extraction(result, at=at))
    assert read_rows(tmp_path, "SELECT count(*) FROM records") == [(1,)]
    assert read_rows(tmp_path, "SELECT DISTINCT capture_id FROM evidence UNION SELECT capture_id FROM briefs") == [(2,)]


def test_impossible_values_are_problems_and_stay(tmp_path: Path) -> None:
    result = make_brief(published="2031-01-01", number=4000, title="x" * 301, body=None, sections=())
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(result))
    found = set(read_rows(tmp_path, "SELECT field, kind FROM problems"))
    assert found == {("published", "future"), ("number", "range"), ("title", "long"), ("body", "missing")}
    assert read_rows(tmp_path, "SELECT number, published FROM briefs") == [(4000, "2031-01-01")]


def test_values_no_column_can_hold_become_unknown_with_a_problem(tmp_path: Path) -> None:
    result = make_brief(published="2020-02-31", number=2**70, modified="2020-03-05T01:00:00+02:00", title="a\0b\ud800")
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(result))
    assert read_rows(tmp_path, "SELECT published, number, modified, title FROM briefs") == [
        (None, None, "2020-03-04T23:00:00Z", "a\ufffdb\ufffd")
    ]
    malformed = read_rows(tmp_path, "SELECT field FROM problems WHERE kind = 'malformed' ORDER BY field")
    assert malformed == [("number",), ("published",)]


def test_a_reading_the_tables_refuse_costs_no_capture(tmp_path: Path) -> None:
    bad = make_reading(make_brief("/2020/01/01/bad/", sections=(Section(None, None),)))  # type: ignore[arg-type]
    with open_archive(tmp_path) as opened:
        ingest_capture(
            opened,
            make_capture(b"feed"),
            make_extraction(bad, make_reading(make_brief()), outcome="feed", path="/feed/"),
        )
    assert read_rows(tmp_path, "SELECT path FROM briefs") == [(PATH,)]
    assert read_rows(tmp_path, "SELECT kind FROM problems WHERE field IS NULL") == [("refused",)]
    assert read_rows(tmp_path, "SELECT count(*) FROM captures") == [(1,)]


@pytest.mark.parametrize("outcome", ["soft404", "challenge", "error", "unreadable"])
def test_a_bad_day_of_the_server_changes_no_brief(tmp_path: Path, outcome: str) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief()))
        bad = make_extraction(at=LATER, outcome=outcome)  # type: ignore[arg-type]
        assert ingest_capture(opened, make_capture(b"sorry", LATER), bad) == "new"
    assert read_rows(tmp_path, "SELECT title, capture_id FROM briefs") == [("The River Pact", 1)]


def test_notes_are_told_once(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        for _ in range(2):
            opened.add_problem("empty", "saved/a.html: an empty file")
    assert read_rows(tmp_path, "SELECT capture_id, kind, message FROM problems") == [
        (None, "empty", "saved/a.html: an empty file")
    ]


def test_a_run_leaves_its_row(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        opened.begin_run("briefs", {"force": "1"})
        result = make_extraction(make_reading(make_brief()), problems=(Problem(None, "odd", "Something is odd."),))
        ingest_capture(opened, make_capture(b"a"), result)
        ingest_capture(opened, make_capture(b"a"), result)
        opened.finish_run("finished", {"requests": 3, "retries": 1})
    found = read_rows(
        tmp_path,
        "SELECT spider, outcome, arguments, requests, captures, new, known, briefs, problems, counts FROM crawls",
    )
    assert found == [
        (
            "briefs",
            "finished",
            '{"force": "1"}',
            3,
            2,
            1,
            1,
            1,
            1,
            '{"briefs_changed": 0, "requests": 3, "retries": 1, "revisions": 0}',
        )
    ]
    assert read_rows(tmp_path, "SELECT crawl_id FROM captures") == [(1,)]


_KILLED = """
import os, signal, sys
from pathlib import Path
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive
with open_archive(Path(sys.argv[1]), batch=2) as opened:
    for number in range(5):
        ingest_capture(opened, *make_page(make_brief(f"/2020/01/0{number + 1}/post/")))
    opened.warcs.sync()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_between_bytes_and_rows_the_archive_is_whole(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert read_rows(tmp_path, "SELECT count(*) FROM captures") == [(4,)]
    with open_archive(tmp_path) as opened:
        taken = [ingest_capture(opened, *make_page(make_brief(f"/2020/01/0{number + 1}/post/"))) for number in range(5)]
    assert taken == ["known"] * 4 + ["new"]
    assert read_rows(tmp_path, "PRAGMA integrity_check") == [("ok",)]
    assert len(list((tmp_path / "warcs").iterdir())) == 2
