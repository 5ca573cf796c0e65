"""A file of a known size that is read in parts, wherever the parts come from."""

from __future__ import annotations

from abc import abstractmethod
from io import RawIOBase


class SizedStream(RawIOBase):
    """Keeps the place that reading has come to; subclasses read what is there."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._at = 0

    @abstractmethod
    def read_part(self, at: int, part: memoryview) -> int:
        """Read bytes from `at` on into the part, which ends before the file does; return how many there were."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        room = max(0, min(len(buffer), self._size - self._at))
        count = self.read_part(self._at, memoryview(buffer)[:room]) if room else 0
        self._at += count
        return count
