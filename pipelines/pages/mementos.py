"""What the indexes of web archives told, and what became of each line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from pipelines.captures.capture_rows import now
from pipelines.normalise import plain
from pipelines.pages import addresses
from pipelines.withdrawals.withdrawn_posts import UNASKED
from scraper.address import is_web
from scraper.archive import MementoState
from scraper.records import FoundAddress, Memento

_ADD = """INSERT INTO mementos (archive, url, timestamp, path, digest, status, media_type, length, file, offset)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (archive, url, timestamp) DO NOTHING"""
_TOLD = f"""SELECT archive, url, timestamp, digest, status, media_type, length, file, offset FROM mementos
    WHERE archive = :archive AND state = ifnull(:state, state)
    AND (:state IS NOT 'waiting' OR path NOT IN ({UNASKED})) ORDER BY path, timestamp, url"""  # noqa: S608 - our own
_SETTLE = """UPDATE mementos SET state = ?, reason = ?, tried_at = ?, capture_id = ?
    WHERE archive = ? AND url = ? AND timestamp = ?"""


def add(db: sqlite3.Connection, mementos: Iterable[Memento], finder: str) -> int:
    """Remember the lines that are new; how many are."""
    added = 0
    for one in mementos:
        if not is_web(one.url):
            continue
        path = addresses.know_found(db, FoundAddress(one.url, finder), None)
        row = (one.archive, plain(one.url), one.timestamp, path, one.digest, one.status, plain(one.media_type))
        added += db.execute(_ADD, (*row, one.length, plain(one.file), one.offset)).rowcount
    return added


def told(db: sqlite3.Connection, archive: str, state: MementoState | None) -> list[Memento]:
    """By path and instant; of withdrawn pages none waits."""
    return [Memento(*row) for row in db.execute(_TOLD, {"archive": archive, "state": state})]


def settle(
    db: sqlite3.Connection,
    memento: Memento,
    state: MementoState,
    reason: str | None = None,
    capture_id: int | None = None,
) -> None:
    """Say what became of one, and when."""
    key = (memento.archive, plain(memento.url), memento.timestamp)
    db.execute(_SETTLE, (state, plain(reason), now(), capture_id, *key))
