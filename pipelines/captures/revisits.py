"""Revisit records and the captures they refer to, across all files that were ever ingested."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.captures import capture_rows
from pipelines.captures.read_back import read_capture_row
from pipelines.database.db_errors import explain_db_errors
from pipelines.database.transactions import Transaction
from pipelines.normalise import make_storable, normalise_instant
from scraper.address import identity
from scraper.records import Capture, Problem, Source
from scraper.sources import warc, warc_records
from scraper.sources.revisits import Revisit, report_missing_original

_ADD_NAME = "INSERT OR IGNORE INTO record_names (name, capture_id) VALUES (?, ?)"
_ROW = "url, captured_at, source, truncated, captures.name, warc_file, warc_offset"
_NAMED = f"""SELECT {_ROW} FROM record_names JOIN captures ON captures.id = capture_id
    WHERE record_names.name = ? ORDER BY captured_at, url, digest LIMIT 1"""  # noqa: S608
_SAME_BYTES = f"SELECT {_ROW} FROM captures WHERE payload_sha1 = ? ORDER BY captured_at, url, digest LIMIT 1"  # noqa: S608
_DATED = f"""SELECT {_ROW} FROM captures WHERE path = :path AND captured_at = :at
    AND (url = :url OR outcome <> 'redirect') ORDER BY url = :url DESC, digest LIMIT 1"""  # noqa: S608
_KEY = "url = ? AND captured_at IS ? AND names = ?"
_NAME = f"SELECT name FROM revisits WHERE {_KEY}"  # noqa: S608
_ADD = """INSERT INTO revisits (url, captured_at, names, source, name, warc_file, warc_offset, warc_length)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_RENAME = f"UPDATE revisits SET name = ?, source = ? WHERE {_KEY}"  # noqa: S608
_REMOVE = f"DELETE FROM revisits WHERE {_KEY}"  # noqa: S608
_WAITING = "SELECT name, source, warc_file, warc_offset FROM revisits ORDER BY url, captured_at, names"
_REMOVE_PROBLEM = "DELETE FROM problems WHERE kind = 'revisit' AND capture_id IS NULL AND message = ?"


@dataclass(frozen=True, slots=True)
class WaitingRevisits:
    """The revisits of an archive that wait for their original, and the captures that may be it."""

    transaction: Transaction

    def find_original(self, revisit: Revisit) -> Capture | None:
        """The capture that a revisit refers to, by the most certain of its names; None if no name is known."""
        with explain_db_errors(self.transaction.path):
            row = next(filter(None, (_find_row(self.transaction.db, name) for name in revisit.names)), None)
            return read_capture_row(self.transaction.warcs.folder, row) if row else None

    def add(self, revisit: Revisit) -> None:
        """Store its record and a problem until its original arrives; once for each key."""
        db, key, name = self.transaction.db, _make_key(revisit), make_storable(revisit.name)
        with self.transaction.open_savepoint():
            row = db.execute(_NAME, key).fetchone()
            if row is None:
                place = self.transaction.warcs.add_member(revisit.record)
                db.execute(_ADD, (*key, revisit.source, name, place.file, place.offset, place.length))
            elif (name or "") < row[0]:  # of two files the same one, whichever came first
                db.execute(_REMOVE_PROBLEM, (_make_message(revisit, row[0]),))
                db.execute(_RENAME, (name, revisit.source, *key))
            else:
                return
            capture_rows.add_problems(db, None, None, (Problem(None, "revisit", _make_message(revisit, revisit.name)),))

    def read_all(self) -> list[Revisit]:
        """The revisits that wait for their original."""
        with explain_db_errors(self.transaction.path):
            rows = self.transaction.db.execute(_WAITING).fetchall()
            return [revisit for row in rows if (revisit := _read_revisit(self.transaction.warcs.folder, row))]

    def remove(self, revisit: Revisit) -> None:
        """Remove a revisit that is a capture now, with its problem; nothing if it did not wait."""
        db, key = self.transaction.db, _make_key(revisit)
        with self.transaction.open_savepoint():
            if row := db.execute(_NAME, key).fetchone():
                db.execute(_REMOVE_PROBLEM, (_make_message(revisit, row[0]),))
                db.execute(_REMOVE, key)


def add_record_names(db: sqlite3.Connection, capture_id: int, capture: Capture) -> None:
    """Store the names by which a revisit may refer to a capture, unless its row has them."""
    names = (name for name in capture.names if " " not in name and name != capture.payload_sha1)
    db.executemany(_ADD_NAME, ((make_storable(name), capture_id) for name in names))


def _find_row(db: sqlite3.Connection, name: str) -> tuple[object, ...] | None:
    row: tuple[object, ...] | None
    if " " in name:
        at, _, url = name.partition(" ")
        row = db.execute(_DATED, {"path": identity(url), "at": normalise_instant(at), "url": url}).fetchone()
        return row
    row = db.execute(_NAMED, (make_storable(name),)).fetchone()
    return row or db.execute(_SAME_BYTES, (name,)).fetchone()


def _make_key(revisit: Revisit) -> tuple[str | None, str | None, str]:
    return make_storable(revisit.url), normalise_instant(revisit.captured_at), json.dumps(revisit.names)


def _make_message(revisit: Revisit, name: str) -> str:
    trouble = report_missing_original(revisit)
    return make_storable(str(trouble).replace(trouble.where, name, 1)) or ""


def _read_revisit(folder: Path, row: tuple[str, Source, str, int]) -> Revisit | None:
    name, source, file, offset = row
    revisit = warc.read_revisit(folder / file, warc_records.RecordPosition(offset, 0))
    return None if revisit is None else replace(revisit, name=name, source=source)
