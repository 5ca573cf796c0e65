"""Whether an archive is a sample, made of the sample site: its first page decides, and other pages are refused.

The mark is a row of `memory`, so that the journal in warcs/ and copies of the database have it too.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pipelines.database.opening import has_archive, read_archive
from pipelines.pages import run_state
from pipelines.schema.views import PUBLISHER, SAMPLE
from scraper.errors import SampleArchive
from scraper.records import Capture
from scraper.sample_site import SAMPLE_PUBLISHER, is_sample_page

_PUBLISHER = f"SELECT {PUBLISHER}"
_HAS_PAGES = """SELECT 1 FROM captures UNION ALL SELECT 1 FROM mementos UNION ALL SELECT 1 FROM revisits LIMIT 1"""
_HAS_MEMORY = "SELECT 1 FROM sqlite_master WHERE name = 'memory'"


def is_sample(db: sqlite3.Connection) -> bool:
    """Whether the archive is a sample."""
    return run_state.recall(db, SAMPLE) is not None


def is_sample_file(database: Path) -> bool:
    """Whether a file is a sample archive; an empty or missing one is not. Raises what `open_read_only` raises."""
    if not has_archive(database):
        return False
    with read_archive(database) as db:
        return db.execute(_HAS_MEMORY).fetchone() is not None and is_sample(db)


def read_publisher(db: sqlite3.Connection) -> str:
    """Who published the briefs; for a sample, words that say that nobody did."""
    return str(db.execute(_PUBLISHER).fetchone()[0])


def mark_sample(db: sqlite3.Connection) -> None:
    """Make the archive a sample."""
    run_state.remember(db, SAMPLE, SAMPLE_PUBLISHER)


def admit_capture(db: sqlite3.Connection, database: Path, capture: Capture) -> None:
    """Raise SampleArchive for an invented page in a real archive or a real page in a sample; the first page decides."""
    invented, page = is_sample_page(capture), capture.url or capture.name or "a page"
    if invented == is_sample(db):
        return
    if not invented:
        raise SampleArchive(
            f"{database}: a sample archive, of invented briefs; {page} is real: name another with --db FILE"
        )
    if db.execute(_HAS_PAGES).fetchone():
        where = "name another with --db FILE and --warcs DIR, such as demo.db and demo-warcs"
        raise SampleArchive(f"{database}: an archive of real pages, and {page} is of the sample site: {where}")
    mark_sample(db)
