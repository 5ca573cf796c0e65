"""Reads the records of a WARC or ARC file, all of them or the one at a known position."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf
from typing import BinaryIO

from scraper.sources import arc, warc_records, zstd_file
from scraper.sources import media_type as media
from scraper.sources.content_coding import GZIP, zstd
from scraper.sources.gzip_stream import WARC_MAGIC, RecordStream
from scraper.sources.warc_records import Damage, RecordPosition, WarcRecord

_HEAD = 4096
_PACKED = (
    ": a frame of zstd that is cut short, or whose dictionary is elsewhere; unpack it with `zstd -d -D DICTIONARY`"
)


@dataclass(frozen=True, slots=True)
class RecordFormat:
    """How to read a kind of file: what begins a record, and how to read one, given its first line, number and place."""

    record_start: re.Pattern[bytes]
    read_record: Callable[[RecordStream, bytes, int, int], Iterator[WarcRecord | Damage]]

    def read_stretch(self, stream: RecordStream) -> Iterator[WarcRecord | Damage]:
        """Read the records up to the end of the stretch, and report what is damaged in it."""
        index, at = 0, stream.tell()
        while (line := stream.read_nonblank_line()) is not None:
            if self.record_start.match(line):
                yield from self.read_record(stream, line, index, at)
                index += 1
            else:
                message = f"bytes that belong to no record near byte {at}"
                yield Damage(message + _PACKED * line.startswith(zstd_file.FRAME), lost=True)
                stream.read_to_record()
            at = stream.tell()


_WARC = RecordFormat(re.compile(re.escape(WARC_MAGIC)), warc_records.read_warc_record)
_ARC = RecordFormat(arc.RECORD_START, arc.read_arc_record)


@dataclass(slots=True)
class RecordSpan:
    """A part of a file whose records have gzip members of their own: those that begin from `begin` to `end`.

    Where the next one begins is known when they were read, None at the end of the file.
    """

    begin: int = 0
    end: float = inf
    next: int | None = None


def read_records(file: BinaryIO, name: str, span: RecordSpan | None = None) -> Iterator[WarcRecord | Damage]:
    """Yield every record of the file, or of the span, in order, and go on after damage. The file must be seekable.

    `name` decides the format of a file whose beginning is damaged.
    """
    span = span or RecordSpan()
    record_format = _detect_format(file, 0, name)
    stream = RecordStream(file, span.begin, record_format.record_start)
    while True:
        yield from record_format.read_stretch(stream)
        yield from (Damage(message, lost=True) for message in stream.damage)
        stream.damage.clear()
        if not stream.advance():
            return
        if stream.start >= span.end:
            span.next = stream.start
            return


def has_record_members(file: BinaryIO, name: str) -> bool:
    """Whether the first record has a gzip member of its own, so that the file can be read in parts."""
    first = next(read_records(file, name), None)
    return isinstance(first, WarcRecord) and first.length is not None


def find_record(file: BinaryIO, name: str, begin: int, end: int) -> int | None:
    """Find where the first record begins whose gzip member begins from `begin` to `end`, None where none does."""
    return RecordStream(file, 0, _detect_format(file, 0, name).record_start).find_stretch(begin, end)


def read_record(file: BinaryIO, position: RecordPosition, name: str) -> WarcRecord | None:
    """Return the record that begins at `position`, None if there is none."""
    record_format = _detect_format(file, position.offset, name)
    stream = RecordStream(file, position.offset, record_format.record_start)
    records = (item for item in record_format.read_stretch(stream) if isinstance(item, WarcRecord))
    return next((record for record in records if record.position == position), None)


def unpack_head(head: bytes) -> bytes:
    """Return the first bytes of a file, unpacked where they are gzip or zstd."""
    try:
        if head.startswith(GZIP):
            return zlib.decompressobj(wbits=31).decompress(head, 16 * _HEAD)
        return zstd.ZstdDecompressor().decompress(head, 16 * _HEAD) if head.startswith(zstd_file.FRAME) else head
    except (zlib.error, zstd.ZstdError):
        return b""


def is_warc_or_arc(head: bytes) -> bool:
    """Whether a file that begins with these bytes is WARC or ARC."""
    if head.startswith(zstd_file.SKIPPABLE):
        return True
    begin = unpack_head(head)
    return re.match(rb"WARC/\d", begin) is not None or begin.startswith(b"filedesc://")


def _detect_format(file: BinaryIO, at: int, name: str) -> RecordFormat:
    file.seek(at)
    begin = unpack_head(file.read(_HEAD))
    if begin.startswith(WARC_MAGIC):
        return _WARC
    is_named_arc = media.ending_of(name) in ("arc", "arc.gz", "arc.zst")
    return _ARC if is_named_arc or arc.RECORD_START.match(begin) else _WARC
