"""Today's rules over the stored bytes: readings by other rules are replaced, and their briefs merged again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.archive import SqliteArchive
from pipelines.briefs import codec
from pipelines.database.db_errors import explain_db_errors, roll_back_on
from pipelines.database.opening import read_archive, require_archive
from pipelines.extraction.version import EXTRACTOR
from pipelines.maintenance.differences import OUTCOME, Change, find_differences
from pipelines.maintenance.rereading import Row, extract_rows, select_rows
from pipelines.normalise import make_storable
from pipelines.pages import page_status
from pipelines.progress import Progress, ignore_progress
from pipelines.withdrawals import withdrawn_posts
from pipelines.workers import Workers
from scraper.address import identity, is_web, split_part
from scraper.records import Extraction, Reading

_BATCH = 200  # captures a transaction: what a kill costs
_READINGS = """SELECT path, fidelity, records.digest, record FROM readings JOIN records ON records.id = record_id
    WHERE capture_id = ?"""
_FORGET = "DELETE FROM readings WHERE capture_id = ? AND path = ?"
_BRIEFS = "SELECT brief_path FROM readings WHERE capture_id = ?"
_BRIEF = "SELECT brief_path FROM readings WHERE capture_id = ? AND path = ?"
# Problems of an instant were noted when the capture came in: extraction does not find them again.
_PROBLEMS = """SELECT id, path, field, kind, message FROM problems
    WHERE capture_id = ? AND kind <> 'claim' AND NOT (field IS 'captured_at' AND kind IN ('future', 'malformed'))"""
_APART = "SELECT path FROM problems WHERE capture_id = ? AND kind = 'claim' AND field = 'path'"
_DELETE_PROBLEM = "DELETE FROM problems WHERE id = ?"
_READ = "SELECT outcome, location, layout, charset, extractor FROM captures WHERE id = ?"
_UPDATE = "UPDATE captures SET outcome = ?, location = ?, layout = ?, charset = ?, extractor = ? WHERE id = ?"
_EVIDENCE = "UPDATE evidence SET extractor = ? WHERE capture_id = ? AND extractor <> ?"
_UNUSED = "DELETE FROM records WHERE id NOT IN (SELECT record_id FROM readings)"
_OUTCOME = "SELECT outcome FROM captures WHERE id = ?"


@dataclass(frozen=True, slots=True)
class CaptureChoice:
    """Which captures to extract again."""

    path: str | None = None  # of one post or page, or its URL
    layout: str | None = None  # only those that this layout read
    extractor: str | None = None  # only those that this extractor read
    all: bool = False  # also those that today's rules have read


@dataclass(frozen=True, slots=True)
class ReextractResult:
    """The result of extracting captures again."""

    captures: int  # chosen
    read: int  # until somebody stopped it
    changed: int  # captures whose extraction differs
    lost: tuple[str, ...]  # captures whose bytes cannot be read, a line each


def reextract_archive(
    settings: BaseSettings,
    choice: CaptureChoice,
    *,
    dry_run: bool = False,
    report: Callable[[Change], None] = lambda change: None,
    progress: Progress = ignore_progress,
    stop: Callable[[], bool] = lambda: False,
    workers: Workers | None = None,
) -> ReextractResult:
    """Extract the chosen captures again; each difference is reported, and written unless it is a dry run.

    Without `workers` a process a core reads.
    If killed or stopped, the next run continues with the rest, which captures.extractor shows.
    Raises BadInput if there is no archive, and what opening one raises.
    """
    path, watch = Path(settings["ARCHIVE_DB"]), (report, progress, stop)
    require_archive(path)
    if dry_run:
        with read_archive(path) as db:
            rows = choose_rows(db, choice)
            return _reextract_rows(db, None, rows, extract_rows(Path(settings["WARCS_DIR"]), rows, workers), watch)
    with closing(SqliteArchive.open(settings, batch=_BATCH)) as archive, explain_db_errors(path):
        rows = choose_rows(archive.db, choice)
        if not rows:
            return ReextractResult(0, 0, 0, ())
        archive.begin_run("reextract", {"extractor": EXTRACTOR})
        extractions = extract_rows(archive.warcs.folder, rows, workers)
        outcome = _reextract_rows(archive.db, archive, rows, extractions, watch)
        archive.db.execute(_UNUSED)
        archive.finish_run(
            "finished" if outcome.read == outcome.captures else "interrupted", {"changed": outcome.changed}
        )
        return outcome


_Watch = tuple[Callable[[Change], None], Progress, Callable[[], bool]]


def _reextract_rows(
    db: sqlite3.Connection,
    archive: SqliteArchive | None,
    rows: Sequence[Row],
    extractions: Iterator[tuple[Row, Extraction | None]],
    watch: _Watch,
) -> ReextractResult:
    report, progress, stop = watch
    done = changed = 0
    lost: list[str] = []
    for done, (row, extraction) in enumerate(extractions, 1):
        if extraction is None:
            lost.append(row.loss)
        else:
            changes = list(_find_changes(db, row, extraction))
            changed += bool(changes)
            for change in changes:
                report(change)
            if archive:
                renew_capture(archive, row, extraction)
        if archive and done % _BATCH == 0:
            archive.commit()
        progress(done, len(rows))
        if stop():
            break
    return ReextractResult(len(rows), done, changed, tuple(lost))


def choose_rows(db: sqlite3.Connection, choice: CaptureChoice) -> list[Row]:
    """The captures to extract again, in the order of their ids."""
    where, values = ["read = 1"], []
    if choice.extractor is not None:
        where.append("extractor = ?")
        values.append(choice.extractor)
    elif not choice.all:
        where.append("extractor <> ?")
        values.append(EXTRACTOR)
    if choice.layout is not None:
        where.append("layout = ?")
        values.append(choice.layout)
    if choice.path is not None:
        path = identity(choice.path) if is_web(choice.path) else choice.path
        where.append("(path = ? OR id IN (SELECT capture_id FROM readings WHERE brief_path = ?))")
        values += [path, path]
    return select_rows(db, " AND ".join(where), values)


def renew_capture(archive: SqliteArchive, row: Row, extraction: Extraction) -> None:
    """Store what today's rules read in this capture; readings that are the same stay as they are."""
    db = archive.db
    if not db.in_transaction:
        db.execute("BEGIN IMMEDIATE")
    with roll_back_on(db, BaseException):
        places = _read_places(db, row)
        new = _index_readings(extraction, places)
        old = {path: (fidelity, digest) for path, fidelity, digest, _ in db.execute(_READINGS, (row.id,))}
        changed_paths = [path for path, key in old.items() if key != new.get(path, (None,))[0]]
        briefs = {db.execute(_BRIEF, (row.id, path)).fetchone()[0] for path in changed_paths}
        db.executemany(_FORGET, [(row.id, path) for path in changed_paths])
        problems = set(_list_problems(extraction, places))
        gone = [problem[0] for problem in db.execute(_PROBLEMS, (row.id,)) if problem[1:] not in problems]
        db.executemany(_DELETE_PROBLEM, [(number,) for number in gone])
        _update_capture(archive, row, extraction)
        archive.contents.store(row.id, extraction)
        # Rules of merging change too, where readings stay as they are.
        briefs.update(path for (path,) in db.execute(_BRIEFS, (row.id,)))
        archive.readings.merge(sorted(briefs))
        db.execute(_EVIDENCE, (EXTRACTOR, row.id, EXTRACTOR))


