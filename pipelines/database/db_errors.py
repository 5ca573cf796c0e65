"""Errors of SQLite and the system, explained in one line that a user can act on."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scraper.console.stop_signals import is_end_requested
from scraper.errors import ArchiveBusy, ArchiveError, DamagedArchive, DiskTrouble, ForeignDatabase

_DISK = "free room or fix permissions and run again; nothing is lost"
_STEPS = 100_000  # of SQLite's own: some milliseconds
_CAUSES: dict[int, tuple[type[ArchiveError], str]] = {
    sqlite3.SQLITE_FULL: (DiskTrouble, f"the disk is full: {_DISK}"),
    sqlite3.SQLITE_READONLY: (DiskTrouble, f"it cannot be written to: {_DISK}"),
    sqlite3.SQLITE_PERM: (DiskTrouble, f"no permission: {_DISK}"),
    sqlite3.SQLITE_CANTOPEN: (DiskTrouble, f"it cannot be opened or made: {_DISK}"),
    sqlite3.SQLITE_IOERR: (DiskTrouble, f"the disk does not read or write: {_DISK}"),
    sqlite3.SQLITE_BUSY: (ArchiveBusy, "another program writes to it: wait for it and run again"),
    sqlite3.SQLITE_LOCKED: (ArchiveBusy, "another program writes to it: wait for it and run again"),
    sqlite3.SQLITE_CORRUPT: (DamagedArchive, "it is damaged: restore it from a copy; warcs/ still holds every page"),
    sqlite3.SQLITE_NOTADB: (ForeignDatabase, "it is no SQLite database: name another with --db FILE"),
}


@contextmanager
def explain_db_errors(path: Path) -> Iterator[None]:
    """Turn errors of the file at `path` into subclasses of ArchiveError; programming errors stay as they are.

    A statement that a signal ended (`obey_signals`) raises KeyboardInterrupt.
    """
    try:
        yield
    except sqlite3.Error as error:
        if is_end_requested():
            raise KeyboardInterrupt from error
        cause = _find_cause(error)
        if cause is None:
            raise
        raise cause[0](f"{path}: {cause[1]}") from error
    except OSError as error:
        raise DiskTrouble(f"{error.filename or path}: {error.strerror}: {_DISK}") from error


def obey_signals(db: sqlite3.Connection) -> None:
    """Let a signal end the statement that is at work, however long that would take (`end_on_stop_signals`)."""
    db.set_progress_handler(is_end_requested, _STEPS)


def is_fault(error: Exception) -> bool:
    """Whether an error is a fault of the program, and no trouble of the disk or with another program."""
    return not isinstance(error, OSError) and (not isinstance(error, sqlite3.Error) or _find_cause(error) is None)


def _find_cause(error: sqlite3.Error) -> tuple[type[ArchiveError], str] | None:
    # The low byte of an extended code is the cause, the rest says where it arose.
    return _CAUSES.get(getattr(error, "sqlite_errorcode", -1) & 0xFF)


@contextmanager
def roll_back_on(
    db: sqlite3.Connection,
    errors: type[BaseException] | tuple[type[BaseException], ...],
    tally: Counter[str] | None = None,
) -> Iterator[None]:
    """A savepoint inside a transaction, rolled back if one of the errors ends it, and with it what `tally` counted."""
    db.execute("SAVEPOINT step")
    before = dict(tally or {})
    try:
        yield
    except errors:
        if tally is not None:
            tally.clear()
            tally.update(before)
        # A full disk ends the whole transaction with its savepoints.
        if db.in_transaction:
            db.execute("ROLLBACK TO step")
            db.execute("RELEASE step")
        raise
    db.execute("RELEASE step")
