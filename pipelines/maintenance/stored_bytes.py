"""Are the bytes of the captures still those that came in? And what lies in warcs/ that no row speaks of."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path

from warcio.exceptions import ArchiveLoadFailed

from pipelines.maintenance.journal import position
from pipelines.maintenance.warc_folder import Shelved, shelved
from pipelines.progress import Progress
from scraper.address import identity, strip_wayback
from scraper.errors import ArchiveError
from scraper.invocation import command_line
from scraper.records import Capture
from scraper.sources.warc import read_capture
from scraper.sources.warc_records import RecordPosition

_COUNT = "SELECT count(*) FROM captures"
_PLACES = """SELECT warc_file, warc_offset, warc_length, digest, path, captured_at, source, name FROM captures
    WHERE id % :turns = :turn ORDER BY warc_file, warc_offset"""
_INSTANTS = "SELECT captured_at FROM captures WHERE warc_file = ? AND warc_offset = ?"
_REFERRED = "SELECT warc_file, warc_offset FROM captures UNION SELECT warc_file, warc_offset FROM revisits"
_UNWRITTEN = "SELECT count(*) FROM unwritten"
# Whatever a reader of WARCs says of bytes that are no record.
_UNREADABLE = (OSError, ArchiveError, ArchiveLoadFailed, ValueError, EOFError, zlib.error)
_AGAIN = {
    "live": "crawl",
    "wayback": "wayback",
    "commoncrawl": "commoncrawl",
}
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was written, and what it can be had from again."""

    what: str
    remedy: str

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.what}: {self.remedy}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A capture's row, as far as its bytes are spoken of in it."""

    file: str
    offset: int
    length: int
    digest: str
    path: str
    captured_at: str | None
    source: str
    name: str | None


