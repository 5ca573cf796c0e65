"""Captures that were stored before from the same file: their rows give the outcome without extracting again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from pipelines.captures.origins import parse_media_type
from pipelines.extraction.version import EXTRACTOR
from pipelines.normalise import make_storable, normalise_instant
from scraper.archive import EarlierReading
from scraper.records import Capture

# Redirects of one second may differ in their target alone, which is no part of the key: they are extracted again.
_SELECT = """SELECT id, outcome, (SELECT count(*) FROM readings WHERE capture_id = captures.id) FROM captures
    WHERE path = ? AND ifnull(captured_at, '') = ? AND digest = ? AND url IS ? AND source = ? AND status IS ?
    AND media_type IS ? AND truncated = ? AND name IS ? AND memento IS ? AND extractor = ? AND read = 1
    AND outcome <> 'redirect'"""
_OF_FILE = """SELECT digest, captured_at FROM captures
    WHERE name = ? AND extractor = ? AND read = 1 AND outcome <> 'redirect'"""


def list_captures_of(db: sqlite3.Connection, name: str) -> Iterator[tuple[str, str | None]]:
    """List digest and instant of the captures out of a file that today's rules have read."""
    yield from db.execute(_OF_FILE, (make_storable(name), EXTRACTOR)).fetchall()


def find_earlier_reading(db: sqlite3.Connection, capture: Capture) -> EarlierReading | None:
    """The outcome in the row with the same origin as the capture, if today's rules read it; None if there is none."""
    at = normalise_instant(capture.captured_at)
    if at is None and capture.captured_at is not None:
        return None
    texts = (capture.address, parse_media_type(capture.content_type), capture.name, capture.memento)
    url, media_type, name, memento = map(make_storable, texts)
    origin = url, capture.source, capture.status, media_type, int(capture.truncated), name, memento
    row = db.execute(_SELECT, (capture.path, at or "", capture.digest, *origin, EXTRACTOR)).fetchone()
    return EarlierReading(*row) if row else None
