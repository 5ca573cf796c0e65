"""Reads members of a ZIP file as streams; nothing is ever written to a name that the ZIP chooses."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Literal

from scraper.sources.remote import RemoteFile
from scraper.sources.sized_stream import SizedStream

STORED, DEFLATED = 0, 8
# Deflate reaches 1:1032 with zeros, web archives 1:20; members up to FREE bytes may have any ratio.
MAX_RATIO = 200
FREE = 64 * 2**20
MAX_UNPACKED = 16 * 2**30  # bytes of a deflated member, and so the most that the temporary folder must hold
_STEP = 2**20


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """What a ZIP states about one member."""

    name: str
    at: int  # offset of its data in the file, in bytes
    packed: int  # bytes in the file
    size: int  # bytes unpacked, as stated
    method: int
    crc: int
    encrypted: bool = False


class FileWindow(SizedStream):
    """A range of bytes of a file, as a file of its own."""

    def __init__(self, path: Path, at: int, size: int) -> None:
        super().__init__(size)
        self._file = path.open("rb", buffering=0)
        self._begin = at

    def read_part(self, at: int, part: memoryview) -> int:
        self._file.seek(self._begin + at)
        return self._file.readinto(part) or 0

    def close(self) -> None:
        self._file.close()
        super().close()


class MemberPieces:
    """A member's unpacked bytes, piece by piece; afterwards `problem` says what is wrong with them, None if nothing.

    `cut` is True where bytes are missing at the end.
    """

    def __init__(self, path: Path, entry: ZipEntry) -> None:
        self.problem: str | None = None
        self.cut = False
        self.size = 0
        self.crc = 0
        self._path = path
        self._entry = entry

    def __iter__(self) -> Iterator[bytes]:
        with FileWindow(self._path, self._entry.at, self._entry.packed) as window:
            for piece in self._inflate_pieces(window) if self._entry.method == DEFLATED else _read_pieces(window):
                self.size += len(piece)
                self.crc = zlib.crc32(piece, self.crc)
                yield piece
        self.cut = self.problem is not None or self.size < min(self._entry.size, self._entry.packed)
        if self.problem is None and (self.size, self.crc) != (self._entry.size, self._entry.crc):
            stated = f"{self._entry.size} bytes with checksum {self._entry.crc:08x}"
            self.problem = f"has {self.size} bytes with checksum {self.crc:08x}, and the ZIP says {stated}"

    def _inflate_pieces(self, window: FileWindow) -> Iterator[bytes]:
        inflate = zlib.decompressobj(wbits=-15)
        max_size = min(MAX_UNPACKED, max(FREE, MAX_RATIO * self._entry.packed))
        packed = b""
        while not inflate.eof:
            packed = inflate.unconsumed_tail or window.read(_STEP) or b""
            try:
                piece = inflate.decompress(packed, _STEP)
            except zlib.error as error:
                self.problem = f"is damaged after its byte {self.size} ({error})"
                return
            if self.size + len(piece) > max_size:
                self.problem = f"unpacks to more than {max_size // 2**20:,} MiB; the rest is not read"
                return
            if not piece and not packed:
                self.problem = f"breaks off after its byte {self.size}"
                return
            yield piece


@dataclass(frozen=True, slots=True)
class ZipMember:
    """A file inside a ZIP, which opens as a Path does."""

    path: Path
    entry: ZipEntry

    def __str__(self) -> str:
        """`crawl.wacz!archive/data.warc.gz`."""
        return f"{self.path}!{self.entry.name}"

    def read_pieces(self) -> MemberPieces:
        """Its unpacked bytes in order, to be read once."""
        return MemberPieces(self.path, self.entry)

    def open(self, _mode: Literal["rb"] = "rb", buffering: int = -1) -> BinaryIO:
        """Open it as a seekable file: a range of the ZIP if it is stored, a temporary copy if it is deflated."""
        if self.entry.method == STORED:
            return BufferedReader(FileWindow(self.path, self.entry.at, self.entry.packed), max(buffering, 2**16))
        copy = TemporaryFile()  # noqa: SIM115 - the caller closes it
        for piece in self.read_pieces():
            copy.write(piece)
        copy.seek(0)
        return copy


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file of a folder that several machines see at one place, under the name by which a user gave it."""

    path: Path
    given: str

    def __str__(self) -> str:
        return self.given

    def open(self, _mode: Literal["rb"] = "rb", buffering: int = -1) -> BinaryIO:
        """Open it by its whole path."""
        return self.path.open("rb", buffering=max(buffering, 2**16))


RecordFile = Path | ZipMember | RemoteFile | SharedFile  # a file that may hold records


def _read_pieces(window: FileWindow) -> Iterator[bytes]:
    while piece := window.read(_STEP):
        yield piece
