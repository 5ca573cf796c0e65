"""An archive made again out of warcs/: first the rows that the journal tells, then all that follows from the pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipelines import sample
from pipelines.archive import SqliteArchive
from pipelines.briefs import sealing
from pipelines.extract import EXTRACTOR
from pipelines.ingest import run_steps
from pipelines.maintenance import journal, reextract
from pipelines.maintenance.rereading import Row, extractions, kept_capture, rows
from pipelines.maintenance.warc_folder import ByReference, Shelved
from pipelines.opening import open_read_only
from pipelines.pages import page_status
from scraper.address import SITE_HOSTS
from scraper.archive import CaptureItem
from scraper.errors import ArchiveError
from scraper.records import Extraction
from scraper.sample_site import is_sample_page
from scraper.sources.warc import read_capture
from scraper.sources.warc_records import RecordPosition

_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_OWN = ("DELETE FROM author_aliases", "DELETE FROM memory")  # what a new archive has from the start
_WRITERS = "UPDATE author_aliases SET author_id = (SELECT id FROM authors WHERE name = author)"
_SEQUENCES = "SELECT name, seq FROM sqlite_sequence"
_AS_BEFORE = "UPDATE sqlite_sequence SET seq = max(?, ifnull((SELECT max(id) FROM {table}), 0)) WHERE name = ?"
_WRITTEN = "DELETE FROM unwritten"
_LOSE = "DELETE FROM captures WHERE id = ?"
_UNTOLD = "DELETE FROM problems WHERE capture_id = ?"
# What spoke of rows that are lost: an address stays known, a memento is asked for again.
_MEND = (
    """INSERT OR IGNORE INTO pages (path, url, first_seen)
        SELECT path, min(url), min(captured_at) FROM captures GROUP BY path""",
    "INSERT OR IGNORE INTO pages (path, url) SELECT path, min(url) FROM mementos GROUP BY path",
    "INSERT OR IGNORE INTO pages (path) SELECT path FROM problems WHERE path IS NOT NULL",
    "INSERT OR IGNORE INTO pages (path) SELECT path FROM withdrawals UNION SELECT post FROM withdrawals",
    """UPDATE pages SET status = 'withdrawn'
        WHERE path IN (SELECT path FROM withdrawals WHERE undone_at IS NULL)""",
    "UPDATE captures SET crawl_id = NULL WHERE crawl_id NOT IN (SELECT id FROM crawls)",
    "DELETE FROM checks WHERE capture_id NOT IN (SELECT id FROM captures)",
    "DELETE FROM record_names WHERE capture_id NOT IN (SELECT id FROM captures)",
    "DELETE FROM problems WHERE capture_id NOT IN (SELECT id FROM captures)",
    "DELETE FROM skipped WHERE crawl_id NOT IN (SELECT id FROM crawls)",
    "DELETE FROM page_events WHERE path NOT IN (SELECT path FROM pages)",
    """UPDATE mementos SET state = 'waiting', capture_id = NULL, tried_at = NULL
        WHERE capture_id NOT IN (SELECT id FROM captures)""",
)
_WITHDRAWN = "SELECT path, post, brief_id, withdrawn_at, reason, undone_at, shared_ids FROM withdrawals"
_WITHDRAW = """INSERT OR IGNORE INTO withdrawals
    (path, post, brief_id, withdrawn_at, reason, undone_at, shared_ids) VALUES (?, ?, ?, ?, ?, ?, ?)"""
_CAPTURED = "SELECT DISTINCT path FROM captures ORDER BY path"
_READ = "SELECT DISTINCT path FROM readings ORDER BY path"
_UNTOLD_OF = "SELECT path FROM briefs WHERE path NOT IN (SELECT brief_path FROM readings)"
_UNUSED = tuple(
    f"DELETE FROM {table} WHERE id NOT IN (SELECT {key} FROM brief_{table})"  # noqa: S608 - our own names
    for table, key in (("authors", "author_id"), ("resources", "resource_id"), ("categories", "category_id"))
)
_INDEX = "INSERT INTO briefs_fts (briefs_fts) VALUES ('rebuild')"
_PLACES = "SELECT warc_file, warc_offset FROM captures UNION SELECT warc_file, warc_offset FROM revisits"
_TURN = 500  # captures a transaction


@dataclass(slots=True)
class Told:
    """What became of the captures: how many are there, which are lost, which were not to be had by the journal."""

    captures: int = 0
    lost: list[Row] = field(default_factory=list)
    by_other_rules: int = 0
    loose: int = 0  # records of pages that no row refers to, taken in where the journal has holes
    left: int = 0  # such records that stay as they are: of transactions that never lasted


def replay(
    archive: SqliteArchive, shelf: Shelved, progress: Callable[[int, int], None], older: Path | None = None
) -> Told:
    """Fill an archive that is still empty. Writes nothing to warcs/; what differs is told by the next run.

    Where the journal is not whole, a database that is there (`older`) is asked what was withdrawn.
    """
    sequences = _seed(archive.db, shelf, older)
    told = Told()
    warcs = archive.warcs.folder
    archive.transaction.warcs = ByReference(warcs)
    archive.db.execute("BEGIN")
    for (path,) in archive.db.execute(_CAPTURED).fetchall():
        page_status.recompute_status(archive.db, path, archive.grace)
    other = _read_all(archive, told, progress)
    archive.db.execute(_WRITTEN)
    _drop(archive, told.lost)
    for row in other:
        reextract.renew(archive, *row)
    told.by_other_rules = len(other)
    if not shelf.whole:
        _mark_sample(archive.db, warcs)
    _take_loose(archive, shelf, told)
    _settle(archive, sequences)
    archive.db.execute("COMMIT")
    return told


def _seed(db: sqlite3.Connection, shelf: Shelved, older: Path | None) -> dict[str, int]:
    """Write the journal's rows, with nothing else happening by it; the numbers that ids go on from."""
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN")
    triggers = db.execute(_TRIGGERS).fetchall()
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    if shelf.entries:
        for sql in _OWN:
            db.execute(sql)
    for entry in shelf.entries:
        journal.apply(db, entry)
    if not shelf.whole:
        if older is not None:
            _carry(db, older)
        _mend(db)
    if not any("withdrawals" in entry.tables for entry in shelf.entries):
        sealing.add_manual_withdrawals(db)  # the journal is of a time when people marked such pages themselves
    db.execute(_WRITERS)
    for _, sql in triggers:
        db.execute(sql)
    db.execute("COMMIT")
    db.execute("PRAGMA foreign_keys = ON")
    return dict(db.execute(_SEQUENCES).fetchall())


