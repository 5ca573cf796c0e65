"""A WARC or ARC file as one flow of unpacked bytes, plain or gzip, that stays readable behind damaged places."""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

from scraper.sources.content_coding import GZIP

_STEP = 64 * 1024
_OUT = 2**20  # a gzip member is unpacked in steps of at most this: a bomb costs time, not memory
_SAMPLE = 1024  # bytes in which a gzip member has given its first byte, whatever its header holds
_HEAD = 8192  # bytes that show whether a record begins
BEGINNING = b"WARC/"
_BEGINS = re.compile(re.escape(BEGINNING))


class Member:
    """One gzip member, unpacked piece by piece; `error` says why it ended too early."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self.start = start
        self.end = start
        self.error: str | None = None
        self._file = file
        self._inflate = zlib.decompressobj(wbits=31)
        self._packed = b""
        self._given = 0
        self._done = False
        file.seek(start)

    def read(self) -> bytes:
        """The next piece; empty at the end."""
        while not self._done:
            if not self._packed and not self._refill():
                break
            try:
                piece = self._inflate.decompress(self._packed, _OUT)
            except zlib.error as error:
                return self._salvage(str(error))
            self._packed = self._inflate.unconsumed_tail
            if self._inflate.eof:
                self._done = True
                self.end = self._file.tell() - len(self._inflate.unused_data)
            if piece:
                self._given += len(piece)
                return piece
        return b""

    def _refill(self) -> bool:
        self._packed = self._file.read(_STEP)
        if not self._packed:
            self._done = True
            self.end = self._file.tell()
            self.error = "the file breaks off in the middle of a gzip member"
        return bool(self._packed)

    def _salvage(self, error: str) -> bytes:
        """What the failed step would have given before the fault: unpack again, a byte at a time."""
        self._done = True
        self.error = f"damaged gzip data ({error})"
        end = self._file.tell()
        self._file.seek(self.start)
        inflate = zlib.decompressobj(wbits=31)
        rescued = bytearray()
        seen = 0
        try:
            for byte in self._file.read(min(end - self.start, 4 * _OUT)):
                seen += 1
                rescued += inflate.decompress(bytes((byte,)))
        except zlib.error:
            pass
        self.end = self.start + seen
        return bytes(rescued[self._given :])


class Unpacked:
    """The bytes of a WARC file in runs: a run ends where the next gzip member begins with a record (`begins`).

    A file that is gzip per record is a run a record; a plain one, and one gzip stream over everything, are one run.
    `read` and `readline` stop at the end of a run, and `advance` goes on to the next.
    """

    def __init__(self, file: BinaryIO, start: int = 0, begins: re.Pattern[bytes] = _BEGINS) -> None:
        self.start = start  # of this run, as an offset in the file
        self.end = start  # of this run, once `at_end`
        self.damage: list[str] = []
        self.clean = True  # nothing in this run was damaged
        self._file = file
        self._begins = begins
        self._ready = b""  # unpacked, handed out up to _at
        self._at = 0
        self._held: tuple[Member, bytes] | None = None
        self._member: Member | None = None
        file.seek(start)
        head = file.read(_HEAD)
        if head.startswith(GZIP):
            self._member = Member(file, start)
        elif not begins.match(head):  # perhaps gzip whose first member is damaged
            self._held = self._search(start)
        self.gzip = self._member is not None or self._held is not None
        if not self.gzip:
            self.damage.clear()
            file.seek(start)

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only at the end of the run."""
        parts: list[bytes] = []
        while size > 0 and self._fill():
            parts.append(self._take(size))
            size -= len(parts[-1])
        return b"".join(parts)

    def skip(self, size: int) -> int:
        """Read `size` bytes and forget them; how many there were."""
        left = size
        while left > 0 and self._fill():
            left -= len(self._take(left))
        return size - left

    def readline(self, limit: int = _STEP) -> bytes:
        """A line with its end, or `limit` bytes of a longer one."""
        parts: list[bytes] = []
        while limit > 0 and self._fill():
            end = self._ready.find(b"\n", self._at, self._at + limit) + 1
            parts.append(self._take(end - self._at if end else limit))
            limit -= len(parts[-1])
            if end:
                break
        return b"".join(parts)

    def first_line(self) -> bytes | None:
        """The next line that is not blank, None at the end of the run."""
        while line := self.readline():
            if line.strip():
                return line
        return None

    def push(self, data: bytes) -> None:
        """Give bytes back, to be read again."""
        self._ready = data + self._ready[self._at :]
        self._at = 0

    def at_end(self) -> bool:
        """Whether this run has no more bytes."""
        return not self._fill()

    def tell(self) -> int:
        """Where the next byte stands in the file; in gzip, where its run begins."""
        return self.start if self.gzip else self._file.tell() - len(self._ready) + self._at

    def advance(self) -> bool:
        """Go to the next run; False at the end of the file."""
        if self._held is None:
            return False
        self._member, self._ready = self._held
        self._at = 0
        self._held = None
        self.start = self._member.start
        self.clean = True
        return True

    def _take(self, size: int) -> bytes:
        part = self._ready[self._at : self._at + size]
        self._at += len(part)
        return part

    def _fill(self) -> bool:
        while self._at >= len(self._ready) and self._held is None:
            self._at, self._ready = 0, b""
            if not self.gzip:
                self._ready = self._file.read(_STEP)
                self.end = self._file.tell()
                break
            if self._member is None:
                break
            self._ready = self._member.read()
            if not self._ready:
                self._next_member(self._member)
        return self._at < len(self._ready)

    def _next_member(self, last: Member) -> None:
        self.end = last.end
        if last.error:
            self.clean = False
            self._tell(last.start, last.error)
        found = self._begun(last.end) if last.error is None else None
        if found is None:
            found = self._search(last.start + 1 if last.error else last.end)
        if found is None:
            self._member = None
        elif self._begins.match(found[1]):
            self._held = found
        else:
            self._member, self._ready = found

    def _begun(self, at: int) -> tuple[Member, bytes] | None:
        """The member that begins right here, with its first bytes; of what is none, nothing."""
        self._file.seek(at)
        if self._file.read(3) != GZIP:
            return None
        member = Member(self._file, at)
        return member, member.read()

    def _search(self, at: int) -> tuple[Member, bytes] | None:
        """The next member that begins with a record; what lies between is told unless it is padding."""
        begin = at
        self._file.seek(at)
        while chunk := self._file.read(_STEP):
            if begin == at and chunk.strip(b"\0") and self.clean and not chunk.startswith(GZIP):
                self._tell(at, "bytes that are no gzip data")
            hit = chunk.find(GZIP)
            while hit >= 0:
                sample = chunk[hit : hit + _SAMPLE]
                if len(sample) < _SAMPLE:
                    self._file.seek(at + hit)
                    sample = self._file.read(_SAMPLE)
                if _unpacks(sample) and (found := self._begun(at + hit)) and self._begins.match(found[1]):
                    return found
                hit = chunk.find(GZIP, hit + 1)
            if len(chunk) <= 2:
                break
            at += len(chunk) - 2
            self._file.seek(at)
        return None

    def _tell(self, at: int, what: str) -> None:
        self.damage.append(f"{what} at byte {at}")


def _unpacks(sample: bytes) -> bool:
    """Whether the first bytes of a gzip member give anything: most places that look like one are none."""
    try:
        return bool(zlib.decompressobj(wbits=31).decompress(sample, 1))
    except zlib.error:
        return False
