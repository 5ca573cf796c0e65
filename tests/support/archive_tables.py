"""Every row of an archive by what it says, never by a number that hangs on the order of arrival."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

# Runs are rows of their own, and the search index is compared by what it finds.
_OTHER = ("crawls", "memory", "skipped", "_sqlite_migrations")
_COLUMNS = frozenset(("id", "crawl_id", "warc_file", "warc_offset", "warc_length", "tried_at", "shared_ids"))
_CAPTURE = """(SELECT path || ' ' || ifnull(captured_at, '-') || ' ' || digest || ' ' || ifnull(location, '')
    FROM captures AS other WHERE other.id = here.capture_id)"""
_INSTEAD = {
    "capture_id": _CAPTURE,
    "brief_id": "(SELECT path FROM briefs AS other WHERE other.id = here.brief_id)",
    "author_id": "(SELECT name FROM authors AS other WHERE other.id = here.author_id)",
    "resource_id": "(SELECT key FROM resources AS other WHERE other.id = here.resource_id)",
    "category_id": "(SELECT slug FROM categories AS other WHERE other.id = here.category_id)",
    "record_id": "(SELECT digest FROM records AS other WHERE other.id = here.record_id)",
}
_TABLES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'"
_EVENTS = """SELECT path, at, event, detail, row_number() OVER (PARTITION BY path, event = 'withdrawn' ORDER BY rowid)
    FROM page_events"""
_LOST = "SELECT id FROM briefs_text WHERE id NOT IN (SELECT rowid FROM briefs_fts)"
_ORPHANS = "SELECT digest FROM records WHERE id NOT IN (SELECT record_id FROM readings)"

Rows = list[tuple[Any, ...]]


def read_tables(database: Path) -> dict[str, Rows]:
    """The rows of each table and view, sorted; ids stand as what they are ids of."""
    with closing(sqlite3.connect(database)) as db:
        names = [name for (name,) in db.execute(_TABLES) if name not in _OTHER and not name.startswith("briefs_fts")]
        rows = {name: _rows(db, _question(db, name)) for name in names}
        rows |= {"page_events": _rows(db, _EVENTS), "lost": _rows(db, _LOST)}
        unused = {row[0] for row in db.execute(_ORPHANS)}
        rows["records"] = [row for row in rows["records"] if row[0] not in unused]
    return rows


def _rows(db: sqlite3.Connection, sql: str) -> Rows:
    return sorted(db.execute(sql).fetchall(), key=repr)


def _question(db: sqlite3.Connection, table: str) -> str:
    names = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[1] not in _COLUMNS]
    return f"SELECT {', '.join(_INSTEAD.get(name, name) for name in names)} FROM {table} AS here"


def compare_tables(first: Mapping[str, Rows], other: Mapping[str, Rows]) -> list[str]:
    """The rows that stand in only one of two archives, a line each."""
    return [
        f"{table} {sign} {row!r:.400}"
        for table in first
        for sign, here, there in (("-", first[table], other[table]), ("+", other[table], first[table]))
        for row in here
        if row not in there
    ]
