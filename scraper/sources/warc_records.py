"""The records of a WARC file, one by one, and every place where the file is damaged."""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha1
from io import BytesIO
from typing import BinaryIO

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from scraper.sources.payload import MAX_PAYLOAD
from scraper.sources.unpacked import BEGINNING, Unpacked

_MAX_HEAD = 2**20  # of a record's own headers
_MAX_BLOCK = MAX_PAYLOAD + _MAX_HEAD
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


def records(file: BinaryIO) -> Iterator[WarcRecord | Damage]:
    """Everything in the file, in its order; reads on behind damage. The file must be able to seek."""
    flow = Unpacked(file)
    while True:
        yield from _run(flow)
        yield from (Damage(message, lost=True) for message in flow.damage)
        flow.damage.clear()
        if not flow.advance():
            return


def record_at(file: BinaryIO, place: Place) -> WarcRecord | None:
    """The record that begins at `place`, None if there is none any more."""
    found = (item for item in _run(Unpacked(file, place.run)) if isinstance(item, WarcRecord))
    return next((record for record in found if record.place == place), None)


def _run(flow: Unpacked) -> Iterator[WarcRecord | Damage]:
    nth = 0
    at = flow.tell()
    while (line := _first_line(flow)) is not None:
        if line.startswith(BEGINNING):
            yield from _record(flow, line, nth, at)
            nth += 1
        else:
            yield Damage(f"bytes that belong to no record near byte {at}", lost=True)
            _skip_to_record(flow)
        at = flow.tell()


def _first_line(flow: Unpacked) -> bytes | None:
    while line := flow.readline():
        if line.strip():
            return line
    return None


def _skip_to_record(flow: Unpacked) -> None:
    while line := flow.readline():
        if line.startswith(BEGINNING):
            flow.push(line)
            return


def _record(flow: Unpacked, line: bytes, nth: int, at: int) -> Iterator[WarcRecord | Damage]:
    headers = _headers(flow, line)
    stated = headers.get("content-length", "")
    if not stated.isdecimal():
        yield Damage(f"a record without a length near byte {at}", lost=True)
        _skip_to_record(flow)
        return
    size = int(stated)
    block = flow.read(min(size, _MAX_BLOCK))
    over = flow.skip(size - len(block)) if len(block) == _MAX_BLOCK < size else 0
    whole = len(block) + over == size
    if not (whole and _ended(flow)):
        block, whole, lie = _corrected(flow, block, whole)
        if whole:
            yield Damage(f"a record says {size} bytes and has {lie} near byte {at}", lost=False)
        elif flow.clean:
            yield Damage(f"the file breaks off in the middle of a record near byte {at}", lost=True)
    truncated = not whole or over > 0 or "warc-truncated" in headers
    alone = nth == 0 and flow.at_end() and flow.clean and flow.gzip and whole and not over
    place = Place(flow.start, nth)
    if whole and not over and (told := _digest_told(headers, block)):
        yield Damage(f"{told} near byte {at}", lost=False)
    yield WarcRecord(headers, block, place, truncated, flow.end - flow.start if alone else None)


def _headers(flow: Unpacked, line: bytes) -> dict[str, str]:
    lines = [line]
    size = len(line)
    while size < _MAX_HEAD and (line := flow.readline()).strip():
        lines.append(line)
        size += len(line)
    head, _ = parsed(b"".join(lines) + b"\r\n")
    return {name.lower(): value.strip() for name, value in head.headers}


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
        rest += line[: max(0, _MAX_BLOCK - len(block) - len(rest))]
    flow.push(line)
    block = (block + rest).removesuffix(b"\r\n\r\n")
    return block, True, len(block)


def _digest_told(headers: dict[str, str], block: bytes) -> str | None:
    """A line if the block is not what its digest says; only SHA-1, which every recorder writes."""
    name, _, value = headers.get("warc-block-digest", "").partition(":")
    if name.lower() != "sha1" or not value:
        return None
    digest = sha1(block, usedforsecurity=False)
    if value.upper() == b32encode(digest.digest()).decode() or value.lower() == digest.hexdigest():
        return None
    return f"the bytes of {headers.get('warc-target-uri', 'a record')} are not those its digest names"
