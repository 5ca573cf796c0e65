"""Captures read back from the archive without its lock."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from warcio.exceptions import ArchiveLoadFailed

from pipelines.database.opening import has_archive, read_archive
from scraper.address import identity
from scraper.errors import ArchiveError, DamagedArchive
from scraper.records import Capture, Place
from scraper.sources.warc import read_capture
from scraper.sources.warc_records import RecordPosition

_BY_ID = "SELECT path FROM briefs WHERE id = ?"
_HELD = "SELECT message FROM problems WHERE path = ? AND kind = 'held' ORDER BY message"
# The post's own pages come before feeds and REST answers that hold several posts.
_CAPTURES = """SELECT url, captured_at, source, truncated, name, warc_file, warc_offset FROM captures
    WHERE path = :path OR id IN (SELECT capture_id FROM readings WHERE brief_path = :path)
    ORDER BY path = :path DESC, captured_at DESC, id DESC"""
# All that a reader of WARCs raises for bytes that are no record.
UNREADABLE = (OSError, ArchiveError, ArchiveLoadFailed, ValueError, EOFError, zlib.error)


def read_captures(database: Path, warcs: Path, address: str) -> list[Capture]:
    """The captures of a post, newest first; `address` is a URL, a path or a number of briefs.id.

    Raises ForeignDatabase, NewerSchema, DamagedArchive, DiskTrouble.
    """
    if not has_archive(database):
        return []
    with read_archive(database) as db:
        rows = db.execute(_CAPTURES, {"path": _find_path(db, address)}).fetchall()
    return [read_capture_row(warcs, row) for row in rows]


def has_record(warcs: Path, place: Place, record: bytes | None) -> bool:
    """Whether a record that was just read whole lies at `place`, byte for byte: a cheap look before it is unpacked."""
    try:
        with (warcs / place.file).open("rb") as file:
            file.seek(place.offset)
            return record is not None and len(record) == place.length and file.read(place.length) == record
    except OSError:
        return False


def read_intact_capture(warcs: Path, place: Place, digest: str) -> Capture | None:
    """The capture whose record lies at `place`; None unless that is whole and has the digest."""
    try:
        with (warcs / place.file).open("rb") as file:
            file.seek(place.offset)
            gzip.decompress(file.read(place.length))  # other programs could not read an incomplete member
        capture = read_capture(warcs / place.file, RecordPosition(place.offset, 0))
    except UNREADABLE:
        return None
    return capture if capture and capture.digest == digest else None


def read_payload(warcs: Path, place: Place) -> bytes:
    """The decoded payload of the record at `place`. Raises DamagedArchive if there is none."""
    return _require_record(warcs / place.file, place.offset).body


def _require_record(file: Path, offset: int) -> Capture:
    cause: Exception | None = None
    try:
        if (capture := read_capture(file, RecordPosition(offset, 0))) is not None:
            return capture
    except UNREADABLE as error:
        cause = error
    raise DamagedArchive(f"{file}: no record at byte {offset}: restore the file from a copy") from cause


def read_held_reports(database: Path, address: str) -> list[str]:
    """What is held of a post, a line each, for its briefs is not what its newest page shows. Raises as above."""
    if not database.exists():
        return []
    with read_archive(database) as db:
        return [message for (message,) in db.execute(_HELD, (_find_path(db, address),)).fetchall()]


def _find_path(db: sqlite3.Connection, address: str) -> str | None:
    row = db.execute(_BY_ID, (int(address),)).fetchone() if address.isdecimal() else (identity(address),)
    return row[0] if row else None


def read_capture_row(warcs: Path, row: tuple[Any, ...]) -> Capture:
    """The capture of a row (url, captured_at, source, truncated, name, warc_file, warc_offset)."""
    url, captured_at, source, truncated, name, file, offset = row
    capture = _require_record(warcs / file, offset)
    known = {"url": url, "captured_at": captured_at, "source": source, "truncated": bool(truncated)}
    return replace(capture, **known, name=name or f"{file} at byte {offset}")
