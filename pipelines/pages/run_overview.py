"""What a run would find in the archive, read without its lock; and what killed runs left undone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pipelines.captures.read_back import read_capture_row
from pipelines.opening import has_archive, read_archive
from pipelines.pages import addresses, run_state
from scraper.archive import ArchiveView
from scraper.records import Capture

_MEMORY = "SELECT key, value FROM memory"
_UNREAD = """SELECT url, captured_at, source, truncated, name, warc_file, warc_offset FROM captures
    WHERE read = 0 AND source = 'live' AND outcome = 'brief'
    AND crawl_id IN (SELECT id FROM crawls WHERE finished_at IS NULL AND id IS NOT ?)
    AND id IN (SELECT max(id) FROM captures GROUP BY path) ORDER BY id"""


def view_archive(database: Path) -> ArchiveView:
    """What a run would find; empty if there is no archive. Raises what opening the archive raises."""
    if not has_archive(database):
        return ArchiveView()
    with read_archive(database) as db:
        return ArchiveView(run_state.list_posts(db), addresses.list_waiting_addresses(db), dict(db.execute(_MEMORY)))


def list_unread_captures(db: sqlite3.Connection, warcs: Path, crawl_id: int | None) -> list[Capture]:
    """Post pages whose readings are missing because their run was killed; the present run's are left to it."""
    return [read_capture_row(warcs, row) for row in db.execute(_UNREAD, (crawl_id,)).fetchall()]
