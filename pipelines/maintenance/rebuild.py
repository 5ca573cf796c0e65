"""archive.db made again from warcs/ alone, beside the old one, and swapped in at once."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.archive import SqliteArchive
from pipelines.database.db_errors import explain_db_errors
from pipelines.database.lock import hold_lock
from pipelines.database.open_files import sync_path
from pipelines.database.opening import LOG_ENDINGS, has_archive, remove_database, update_statistics
from pipelines.maintenance import journal
from pipelines.maintenance.replay import ReplayResult, fill_archive
from pipelines.maintenance.warc_folder import WarcFolder, list_warc_files, scan_warcs
from pipelines.progress import Progress, ignore_progress
from pipelines.workers import Workers
from scraper.errors import BadArgument, BadInput

_NEVER = 2**62  # captures a transaction: the rebuild commits by itself, for its journal is in warcs/ already


@dataclass(frozen=True, slots=True)
class RebuildResult:
    """A database made again from warcs/."""

    path: Path
    aside: Path | None  # where the old one is now
    files: int
    has_journal: bool
    replay: ReplayResult
    lost: tuple[str, ...]  # a line each


def rebuild_archive(
    settings: BaseSettings,
    *,
    into: str | None = None,
    replace: bool = False,
    reading: Progress = ignore_progress,
    storing: Progress = ignore_progress,
    workers: Workers | None = None,
) -> RebuildResult:
    """Make the database again, at `into` or in place of ARCHIVE_DB; an existing database is moved aside, not lost.

    `reading` gets the progress in bytes, `storing` in captures. Without `workers` a process a core reads the pages.
    If interrupted, it leaves everything as it was.
    Raises BadInput without WARC files, BadArgument, ArchiveBusy, DiskTrouble.
    """
    warcs, target = Path(settings["WARCS_DIR"]), Path(into or settings["ARCHIVE_DB"])
    files = list_warc_files(warcs)
    if not files:
        raise BadInput(f"{warcs}: no WARC files to rebuild from; --warcs DIR names another folder")
    if target.exists() and not replace:
        raise BadArgument(f"{target} is there: --into NEW.db makes another one, --replace moves it aside afterwards")
    with (
        explain_db_errors(target),
        hold_lock(Path(f"{target}-lock"), f"{target}: another command writes to it: wait for it, or stop it"),
    ):
        folder = scan_warcs(warcs, _count_bytes(files, reading))
        part = target.with_name(f"{target.name}.rebuilding")
        try:
            remove_database(part)
            replay = _build(part, settings, folder, storing, workers)
            aside = _put_in_place(part, target)
        finally:
            remove_database(part)
            Path(f"{part}-lock").unlink(missing_ok=True)
    lost = [*(row.loss for row in replay.lost), *replay.harm]
    lost += [f"{folder.holes} transactions of the journal are missing"] if folder.holes else []
    return RebuildResult(target, aside, folder.files, bool(folder.entries), replay, tuple(lost))


def write_journal_anew(settings: BaseSettings) -> int:
    """Write the journal anew from the database, for warcs/ that have lost a part of it; return its position.

    Raises BadInput without an archive, and what opening one raises.
    """
    path = Path(settings["ARCHIVE_DB"])
    if not has_archive(path):
        raise BadInput(f"{path}: no archive to write the journal of; without --journal it is made again from warcs/")
    with closing(SqliteArchive.open(settings)) as archive, explain_db_errors(path):
        archive.transaction.write_journal_anew()
        return journal.read_position(archive.db)


def _count_bytes(files: list[Path], reading: Progress) -> Callable[[int], None]:
    total, done = sum(path.stat().st_size for path in files), 0

    def watch(more: int) -> None:
        nonlocal done
        done += more
        reading(done, total)

    return watch


def _build(
    part: Path, settings: BaseSettings, folder: WarcFolder, storing: Progress, workers: Workers | None
) -> ReplayResult:
    new_settings = settings.copy()
    new_settings.set("ARCHIVE_DB", str(part), priority="cmdline")
    with closing(SqliteArchive.open(new_settings, batch=_NEVER)) as archive:
        archive.db.execute("PRAGMA synchronous = OFF")  # nobody uses it yet
        try:
            replay = fill_archive(archive, folder, storing, Path(settings["ARCHIVE_DB"]), workers)
        except BaseException:
            if archive.db.in_transaction:  # closing would commit it
                archive.db.execute("ROLLBACK")
            raise
        update_statistics(archive.db)
    with closing(sqlite3.connect(part)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sync_path(part)
    return replay


def _put_in_place(part: Path, target: Path) -> Path | None:
    """Move the new database into place; return where the old one is now, None if there was none."""
    if not target.exists():
        part.replace(target)
        return None
    with suppress(sqlite3.Error), closing(sqlite3.connect(target)) as db:  # it may be damaged
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    names = (target.with_name(f"{target.name}.old{turn}") for turn in ("", *(f"-{n}" for n in range(2, 1000))))
    aside = next(name for name in names if not name.exists())
    os.link(target, aside)
    for ending in LOG_ENDINGS:
        if Path(f"{target}{ending}").exists():
            Path(f"{target}{ending}").replace(f"{aside}{ending}")
    part.replace(target)
    return aside
