"""Whether the bytes of the captures are unchanged, and what lies in warcs/ that no row refers to."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path

from pipelines.captures.read_back import read_intact_capture
from pipelines.maintenance.journal import read_position
from pipelines.maintenance.warc_folder import WarcFolder, read_references, scan_warcs
from pipelines.progress import Progress
from pipelines.workers import Workers
from scraper.console.invocation import command_line
from scraper.records import Place

_COUNT = "SELECT count(*) FROM captures"
_PLACES = """SELECT warc_file, warc_offset, warc_length, digest, path, captured_at, source, name FROM captures
    WHERE id % :turns = :turn ORDER BY warc_file, warc_offset"""
_INSTANTS = "SELECT captured_at FROM captures WHERE warc_file = ? AND warc_offset = ?"
_CAPTURED = "SELECT warc_file, warc_offset FROM captures"
_UNWRITTEN = "SELECT count(*) FROM unwritten"
_COMMANDS = {"live": "crawl", "wayback": "wayback", "commoncrawl": "commoncrawl"}
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged thing, and how to get it back."""

    what: str
    remedy: str

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.what}: {self.remedy}"


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A capture's row, as far as it concerns its bytes."""

    file: str
    offset: int
    length: int
    digest: str
    path: str
    captured_at: str | None
    source: str
    name: str | None


