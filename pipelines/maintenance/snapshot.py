"""The public copy of archive.db: checked, in one file, swapped in at once."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines import sample
from pipelines.database.db_errors import explain_db_errors, obey_signals
from pipelines.database.lock import hold_lock
from pipelines.database.open_files import sync_path
from pipelines.database.opening import read_archive, remove_database, require_archive
from pipelines.maintenance import journal
from pipelines.maintenance.contacts import hide_contacts
from pipelines.maintenance.operator_traces import hide_traces
from pipelines.maintenance.verify import find_database_damage, suggest_remedy
from pipelines.pages import run_state
from scraper.errors import ArchiveError, BadArgument, DamagedArchive, SampleArchive

_DELETE_HELD = (
    "DELETE FROM records WHERE id IN (SELECT record_id FROM readings WHERE held = 1 "
    "EXCEPT SELECT record_id FROM readings WHERE held = 0)",
    "DELETE FROM problems WHERE capture_id IN (SELECT capture_id FROM readings WHERE held = 1)",
    "DELETE FROM readings WHERE held = 1",
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A finished snapshot."""

    path: Path
    size: int  # bytes
    sha256: str
    hidden: int  # writers' addresses that were removed

    def __str__(self) -> str:
        """One line for people."""
        hidden = f", without {self.hidden} e-mail addresses of writers" if self.hidden else ""
        return f"{self.path}: {self.size / 1e6:.1f} MB{hidden}, sha256 {self.sha256}"


def make_snapshot(settings: BaseSettings, *, with_contacts: bool = False, wait: bool = False) -> Snapshot:
    """Copy, clean and check the database, then move it to SNAPSHOT with its SHA-256 beside it.

    A reader of SNAPSHOT sees the old file or the new one, never a part of one, even if this is killed.
    Raises BadInput, BadArgument, ArchiveBusy, DamagedArchive, DiskTrouble, ForeignDatabase, NewerSchema, SampleArchive.
    """
    source, target = Path(settings["ARCHIVE_DB"]), Path(settings["SNAPSHOT"])
    require_archive(source)
    if source.absolute() == target.absolute():
        raise BadArgument(f"SNAPSHOT={target}: that is the archive itself: choose another file")
    if sample.is_sample_file(source) and _has_real_briefs(target):
        raise SampleArchive(f"{target}: a copy of real briefs, and {source} is a sample: choose another SNAPSHOT")
    with explain_db_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        lock, busy = target.with_name(f".{target.name}-lock"), f"{target}: another command is renewing it: try later"
        with hold_lock(lock, busy, wait=wait):
            return _publish(source, target, suggest_remedy(settings), hide=not with_contacts)


def is_published(settings: BaseSettings) -> bool | None:
    """Whether SNAPSHOT is a copy of this very archive, by the archive's random name; None if there is no SNAPSHOT.

    Raises what opening the archive raises; a file that cannot be read is no copy of it.
    """
    source, target = Path(settings["ARCHIVE_DB"]), Path(settings["SNAPSHOT"])
    if not target.exists():
        return None
    with read_archive(source) as db:
        name = run_state.recall(db, journal.NAME)
    try:
        with read_archive(target) as db:
            return run_state.recall(db, journal.NAME) == name
    except (ArchiveError, sqlite3.OperationalError):  # an empty file has no tables
        return False


def _has_real_briefs(target: Path) -> bool:
    """Whether `target` is a copy of real briefs, which a sample must not replace; an unreadable file is none."""
    try:
        return target.exists() and not sample.is_sample_file(target)
    except ArchiveError:
        return False


def _publish(source: Path, target: Path, remedy: str, *, hide: bool) -> Snapshot:
    part = target.with_name(f"{target.name}.tmp")
    try:
        remove_database(part)
        with read_archive(source) as db:
            obey_signals(db)
            db.execute("VACUUM INTO ?", (str(part),))
        hidden = _remove_private_words(part) if hide else 0
        if damage := find_database_damage(part, remedy):
            raise DamagedArchive(f"{damage[0]}; the snapshot stays as it was".replace(str(part), str(source)))
        return _put_in_place(part, target, hidden)
    finally:
        remove_database(part)


def _remove_private_words(part: Path) -> int:
    """Remove what is the operator's and the writers' addresses, also from free pages; return how many those were."""
    with closing(sqlite3.connect(part, isolation_level=None)) as db:
        obey_signals(db)
        db.execute("PRAGMA synchronous = OFF")  # nobody uses it yet
        for sql in _DELETE_HELD:
            db.execute(sql)
        hidden = hide_contacts(db)
        db.execute("BEGIN")
        hide_traces(db)
        db.execute("DELETE FROM unwritten")  # what the journal would record of these changes
        db.execute("COMMIT")
        db.execute("VACUUM")
    return hidden


def _put_in_place(part: Path, target: Path, hidden: int) -> Snapshot:
    with part.open("rb") as file:
        digest, size = hashlib.file_digest(file, "sha256").hexdigest(), file.tell()
        os.fsync(file.fileno())
    checksum = target.with_name(f"{target.name}.sha256")
    checksum_part = target.with_name(f"{checksum.name}.tmp")
    checksum_part.write_text(f"{digest}  {target.name}\n", encoding="ascii")  # as `sha256sum -c` reads it
    for path in (part, checksum_part):
        path.chmod(0o644)  # a web server serves them
    part.replace(target)
    checksum_part.replace(checksum)
    sync_path(target.parent)
    return Snapshot(target, size, digest, hidden)
