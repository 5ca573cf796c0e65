"""Rows of an older schema, given what the columns of migration 002 would have held from the start."""

from __future__ import annotations

import sqlite3

from pipelines.briefs import codec
from pipelines.briefs.change_class import change_of
from pipelines.briefs.merge import Kept, fold

_REVISIONS = "UPDATE revisions SET change = change_of(field, old, new)"
_EVIDENCE = "UPDATE evidence SET extractor = (SELECT extractor FROM captures WHERE captures.id = capture_id)"
_RECORDS = """SELECT DISTINCT record_id, fidelity, record FROM readings JOIN records ON records.id = record_id"""
_TELL = "UPDATE readings SET title = ?, published = ?, shown = ? WHERE record_id = ? AND fidelity = ?"
_BRIEFS = "SELECT id, path FROM briefs"
_READINGS = """SELECT record, fidelity, capture_id, captured_at, hex(records.digest), captures.digest, captures.path,
        readings.path
    FROM readings JOIN captures ON captures.id = capture_id JOIN records ON records.id = record_id
    WHERE brief_path = ?"""
_PAST = "INSERT INTO past_values (brief_id, field, value, until) VALUES (?, ?, ?, ?)"
_CHECKED = """UPDATE pages SET checked_at = (SELECT max(captured_at) FROM captures
    WHERE captures.path = pages.path AND outcome NOT IN ('error', 'challenge', 'maintenance', 'parked'))"""
_SEEN = """INSERT INTO page_events (path, at, event)
    SELECT path, min(captured_at), 'seen' FROM captures
    WHERE outcome IN ('brief', 'listing', 'page', 'feed', 'rest', 'sitemap', 'robots', 'other') GROUP BY path"""


def fill(db: sqlite3.Connection) -> None:
    """Fill what can be filled by rows alone; timelines of pages that went missing are told at their next sight."""
    db.create_function("change_of", 3, change_of, deterministic=True)
    for statement in (_REVISIONS, _EVIDENCE, _CHECKED, _SEEN):
        db.execute(statement)
    for key, fidelity, record in db.execute(_RECORDS).fetchall():
        reading = codec.loaded(codec.unpacked(record), fidelity)
        told = reading.brief.title, reading.brief.published, codec.shown(reading)
        db.execute(_TELL, (*told, key, fidelity))
    for brief_id, path in db.execute(_BRIEFS).fetchall():
        kept = [_kept(*row) for row in db.execute(_READINGS, (path,))]
        past = fold(path, kept).past if kept else ()
        db.executemany(_PAST, [(brief_id, one.field, one.value, one.until) for one in past])


def _kept(record: bytes, fidelity: int, capture_id: int, captured_at: str | None, *tie: str) -> Kept:
    return Kept(codec.loaded(codec.unpacked(record), fidelity), capture_id, captured_at, (tie[0].lower(), *tie[1:]))
