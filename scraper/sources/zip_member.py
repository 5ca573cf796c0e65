"""The members of a ZIP file, read by stream and never unpacked to a name that the file chooses."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Literal

STORED, DEFLATED = 0, 8
# Deflate reaches 1:1032 with zeros; web archives 1:20. Small members may be as empty as they like.
MAX_RATIO = 200
FREE = 64 * 2**20
MAX_UNPACKED = 16 * 2**30  # bytes of a deflated member; that much room in the temporary folder is the most it takes
_STEP = 2**20


@dataclass(frozen=True, slots=True)
class Entry:
    """What a ZIP says of one member."""

    name: str
    at: int  # of its data in the file, in bytes
    packed: int  # bytes in the file
    size: int  # bytes unpacked, as stated
    method: int
    crc: int
    encrypted: bool = False


class Window(RawIOBase):
    """A stretch of a file as a file of its own."""

    def __init__(self, path: Path, at: int, size: int) -> None:
        self._file = path.open("rb", buffering=0)
        self._begin = at
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        room = max(0, min(len(buffer), self._size - self._at))
        self._file.seek(self._begin + self._at)
        got = self._file.readinto(memoryview(buffer)[:room]) or 0
        self._at += got
        return got

    def close(self) -> None:
        self._file.close()
        super().close()


class Pieces:
    """A member's unpacked bytes, piece by piece; afterwards `trouble` says what is wrong with them, if anything is.

    `cut` is True where bytes are missing at the end.
    """

    def __init__(self, path: Path, entry: Entry) -> None:
        self.trouble: str | None = None
        self.cut = False
        self.size = 0
        self.crc = 0
        self._path = path
        self._entry = entry

    def __iter__(self) -> Iterator[bytes]:
        with Window(self._path, self._entry.at, self._entry.packed) as window:
            for piece in self._inflated(window) if self._entry.method == DEFLATED else _steps(window):
                self.size += len(piece)
                self.crc = zlib.crc32(piece, self.crc)
                yield piece
        self.cut = self.trouble is not None or self.size < min(self._entry.size, self._entry.packed)
        if self.trouble is None and (self.size, self.crc) != (self._entry.size, self._entry.crc):
            told = f"{self._entry.size} bytes with checksum {self._entry.crc:08x}"
            self.trouble = f"has {self.size} bytes with checksum {self.crc:08x}, and the ZIP says {told}"

    def _inflated(self, window: Window) -> Iterator[bytes]:
        inflate = zlib.decompressobj(wbits=-15)
        most = min(MAX_UNPACKED, max(FREE, MAX_RATIO * self._entry.packed))
        packed = b""
        while not inflate.eof:
            packed = inflate.unconsumed_tail or window.read(_STEP) or b""
            try:
                piece = inflate.decompress(packed, _STEP)
            except zlib.error as error:
                self.trouble = f"is damaged behind its byte {self.size} ({error})"
                return
            if self.size + len(piece) > most:
                self.trouble = f"unpacks to more than {most // 2**20:,} MiB; what is behind is not read"
                return
            if not piece and not packed:
                self.trouble = f"breaks off behind its byte {self.size}"
                return
            yield piece


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a ZIP; `open` it as one opens a Path."""

    path: Path
    entry: Entry

    def __str__(self) -> str:
        """`crawl.wacz!archive/data.warc.gz`."""
        return f"{self.path}!{self.entry.name}"

    def pieces(self) -> Pieces:
        """Its bytes in order, for reading once."""
        return Pieces(self.path, self.entry)

    def open(self, _mode: Literal["rb"] = "rb", buffering: int = -1) -> BinaryIO:
        """A file that can seek: a stretch of the ZIP where it is stored, a temporary copy where it is deflated."""
        if self.entry.method == STORED:
            return BufferedReader(Window(self.path, self.entry.at, self.entry.packed), max(buffering, 2**16))
        copy = TemporaryFile()  # noqa: SIM115 - the caller closes it
        for piece in self.pieces():
            copy.write(piece)
        copy.seek(0)
        return copy


Held = Path | Member  # where records are


def _steps(window: Window) -> Iterator[bytes]:
    while piece := window.read(_STEP):
        yield piece
