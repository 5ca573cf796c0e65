"""An archive made again from warcs/: first the rows of the journal, then all that follows from the pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipelines import sample
from pipelines.archive import SqliteArchive
from pipelines.briefs import sealing
from pipelines.briefs.readings import Readings
from pipelines.briefs.shared_rows import SharedRows
from pipelines.database.opening import open_read_only
from pipelines.extraction.version import EXTRACTOR
from pipelines.maintenance import journal, reextract
from pipelines.maintenance.rereading import Row, extract_rows, read_stored_capture, select_rows
from pipelines.maintenance.warc_folder import WarcFolder, WarcReferences, read_references
from pipelines.pages import page_status
from pipelines.progress import Progress
from pipelines.workers import Workers
from scraper.address import SITE_HOSTS
from scraper.archive import CaptureItem
from scraper.errors import ArchiveError
from scraper.records import Extraction
from scraper.sample_site import is_sample_page
from scraper.sources.warc import read_capture
from scraper.sources.warc_records import RecordPosition

_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_CLEAR_DEFAULTS = ("DELETE FROM author_aliases", "DELETE FROM memory")  # what a new archive has from the start
_WRITERS = "UPDATE author_aliases SET author_id = (SELECT id FROM authors WHERE name = author)"
_SEQUENCES = "SELECT name, seq FROM sqlite_sequence"
_SET_SEQUENCE = "UPDATE sqlite_sequence SET seq = max(?, ifnull((SELECT max(id) FROM {table}), 0)) WHERE name = ?"
_CLEAR_NOTES = "DELETE FROM unwritten"
_DELETE_CAPTURE = "DELETE FROM captures WHERE id = ?"
_DELETE_PROBLEMS = "DELETE FROM problems WHERE capture_id = ?"
# References to lost rows: an address stays known, a memento is requested again.
_REPAIRS = (
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
_READ = "SELECT DISTINCT path FROM readings ORDER BY path"
_WITHOUT_READINGS = "SELECT path FROM briefs WHERE path NOT IN (SELECT brief_path FROM readings)"
_UNUSED = tuple(
    f"DELETE FROM {table} WHERE id NOT IN (SELECT {key} FROM brief_{table})"  # noqa: S608 - our own names
    for table, key in (("authors", "author_id"), ("resources", "resource_id"), ("categories", "category_id"))
)
# Problems that follow from all captures of a post: while captures come one by one they go and come again.
_FOLLOWING = "kind IN ('parts', 'unconfirmed', 'claim', 'held', 'absent')"
_READ_FOLLOWING = f"SELECT capture_id, path, field, kind, message, id FROM problems WHERE {_FOLLOWING} ORDER BY id"  # noqa: S608
_DELETE_FOLLOWING = f"DELETE FROM problems WHERE {_FOLLOWING}"  # noqa: S608
_ADD_FOLLOWING = "INSERT INTO problems (capture_id, path, field, kind, message, id) VALUES (?, ?, ?, ?, ?, ?)"
_INDEX = "INSERT INTO briefs_fts (briefs_fts) VALUES ('rebuild')"
_BATCH = 500  # captures a transaction


@dataclass(slots=True)
class ReplayResult:
    """What became of the captures: how many there are, which are lost, which the journal did not name."""

    captures: int = 0
    lost: list[Row] = field(default_factory=list)
    by_other_rules: int = 0
    loose: int = 0  # records of pages that no row refers to, ingested because the journal has holes
    harm: list[str] = field(default_factory=list)  # a line for each damaged record of the journal or of a row
    left: int = 0  # such records that stay as they are: of transactions that were never committed


def fill_archive(
    archive: SqliteArchive, folder: WarcFolder, progress: Progress, older: Path, workers: Workers | None
) -> ReplayResult:
    """Fill an archive that is still empty. Writes nothing to warcs/; the next run writes what differs to the journal.

    If the journal is not whole, an existing database (`older`) says what was withdrawn.
    """
    sequences = apply_journal(archive.db, folder, older)
    result = ReplayResult()
    warcs = archive.warcs.folder
    archive.transaction.warcs = WarcReferences(warcs)
    archive.db.execute("BEGIN")
    if not any("withdrawals" in entry.tables for entry in folder.entries):
        sealing.add_manual_withdrawals(archive.db)  # in an old journal such pages were marked by hand
    page_status.recompute_all(archive.db, archive.grace)
    _extract_all(archive, result, progress, workers)
    _drop_captures(archive, result.lost)
    lost = {(row.file, row.offset) for row in result.lost}
    harm = folder.list_harm(read_references(archive.db) | lost)
    result.harm = [damage.message for damage in harm if damage.place not in lost]
    if not folder.is_whole:
        _mark_sample(archive.db, warcs)
    _take_loose_records(archive, folder, result)
    settle_posts(archive.db, archive.readings, archive.transaction.shared)
    archive.db.execute(_INDEX)
    for table, number in sequences.items():
        archive.db.execute(_SET_SEQUENCE.format(table=table), (number, table))
    archive.db.execute("COMMIT")
    return result


def apply_journal(db: sqlite3.Connection, folder: WarcFolder, older: Path | None) -> dict[str, int]:
    """Write the journal's rows without triggers; return the numbers from which ids continue."""
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN")
    triggers = db.execute(_TRIGGERS).fetchall()
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    if folder.entries:
        for sql in _CLEAR_DEFAULTS:
            db.execute(sql)
    for entry in folder.entries:
        journal.apply_entry(db, entry)
    if not folder.is_whole:
        if older is not None:  # holes in the journal must not undo its withdrawals
            with suppress(sqlite3.Error, ArchiveError), closing(open_read_only(older)) as old_db:
                db.executemany(_WITHDRAW, old_db.execute(_WITHDRAWN).fetchall())
        _repair_references(db)
    db.execute(_WRITERS)
    for _, sql in triggers:
        db.execute(sql)
    db.execute("COMMIT")
    db.execute("PRAGMA foreign_keys = ON")
    return dict(db.execute(_SEQUENCES).fetchall())


