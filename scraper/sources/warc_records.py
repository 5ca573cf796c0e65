"""Reads the records of a WARC file, and reports every place where it is damaged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from scraper.sources.content_coding import MAX_PAYLOAD
from scraper.sources.gzip_stream import RecordStream

_MAX_HEAD = 2**20  # of a record's own headers
_MAX_DIGITS = 18  # of a length; Python refuses to parse numbers of thousands of digits
MAX_BLOCK = MAX_PAYLOAD + _MAX_HEAD
_PARSER = StatusAndHeadersParser([], verify=False)
_STATUS = re.compile(r"[1-9][0-9]{2}")
_PLACE = re.compile(r" byte (\d+)$")
# Headers as nearly all are: in ASCII, each in a line of its own, with the empty line after them.
_PLAIN = rb"(?:[!-9;-~]+:[ -~]*\r\n)+\r\n"
_PLAIN_HEADERS = re.compile(_PLAIN)
_PLAIN_HTTP = re.compile(rb"HTTP/[!-~]* ([!-~]+)(?: [ -~]*)?\r\n(" + _PLAIN + rb")")
_FOLD = re.compile(rb"(?<=[^\r\n])\r?\n[ \t]")
_MOST_FOLDS = 1000  # of a head: warcio copies a value for each line by which it goes on
_NEXT = re.compile(rb"\r?\n\r?\n(?=WARC/\d\.\d\r?\n)")


@dataclass(frozen=True, slots=True)
class RecordPosition:
    """Where a record begins: the stretch of the file, and how many records of the stretch stand before it."""

    offset: int  # of the stretch in the file, in bytes
    index: int


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record of a WARC or ARC file."""

    headers: dict[str, str]  # names in lower case
    block: bytes  # at most 33 MiB of it
    position: RecordPosition
    truncated: bool
    length: int | None  # of its own gzip members in the file, None if it shares them or they are damaged
    head: bytes = b""  # its headers as written; empty unless head and block are the whole record, byte for byte

    @property
    def type(self) -> str:
        return self.headers.get("warc-type", "").lower()

    @property
    def url(self) -> str:
        return self.headers.get("warc-target-uri", "").strip("<>")


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a file, and whether bytes of a record are lost."""

    message: str
    lost: bool

    @property
    def offset(self) -> int | None:
        """The byte at which the message says that it is."""
        place = _PLACE.search(self.message)
        return int(place[1]) if place else None


def parse_headers(head: bytes) -> tuple[StatusAndHeaders, int]:
    """Parse a status line with headers; returns how many bytes they take as well."""
    is_long = head.count(b"\n ") + head.count(b"\n\t") > _MOST_FOLDS
    stream = BytesIO(_FOLD.sub(lambda fold: b" " * len(fold[0]), head) if is_long else head)
    return _PARSER.parse(stream), stream.tell()


def split_http(block: bytes) -> tuple[int | None, tuple[tuple[str, str], ...], bytes]:
    """Split a block into status, headers and coded payload; one without an HTTP message is the payload."""
    if not block.startswith(b"HTTP/"):
        return None, (), block
    if plain := _PLAIN_HTTP.match(block, 0, _MAX_HEAD):
        code, headers, size = plain[1].decode(), _split_headers(plain[2]), plain.end()
    else:
        head, size = parse_headers(block)
        code, headers = head.get_statuscode(), head.headers
    return int(code) if _STATUS.fullmatch(code) else None, tuple(headers), block[size:]


def read_warc_record(stream: RecordStream, line: bytes, index: int, at: int) -> Iterator[WarcRecord | Damage]:
    """Read the record that begins with this line, and report what is damaged in it."""
    raw, parsed = _read_headers(stream, line)
    headers = {name.lower(): value.strip() for name, value in parsed}
    length_text = headers.get("content-length", "")
    if raw is None or not (length_text.isdecimal() and len(length_text) <= _MAX_DIGITS):
        what = f"with more than {_MAX_HEAD // 2**20} MiB of headers" if raw is None else "without a length"
        yield Damage(f"a record {what} near byte {at}", lost=True)
        stream.read_to_record()
        return
    size = int(length_text)
    block = stream.read(min(size, MAX_BLOCK))
    over = stream.skip(size - len(block)) if len(block) == MAX_BLOCK < size else 0
    whole = len(block) + over == size
    if not (whole and stream.is_at_record_end(b"\r\n\r\n")):
        block, whole, actual = _correct_length(stream, block, whole)
        if whole:
            yield Damage(f"a record says {size} bytes and has {actual} near byte {at}", lost=False)
        elif stream.clean:
            yield Damage(f"the file breaks off in the middle of a record near byte {at}", lost=True)
    cut = "warc-truncated" in headers or "warc-segment-number" in headers
    truncated = not whole or over > 0 or cut
    alone = index == 0 and stream.is_at_end() and stream.gzip
    exact = whole and size == len(block) and stream.clean
    length = stream.end - stream.start if alone and exact else None
    yield WarcRecord(headers, block, RecordPosition(stream.start, index), truncated, length, raw if exact else b"")


def _read_headers(stream: RecordStream, line: bytes) -> tuple[bytes | None, list[tuple[str, str]]]:
    """Read a record's headers, as written and as names and values; None and none if they are longer than any's."""
    if plain := stream.read_match(_PLAIN_HEADERS.match, _MAX_HEAD - len(line)):
        return line + plain, _split_headers(plain)
    raw = _read_head(stream, line)
    return raw, [] if raw is None else parse_headers(raw)[0].headers


def _split_headers(plain: bytes) -> list[tuple[str, str]]:
    """Split plain headers into names and values, a sixth of the time of parsing any."""
    lines = (line.partition(":") for line in plain.decode().split("\r\n")[:-2])
    return [(name, value.strip()) for name, _, value in lines]


def _read_head(stream: RecordStream, line: bytes) -> bytes | None:
    """Read a record's headers with the empty line after them; None if they are longer than any record's."""
    lines = [line]
    size = len(line)
    while (line := stream.readline()).strip():
        lines.append(line)
        size += len(line)
        if size > _MAX_HEAD:
            return None
    return b"".join(lines) + b"\r\n"


def _correct_length(stream: RecordStream, block: bytes, read_whole: bool) -> tuple[bytes, bool, int]:
    """Find where the record really ends; returns its block, whether it is whole, and its length."""
    if cut := _NEXT.search(block):  # the stated length is too large: the block holds the next record too
        stream.push_back(block[cut.end() :])
        return block[: cut.start()], True, cut.start()
    if not read_whole:
        trimmed = block.removesuffix(b"\r\n\r\n")
        return trimmed, stream.clean and trimmed != block, len(trimmed)
    rest = stream.read_to_record(MAX_BLOCK - len(block))  # the stated length is too small
    block = (block + rest).removesuffix(b"\r\n\r\n")
    return block, True, len(block)
