"""Is the archive whole? The database, its search index, and the bytes of captures by their digests; only reads."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from pipelines.opening import reading_connection
from pipelines.trouble import told
from pipelines.warcs import read_place
from scraper.errors import ArchiveError, BadInput, DamagedArchive
from scraper.keeping import Damage, Health, Progress
from scraper.records import Place

_COUNT = "SELECT count(*) FROM captures"
_PLACES = """SELECT warc_file, warc_offset, warc_length, digest, path FROM captures
    WHERE id % :turns = :turn ORDER BY warc_file, warc_offset"""
_INDEXES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'"
_FOREIGN_KEYS = "PRAGMA foreign_key_check"
_SHOWN = 5  # lines of one check; more of them say nothing more
_ROTTEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def verify(settings: BaseSettings, *, sample: int | None = None, progress: Progress | None = None) -> Health:
    """Look at everything, but at the bytes of about `sample` captures only: others each day, in the end all.

    Raises BadInput where no archive is, ForeignDatabase, NewerSchema, ArchiveBusy, DiskTrouble.
    """
    path, warcs = Path(settings["ARCHIVE_DB"]), Path(settings["WARCS_DIR"])
    if not path.exists():
        raise BadInput(f"{path}: no archive yet: make demo, make crawl or scrapy ingest make one")
    try:
        with told(path), closing(reading_connection(path)) as db:
            damage = database_damage(path, rebuilt_from(settings))
            captures, places = _places(db, sample, datetime.now(UTC).toordinal())
    except DamagedArchive as error:
        return Health(0, 0, (Damage(str(error).partition(":")[0] + ": damaged", rebuilt_from(settings)),))
    damage += _bytes_damage(warcs, places, progress or (lambda done, of: None))
    return Health(captures, len(places), tuple(damage))


def rebuilt_from(settings: BaseSettings) -> str:
    """What a damaged database can be had from again, in words."""
    copy, warcs = Path(settings["SNAPSHOT"]), settings["WARCS_DIR"]
    kept = f" ({copy} is one, without contacts)" if copy.exists() else ""
    anew = f"scrapy ingest {warcs} -s ARCHIVE_DB=new.db -s WARCS_DIR=new-warcs"
    return f"restore it from a copy{kept}, or make it anew from the pages kept, without the history of runs: {anew}"


def database_damage(path: Path, remedy: str) -> list[Damage]:
    """What SQLite finds wrong: pages, indexes, constraints, rows that speak of others that are not there; the search.

    The connection may write, though nothing is changed: SQLite passes over the CHECKs of one that may not, and FTS5
    checks by a write, which is taken back. Raises ArchiveBusy where another program writes for long, DiskTrouble.
    """
    uri = f"{path.absolute().as_uri()}?mode=rw"
    with told(path), closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10)) as db:
        broken = [line for (line,) in _rows(db, "PRAGMA integrity_check") if line != "ok"]
        orphans = [f"{table} row {row} has no {parent}" for table, row, parent, _ in _rows(db, _FOREIGN_KEYS)]
        lines = (*broken[:_SHOWN], *orphans[:_SHOWN])
        found = [Damage(f"{path}: {' '.join(line.split())}", remedy) for line in lines]
        for (name,) in () if broken else db.execute(_INDEXES).fetchall():
            if not _index_holds(db, name):
                again = f"sqlite-utils rebuild-fts {path} {name}; nothing is lost, it is made of the briefs"
                found.append(Damage(f"{path}: the search index {name} does not fit the briefs", again))
    return found


def _rows(db: sqlite3.Connection, check: str) -> Iterable[tuple[Any, ...]]:
    """Where the damage is such that a check cannot end, that is its answer."""
    try:
        return db.execute(check).fetchall()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _ROTTEN:
            raise
        return [] if check == _FOREIGN_KEYS else [(str(error),)]


def _index_holds(db: sqlite3.Connection, name: str) -> bool:
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute(f'INSERT INTO "{name}" ("{name}", rank) VALUES (\'integrity-check\', 1)')  # noqa: S608 (our own)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _ROTTEN:
            raise
        return False
    finally:
        db.execute("ROLLBACK")
    return True


def _places(db: sqlite3.Connection, sample: int | None, day: int) -> tuple[int, list[tuple[Any, ...]]]:
    """How many captures there are, and where the bytes of those are that are to be looked at on this day."""
    captures = int(db.execute(_COUNT).fetchone()[0])
    turns = 1 if sample is None else max(1, -(-captures // max(1, sample)))
    return captures, db.execute(_PLACES, {"turns": turns, "turn": day % turns}).fetchall()


def _bytes_damage(warcs: Path, places: list[tuple[Any, ...]], progress: Progress) -> Iterator[Damage]:
    """One line a file, however many of its records are damaged."""
    done = 0
    for name, rows in groupby(places, key=lambda row: row[0]):
        of_file, bad = 0, []
        for file, offset, length, digest, path in rows:
            of_file, done = of_file + 1, done + 1
            if digest != _digest(warcs, Place(file, offset, length)):
                bad.append(f"{path} at byte {offset}")
            progress(done, len(places))
        if bad:
            what = f"{warcs / name}: {len(bad)} of {of_file} pages looked at are not as they were taken, first {bad[0]}"
            yield Damage(what, "restore the file from a copy; what was read in them is still in the database")


def _digest(warcs: Path, place: Place) -> str | None:
    """The digest of what is there, None if nothing can be read."""
    try:
        return f"sha256:{hashlib.sha256(read_place(warcs, place)).hexdigest()}"
    except (ArchiveError, ValueError, EOFError):  # whatever a reader of WARCs says of bytes that are no record
        return None
