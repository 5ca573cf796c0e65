"""Whether the names of open files still lead to them: what is written to a deleted file is lost when it is closed.

And whether what is written is on the disk.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from scraper.errors import DiskTrouble


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file or folder that this process works in. Its inode cannot become another file's as long as it is open."""

    path: Path
    device: int
    inode: int

    @classmethod
    def from_path(cls, path: Path) -> Self:
        status = path.stat()
        return cls(path, status.st_dev, status.st_ino)

    def require_same(self) -> None:
        """Raise DiskTrouble if the name leads nowhere now, or to another file."""
        try:
            status = self.path.stat()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise self._explain("deleted or moved away") from error
        if (status.st_dev, status.st_ino) != (self.device, self.inode):
            raise self._explain("replaced by another")

    def _explain(self, event: str) -> DiskTrouble:
        again = "put the old one back, or restore it from a copy, and run again; `verify` says what is missing"
        return DiskTrouble(f"{self.path}: it was {event} while this command wrote to it: {again}")


def sync_path(path: Path) -> None:
    """Return when a file, or the names in a folder, are on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
