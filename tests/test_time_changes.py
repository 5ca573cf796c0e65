"""Which changes are of substance, and what an archive of the first schema becomes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from pipelines.briefs.change_class import classify_change
from pipelines.extract import EXTRACTOR
from pipelines.schema.migrations import migrations
from tests.specimens import (
    NOON,
    ingest_capture,
    make_brief,
    make_page,
    make_resource,
    make_settings,
    open_archive,
    read_rows,
)

LATER = "2022-06-01T12:00:00Z"


@pytest.mark.parametrize(
    ("field", "old", "new", "change"),
    [
        ("title", "The River Pact", "THE RIVER  PACT.", "cosmetic"),
        ("title", "“The” pact’s end", '"The" pact\'s end', "cosmetic"),
        ("title", "Pact—an end", "Pact - an end", "cosmetic"),
        ("title", "The River Pact", "The Forest Pact", "substantive"),
        ("title", "Not a pact", "A pact", "substantive"),
        ("title", None, "A pact", "substantive"),
        ("body", "One.\n\nTwo", "One.\u00a0Two", "cosmetic"),
        ("number", "7", "8", "substantive"),
        ("published", "2020-03-05", "2020-03-06", "substantive"),
        ("path", "/2020/03/05/a-b/", "/2020/03/05/a--b/", "substantive"),
        ("authors", '["Ada Fenn", "Ben Oak"]', '["ADA FENN", "Ben Oak "]', "cosmetic"),
        ("authors", '["Ada Fenn", "Ben Oak"]', '["Ben Oak", "Ada Fenn"]', "substantive"),
        ("authors", '["Ada Fenn"]', '["Ada Fenn", "Ben Oak"]', "substantive"),
    ],
)
def test_cosmetic_or_substantive(field: str, old: str | None, new: str, change: str) -> None:
    assert classify_change(field, old, new) == change


@given(st.text(), st.text())
def test_the_class_does_not_hang_on_the_direction(old: str, new: str) -> None:
    assert classify_change("body", old, new) == classify_change("body", new, old)
    assert classify_change("body", old, old + " \n") == "cosmetic"
    assert classify_change("resources", json.dumps([old]), json.dumps([new])) == classify_change("title", old, new)


def test_revisions_tell_their_class(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(resources=(make_resource("A"), make_resource("B", None))), NOON))
        changed = make_brief(title="The river pact", resources=(make_resource("A"), make_resource("C", None)))
        ingest_capture(opened, *make_page(changed, LATER))
    assert read_rows(tmp_path, "SELECT field, change FROM revisions ORDER BY field") == [
        ("resources", "substantive"),
        ("title", "cosmetic"),
    ]


def test_evidence_tells_the_version_of_the_rules(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(), NOON))
        opened.db.execute("UPDATE captures SET extractor = '0'")
        ingest_capture(opened, *make_page(make_brief(title=None, label=None, number=None, domain=None), LATER))
    assert read_rows(tmp_path, "SELECT field, extractor FROM evidence ORDER BY field") == [
        ("domain", "0"),
        ("label", "0"),
        ("number", "0"),
        ("published", EXTRACTOR),
        ("title", "0"),
    ]


_NEW_TABLES = (
    *("memory", "checks", "page_events", "redirects", "skipped", "past_values"),
    *("mementos", "revisits", "link_checks", "record_names", "unwritten", "author_rejections"),
    "withdrawals",
)
_NEW_COLUMNS = {
    "pages": ("checked_at", "checks_missing"),
    "evidence": ("extractor",),
    "captures": ("location", "payload_sha1", "memento"),
    "readings": ("title", "published", "shown"),
    "crawls": ("exit_code", "journal"),
}

_NEWER = """SELECT type, name FROM sqlite_master WHERE type IN ('view', 'trigger') AND name NOT IN
    ('briefs_text', 'brief_list', 'number_gaps', 'author_added', 'alias_added', 'alias_removed')"""


def _downgrade(path: Path) -> None:
    """Make the file what the first schema would hold."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for kind, name in db.execute(_NEWER).fetchall():
            db.execute(f"DROP {kind} {name}")
        db.execute("DROP VIEW brief_list")
        db.execute("CREATE VIEW brief_list AS SELECT id, published, path FROM briefs")
        for table in _NEW_TABLES:
            db.execute(f"DROP TABLE {table}")
        for index in ("revisions_change", "captures_payload_sha1", "captures_instant"):
            db.execute(f"DROP INDEX {index}")
        for table, columns in {**_NEW_COLUMNS, "revisions": ("change",)}.items():
            for column in columns:
                db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        db.execute("CREATE UNIQUE INDEX captures_instant ON captures (path, ifnull(captured_at, ''), digest)")
        db.execute("DELETE FROM _sqlite_migrations WHERE name <> '001_first'")
        db.execute("PRAGMA user_version = 1")


_FILLED = (
    "SELECT field, old, new, change FROM revisions ORDER BY field",
    "SELECT field, extractor FROM evidence ORDER BY position",
    "SELECT title, published, shown FROM readings ORDER BY capture_id",
    "SELECT field, until, value FROM past_values ORDER BY field",
    "SELECT path, checked_at, checks_missing FROM pages",
    "SELECT path, at, event, detail FROM page_events",
)


def test_an_archive_of_the_first_schema_is_filled(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        ingest_capture(opened, *make_page(make_brief(title="A", label=None, number=None, domain=None), NOON))
        ingest_capture(opened, *make_page(make_brief(title="a", body="Other words.", sections=()), LATER))
    before = [read_rows(tmp_path, sql) for sql in _FILLED]
    assert all(before)
    _downgrade(Path(make_settings(tmp_path)["ARCHIVE_DB"]))
    with open_archive(tmp_path) as opened:
        assert (
            ingest_capture(opened, *make_page(make_brief(title="a", body="Other words.", sections=()), LATER))
            == "known"
        )
    assert [read_rows(tmp_path, sql) for sql in _FILLED] == before


def test_migrations_are_five() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        names = [one.name for one in migrations.pending(Database(db))]
        assert names == ["001_first", "002_time", "003_backfill", "004_reading", "005_publisher"]