def _carry(db: sqlite3.Connection, older: Path) -> None:
    """What a database that is there knows of withdrawals: where the journal has holes, they must not be undone."""
    with suppress(sqlite3.Error, ArchiveError), closing(open_read_only(older)) as known:
        for row in known.execute(_WITHDRAWN).fetchall():
            db.execute(_WITHDRAW, row)


def _mend(db: sqlite3.Connection) -> None:
    for sql in _MEND:
        db.execute(sql)


def _read_all(archive: SqliteArchive, told: Told, progress: Callable[[int, int], None]) -> list[tuple[Row, Extraction]]:
    """Store what is read in the captures; those that other rules had read are given back, with their new reading."""
    chosen = rows(archive.db)
    other: list[tuple[Row, Extraction]] = []
    for done, (row, extraction) in enumerate(extractions(archive.warcs.folder, chosen), 1):
        told.captures += extraction is not None
        if extraction is None:
            told.lost.append(row)
        elif row.read and row.extractor != EXTRACTOR:
            other.append((row, extraction))
        elif row.read:
            archive.contents.store(row.id, extraction)
        if done % _TURN == 0:
            archive.db.execute("COMMIT")
            archive.db.execute("BEGIN")
        progress(done, len(chosen))
    return other


def _mark_sample(db: sqlite3.Connection, warcs: Path) -> None:
    """Let a page say whether the archive is a sample, where the part of the journal is lost that tells it."""
    for row in rows(db) if not sample.is_sample(db) else ():
        if (capture := kept_capture(warcs, row)) is not None:
            if is_sample_page(capture):
                sample.mark_sample(db)
            return


def _drop(archive: SqliteArchive, lost: Iterable[Row]) -> None:
    """Let go of captures whose bytes are lost: what was theirs alone is unknown now, and asked for again."""
    dropped = list(lost)
    if not dropped:
        return
    archive.db.execute("PRAGMA defer_foreign_keys = ON")
    for row in dropped:
        archive.db.execute(_UNTOLD, (row.id,))
        archive.db.execute(_LOSE, (row.id,))
    _mend(archive.db)
    for path in sorted({row.path for row in dropped}):
        page_status.recompute_status(archive.db, path, archive.grace)


def _take_loose(archive: SqliteArchive, shelf: Shelved, told: Told) -> None:
    """Take in the pages that no row refers to, where that may be for want of a journal; else only count them."""
    known = set(archive.db.execute(_PLACES).fetchall())
    loose = [place for key, (kind, place) in shelf.pages.items() if key not in known and kind != "revisit"]
    if shelf.whole and not shelf.damage:
        told.left = len(shelf.cut & {(place.file, place.offset) for place in loose})
        return
    assert isinstance(archive.warcs, ByReference)
    for place in loose if any(one.length for one in loose) else ():
        position = RecordPosition(place.offset, 0)
        capture = read_capture(archive.warcs.folder / place.file, position) if place.length else None
        if capture is not None:
            archive.warcs.place = place
            item = CaptureItem(capture, SITE_HOSTS)
            run_steps(archive, item)
            told.loose += item.taken == "new"


def _settle(archive: SqliteArchive, sequences: dict[str, int]) -> None:
    """Bring each post to its home and each shared row to its spelling, index all, and hand out ids as before."""
    db = archive.db
    for (path,) in db.execute(_READ).fetchall():
        archive.readings.relocate_posts(path)
    archive.readings.merge(path for (path,) in db.execute(_UNTOLD_OF).fetchall())
    for sql in _UNUSED:
        db.execute(sql)
    archive.transaction.shared.update_spellings()
    db.execute(_INDEX)
    for table, number in sequences.items():
        db.execute(_AS_BEFORE.format(table=table), (number, table))
