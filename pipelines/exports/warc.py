"""WARC: the records of the selected captures, verbatim, after a warcinfo record that describes the export."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO

from warcio.warcwriter import WARCWriter

from pipelines import sample
from pipelines.captures.read_back import read_payload
from pipelines.captures.warc_writer import GZIP_MEMBER
from pipelines.progress import Progress
from scraper.console.invocation import command_line
from scraper.dates import format_utc
from scraper.errors import BadArgument, DamagedArchive
from scraper.records import Place
from scraper.sources import warc_records
from scraper.sources.archive_records import read_record
from scraper.sources.warc_records import parse_headers

_CAPTURES = """SELECT captures.path, url, captured_at, status, media_type, digest, payload_sha1,
        warc_file, warc_offset, warc_length
    FROM chosen_captures JOIN captures USING (id) ORDER BY chosen_captures.rowid"""
_ROWS = """SELECT digest, ifnull(captured_at, ''), captures.path FROM chosen_captures JOIN captures USING (id)
    ORDER BY 3, 2, 1"""
_NEWEST_INSTANT = "SELECT max(captured_at) FROM captures WHERE id IN (SELECT id FROM chosen_captures)"
_HEAD = 2**16  # bytes of a record in which its own headers end
_FOLDERS = re.compile(rb"(?im)^(brief-archive-name: )/.*/")
_BEGINNING = warc_records.RecordPosition(0, 0)
_DAWN = "1970-01-01T00:00:00Z"
_ABOUT = {
    "software": "brief-archive",
    "format": "WARC File Format 1.1",
    "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    "isPartOf": "Archive of policy briefs, {publisher}",
    "description": (
        "An export of {captures} captures by brief-archive. The records are copied verbatim, in the order of the files "
        "they were kept in, with the warcinfo records of those files, which say how they came about; their "
        "WARC versions are their own. Records with Brief-Archive-Captured-At: unknown have as WARC-Date the time of "
        "taking in. The WARC-Date of this record is that of the newest capture (or SOURCE_DATE_EPOCH), so that the "
        "same captures give the same bytes. Withdrawn pages are left out."
    ),
}


@dataclass(frozen=True, slots=True)
class RecordCopy:
    """A capture, and where its record is in the export."""

    path: str
    url: str | None
    captured_at: str | None
    status: int | None
    media_type: str | None
    digest: str  # as the record states it, else the payload's SHA-1, which web archives use
    warc_date: str
    place: Place  # `file` is the archive's own file, offset and length are those in the export


def write_records(
    db: sqlite3.Connection, warcs: Path, out: IO[bytes], progress: Progress, of: int
) -> Iterator[RecordCopy]:
    """Write the warcinfo and then the record of each selected capture, and yield each; `of` is for the progress.

    Raises DamagedArchive where the bytes of a capture have changed.
    """
    at = out.write(build_warcinfo(_hash_selection(db), get_creation_time(db), of, sample.read_publisher(db)))
    previous = ""
    for count, (path, url, captured_at, status, media_type, digest, sha1, file, offset, length) in enumerate(
        db.execute(_CAPTURES), 1
    ):
        if file != previous:
            previous = file
            at += out.write(_read_warcinfo(warcs / file))
        place = Place(file, offset, length)
        member = _drop_folders(_read_member(warcs, place, digest))
        headers = _parse_headers(member)
        digest_in_record = headers.get("warc-payload-digest") or sha1 or digest
        out.write(member)
        here = Place(file, at, len(member))
        yield RecordCopy(
            path, url, captured_at, status, media_type, digest_in_record, headers.get("warc-date", _DAWN), here
        )
        at += len(member)
        progress(count, of)


def get_creation_time(db: sqlite3.Connection) -> str:
    """Get SOURCE_DATE_EPOCH, else the instant of the newest selected capture: no clock, so that bytes stay the same.

    Raises BadArgument for a SOURCE_DATE_EPOCH that is not a number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return str(db.execute(_NEWEST_INSTANT).fetchone()[0] or _DAWN)
    try:
        return format_utc(datetime.fromtimestamp(int(epoch), UTC))
    except (ValueError, OverflowError, OSError) as error:
        raise BadArgument(f"SOURCE_DATE_EPOCH={epoch}: it is not a number of seconds since 1970") from error


def build_warcinfo(identity: str, created: str, captures: int, publisher: str) -> bytes:
    """Build the first record of the file, as a gzip member."""
    fields = {name: text.format(captures=captures, publisher=publisher) for name, text in _ABOUT.items()}
    plain = BytesIO()
    writer = WARCWriter(plain, gzip=False, warc_version="WARC/1.1")
    record = writer.create_warcinfo_record(None, fields)
    record.rec_headers.replace_header("WARC-Record-ID", f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, identity)}>")
    record.rec_headers.replace_header("WARC-Date", created)
    record.rec_headers.remove_header("WARC-Filename")
    writer.write_record(record)
    return zlib.compress(plain.getvalue(), wbits=GZIP_MEMBER)


def _hash_selection(db: sqlite3.Connection) -> str:
    """Hash which captures are exported, so that another selection gets another record id."""
    digest = hashlib.sha256()
    for row in db.execute(_ROWS):
        digest.update(" ".join(row).encode())
    return digest.hexdigest()


def _read_warcinfo(path: Path) -> bytes:
    """Read the first record of a file of `warcs/` if it is a warcinfo, for the records after it refer to it."""
    try:
        with path.open("rb") as file:
            record = read_record(file, _BEGINNING, str(path))
            file.seek(0)
            return file.read(record.length or 0) if record and record.type == "warcinfo" else b""
    except OSError as error:
        raise DamagedArchive(
            f"{path}: it cannot be read; to see where to get it from: {command_line('verify')}"
        ) from error


def _read_member(warcs: Path, place: Place, digest: str) -> bytes:
    """Read a record verbatim, after checking the digest of its payload."""
    actual = f"sha256:{hashlib.sha256(read_payload(warcs, place)).hexdigest()}"
    if actual != digest:
        where = f"{warcs / place.file} at byte {place.offset}"
        raise DamagedArchive(
            f"{where}: the page is not as it was captured; to see where to get it from: {command_line('verify')}"
        )
    with (warcs / place.file).open("rb") as file:
        file.seek(place.offset)
        return file.read(place.length)


def _drop_folders(member: bytes) -> bytes:
    """Drop the folders of the machine from the name of the page's file, which our first records have in full."""
    if not _parse_headers(member).get("brief-archive-name", "").startswith("/"):
        return member
    head, end, block = zlib.decompress(member, GZIP_MEMBER).partition(b"\r\n\r\n")
    return zlib.compress(_FOLDERS.sub(rb"\1", head) + end + block, wbits=GZIP_MEMBER)


def _parse_headers(member: bytes) -> dict[str, str]:
    head, _ = parse_headers(zlib.decompressobj(GZIP_MEMBER).decompress(member, _HEAD))
    return {name.lower(): value for name, value in head.headers}
