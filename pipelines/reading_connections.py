"""Connections that only read, also to an archive where nothing can be written: a read-only copy, somebody else's."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.db_errors import explain_db_errors

# What SQLite says where it cannot make the files that it keeps beside a database with a write-ahead log.
_NOTHING_BESIDE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, to the last state that was committed. Raises sqlite3.Error, OSError."""
    try:
        return _connect(path, "mode=ro")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _NOTHING_BESIDE:
            raise
    log = log_of(path)
    if not log.exists() or log.stat().st_size == 0:
        return _connect(path, "mode=ro&immutable=1")
    with TemporaryDirectory() as folder:  # open files stay readable when their names are gone
        for file in (path, log):
            shutil.copyfile(file, Path(folder) / file.name)
        return _connect(Path(folder) / path.name, "mode=ro")


def can_share(path: Path) -> bool:
    """Whether SQLite can read the database in its own way, in step with a program that writes."""
    try:
        _connect(path, "mode=ro").close()
    except sqlite3.OperationalError:
        return False
    return True


def log_of(path: Path) -> Path:
    """Where SQLite keeps what was committed and is not yet in the database itself."""
    return path.with_name(f"{path.name}-wal")


@contextmanager
def writable_database(path: Path) -> Iterator[Path]:
    """The database itself where it can be written to, else a copy that is taken away again. Raises DiskTrouble."""
    if os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK):
        yield path
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        with (
            closing(connect_to_read(path)) as source,
            explain_db_errors(copy),
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
        yield copy


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)
    try:
        db.execute("PRAGMA schema_version").fetchone()  # opening alone reads nothing
    except BaseException:
        db.close()
        raise
    return db
