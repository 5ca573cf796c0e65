"""Unpacks WARC files that zstd packed, a frame a record, as ArchiveTeam writes them with a dictionary in front."""

from __future__ import annotations

import errno
from tempfile import TemporaryFile
from typing import BinaryIO

from scraper.sources.content_coding import zstd
from scraper.sources.zip_member import FREE, MAX_RATIO, MAX_UNPACKED

FRAME, DICTIONARY = b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18"
SKIPPABLE = tuple(bytes((n,)) + DICTIONARY[1:] for n in range(0x50, 0x60))  # frames that zstd passes over
_TRAINED = b"\x37\xa4\x30\xec"  # begins a dictionary that zstd made; others are bare bytes
_MAX_DICTIONARY = 100 * 2**20
_RECORD_END = b"\r\n\r\n"
_STEP = 64 * 1024
_OUT = 2**20


def open_unpacked(file: BinaryIO) -> BinaryIO:
    """Return the file, or a copy of what it unpacks to if zstd packed it; raises OSError if that is far too much.

    A damaged frame stays packed in the copy, where the reader of records finds and reports it.
    """
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(len(FRAME))
    file.seek(0)
    if not head.startswith((FRAME, *SKIPPABLE)):
        return file
    copy = TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        _copy_frames(file, copy, min(MAX_UNPACKED, max(FREE, MAX_RATIO * size)))
    except OSError:
        copy.close()
        raise
    finally:
        file.close()
    copy.seek(0)
    return copy


def _copy_frames(file: BinaryIO, copy: BinaryIO, max_size: int) -> None:
    dictionary = _read_dictionary(file)
    packed = b""
    while packed or (packed := file.read(_STEP)):
        begin, written = file.tell() - len(packed), copy.tell()
        try:
            packed = _copy_frame(zstd.ZstdDecompressor(zstd_dict=dictionary), packed, file, copy, max_size)
        except (zstd.ZstdError, EOFError):
            copy.seek(written)
            copy.truncate()
            file.seek(begin)
            packed = _copy_damage(file, copy)


def _copy_frame(unpacker: zstd.ZstdDecompressor, packed: bytes, file: BinaryIO, copy: BinaryIO, max_size: int) -> bytes:
    """Unpack one frame; returns the bytes behind it that were read. Raises ZstdError, or EOFError at a broken end."""
    while not unpacker.eof:
        if unpacker.needs_input and not (packed := packed or file.read(_STEP)):
            raise EOFError
        copy.write(unpacker.decompress(packed, _OUT))
        packed = b""
        if copy.tell() > max_size:
            raise OSError(errno.EFBIG, f"it unpacks to more than {max_size // 2**20:,} MiB")
    return unpacker.unused_data


def _copy_damage(file: BinaryIO, copy: BinaryIO) -> bytes:
    """Copy the bytes up to the next frame as they are; returns those behind that were read."""
    copy.write(file.read(1))
    packed = b""
    while piece := file.read(_STEP):
        packed += piece
        if (hit := packed.find(FRAME)) >= 0:
            copy.write(packed[:hit] + _RECORD_END)
            return packed[hit:]
        copy.write(packed[: 1 - len(FRAME)])
        packed = packed[1 - len(FRAME) :]
    copy.write(packed + _RECORD_END)
    return b""


def _read_dictionary(file: BinaryIO) -> zstd.ZstdDict | None:
    """Read the dictionary at the beginning of a file; leaves the file as it is where none is."""
    head = file.read(8)
    size = int.from_bytes(head[4:], "little")
    if not head.startswith(DICTIONARY) or size > _MAX_DICTIONARY:
        file.seek(0)
        return None
    text = file.read(size)
    try:
        text = zstd.decompress(text) if text.startswith(FRAME) else text
        return zstd.ZstdDict(text, is_raw=not text.startswith(_TRAINED))
    except (zstd.ZstdError, ValueError):
        return None
