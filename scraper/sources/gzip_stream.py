"""Reads a WARC or ARC file, plain or gzip, as one stream of unpacked bytes that goes on after damage."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from math import inf
from typing import BinaryIO

from scraper.sources.content_coding import GZIP

_STEP = 64 * 1024
_OUT = 2**20  # a gzip member is unpacked in steps of at most this size: a bomb costs time, not memory
_SAMPLE = 1024  # bytes from which any gzip member unpacks its first byte, however long its header is
_HEAD = 8192  # bytes that are enough to see whether a record begins
WARC_MAGIC = b"WARC/"


class GzipMember:
    """One gzip member, unpacked piece by piece; `error` says why it ends too early."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self.start = start
        self.end = start
        self.error: str | None = None
        self._file = file
        self._inflate = zlib.decompressobj(wbits=31)
        self._packed = b""
        self._handed_out = 0
        self._done = False
        file.seek(start)

    def read(self) -> bytes:
        """Return the next piece; empty at the end."""
        while not self._done:
            if not self._packed and not self._read_packed():
                break
            try:
                piece = self._inflate.decompress(self._packed, _OUT)
            except zlib.error as error:
                return self._salvage_bytes(str(error))
            self._packed = self._inflate.unconsumed_tail
            if self._inflate.eof:
                self._done = True
                self.end = self._file.tell() - len(self._inflate.unused_data)
            if piece:
                self._handed_out += len(piece)
                return piece
        return b""

    def _read_packed(self) -> bool:
        self._packed = self._file.read(_STEP)
        if not self._packed:
            self._done = True
            self.end = self._file.tell()
            self.error = "the file breaks off in the middle of a gzip member"
        return bool(self._packed)

    def _salvage_bytes(self, error: str) -> bytes:
        """Unpack again, a byte at a time: the failed step returned nothing of what stands before the damage."""
        self._done = True
        self.error = f"damaged gzip data ({error})"
        end = self._file.tell()
        self._file.seek(self.start)
        inflate = zlib.decompressobj(wbits=31)
        rescued = bytearray()
        tried = 0
        try:
            for byte in self._file.read(min(end - self.start, 4 * _OUT)):
                tried += 1
                rescued += inflate.decompress(bytes((byte,)))
        except zlib.error:
            pass
        self.end = self.start + tried
        return bytes(rescued[self._handed_out :])


