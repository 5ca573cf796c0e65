"""A lock that ends with the process that holds it, however that ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scraper.errors import ArchiveBusy, DiskTrouble


@contextmanager
def hold_lock(path: Path, busy: str, *, wait: bool = False) -> Iterator[None]:
    """While inside, nobody else holds the lock of this file. Raises DiskTrouble, and ArchiveBusy if not to `wait`.

    `busy` is the line of ArchiveBusy.
    """
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise DiskTrouble(f"{path}: {error.strerror}: make the folder, or fix its permissions") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError as error:
        os.close(lock)
        raise ArchiveBusy(busy) from error
    try:
        yield
    finally:
        os.close(lock)
