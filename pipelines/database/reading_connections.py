"""Read-only connections, also to an archive in a place where nothing can be written."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.database.db_errors import explain_db_errors

# SQLite's errors where it cannot create the files that belong beside a database with a write-ahead log.
_CANNOT_WRITE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


def connect_read_only(path: Path) -> sqlite3.Connection:
    """Connect to the last committed state, without the right to write. Raises sqlite3.Error, OSError."""
    try:
        return _connect(path, "mode=ro")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _CANNOT_WRITE:
            raise
    log = get_log_path(path)
    if not log.exists() or log.stat().st_size == 0:
        return _connect(path, "mode=ro&immutable=1")
    with TemporaryDirectory() as folder:  # open files stay readable when their names are gone
        for file in (path, log):
            shutil.copyfile(file, Path(folder) / file.name)
        return _connect(Path(folder) / path.name, "mode=ro")


def is_shareable(path: Path) -> bool:
    """Whether SQLite can read the database while another program writes to it."""
    try:
        _connect(path, "mode=ro").close()
    except sqlite3.OperationalError:
        return False
    return True


def get_log_path(path: Path) -> Path:
    """The write-ahead log: what is committed and not yet in the database file."""
    return path.with_name(f"{path.name}-wal")


@contextmanager
def provide_writable_database(path: Path) -> Iterator[Path]:
    """The database itself if it can be written to, else a temporary copy. Raises DiskTrouble."""
    if os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK):
        yield path
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        with (
            closing(connect_read_only(path)) as source,
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