def _repair_references(db: sqlite3.Connection) -> None:
    for sql in _REPAIRS:
        db.execute(sql)


def _extract_all(archive: SqliteArchive, result: ReplayResult, progress: Progress, workers: Workers | None) -> None:
    """Extract and store all captures, those that another extractor had read last."""
    rows = select_rows(archive.db)
    other = [row for row in rows if row.read and row.extractor != EXTRACTOR]
    same = [row for row in rows if not row.read or row.extractor == EXTRACTOR]

    def extract(chosen: Sequence[Row]) -> Iterator[tuple[Row, Extraction]]:
        """Yield the rows whose bytes are there, with their extraction; count them and list the others."""
        for row, extraction in extract_rows(archive.warcs.folder, chosen, workers):
            if extraction is None:
                result.lost.append(row)
            else:
                result.captures += 1
                yield row, extraction
            done = result.captures + len(result.lost)
            if done % _BATCH == 0:
                archive.db.execute("COMMIT")
                archive.db.execute("BEGIN")
            progress(done, len(rows))

    before = archive.db.execute(_READ_FOLLOWING).fetchall()
    for row, extraction in extract(same):
        if row.read:
            archive.contents.store(row.id, extraction)
    _restore_numbers(archive.db, before)
    archive.db.execute(_CLEAR_NOTES)  # so far all is as the journal has it; what follows differs
    for row, extraction in extract(other):
        reextract.renew_capture(archive, row, extraction)
        result.by_other_rules += 1


def _restore_numbers(db: sqlite3.Connection, before: list[tuple[object, ...]]) -> None:
    """Give problems that are there again the numbers that they had."""
    now = {row[:-1] for row in db.execute(_READ_FOLLOWING)}
    known = {row[:-1] for row in before}
    db.execute(_DELETE_FOLLOWING)
    db.executemany(_ADD_FOLLOWING, [row for row in before if row[:-1] in now])
    db.executemany(_ADD_FOLLOWING, [(*row, None) for row in sorted(now - known, key=repr)])


def _mark_sample(db: sqlite3.Connection, warcs: Path) -> None:
    """Let a page decide whether the archive is a sample, for the part of the journal with the mark may be lost."""
    for row in select_rows(db) if not sample.is_sample(db) else ():
        if (capture := read_stored_capture(warcs, row)) is not None:
            if is_sample_page(capture):
                sample.mark_sample(db)
            return


def _drop_captures(archive: SqliteArchive, lost: list[Row]) -> None:
    """Delete captures whose bytes are lost; what only they showed is unknown now, and will be requested again."""
    if not lost:
        return
    archive.db.execute("PRAGMA defer_foreign_keys = ON")
    for row in lost:
        archive.db.execute(_DELETE_PROBLEMS, (row.id,))
        archive.db.execute(_DELETE_CAPTURE, (row.id,))
    _repair_references(archive.db)
    for path in sorted({row.path for row in lost}):
        page_status.recompute_status(archive.db, path, archive.grace)


def _take_loose_records(archive: SqliteArchive, folder: WarcFolder, result: ReplayResult) -> None:
    """Ingest the pages that no row refers to if the journal has holes; if it is whole, only count them."""
    known = read_references(archive.db)
    loose = [place for key, (kind, place) in folder.pages.items() if key not in known and kind != "revisit"]
    if folder.is_whole:
        result.left = len(folder.cut & {(place.file, place.offset) for place in loose})
        return
    from pipelines.ingest import run_steps  # noqa: PLC0415 - it loads all rules

    assert isinstance(archive.warcs, WarcReferences)
    for place in loose if any(place.length for place in loose) else ():
        position = RecordPosition(place.offset, 0)
        capture = read_capture(archive.warcs.folder / place.file, position) if place.length else None
        if capture is not None:
            archive.warcs.place = place
            item = CaptureItem(capture, SITE_HOSTS)
            run_steps(archive, item)
            result.loose += item.taken == "new"


def settle_posts(db: sqlite3.Connection, readings: Readings, shared: SharedRows) -> None:
    """Move each post to its present path, drop what nothing refers to, and update spellings."""
    for (path,) in db.execute(_READ).fetchall():
        readings.relocate_posts(path)
    readings.merge(path for (path,) in db.execute(_WITHOUT_READINGS).fetchall())
    for sql in _UNUSED:
        db.execute(sql)
    shared.update_spellings()