@dataclass(slots=True)
class Bytes:
    """What was found in warcs/."""

    captures: int
    checked: int
    damage: list[Damage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def bytes_of(db: sqlite3.Connection, warcs: Path, sample: int | None, progress: Progress) -> Bytes:
    """Look at the bytes of all captures, or of about `sample`, others each day; without a sample at all files too."""
    captures = int(db.execute(_COUNT).fetchone()[0])
    turns = 1 if sample is None else max(1, -(-captures // max(1, sample)))
    turn = datetime.now(UTC).toordinal() % turns
    rows = [Kept(*row) for row in db.execute(_PLACES, {"turns": turns, "turn": turn})]
    found = Bytes(captures, len(rows))
    done = 0
    for name, some in groupby(rows, key=lambda row: row.file):
        of_file = list(some)
        wrong = _wrong(db, warcs, of_file, partial(_moved, progress, done, len(rows)))
        done += len(of_file)
        found.damage += _told(warcs / name, len(of_file), wrong)
    if sample is None:
        _look_at_files(db, warcs, found)
    return found


def _moved(progress: Progress, before: int, of: int, done: int) -> None:
    progress(before + done, of)


def _wrong(
    db: sqlite3.Connection, warcs: Path, rows: Sequence[Kept], moved: Callable[[int], None]
) -> tuple[list[Kept], list[Kept]]:
    """Captures whose bytes are lost, and those whose record says another address or instant than the row."""
    lost, otherwise = [], []
    for done, row in enumerate(rows, 1):
        capture = _capture(warcs, row)
        if capture is None or capture.digest != row.digest:
            lost.append(row)
        elif not _agrees(db, row, capture):
            otherwise.append(row)
        moved(done)
    return lost, otherwise


def _capture(warcs: Path, row: Kept) -> Capture | None:
    try:
        _unpack(warcs / row.file, row)
        return read_capture(warcs / row.file, RecordPosition(row.offset, 0))
    except _UNREADABLE:
        return None


def _unpack(path: Path, row: Kept) -> None:
    """Raise zlib.error or EOFError where the record is no whole gzip: we may read it, other programs cannot."""
    with path.open("rb") as file:
        file.seek(row.offset)
        gzip.decompress(file.read(row.length))


def _agrees(db: sqlite3.Connection, row: Kept, capture: Capture) -> bool:
    """Whether the record's address and instant are the row's; a page met again shares the record of the first time."""
    url = strip_wayback(capture.url)[0] if capture.url else None
    if (identity(url) if url else "urn:" + capture.digest) != row.path and not row.path.startswith("urn:"):
        return False
    if row.captured_at in (None, capture.captured_at):
        return True
    return (capture.captured_at,) in db.execute(_INSTANTS, (row.file, row.offset)).fetchall()


def _told(file: Path, of_file: int, wrong: tuple[list[Kept], list[Kept]]) -> Iterator[Damage]:
    """One line a file and kind, however many of its records are damaged."""
    lost, otherwise = wrong
    if lost:
        first = f"{lost[0].path} at byte {lost[0].offset}"
        what = f"{file}: {len(lost)} of {of_file} pages looked at are not as they were taken, first {first}"
        yield Damage(what, f"restore the file from a copy, or {_elsewhere(lost)}")
    if otherwise:
        first = f"{otherwise[0].path} at byte {otherwise[0].offset}"
        what = (
            f"{file}: {len(otherwise)} of {of_file} records tell another address or time than their rows, first {first}"
        )
        yield Damage(what, f"to make the rows again: {command_line('rebuild', '--replace')}")


def _elsewhere(lost: Sequence[Kept]) -> str:
    """By which commands the lost pages may be had again, once their rows are let go of."""
    by_source: dict[str, list[Kept]] = defaultdict(list)
    for row in lost:
        by_source[row.source].append(row)
    ways = [
        f"{command_line(_AGAIN[source])} (for {len(rows)})" for source, rows in by_source.items() if source in _AGAIN
    ]
    files = sorted({row.name for rows in by_source.values() for row in rows if row.name and row.source not in _AGAIN})
    there = [name for name in files if Path(name).exists()]
    ways += [command_line("ingest", *there[:_SHOWN]) + (" …" if len(there) > _SHOWN else "")] if there else []
    nowhere = sum(row.source not in _AGAIN and row.name not in there for row in lost)
    ways += [f"for {nowhere} nothing else is known that has them"] if nowhere else []
    return f"let go of them: {command_line('rebuild', '--replace')}, and then ask again: {'; '.join(ways)}"


def _look_at_files(db: sqlite3.Connection, warcs: Path, found: Bytes) -> None:
    """What in warcs/ no row speaks of, and whether the journal is whole."""
    number = position(db)  # before the files are read: a crawl may write meanwhile
    shelf = shelved(warcs, lambda more: None)
    referred = set(db.execute(_REFERRED).fetchall())
    strangers = sorted({name for name, _ in shelf.pages} - {name for name, _ in referred})
    for name in strangers:
        found.notes.append(
            f"{warcs / name}: no row refers to it; to take its pages in: {command_line('ingest', str(warcs / name))}"
        )
    cut = {place for place in shelf.cut - referred if place[0] not in strangers}
    if cut:
        found.notes.append(
            f"{len(cut)} records in {warcs} are of runs that were cut off; to take them in: "
            f"{command_line('ingest', str(warcs))}"
        )
    if waiting := db.execute(_UNWRITTEN).fetchone()[0]:
        found.notes.append(f"{waiting} rows changed since the last run; the next run writes them to {warcs}")
    found.damage[:0] = _journal_damage(number, warcs, shelf)  # what mends it comes before what needs it


def _journal_damage(number: int, warcs: Path, shelf: Shelved) -> Iterator[Damage]:
    last = shelf.entries[-1].number if shelf.entries else 0
    if missing := shelf.holes + max(0, number - last):
        what = (
            f"{warcs}: {missing} of {number} records of the journal are damaged or gone; a rebuild would not be exact"
        )
        anew = command_line("rebuild", "--journal")
        yield Damage(what, f"restore the file from a copy, or write it anew out of the database: {anew}")
