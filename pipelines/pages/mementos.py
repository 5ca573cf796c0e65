"""The lines of web archives' indexes, and what became of each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from pipelines.normalise import make_storable
from pipelines.pages import addresses
from pipelines.withdrawals.withdrawn_posts import UNASKED
from scraper.address import is_web
from scraper.archive import MementoState
from scraper.dates import now
from scraper.records import FoundAddress, Memento

_ADD = """INSERT INTO mementos (archive, url, timestamp, path, digest, status, media_type, length, file, offset)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (archive, url, timestamp) DO NOTHING"""
_SELECT = """SELECT archive, url, timestamp, digest, status, media_type, length, file, offset FROM mementos
    WHERE archive = :archive {also} ORDER BY path, timestamp, url"""
_WAITING = f"AND path NOT IN ({UNASKED})"
_SETTLE = """UPDATE mementos SET state = ?, reason = ?, tried_at = ?, capture_id = ?
    WHERE archive = ? AND url = ? AND timestamp = ?"""


def add_mementos(db: sqlite3.Connection, mementos: Iterable[Memento], finder: str) -> int:
    """Add the lines that are new; return how many are."""
    added = 0
    for memento in mementos:
        if not is_web(memento.url):
            continue
        path = addresses.add_address(db, FoundAddress(memento.url, finder), None)
        url, media_type, file = map(make_storable, (memento.url, memento.media_type, memento.file))
        row = memento.archive, url, memento.timestamp, path, memento.digest, memento.status, media_type
        added += db.execute(_ADD, (*row, memento.length, file, memento.offset)).rowcount
    return added


def list_mementos(db: sqlite3.Connection, archive: str, state: MementoState | None) -> list[Memento]:
    """The mementos of a web archive by path and instant; none of a withdrawn page counts as waiting."""
    also = f"{'AND state = :state' if state else ''} {_WAITING if state == 'waiting' else ''}"
    return [Memento(*row) for row in db.execute(_SELECT.format(also=also), {"archive": archive, "state": state})]


def settle_memento(
    db: sqlite3.Connection, memento: Memento, state: MementoState, reason: str | None = None, capture: int | None = None
) -> None:
    """Record what became of a memento, and when."""
    key = (memento.archive, make_storable(memento.url), memento.timestamp)
    db.execute(_SETTLE, (state, make_storable(reason), now(), capture, *key))
