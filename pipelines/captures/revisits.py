"""Revisit records and the captures they refer to, across all that was ever taken in."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.captures import capture_rows
from pipelines.captures.read_back import capture_of_row
from pipelines.db_errors import explain_db_errors
from pipelines.normalise import instant, plain
from pipelines.transactions import Transaction
from scraper.address import identity
from scraper.records import Capture, Problem, Source
from scraper.sources import warc, warc_records
from scraper.sources.revisits import Revisit, report_missing_original

_KNOW = "INSERT OR IGNORE INTO record_names (name, capture_id) VALUES (?, ?)"
_ROW = "url, captured_at, source, truncated, captures.name, warc_file, warc_offset"
_NAMED = f"""SELECT {_ROW} FROM record_names JOIN captures ON captures.id = capture_id
    WHERE record_names.name = ? ORDER BY captured_at, url, digest LIMIT 1"""  # noqa: S608
_SAME_BYTES = f"SELECT {_ROW} FROM captures WHERE payload_sha1 = ? ORDER BY captured_at, url, digest LIMIT 1"  # noqa: S608
_DATED = f"""SELECT {_ROW} FROM captures WHERE path = :path AND captured_at = :at
    AND (url = :url OR outcome <> 'redirect') ORDER BY url = :url DESC, digest LIMIT 1"""  # noqa: S608
_KEY = "url = ? AND captured_at IS ? AND names = ?"
_NAME = f"SELECT name FROM revisits WHERE {_KEY}"  # noqa: S608
_WAIT = """INSERT INTO revisits (url, captured_at, names, source, name, warc_file, warc_offset, warc_length)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_RENAME = f"UPDATE revisits SET name = ?, source = ? WHERE {_KEY}"  # noqa: S608
_SETTLE = f"DELETE FROM revisits WHERE {_KEY}"  # noqa: S608
_WAITING = "SELECT name, source, warc_file, warc_offset FROM revisits ORDER BY url, captured_at, names"
_FORGET = "DELETE FROM problems WHERE kind = 'revisit' AND capture_id IS NULL AND message = ?"


@dataclass(frozen=True, slots=True)
class WaitingRevisits:
    """The revisits of an archive that wait for the capture they repeat, and the captures that may be it."""

    transaction: Transaction

    def find_original(self, revisit: Revisit) -> Capture | None:
        """The capture that a revisit refers to, by the surest of its names that is known; None if none is."""
        with explain_db_errors(self.transaction.path):
            row = next(filter(None, (_row_named(self.transaction.db, name) for name in revisit.names)), None)
            if row is None:
                return None
            self.transaction.warcs.flush()
            return capture_of_row(self.transaction.warcs.folder, row)

    def keep(self, revisit: Revisit) -> None:
        """Keep its record and a problem that tells it, until its original is there; once for each of one key."""
        with self.transaction.step():
            row = self.transaction.db.execute(_NAME, _key(revisit)).fetchone()
            if row is None:
                place = self.transaction.warcs.add_member(revisit.record)
                where = place.file, place.offset, place.length
                self.transaction.db.execute(_WAIT, (*_key(revisit), revisit.source, plain(revisit.name), *where))
            elif (plain(revisit.name) or "") < row[0]:  # of two files that hold it, the same whichever came first
                self.transaction.db.execute(_FORGET, (_message(revisit, row[0]),))
                self.transaction.db.execute(_RENAME, (plain(revisit.name), revisit.source, *_key(revisit)))
            else:
                return
            capture_rows.add_problems(
                self.transaction.db, None, None, (Problem(None, "revisit", _message(revisit, revisit.name)),)
            )

    def read(self) -> list[Revisit]:
        """Those that wait for their original."""
        with explain_db_errors(self.transaction.path):
            rows = self.transaction.db.execute(_WAITING).fetchall()
            if rows:
                self.transaction.warcs.flush()
            return [one for row in rows if (one := _revisit_of_row(self.transaction.warcs.folder, row))]

    def settle(self, revisit: Revisit) -> None:
        """It is a capture now: neither it nor its problem is kept any longer; nothing if it did not wait."""
        with self.transaction.step():
            if row := self.transaction.db.execute(_NAME, _key(revisit)).fetchone():
                self.transaction.db.execute(_FORGET, (_message(revisit, row[0]),))
                self.transaction.db.execute(_SETTLE, _key(revisit))


def know_names(db: sqlite3.Connection, capture_id: int, capture: Capture) -> None:
    """Remember by which names a revisit may refer to a capture, where its row does not tell them."""
    told_by_row = capture.payload_sha1
    names = (name for name in capture.names if " " not in name and name != told_by_row)
    db.executemany(_KNOW, ((plain(name), capture_id) for name in names))


def _row_named(db: sqlite3.Connection, name: str) -> tuple[object, ...] | None:
    row: tuple[object, ...] | None
    if " " in name:
        at, _, url = name.partition(" ")
        row = db.execute(_DATED, {"path": identity(url), "at": instant(at), "url": url}).fetchone()
        return row
    row = db.execute(_NAMED, (plain(name),)).fetchone()
    return row or db.execute(_SAME_BYTES, (name,)).fetchone()


def _key(revisit: Revisit) -> tuple[str | None, str | None, str]:
    return plain(revisit.url), instant(revisit.captured_at), json.dumps(revisit.names)


def _message(revisit: Revisit, name: str) -> str:
    trouble = report_missing_original(revisit)
    return plain(str(trouble).replace(trouble.where, name, 1)) or ""


def _revisit_of_row(folder: Path, row: tuple[str, Source, str, int]) -> Revisit | None:
    name, source, file, offset = row
    found = warc.read_revisit(folder / file, warc_records.RecordPosition(offset, 0))
    return None if found is None else replace(found, name=name, source=source)