@dataclass(slots=True)
class BytesReport:
    """The result of checking warcs/."""

    captures: int
    checked: int
    damage: list[Damage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    folder: WarcFolder | None = None  # None if only a sample was checked


RecordFacts = tuple[str, str | None]  # path and instant, as a whole record has them


def check_bytes(
    db: sqlite3.Connection, warcs: Path, sample: int | None, progress: Progress, workers: Workers
) -> BytesReport:
    """Check the bytes of all captures and the files, or only of about `sample` captures, different ones each day."""
    captures = int(db.execute(_COUNT).fetchone()[0])
    turns = 1 if sample is None else max(1, -(-captures // max(1, sample)))
    turn = datetime.now(UTC).toordinal() % turns
    rows = [StoredRecord(*row) for row in db.execute(_PLACES, {"turns": turns, "turn": turn})]
    report = BytesReport(captures, len(rows))
    of_file = Counter(row.file for row in rows)
    for name, group in groupby(_read_records(warcs, rows, workers, progress), key=lambda pair: pair[0].file):
        report.damage += _describe_damage(warcs / name, of_file[name], *_find_damage(db, group))
    if sample is None:
        _check_files(db, warcs, report)
    return report


def _read_records(
    warcs: Path, rows: Sequence[StoredRecord], workers: Workers, progress: Progress
) -> Iterator[tuple[StoredRecord, RecordFacts | None]]:
    """Each row with what its record says, in their order; None where that is not as it was taken."""
    read = partial(read_record, warcs)
    with closing(workers.run(read, ((row, row) for row in rows))) as results:
        for done, (row, result) in enumerate(results, 1):
            yield row, result[0] if result else read(row)
            progress(done, len(rows))


def read_record(warcs: Path, row: StoredRecord) -> RecordFacts | None:
    """What the record of a row says; None unless it is whole and has the digest."""
    capture = read_intact_capture(warcs, Place(row.file, row.offset, row.length), row.digest)
    return (capture.path, capture.captured_at) if capture else None


def _find_damage(
    db: sqlite3.Connection, pairs: Iterable[tuple[StoredRecord, RecordFacts | None]]
) -> tuple[list[StoredRecord], list[StoredRecord]]:
    """Captures whose bytes are lost, and those whose record has another address or instant than the row."""
    lost, inconsistent = [], []
    for row, facts in pairs:
        if facts is None:
            lost.append(row)
        elif not _is_consistent(db, row, facts):
            inconsistent.append(row)
    return lost, inconsistent


def _is_consistent(db: sqlite3.Connection, row: StoredRecord, facts: RecordFacts) -> bool:
    """Whether the record's address and instant are the row's; a promoted check shares the record of another capture."""
    path, captured_at = facts
    if path != row.path and not row.path.startswith("urn:"):
        return False
    if row.captured_at in (None, captured_at):
        return True
    return (captured_at,) in db.execute(_INSTANTS, (row.file, row.offset)).fetchall()


def _describe_damage(
    file: Path, of_file: int, lost: list[StoredRecord], inconsistent: list[StoredRecord]
) -> Iterator[Damage]:
    """One line a file and kind, however many of its records are damaged."""
    if lost:
        first = f"{lost[0].path} at byte {lost[0].offset}"
        what = f"{file}: {len(lost)} of {of_file} pages checked are not as they were taken, first {first}"
        yield Damage(what, f"restore the file from a copy, or {_suggest_sources(lost)}")
    if inconsistent:
        first = f"{inconsistent[0].path} at byte {inconsistent[0].offset}"
        what = (
            f"{file}: {len(inconsistent)} of {of_file} records and their rows differ in address or time, first {first}"
        )
        yield Damage(what, f"to make the rows again: {command_line('rebuild', '--replace')}")


def _suggest_sources(lost: Sequence[StoredRecord]) -> str:
    """The commands that bring the lost pages back: from the files that they came from, or once their rows are gone."""
    files = sorted({row.name for row in lost if row.name and row.source not in _COMMANDS and Path(row.name).exists()})
    others = [row for row in lost if row.name not in files]
    suggestions = []
    if files:
        more = " …" if len(files) > _SHOWN else ""
        suggestions.append(f"write them anew: {command_line('ingest', *files[:_SHOWN])}{more}")
    if others:
        rest = "the other rows" if files else "their rows"
        sources = Counter(row.source for row in others)
        commands = [f"{command_line(_COMMANDS[name])} (for {n})" for name, n in sources.items() if name in _COMMANDS]
        lost_for_good = sum(n for name, n in sources.items() if name not in _COMMANDS)
        commands += [f"for {lost_for_good} no other source is known"] if lost_for_good else []
        again = f"and then get the pages again: {'; '.join(commands)}"
        suggestions.append(f"delete {rest}: {command_line('rebuild', '--replace')}, {again}")
    return "; ".join(suggestions)


def _check_files(db: sqlite3.Connection, warcs: Path, report: BytesReport) -> None:
    """Note what no row in the database refers to in warcs/, and damage of the journal."""
    number = read_position(db)  # before the files are read: a crawl may write meanwhile
    report.folder = folder = scan_warcs(warcs, lambda more: None)
    referred = read_references(db)
    strangers = sorted({name for name, _ in folder.pages} - {name for name, _ in referred})
    for name in strangers:
        report.notes.append(
            f"{warcs / name}: no row refers to it; to take its pages in: {command_line('ingest', str(warcs / name))}"
        )
    cut = {place for place in folder.cut - referred if place[0] not in strangers}
    if cut:
        report.notes.append(
            f"{len(cut)} records in {warcs} are of runs that were cut off; to take them in: "
            f"{command_line('ingest', str(warcs))}"
        )
    if waiting := db.execute(_UNWRITTEN).fetchone()[0]:
        report.notes.append(f"{waiting} rows changed since the last run; the next run writes them to {warcs}")
    # The remedies that need a whole journal come after its own.
    journal_damage = list(_check_journal(number, warcs, folder))
    report.damage[:0] = journal_damage or _check_records(set(db.execute(_CAPTURED).fetchall()), folder, report)


def _check_journal(number: int, warcs: Path, folder: WarcFolder) -> Iterator[Damage]:
    last = folder.entries[-1].number if folder.entries else 0
    if missing := folder.holes + max(0, number - last):
        what = (
            f"{warcs}: {missing} of {number} records of the journal are damaged or gone; a rebuild would not be exact"
        )
        anew = command_line("rebuild", "--journal")
        yield Damage(what, f"restore the file from a copy, or write it anew out of the database: {anew}")


def _check_records(referred: set[tuple[str, int]], folder: WarcFolder, report: BytesReport) -> Iterator[Damage]:
    """Damage of records that are no captures; notes that of records which the archive does without."""
    harm = folder.list_harm(referred)
    for damage in harm:
        if damage.place not in referred:  # those are captures, and reported as such
            yield Damage(damage.message, "restore the file from a copy; captures and journal can be read without it")
    if useless := len({damage.place for damage in folder.damage}) - len(harm):
        report.notes.append(
            f"{useless} damaged records are none that the archive needs: a run was cut off there, or their pages were "
            "taken in again"
        )
