"""A file at the archive's path, until another is put there: whether it may be shown, and who reads it."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pipelines.opening import archive_to_read
from scraper.errors import DamagedArchive

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
_TICK = 100_000_000  # ns
_KEPT = 8  # connections that wait for readers; while another file stands at the path, there can be no more


class Mark(NamedTuple):
    """What tells a file from one that is put in its place; `written` of those only that nobody may write to."""

    file: tuple[int, int]
    written: tuple[int, int]
    log: int  # the inode of its write-ahead log, 0 if there is none

    def same_file(self, other: Mark) -> bool:
        """Whether both are of one file, its log apart."""
        return self[:2] == other[:2]


class State(NamedTuple):
    """What is another one after each commit."""

    mark: Mark
    written: tuple[int, ...]


@dataclass(slots=True)
class Edition:
    """A file that is shown, with what never changes of a snapshot: its SHA-256 and how many rows its tables have."""

    mark: Mark
    size: int  # bytes
    hash: str | None
    counts: dict[str, int] | None
    _free: deque[sqlite3.Connection] = field(default_factory=deque)
    _retired: bool = False

    def taken(self) -> sqlite3.Connection | None:
        """A connection that nobody reads from, None if there is none."""
        with suppress(IndexError):
            return self._free.pop()
        return None

    def give_back(self, db: sqlite3.Connection) -> None:
        """Keep the connection for the next reader, if there will be one."""
        self._free.append(db)
        while len(self._free) > (0 if self._retired else _KEPT):
            if one := self.taken():
                one.close()

    def retire(self) -> None:
        """Close what nobody reads from now, and the rest when it is given back."""
        self._retired = True
        while one := self.taken():
            one.close()


def mark_of(path: Path, *, is_mutable: bool) -> Mark | None:
    """The mark of what stands at the path, None if nothing does."""
    try:
        told = path.stat()
    except OSError:
        return None
    written = (0, 0) if is_mutable else (told.st_mtime_ns, told.st_size)
    return Mark((told.st_dev, told.st_ino), written, _log_of(path) if is_mutable else 0)


def state_of(path: Path, mark: Mark, *, is_mutable: bool) -> State | None:
    """The state of the file with this mark; None if another one is in its place, or while somebody writes."""
    there = mark_of(path, is_mutable=is_mutable)
    if there is None or not there.same_file(mark):
        return None
    if not is_mutable:
        return State(mark, ())
    written: list[int] = []
    for one in (path, path.with_name(f"{path.name}-wal")):
        with suppress(OSError):
            told = one.stat()
            written += (told.st_mtime_ns, told.st_size)
    # File systems do not tell two instants apart that are closer than their clock's ticks.
    return State(mark, tuple(written)) if time.time_ns() - max(written[::2], default=0) > _TICK else None


def opened(
    path: Path, connected: Callable[[], sqlite3.Connection], *, is_mutable: bool, former: Edition | None = None
) -> Edition:
    """The file at the path, to be shown; one that comes after a `former` edition is checked from end to end.

    Raises BadInput, ForeignDatabase, NewerSchema, DamagedArchive, DiskTrouble, sqlite3.Error, OSError.
    """
    if former and is_mutable and former.mark.log == _log_of(path) != 0:
        raise DamagedArchive(f"beside it lies {path.name}-wal of the former file: take it and {path.name}-shm away")
    with closing(archive_to_read(path)):
        pass
    connections = [connected() for _ in range(_KEPT)]
    try:
        if former:
            _check(connections[0])
        with path.open("rb") as file:
            hash_ = None if is_mutable else hashlib.file_digest(file, "sha256").hexdigest()
        counts = None if is_mutable else _counts(connections[0])
        for db in connections:
            db.execute("PRAGMA schema_version").fetchone()  # the log of a file in use stays while it has a reader
        mark = mark_of(path, is_mutable=is_mutable)
        if mark is None:
            raise FileNotFoundError("it is gone")
        return Edition(mark, path.stat().st_size, hash_, counts, deque(connections))
    except BaseException:
        for db in connections:
            db.close()
        raise


def _check(db: sqlite3.Connection) -> None:
    (told,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if told != "ok":
        raise DamagedArchive(f"it is damaged: {told}")


def _counts(db: sqlite3.Connection) -> dict[str, int]:
    names = [name for (name,) in db.execute(_TABLES)]
    return {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


def _log_of(path: Path) -> int:
    with suppress(OSError):
        return path.with_name(f"{path.name}-wal").stat().st_ino
    return 0
