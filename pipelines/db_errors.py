"""Errors of SQLite and the system, explained in one line that a user can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scraper.errors import ArchiveBusy, ArchiveError, DamagedArchive, DiskTrouble, ForeignDatabase

_DISK = "free room or fix permissions and run again; nothing is lost"
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
    """Turn errors of the file at `path` into subclasses of ArchiveError; programming errors stay as they are."""
    try:
        yield
    except sqlite3.Error as error:
        # The low byte of an extended code is the cause, the rest says where it arose.
        cause = _CAUSES.get(getattr(error, "sqlite_errorcode", -1) & 0xFF)
        if cause is None:
            raise
        raise cause[0](f"{path}: {cause[1]}") from error
    except OSError as error:
        raise DiskTrouble(f"{error.filename or path}: {error.strerror}: {_DISK}") from error


@contextmanager
def roll_back_on(
    db: sqlite3.Connection, errors: type[BaseException] | tuple[type[BaseException], ...]
) -> Iterator[None]:
    """A savepoint inside a transaction, rolled back if one of the errors ends it."""
    db.execute("SAVEPOINT step")
    try:
        yield
    except errors:
        # A full disk ends the whole transaction with its savepoints.
        if db.in_transaction:
            db.execute("ROLLBACK TO step")
            db.execute("RELEASE step")
        raise
    db.execute("RELEASE step")
