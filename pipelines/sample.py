"""Whether an archive is a sample, that is of the sample site: its first page decides, and other pages are refused.

The mark is a row of `memory`: the journal in warcs/ tells it, and copies of the database carry it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from pipelines.db_errors import explain_db_errors
from pipelines.opening import reading_connection
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
    """Whether a file is a sample; one that is empty or not there is none. Raises what opening one to read raises."""
    if not database.exists():
        return False
    with explain_db_errors(database), closing(reading_connection(database)) as db:
        return db.execute(_HAS_MEMORY).fetchone() is not None and is_sample(db)


def publisher(db: sqlite3.Connection) -> str:
    """Who published the briefs; of a sample words that say that nobody did."""
    return str(db.execute(_PUBLISHER).fetchone()[0])


def mark(db: sqlite3.Connection) -> None:
    """Make the archive a sample."""
    run_state.remember(db, SAMPLE, SAMPLE_PUBLISHER)


def admit(db: sqlite3.Connection, database: Path, capture: Capture) -> None:
    """Let a page in that is of the archive's kind; the first page decides of which. Raises SampleArchive."""
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
    mark(db)
