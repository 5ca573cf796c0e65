"""What a WARC file holds: its records one by one, and every place where it is damaged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from scraper.sources.content_coding import MAX_PAYLOAD
from scraper.sources.gzip_stream import BEGINNING, Unpacked

_MAX_HEAD = 2**20  # of a record's own headers
_MAX_DIGITS = 18  # of a length; more is none, and Python refuses to read some thousands
MAX_BLOCK = MAX_PAYLOAD + _MAX_HEAD
_PARSER = StatusAndHeadersParser([], verify=False)
_NEXT = re.compile(rb"\r?\n\r?\n(?=WARC/\d\.\d\r?\n)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record begins: a run of the file, and how many records of that run stand before it."""

    run: int  # offset in the file, in bytes
    nth: int


@dataclass(frozen=True, slots=True)
class WarcRecord:
    headers: dict[str, str]  # names in lower case
    block: bytes  # at most 33 MiB of it
    place: Place
    truncated: bool
    length: int | None  # of its own gzip members in the file, None where it shares them or they are damaged
    head: bytes = b""  # its headers as they stand; none where head and block are not the record, whole and to the byte

    @property
    def type(self) -> str:
        return self.headers.get("warc-type", "").lower()

    @property
    def url(self) -> str:
        return self.headers.get("warc-target-uri", "").strip("<>")


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong, and whether bytes of a record were lost by it."""

    message: str
    lost: bool


def parsed(head: bytes) -> tuple[StatusAndHeaders, int]:
    """A status line with headers, and how many bytes they take."""
    stream = BytesIO(head)
    return _PARSER.parse(stream), stream.tell()


def run(flow: Unpacked) -> Iterator[WarcRecord | Damage]:
    """The records of one run of a WARC file, and what is damaged in it."""
    nth = 0
    at = flow.tell()
    while (line := flow.first_line()) is not None:
        if line.startswith(BEGINNING):
            yield from _record(flow, line, nth, at)
            nth += 1
        else:
            yield Damage(f"bytes that belong to no record near byte {at}", lost=True)
            _skip_to_record(flow)
        at = flow.tell()


def _skip_to_record(flow: Unpacked) -> None:
    while line := flow.readline():
        if line.startswith(BEGINNING):
            flow.push(line)
            return


def _record(flow: Unpacked, line: bytes, nth: int, at: int) -> Iterator[WarcRecord | Damage]:
    raw = _head(flow, line)
    headers = {} if raw is None else _headers(raw)
    stated = headers.get("content-length", "")
    if raw is None or not (stated.isdecimal() and len(stated) <= _MAX_DIGITS):
        what = f"with more than {_MAX_HEAD // 2**20} MiB of headers" if raw is None else "without a length"
        yield Damage(f"a record {what} near byte {at}", lost=True)
        _skip_to_record(flow)
        return
    size = int(stated)
    block = flow.read(min(size, MAX_BLOCK))
    over = flow.skip(size - len(block)) if len(block) == MAX_BLOCK < size else 0
    whole = len(block) + over == size
    if not (whole and _ended(flow)):
        block, whole, lie = _corrected(flow, block, whole)
        if whole:
            yield Damage(f"a record says {size} bytes and has {lie} near byte {at}", lost=False)
        elif flow.clean:
            yield Damage(f"the file breaks off in the middle of a record near byte {at}", lost=True)
    cut = "warc-truncated" in headers or "warc-segment-number" in headers
    truncated = not whole or over > 0 or cut
    alone = nth == 0 and flow.at_end() and flow.gzip
    exact = whole and size == len(block) and flow.clean
    length = flow.end - flow.start if alone and exact else None
    yield WarcRecord(headers, block, Place(flow.start, nth), truncated, length, raw if exact else b"")


def _head(flow: Unpacked, line: bytes) -> bytes | None:
    """A record's headers with the empty line behind them; None for more of them than any record has."""
    lines = [line]
    size = len(line)
    while (line := flow.readline()).strip():
        lines.append(line)
        size += len(line)
        if size > _MAX_HEAD:
            return None
    return b"".join(lines) + b"\r\n"


def _headers(head: bytes) -> dict[str, str]:
    """By lower-case name."""
    return {name.lower(): value.strip() for name, value in parsed(head)[0].headers}


def _ended(flow: Unpacked) -> bool:
    """Whether a record ends here: two line ends, then another record or nothing."""
    blank = b""
    while (line := flow.readline(len(BEGINNING))) and not line.strip():
        blank += line
    ended = not line or blank.startswith(b"\r\n\r\n") or (bool(blank) and line == BEGINNING)
    flow.push(line if ended else blank + line)
    return ended


def _corrected(flow: Unpacked, block: bytes, read_whole: bool) -> tuple[bytes, bool, int]:
    """The block up to where the next record really begins, whether it is whole, and its length."""
    if cut := _NEXT.search(block):  # it says too much, and ran over its neighbour
        flow.push(block[cut.end() :])
        return block[: cut.start()], True, cut.start()
    if not read_whole:
        trimmed = block.removesuffix(b"\r\n\r\n")
        return trimmed, flow.clean and trimmed != block, len(trimmed)
    rest = bytearray()  # it says too little
    while (line := flow.readline()) and not line.startswith(BEGINNING):
        rest += line[: max(0, MAX_BLOCK - len(block) - len(rest))]
    flow.push(line)
    block = (block + rest).removesuffix(b"\r\n\r\n")
    return block, True, len(block)