def _update_capture(archive: SqliteArchive, row: Row, extraction: Extraction) -> None:
    db = archive.db
    now = extraction.outcome, make_storable(extraction.location), extraction.layout, extraction.charset
    before = db.execute(_READ, (row.id,)).fetchone()
    if before == (*now, EXTRACTOR):
        return
    db.execute(_UPDATE, (*now, EXTRACTOR, row.id))
    if before[:2] != now[:2]:
        page_status.recompute_status(db, row.path, archive.grace)
        archive.readings.relocate_posts(row.path)


_Key = tuple[int, bytes]


def _read_places(db: sqlite3.Connection, row: Row) -> dict[str, str]:
    """The path that the capture's page names, if its reading does not stand there, with the one where it stands."""
    return {path: split_part(row.path)[0] for (path,) in db.execute(_APART, (row.id,))}


def _index_readings(extraction: Extraction, places: dict[str, str]) -> dict[str, tuple[_Key, Reading]]:
    """The readings as they would be stored, by path; of a post that occurs twice, the first."""
    readings: dict[str, tuple[_Key, Reading]] = {}
    for unread in extraction.readings:
        reading, record = codec.dump_storable(unread)
        path = places.get(reading.brief.path, reading.brief.path)
        readings.setdefault(path, ((reading.fidelity, codec.digest_record(record)), reading))
    return readings


def _list_problems(extraction: Extraction, places: dict[str, str]) -> Iterator[tuple[str, str | None, str, str | None]]:
    of_readings = (
        (places.get(reading.brief.path, reading.brief.path), (*reading.problems, *reading.doubts))
        for reading in extraction.readings
    )
    for path, problems in ((extraction.path, extraction.problems), *of_readings):
        yield from ((path, problem.field, problem.kind, make_storable(problem.message)) for problem in problems)


def _find_changes(db: sqlite3.Connection, row: Row, extraction: Extraction) -> Iterator[Change]:
    (outcome,) = db.execute(_OUTCOME, (row.id,)).fetchone()
    if outcome != extraction.outcome:
        yield Change(row.path, row.captured_at, OUTCOME, "", outcome, extraction.outcome)
    new, old = _index_readings(extraction, _read_places(db, row)), {}
    for path, fidelity, digest, record in db.execute(_READINGS, (row.id,)):
        same = new.get(path)
        if same and same[0] == (fidelity, digest):
            del new[path]
        else:
            old[path] = codec.load_reading(codec.unpack_text(record), fidelity)
    for path in {*old, *new} if withdrawn_posts.has_withdrawals(db) else ():
        if withdrawn_posts.find_withdrawn_post(db, path) is not None:  # a report must not show its text
            old.pop(path, None)
            new.pop(path, None)
    yield from find_differences(row.captured_at, old, {path: reading for path, (_, reading) in new.items()})
