"""What members a ZIP file has: by its index at the end, or from member to member where that is damaged."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from scraper.sources.zip_member import DEFLATED, FREE, MAX_RATIO, Entry, Window

LOCAL = b"PK\x03\x04"
_HEADER = struct.Struct("<4s5H3I2H")  # of one member, in front of its bytes
_DESCRIPTOR = b"PK\x07\x08"
_ZIP64 = 0xFFFFFFFF
_ENCRYPTED, _STREAMED, _UTF8 = 0x1, 0x8, 0x800
_STEP = 2**20
_PATIENCE = 3  # members whose end is searched for in vain, each time through all of the file
# zipfile raises these, and what its parsing of hostile fields raises, for an index it cannot use.
_UNUSABLE = (BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError, EOFError, IndexError, OSError)


def entries(path: Path) -> tuple[list[Entry], list[str]]:
    """The members in the order of their bytes, and what is wrong with the index. Raises OSError."""
    with path.open("rb") as file:
        try:
            with ZipFile(file) as opened:
                told = opened.infolist()
        except _UNUSABLE as error:
            found = list(_walked(path, file))
            return found, [f"the index at the end of the ZIP is damaged ({error}); {len(found)} members were found"]
        placed = [(info, _data(file, info)) for info in told]
    members = [_entry(info, at) for info, at in placed if at is not None]
    lost = [f"the index of the ZIP names {info.filename!r}, and nothing is there" for info, at in placed if at is None]
    return sorted(members, key=lambda entry: entry.at), lost


def _data(file: BinaryIO, info: ZipInfo) -> int | None:
    """Where a member's bytes begin; None if there is no member."""
    if info.header_offset < 0:
        return None
    file.seek(info.header_offset)
    head = file.read(_HEADER.size)
    if len(head) < _HEADER.size or not head.startswith(LOCAL):
        return None
    *_, name, extra = _HEADER.unpack(head)
    return info.header_offset + _HEADER.size + int(name) + int(extra)


def _entry(info: ZipInfo, at: int) -> Entry:
    encrypted = bool(info.flag_bits & _ENCRYPTED)
    # orig_filename: the name as it stands, before zipfile cuts it at a zero byte.
    name = info.orig_filename
    return Entry(name, at, info.compress_size, info.file_size, info.compress_type, info.CRC, encrypted)


def _walked(path: Path, file: BinaryIO) -> Iterator[Entry]:
    """Members by the headers in front of each."""
    at = failures = 0
    end = file.seek(0, 2)
    while (hit := _find(file, LOCAL, at)) is not None:
        file.seek(hit)
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size:
            return
        _, _, flags, method, _, _, crc, packed, size, name_size, extra_size = _HEADER.unpack(head)
        name, extra = file.read(name_size), file.read(extra_size)
        begin = hit + _HEADER.size + name_size + extra_size
        if _ZIP64 in (packed, size):
            size, packed = _wide(extra, size, packed)
        if flags & _STREAMED:
            told = _streamed(path, file, begin, method) if failures < _PATIENCE else None
            failures += told is None
            rest = (_find(file, LOCAL, begin) or end) - begin
            crc, packed, size = told or (0, rest, rest)
        text = name.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        yield Entry(text, begin, packed, size, method, crc, bool(flags & _ENCRYPTED))
        at = begin + packed if begin + packed <= end else begin


def _wide(extra: bytes, size: int, packed: int) -> tuple[int, int]:
    """Sizes out of the ZIP64 field; as they are where there is none."""
    field = re.search(rb"\x01\x00[\x10-\x20]\x00(.{16})", extra, re.DOTALL)
    if not field:
        return size, packed
    wide = struct.unpack("<2Q", field[1])
    return int(wide[0]), int(wide[1])


def _streamed(path: Path, file: BinaryIO, begin: int, method: int) -> tuple[int, int, int] | None:
    """Checksum and sizes, packed and not, of a member whose writer knew them only behind it; None if nothing tells."""
    if method == DEFLATED:
        return _inflated(path, begin)
    at = begin
    while (hit := _find(file, _DESCRIPTOR, at)) is not None:
        file.seek(hit + 4)
        tail = file.read(20)
        for form in ("<I2I", "<I2Q"):
            if len(tail) >= struct.calcsize(form):
                crc, packed, size = struct.unpack_from(form, tail)
                if packed == size == hit - begin:
                    return crc, packed, size
        at = hit + 1
    return None


def _inflated(path: Path, begin: int) -> tuple[int, int, int] | None:
    """What a deflated stream says by being unpacked."""
    inflate = zlib.decompressobj(wbits=-15)
    crc = size = packed = 0
    with Window(path, begin, path.stat().st_size - begin) as window:
        while not inflate.eof:
            piece = inflate.unconsumed_tail or window.read(_STEP) or b""
            packed = window.tell()
            if not piece or size > max(FREE, MAX_RATIO * packed):
                return None
            try:
                part = inflate.decompress(piece, _STEP)
            except zlib.error:
                return None
            crc, size = zlib.crc32(part, crc), size + len(part)
    return crc, packed - len(inflate.unused_data), size


def _find(file: BinaryIO, what: bytes, at: int) -> int | None:
    """Where these bytes stand next, from `at` on."""
    file.seek(at)
    kept = b""
    while chunk := file.read(_STEP):
        hit = (kept + chunk).find(what)
        if hit >= 0:
            return at - len(kept) + hit
        at += len(chunk)
        kept = (kept + chunk)[-len(what) + 1 :]
    return None
