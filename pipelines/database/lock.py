"""A file lock, which the system releases however its process ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scraper.errors import ArchiveBusy, DiskTrouble


def take_lock(path: Path, busy: str, *, wait: bool = False) -> int:
    """Lock this file until the returned descriptor is closed. Raises OSError, and ArchiveBusy(`busy`) unless `wait`."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError as error:
        os.close(lock)
        raise ArchiveBusy(busy) from error
    return lock


@contextmanager
def hold_lock(path: Path, busy: str, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock of this file while inside. Raises DiskTrouble, and ArchiveBusy(`busy`) unless `wait`."""
    try:
        lock = take_lock(path, busy, wait=wait)
    except OSError as error:
        raise DiskTrouble(f"{path}: {error.strerror}: make the folder, or fix its permissions") from error
    try:
        yield
    finally:
        os.close(lock)


def is_locked(path: Path) -> bool:
    """Whether another process holds the lock of this file."""
    try:
        lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False
