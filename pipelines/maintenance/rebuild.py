"""archive.db made again from warcs/ alone, beside the old one, and put in its place at once."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.archive import SqliteArchive
from pipelines.db_errors import explain_db_errors
from pipelines.lock import hold_lock
from pipelines.maintenance import journal
from pipelines.maintenance.replay import Told, replay
from pipelines.maintenance.warc_folder import Shelved, shelved, warc_files
from pipelines.opening import update_statistics
from pipelines.progress import Progress, ignore_progress
from scraper.errors import BadArgument, BadInput

_BEHIND = ("-wal", "-shm")  # what SQLite keeps beside a database
_NEVER = 2**62  # captures a transaction: the rebuilding commits by itself, for its journal stands in warcs/ already


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A database made again from warcs/."""

    path: Path
    aside: Path | None  # where the old one is now
    files: int
    captures: int
    loose: int  # taken in for want of a journal
    left: int  # records of runs that were cut off before they were committed
    other_rules: int  # captures that an older extractor had read
    journal: bool  # whether warcs/ had one
    lost: tuple[str, ...]  # a line each


def rebuild(
    settings: BaseSettings,
    *,
    into: str | None = None,
    replace: bool = False,
    reading: Progress = ignore_progress,
    storing: Progress = ignore_progress,
) -> Rebuilt:
    """Make the database again, at `into` or in place of ARCHIVE_DB; a database that is there is moved aside, not lost.

    `reading` is told of bytes, `storing` of captures. Interrupted, it leaves all as it was.
    Raises BadInput without WARC files, BadArgument, ArchiveBusy, DiskTrouble.
    """
    warcs, target = Path(settings["WARCS_DIR"]), Path(into or settings["ARCHIVE_DB"])
    files = warc_files(warcs)
    if not files:
        raise BadInput(f"{warcs}: no WARC files to rebuild from; --warcs DIR names another folder")
    if target.exists() and not replace:
        raise BadArgument(f"{target} is there: --into NEW.db makes another one, --replace moves it aside afterwards")
    with (
        explain_db_errors(target),
        hold_lock(Path(f"{target}-lock"), f"{target}: another command writes to it: wait for it, or stop it"),
    ):
        shelf = shelved(warcs, _watch(files, reading))
        part = target.with_name(f"{target.name}.rebuilding")
        try:
            _remove(part)
            outcome = _built(part, settings, shelf, storing)
            aside = _in_place(part, target)
        finally:
            _remove(part)
            Path(f"{part}-lock").unlink(missing_ok=True)
    return _report(target, aside, shelf, outcome)


def write_journal(settings: BaseSettings) -> int:
    """Write the journal anew out of the database, for warcs/ that have lost a part of it; its number.

    Raises BadInput without an archive, and what opening one raises.
    """
    path = Path(settings["ARCHIVE_DB"])
    if not path.exists():
        raise BadInput(f"{path}: no archive to write the journal of; without --journal it is made again from warcs/")
    with closing(SqliteArchive.open(settings)) as archive, explain_db_errors(path):
        archive.db.execute("BEGIN IMMEDIATE")
        journal.rewrite(archive.db, archive.warcs)
        archive.commit()
        return journal.position(archive.db)


def _watch(files: list[Path], reading: Progress) -> Callable[[int], None]:
    total, done = sum(path.stat().st_size for path in files), 0

    def watch(more: int) -> None:
        nonlocal done
        done += more
        reading(done, total)

    return watch


def _built(part: Path, settings: BaseSettings, shelf: Shelved, storing: Progress) -> Told:
    chosen = settings.copy()
    chosen.set("ARCHIVE_DB", str(part), priority="cmdline")
    with closing(SqliteArchive.open(chosen, batch=_NEVER)) as archive:
        archive.db.execute("PRAGMA synchronous = OFF")  # it is nobody's yet
        try:
            outcome = replay(archive, shelf, storing, Path(settings["ARCHIVE_DB"]))
        except BaseException:
            if archive.db.in_transaction:  # closing would commit it
                archive.db.execute("ROLLBACK")
            raise
        update_statistics(archive.db)
    with closing(sqlite3.connect(part)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return outcome


def _in_place(part: Path, target: Path) -> Path | None:
    """Put the new database there; where the old one is now, None if there was none."""
    if not target.exists():
        part.replace(target)
        return None
    with suppress(sqlite3.Error), closing(sqlite3.connect(target)) as db:  # it may be damaged
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    names = (target.with_name(f"{target.name}.old{turn}") for turn in ("", *(f"-{n}" for n in range(2, 1000))))
    aside = next(name for name in names if not name.exists())
    os.link(target, aside)
    for behind in _BEHIND:
        if Path(f"{target}{behind}").exists():
            Path(f"{target}{behind}").replace(f"{aside}{behind}")
    part.replace(target)
    return aside


def _remove(part: Path) -> None:
    for ending in ("", *_BEHIND):
        Path(f"{part}{ending}").unlink(missing_ok=True)


def _report(target: Path, aside: Path | None, shelf: Shelved, outcome: Told) -> Rebuilt:
    lost = [
        f"{row.path} of {row.captured_at or 'an unknown day'}: its bytes in {row.file} are damaged or gone"
        for row in outcome.lost
    ]
    lost += shelf.damage
    lost += [f"{shelf.holes} transactions of the journal are missing"] if shelf.holes else []
    return Rebuilt(
        path=target,
        aside=aside,
        files=shelf.files,
        captures=outcome.captures,
        loose=outcome.loose,
        left=outcome.left,
        other_rules=outcome.by_other_rules,
        journal=bool(shelf.entries),
        lost=tuple(lost),
    )
