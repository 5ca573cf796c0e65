"""Whether the archive is whole: the database, its search index, and the bytes of captures by digest; only reads."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from pipelines.database.db_errors import explain_db_errors, obey_signals
from pipelines.database.lock import is_locked
from pipelines.database.opening import read_archive, require_archive
from pipelines.database.reading_connections import is_shareable, provide_writable_database
from pipelines.maintenance.invariants import find_violations
from pipelines.maintenance.journal import read_position
from pipelines.maintenance.row_check import count_captures_of_other_rules, find_row_damage
from pipelines.maintenance.stored_bytes import Damage, check_bytes
from pipelines.maintenance.warc_folder import WarcFolder
from pipelines.progress import Progress, ignore_progress
from pipelines.workers import Workers
from scraper.console.invocation import command_line
from scraper.errors import ArchiveBusy, DamagedArchive

_INDEXES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'"
_FOREIGN_KEYS = "PRAGMA foreign_key_check"
_SHOWN = 5  # lines of one check; more of them say nothing more
_log = logging.getLogger(__name__)
_CORRUPT = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@dataclass(frozen=True, slots=True)
class Health:
    """The result of checking the whole archive."""

    captures: int  # in the archive
    checked: int  # of them, whose bytes were read
    damage: tuple[Damage, ...]
    notes: tuple[str, ...] = ()  # worth knowing, but no damage

    def __str__(self) -> str:
        """One line for people."""
        state = f"{len(self.damage)} kinds of damage" if self.damage else "sound"
        return f"the database and the bytes of {self.checked} of {self.captures} captures: {state}"


def verify_archive(
    settings: BaseSettings,
    *,
    sample: int | None = None,
    progress: Progress = ignore_progress,
    workers: Workers | None = None,
) -> Health:
    """Check everything, or the bytes of about `sample` captures only: different ones each day, in the end all.

    `workers` read the bytes; without them this process does.
    Raises BadInput if there is no archive, ForeignDatabase, NewerSchema, ArchiveBusy, DiskTrouble.
    """
    path, warcs = Path(settings["ARCHIVE_DB"]), Path(settings["WARCS_DIR"])
    remedy = suggest_remedy(settings)
    try:
        require_archive(path)
        written = path.stat().st_mtime_ns
        with read_archive(path) as db:
            db.text_factory = lambda raw: raw.decode(errors="backslashreplace")  # damage may have left no UTF-8
            obey_signals(db)
            db.execute("BEGIN")  # one state, whatever another command writes meanwhile
            damage = find_database_damage(path, remedy)
            is_broken = any(problem.remedy == remedy for problem in damage)
            damage += [] if is_broken else [Damage(f"{path}: {line}", remedy) for line in find_violations(db)]
            report = check_bytes(db, warcs, sample, progress, workers or Workers(_log.warning, 1))
            if report.folder and not is_broken:
                damage += [Damage(f"{path}: {line}", remedy) for line in _check_rows(path, db, report.folder)]
                report.notes += _note_other_rules(path, db)
    except DamagedArchive as error:
        return Health(0, 0, (Damage(str(error).partition(":")[0] + ": damaged", remedy),))
    if damage and not is_shareable(path) and path.stat().st_mtime_ns != written:
        raise ArchiveBusy(f"{path}: another program wrote to it meanwhile: wait for it and run again")
    return Health(report.captures, report.checked, (*damage, *report.damage), tuple(report.notes))


def _check_rows(path: Path, db: sqlite3.Connection, folder: WarcFolder) -> Iterator[str]:
    """Hold the database against the journal in `folder`, unless that has holes; these are damage of their own.

    Nor where the whole journal was written anew and the database does not know it yet: it says nothing of before.
    """
    last = folder.entries[-1].number if folder.entries else 0
    if last > read_position(db) and not is_locked(Path(f"{path}-lock")):
        with read_archive(path) as now:  # a run may have ended since
            missing = last - read_position(now)
        if missing > 0:
            reason = "its -wal file is damaged or gone, or a run was killed as it committed"
            yield f"the last {missing} records of the journal in warcs/ are not in it: {reason}"
    if folder.is_whole and folder.entries[0].number <= read_position(db) <= last:
        yield from find_row_damage(db, folder)


def _note_other_rules(path: Path, db: sqlite3.Connection) -> Iterator[str]:
    if number := count_captures_of_other_rules(db):
        yield (
            f"{path}: {number} captures were read by other rules than today's; until they are read again, damage to "
            f"values of briefs cannot be told from changed rules: {command_line('reextract')}"
        )


def suggest_remedy(settings: BaseSettings) -> str:
    """How to get a damaged database back, as part of a message."""
    copy = Path(settings["SNAPSHOT"])
    hint = f" ({copy} is one, without contacts)" if copy.exists() else ""
    rebuild = command_line("rebuild", "--replace")
    return f"restore it from a copy{hint}, or make it again from the pages kept: {rebuild}"


def find_database_damage(path: Path, remedy: str) -> list[Damage]:
    """What SQLite finds wrong: pages, indexes, constraints, references to missing rows, the search index.

    The connection may write, though nothing is changed: SQLite passes over the CHECKs of one that may not, and FTS5
    checks by a write, which is rolled back. If nothing can be written there, a copy is checked.
    Raises ArchiveBusy where another program writes for long, DiskTrouble.
    """
    with explain_db_errors(path), provide_writable_database(path) as database, closing(_connect(database)) as db:
        broken = [line for (line,) in _run_check(db, "PRAGMA integrity_check") if line != "ok"]
        orphans = [f"{table} row {row} has no {parent}" for table, row, parent, _ in _run_check(db, _FOREIGN_KEYS)]
        lines = (*broken[:_SHOWN], *orphans[:_SHOWN])
        damage = [Damage(f"{path}: {' '.join(line.split())}", remedy) for line in lines]
        for (name,) in () if broken else db.execute(_INDEXES).fetchall():
            if not _is_index_sound(db, name):
                remedy_of_index = f"sqlite-utils rebuild-fts {path} {name}; nothing is lost, it is made of the briefs"
                damage.append(Damage(f"{path}: the search index {name} does not fit the briefs", remedy_of_index))
    return damage


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=10)
    obey_signals(db)
    return db


def _run_check(db: sqlite3.Connection, check: str) -> Iterable[tuple[Any, ...]]:
    """The rows of a check; if damage keeps it from finishing, the error is its result."""
    try:
        return db.execute(check).fetchall()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _CORRUPT:
            raise
        return [] if check == _FOREIGN_KEYS else [(str(error),)]


def _is_index_sound(db: sqlite3.Connection, name: str) -> bool:
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute(f'INSERT INTO "{name}" ("{name}", rank) VALUES (\'integrity-check\', 1)')  # noqa: S608 (our own)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _CORRUPT:
            raise
        return False
    finally:
        db.execute("ROLLBACK")
    return True
