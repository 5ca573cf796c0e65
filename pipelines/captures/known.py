"""A capture that came before out of the same file: known by its row, so that nobody needs to read it again."""

from __future__ import annotations

import sqlite3

from pipelines.captures.origins import media_type
from pipelines.extract import EXTRACTOR
from pipelines.normalise import instant, plain
from scraper.address import identity, strip_wayback
from scraper.archive import EarlierReading
from scraper.records import Capture

# Redirects of one second may differ in what they lead to alone: they are cheap to read, and read.
_MET = """SELECT outcome, (SELECT count(*) FROM readings WHERE capture_id = captures.id) FROM captures
    WHERE path = ? AND ifnull(captured_at, '') = ? AND digest = ? AND url IS ? AND source = ? AND status IS ?
    AND media_type IS ? AND truncated = ? AND name IS ? AND memento IS ? AND extractor = ? AND read = 1
    AND outcome <> 'redirect'"""


def met(db: sqlite3.Connection, capture: Capture) -> EarlierReading | None:
    """What a row that tells the very same of the capture says was read in it, by today's rules; None without one."""
    url = strip_wayback(capture.url)[0] if capture.url else None
    at = instant(capture.captured_at)
    if at is None and capture.captured_at is not None:
        return None
    told = capture.source, capture.status, plain(media_type(capture.content_type)), int(capture.truncated)
    key = identity(url) if url else "urn:" + capture.digest, at or "", capture.digest, plain(url)
    row = db.execute(_MET, (*key, *told, plain(capture.name), plain(capture.memento), EXTRACTOR)).fetchone()
    return EarlierReading(*row) if row else None
