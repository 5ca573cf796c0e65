"""What a run would find in the archive, read without its lock; and what runs that were killed have left."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from pipelines.captures.read_back import capture_of_row
from pipelines.db_errors import explain_db_errors
from pipelines.opening import reading_connection
from pipelines.pages import addresses, run_state
from scraper.archive import ArchiveView
from scraper.records import Capture

_MEMORY = "SELECT key, value FROM memory"
_HAS_MEMORY = "SELECT 1 FROM sqlite_master WHERE name = 'memory'"
_UNREAD = """SELECT url, captured_at, source, truncated, name, warc_file, warc_offset FROM captures
    WHERE read = 0 AND source = 'live' AND outcome = 'brief'
    AND crawl_id IN (SELECT id FROM crawls WHERE finished_at IS NULL AND id IS NOT ?)
    AND id IN (SELECT max(id) FROM captures GROUP BY path) ORDER BY id"""


def view_archive(database: Path) -> ArchiveView:
    """Empty where there is no archive, or one from before it had a memory. Raises what opening it raises."""
    if not database.exists():
        return ArchiveView()
    with explain_db_errors(database), closing(reading_connection(database)) as db:
        if db.execute(_HAS_MEMORY).fetchone() is None:
            return ArchiveView()
        return ArchiveView(run_state.known(db), addresses.waiting(db), dict(db.execute(_MEMORY)))


def unread(db: sqlite3.Connection, warcs: Path, crawl_id: int | None) -> list[Capture]:
    """Post pages without their readings, of runs that never ended; the present run's are its own business."""
    return [capture_of_row(warcs, row) for row in db.execute(_UNREAD, (crawl_id,)).fetchall()]