class RecordStream:
    """The unpacked bytes of a WARC or ARC file in stretches, each of which ends where a gzip member begins a record.

    A file with one gzip member per record has a stretch per record; a plain file, or one gzip stream, is one stretch.
    `read` and `readline` stop at the end of a stretch, and `advance` goes to the next.
    """

    def __init__(self, file: BinaryIO, start: int, record_start: re.Pattern[bytes]) -> None:
        self.start = start  # of this stretch, as an offset in the file
        self.end = start  # of this stretch, once `is_at_end`
        self.damage: list[str] = []
        self.clean = True  # nothing in this stretch was damaged
        self._file = file
        self._record_start = record_start
        self._ready = b""  # unpacked, handed out up to _at
        self._at = 0
        self._next: tuple[GzipMember, bytes] | None = None
        self._member: GzipMember | None = None
        file.seek(start)
        head = file.read(_HEAD)
        if head.startswith(GZIP):
            self._member = GzipMember(file, start)
        elif not record_start.match(head):  # perhaps gzip whose first member is damaged
            self._next = self._find_member(start)
        self.gzip = self._member is not None or self._next is not None
        if not self.gzip:
            self.damage.clear()
            file.seek(start)

    def read(self, size: int) -> bytes:
        """Read up to `size` bytes; fewer only at the end of the stretch."""
        parts: list[bytes] = []
        while size > 0 and self._fill_buffer():
            parts.append(self._take_bytes(size))
            size -= len(parts[-1])
        return b"".join(parts)

    def skip(self, size: int) -> int:
        """Skip `size` bytes; returns how many there were."""
        left = size
        while left > 0 and self._fill_buffer():
            left -= len(self._take_bytes(left))
        return size - left

    def readline(self) -> bytes:
        """Read a line with its end, or the beginning of a very long one."""
        parts: list[bytes] = []
        limit = _STEP
        while limit > 0 and self._fill_buffer():
            end = self._ready.find(b"\n", self._at, self._at + limit) + 1
            parts.append(self._take_bytes(end - self._at if end else limit))
            limit -= len(parts[-1])
            if end:
                break
        return b"".join(parts)

    def read_match(self, find: Callable[[bytes, int, int], re.Match[bytes] | None], most: int) -> bytes:
        """Read what a pattern's `match` finds in the bytes that are unpacked already, at most so many; empty if not."""
        match = find(self._ready, self._at, self._at + most)
        if match is None:
            return b""
        self._at = match.end()
        return match[0]

    def read_nonblank_line(self) -> bytes | None:
        """Read the next line that is not blank; None at the end of the stretch."""
        while line := self.readline():
            if line.strip():
                return line
        return None

    def read_to_record(self, keep: int = 0) -> bytes:
        """Read up to the next line that begins a record; returns the first `keep` bytes."""
        skipped = bytearray()
        while line := self.readline():
            if self._record_start.match(line):
                self.push_back(line)
                break
            skipped += line[: max(0, keep - len(skipped))]
        return bytes(skipped)

    def is_at_record_end(self, ending: bytes) -> bool:
        """Whether a record ends here: at its own line ends, at another record, or at the end of the stretch."""
        blank = b""
        while (line := self.readline()) and not line.strip():
            blank += line
        is_begin = bool(blank) and self._record_start.match(line) is not None
        is_end = not line or blank.startswith(ending) or is_begin
        self.push_back(line if is_end else blank + line)
        return is_end

    def push_back(self, data: bytes) -> None:
        """Put bytes back, to be read again."""
        self._ready = data + self._ready[self._at :]
        self._at = 0

    def is_at_end(self) -> bool:
        """Whether this stretch has no more bytes."""
        return not self._fill_buffer()

    def tell(self) -> int:
        """The offset of the next byte in the file; in gzip, the offset of its stretch."""
        return self.start if self.gzip else self._file.tell() - len(self._ready) + self._at

    def advance(self) -> bool:
        """Go to the next stretch; False at the end of the file."""
        if self._next is None:
            return False
        self._member, self._ready = self._next
        self._at = 0
        self._next = None
        self.start = self._member.start
        self.clean = True
        return True

    def _take_bytes(self, size: int) -> bytes:
        part = self._ready[self._at : self._at + size]
        self._at += len(part)
        return part

    def _fill_buffer(self) -> bool:
        while self._at >= len(self._ready) and self._next is None:
            self._at, self._ready = 0, b""
            if not self.gzip:
                self._ready = self._file.read(_STEP)
                self.end = self._file.tell()
                break
            if self._member is None:
                break
            self._ready = self._member.read()
            if not self._ready:
                self._go_to_next_member(self._member)
        return self._at < len(self._ready)

    def _go_to_next_member(self, last: GzipMember) -> None:
        self.end = last.end
        if last.error:
            self.clean = False
            self._note_damage(last.start, last.error)
        found = self._open_member(last.end) if last.error is None else None
        if found is None:
            found = self._find_member(last.start + 1 if last.error else last.end)
        if found is None:
            self._member = None
        elif self._record_start.match(found[1]):
            self._next = found
        else:
            self._member, self._ready = found

    def _open_member(self, at: int) -> tuple[GzipMember, bytes] | None:
        """Return the member that begins at this offset, with its first bytes; None if none does."""
        self._file.seek(at)
        if self._file.read(3) != GZIP:
            return None
        member = GzipMember(self._file, at)
        return member, member.read()

    def find_stretch(self, at: int, end: int) -> int | None:
        """Find where the first stretch of `at` to `end` begins, None where none does: as if read from the beginning."""
        found = self._find_member(at, end) if self.gzip else None
        self.damage.clear()
        return found[0].start if found and found[0].start < end else None

    def _find_member(self, at: int, end: float = inf) -> tuple[GzipMember, bytes] | None:
        """Find the next member that begins with a record; what lies between is noted unless it is padding."""
        begin = at
        self._file.seek(at)
        while at < end and (chunk := self._file.read(_STEP)):
            if begin == at and chunk.strip(b"\0") and self.clean and not chunk.startswith(GZIP):
                self._note_damage(at, "bytes that are not gzip data")
            hit = chunk.find(GZIP)
            while hit >= 0:
                sample = chunk[hit : hit + _SAMPLE]
                if len(sample) < _SAMPLE:
                    self._file.seek(at + hit)
                    sample = self._file.read(_SAMPLE)
                if _unpacks(sample) and (found := self._open_member(at + hit)) and self._record_start.match(found[1]):
                    return found
                hit = chunk.find(GZIP, hit + 1)
            if len(chunk) <= 2:
                break
            at += len(chunk) - 2
            self._file.seek(at)
        return None

    def _note_damage(self, at: int, what: str) -> None:
        self.damage.append(f"{what} at byte {at}")


def _unpacks(sample: bytes) -> bool:
    """Whether these bytes really begin a gzip member: its mark is short, so most hits are chance."""
    try:
        return bool(zlib.decompressobj(wbits=31).decompress(sample, 1))
    except zlib.error:
        return False
