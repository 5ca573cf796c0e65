"""One file at the archive's path, until another replaces it: its identity, its checks, its connections."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pipelines.database.opening import open_current_archive
from scraper.errors import DamagedArchive

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
_TICK = 100_000_000  # ns
_IDLE_CONNECTIONS = 8  # open in advance: once another file is at the path, no more can be opened to this one


class FileIdentity(NamedTuple):
    """What tells a file from one that replaces it; `written` is set for immutable files only."""

    file: tuple[int, int]
    written: tuple[int, int]
    log: int  # inode of the write-ahead log, 0 if there is none

    def is_same_file(self, other: FileIdentity) -> bool:
        """Whether both belong to one file, whatever its log."""
        return self[:2] == other[:2]


class FileState(NamedTuple):
    """The state of a file; each commit makes it another."""

    identity: FileIdentity
    written: tuple[int, ...]


@dataclass(slots=True, weakref_slot=True)
class DatabaseFile:
    """A file that readers see; of a snapshot also its SHA-256 and the rows of each table, which never change."""

    identity: FileIdentity
    size: int  # bytes
    hash: str | None
    counts: dict[str, int] | None
    _idle: deque[sqlite3.Connection] = field(default_factory=deque)
    _is_retired: bool = False

    def __post_init__(self) -> None:
        weakref.finalize(self, _close_all, self._idle)  # Datasette ends without closing what it served

    def take_connection(self) -> sqlite3.Connection | None:
        """An idle connection, or None."""
        with suppress(IndexError):
            return self._idle.pop()
        return None

    def return_connection(self, db: sqlite3.Connection) -> None:
        """Keep the connection for the next reader, or close it if there are enough or the file is retired."""
        self._idle.append(db)
        while len(self._idle) > (0 if self._is_retired else _IDLE_CONNECTIONS):
            if connection := self.take_connection():
                connection.close()

    def retire(self) -> None:
        """Close the idle connections now, and the others when they are returned."""
        self._is_retired = True
        while connection := self.take_connection():
            connection.close()


def _close_all(connections: deque[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()


def identify_file(path: Path, *, is_mutable: bool) -> FileIdentity | None:
    """The identity of the file at the path; None if there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    if not is_mutable:
        return identify_snapshot(status)
    return FileIdentity((status.st_dev, status.st_ino), (0, 0), _find_log_inode(path))


def identify_snapshot(status: os.stat_result) -> FileIdentity:
    """The identity of a file that nobody writes to."""
    return FileIdentity((status.st_dev, status.st_ino), (status.st_mtime_ns, status.st_size), 0)


def read_state(path: Path, identity: FileIdentity, *, is_mutable: bool) -> FileState | None:
    """The state of the file with this identity; None if another replaced it, or while somebody writes."""
    current = identify_file(path, is_mutable=is_mutable)
    if current is None or not current.is_same_file(identity):
        return None
    if not is_mutable:
        return FileState(identity, ())
    written: list[int] = []
    for part in (path, path.with_name(f"{path.name}-wal")):
        with suppress(OSError):
            status = part.stat()
            written += (status.st_mtime_ns, status.st_size)
    # Two writes within one tick of the file system's clock have the same time, so a fresh time says nothing.
    return FileState(identity, tuple(written)) if time.time_ns() - max(written[::2], default=0) > _TICK else None


def open_file(
    path: Path, connect: Callable[[], sqlite3.Connection], *, is_mutable: bool, previous: DatabaseFile | None = None
) -> DatabaseFile:
    """Open the file at the path; one that replaces a `previous` file is checked from end to end.

    Raises BadInput, ForeignDatabase, NewerSchema, DamagedArchive, DiskTrouble, sqlite3.Error, OSError.
    """
    if previous and is_mutable and previous.identity.log == _find_log_inode(path) != 0:
        raise DamagedArchive(f"{path.name}-wal beside it belongs to the previous file: remove it and {path.name}-shm")
    with closing(open_current_archive(path)):
        pass
    connections = [connect() for _ in range(_IDLE_CONNECTIONS)]
    try:
        if previous:
            _check_integrity(connections[0])
        with path.open("rb") as file:
            hash_ = None if is_mutable else hashlib.file_digest(file, "sha256").hexdigest()
        counts = None if is_mutable else _count_rows(connections[0])
        for db in connections:
            db.execute("PRAGMA schema_version").fetchone()  # opens the log, which stays while it has a reader
        identity = identify_file(path, is_mutable=is_mutable)
        if identity is None:
            raise FileNotFoundError("it is gone")
        return DatabaseFile(identity, path.stat().st_size, hash_, counts, deque(connections))
    except BaseException:
        for db in connections:
            db.close()
        raise


def _check_integrity(db: sqlite3.Connection) -> None:
    (problem,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if problem != "ok":
        raise DamagedArchive(f"it is damaged: {problem}")


def _count_rows(db: sqlite3.Connection) -> dict[str, int]:
    names = [name for (name,) in db.execute(_TABLES)]
    return {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


def _find_log_inode(path: Path) -> int:
    with suppress(OSError):
        return path.with_name(f"{path.name}-wal").stat().st_ino
    return 0
