"""Fills the columns that migration 002 adds, for rows of an older schema."""

from __future__ import annotations

import sqlite3

from pipelines.briefs import codec
from pipelines.briefs.change_class import classify_change
from pipelines.briefs.merge import RankedReading, merge_readings

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


def fill_columns(db: sqlite3.Connection) -> None:
    """Fill what follows from rows alone; pages that are missing get their events at the next check."""
    db.create_function("change_of", 3, classify_change, deterministic=True)
    for statement in (_REVISIONS, _EVIDENCE, _CHECKED, _SEEN):
        db.execute(statement)
    for key, fidelity, record in db.execute(_RECORDS).fetchall():
        reading = codec.load_reading(codec.unpack_text(record), fidelity)
        values = reading.brief.title, reading.brief.published, codec.digest_published_values(reading)
        db.execute(_TELL, (*values, key, fidelity))
    for brief_id, path in db.execute(_BRIEFS).fetchall():
        readings = [_load_reading(*row) for row in db.execute(_READINGS, (path,))]
        past = merge_readings(path, readings).past if readings else ()
        db.executemany(_PAST, [(brief_id, past_value.field, past_value.value, past_value.until) for past_value in past])


def _load_reading(record: bytes, fidelity: int, capture_id: int, captured_at: str | None, *tie: str) -> RankedReading:
    return RankedReading(
        codec.load_reading(codec.unpack_text(record), fidelity), capture_id, captured_at, (tie[0].lower(), *tie[1:])
    )
