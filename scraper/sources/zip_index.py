"""Lists the members of a ZIP file by its index, or from member to member where the index is damaged."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from scraper.sources.zip_member import DEFLATED, FREE, MAX_RATIO, FileWindow, ZipEntry

LOCAL_HEADER = b"PK\x03\x04"
_HEADER = struct.Struct("<4s5H3I2H")  # of one member, in front of its bytes
_DESCRIPTOR = b"PK\x07\x08"
_ZIP64 = 0xFFFFFFFF
_ENCRYPTED, _STREAMED, _UTF8 = 0x1, 0x8, 0x800
_STEP = 2**20
_MAX_FAILURES = 3  # searches for a member's end that may fail; each reads the whole file
# What zipfile raises for an index that it cannot use, or while it parses hostile fields.
_UNUSABLE = (BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError, EOFError, IndexError, OSError)


def list_entries(path: Path) -> tuple[list[ZipEntry], list[str]]:
    """List the members in the order of their bytes, and what is wrong with the index. Raises OSError."""
    with path.open("rb") as file:
        try:
            with ZipFile(file) as archive:
                infos = archive.infolist()
        except _UNUSABLE as error:
            entries = list(_walk_headers(path, file))
            return entries, [f"the index at the end of the ZIP is damaged ({error}); {len(entries)} members were found"]
        places = [(info, _find_data(file, info)) for info in infos]
    members = [_make_entry(info, at) for info, at in places if at is not None]
    missing = [f"the index of the ZIP names {info.filename!r}, which is not there" for info, at in places if at is None]
    return sorted(members, key=lambda entry: entry.at), missing


def _find_data(file: BinaryIO, info: ZipInfo) -> int | None:
    """Find where a member's bytes begin; None if there is no member."""
    if info.header_offset < 0:
        return None
    file.seek(info.header_offset)
    head = file.read(_HEADER.size)
    if len(head) < _HEADER.size or not head.startswith(LOCAL_HEADER):
        return None
    *_, name, extra = _HEADER.unpack(head)
    return info.header_offset + _HEADER.size + int(name) + int(extra)


def _make_entry(info: ZipInfo, at: int) -> ZipEntry:
    encrypted = bool(info.flag_bits & _ENCRYPTED)
    # orig_filename is the name as written, before zipfile cuts it at a zero byte.
    name = info.orig_filename
    return ZipEntry(name, at, info.compress_size, info.file_size, info.compress_type, info.CRC, encrypted)


def _walk_headers(path: Path, file: BinaryIO) -> Iterator[ZipEntry]:
    """Yield the members by the header in front of each."""
    at = failures = 0
    end = file.seek(0, 2)
    while (hit := _find_bytes(file, LOCAL_HEADER, at)) is not None:
        file.seek(hit)
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size:
            return
        _, _, flags, method, _, _, crc, packed, size, name_size, extra_size = _HEADER.unpack(head)
        name, extra = file.read(name_size), file.read(extra_size)
        begin = hit + _HEADER.size + name_size + extra_size
        if _ZIP64 in (packed, size):
            size, packed = _read_zip64_sizes(extra, size, packed)
        if flags & _STREAMED:
            measures = _measure_streamed_member(path, file, begin, method) if failures < _MAX_FAILURES else None
            failures += measures is None
            rest = (_find_bytes(file, LOCAL_HEADER, begin) or end) - begin
            crc, packed, size = measures or (0, rest, rest)
        text = name.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        yield ZipEntry(text, begin, packed, size, method, crc, bool(flags & _ENCRYPTED))
        at = begin + packed if begin + packed <= end else begin


def _read_zip64_sizes(extra: bytes, size: int, packed: int) -> tuple[int, int]:
    """Read the sizes from the ZIP64 field; without one they stay as they are."""
    field = re.search(rb"\x01\x00[\x10-\x20]\x00(.{16})", extra, re.DOTALL)
    if not field:
        return size, packed
    wide = struct.unpack("<2Q", field[1])
    return int(wide[0]), int(wide[1])


def _measure_streamed_member(path: Path, file: BinaryIO, begin: int, method: int) -> tuple[int, int, int] | None:
    """Return checksum, packed and unpacked size of a member whose header has none; None if they cannot be found."""
    if method == DEFLATED:
        return _measure_deflated_member(path, begin)
    at = begin
    while (hit := _find_bytes(file, _DESCRIPTOR, at)) is not None:
        file.seek(hit + 4)
        tail = file.read(20)
        for form in ("<I2I", "<I2Q"):
            if len(tail) >= struct.calcsize(form):
                crc, packed, size = struct.unpack_from(form, tail)
                if packed == size == hit - begin:
                    return crc, packed, size
        at = hit + 1
    return None


def _measure_deflated_member(path: Path, begin: int) -> tuple[int, int, int] | None:
    """Unpack a deflated member to find its checksum and sizes; None if it is damaged."""
    inflate = zlib.decompressobj(wbits=-15)
    crc = size = packed = 0
    with FileWindow(path, begin, path.stat().st_size - begin) as window:
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


def _find_bytes(file: BinaryIO, what: bytes, at: int) -> int | None:
    """Find where these bytes stand next, from `at` on."""
    file.seek(at)
    overlap = b""
    while chunk := file.read(_STEP):
        hit = (overlap + chunk).find(what)
        if hit >= 0:
            return at - len(overlap) + hit
        at += len(chunk)
        overlap = (overlap + chunk)[-len(what) + 1 :]
    return None
