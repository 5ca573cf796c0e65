"""One capture out of several sources, and live pages met again: which of them its row tells of, whatever came first."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from pipelines.normalise import plain
from pipelines.pages.addresses import rank_address
from scraper.address import host_of
from scraper.archive import Taken
from scraper.records import Capture, Extraction

# From the server itself, then out of records of its answer, then out of a replay, then of no known answer.
_DIRECT = ("live", "warc", "wacz", "commoncrawl", "wayback", "file")
_OF = "id, read, source, status, truncated, url, media_type, charset, outcome, name, memento"
_SAME = f"""SELECT {_OF} FROM captures
    WHERE path = ? AND ifnull(captured_at, '') = ? AND digest = ? AND ifnull(location, '') = ?"""  # noqa: S608
_ALIKE = (
    "captured_at IS NOT NULL AND source = 'live' AND digest = :digest AND status IS :status AND location IS :location"
)
# Captures of one instant stand in the order of their digests: any would do, as long as it is always the same.
_PLACE, _KEY = "(ifnull(captured_at, ''), digest, ifnull(location, ''))", "(:at, :digest, ifnull(:location, ''))"
_BEFORE = f"""SELECT {_OF}, {_ALIKE} FROM captures
    WHERE path = :path AND ifnull(captured_at, '') <= :at AND {_PLACE} < {_KEY}
    ORDER BY ifnull(captured_at, '') DESC, digest DESC, ifnull(location, '') DESC LIMIT 1"""  # noqa: S608
_AFTER = f"""SELECT {_OF}, {_ALIKE} FROM captures
    WHERE path = :path AND ifnull(captured_at, '') >= :at AND {_PLACE} > {_KEY}
    ORDER BY ifnull(captured_at, ''), digest, ifnull(location, '') LIMIT 1"""  # noqa: S608
_TELL = "UPDATE captures SET name = ?, memento = ? WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Origin:
    """What is told of a capture besides its bytes; the smallest `rank` is the one to tell of."""

    source: str
    status: int | None
    truncated: int
    url: str | None
    media_type: str | None
    charset: str | None
    outcome: str
    name: str | None
    memento: str | None

    @property
    def rank(self) -> tuple[object, ...]:
        """Whole before cut, with its status, by the most direct way, at the best address; then no matter which."""
        address = (1,) if self.url is None else (0, *rank_address(self.url))
        way = self.truncated, self.status is None, _DIRECT.index(self.source), address
        return *way, self.status or 0, self.media_type or "", self.charset or "", self.outcome


@dataclass(frozen=True, slots=True)
class Seen:
    """A capture that is there already, and whether its readings are too."""

    id: int
    taken: Taken
    read: bool
    renew: bool = False  # the row is to be written again out of what came now
    origin: Origin | None = None  # as the row tells it


def origin_of(capture: Capture, extraction: Extraction) -> Origin:
    """The origin of what comes in."""
    told = media_type(capture.content_type), extraction.charset, extraction.outcome
    names = plain(capture.name), plain(capture.memento)
    return Origin(
        capture.source, capture.status, int(capture.truncated), plain(extraction.url), plain(told[0]), *told[1:], *names
    )


def media_type(content_type: str | None) -> str | None:
    """The type without its parameters."""
    return content_type.partition(";")[0].strip().lower() or None if content_type else None


def seen(db: sqlite3.Connection, capture: Capture, extraction: Extraction) -> Seen | None:
    """The row that holds this capture already, None if there is none.

    A live page with the bytes of the live capture before it is `unchanged`; with those of the one after it, the two
    are one capture, of the earlier instant.
    """
    at, path, location = extraction.captured_at, plain(extraction.path), plain(extraction.location)
    now = origin_of(capture, extraction)
    if row := db.execute(_SAME, (path, at or "", capture.digest, location or "")).fetchone():
        there = Origin(*row[2:])
        return Seen(row[0], "known", bool(row[1]), now.rank < there.rank, there)
    if row := _live_neighbour(db, capture):
        return Seen(row[0], "unchanged", bool(row[1]), renew=row[-1])
    return None


def is_known(db: sqlite3.Connection, capture: Capture) -> bool:
    """Whether `seen` will find a row, before anything is read in the capture."""
    key = plain(capture.path), capture.captured_at or "", capture.digest, plain(capture.location) or ""
    return db.execute(_SAME, key).fetchone() is not None or _live_neighbour(db, capture) is not None


def _live_neighbour(db: sqlite3.Connection, capture: Capture) -> tuple[Any, ...] | None:
    """The row of the live capture before or after this one that has the same bytes, and whether it is the one after."""
    if capture.source != "live":
        return None
    key = {
        "digest": capture.digest,
        "status": capture.status,
        "location": plain(capture.location),
        "path": plain(capture.path),
        "at": capture.captured_at,
    }
    for sql, is_after in ((_BEFORE, False), (_AFTER, True)):
        row = db.execute(sql, key).fetchone()
        if row and row[-1] and _one_host(row[5], plain(capture.address)):
            return (*row, is_after)
    return None


def _one_host(one: str | None, other: str | None) -> bool:
    return host_of(one or "") == host_of(other or "")


def also_told(db: sqlite3.Connection, there: Seen, capture: Capture, extraction: Extraction) -> bool:
    """Add what a copy tells that is not the one to tell of: where it can be cited; whether that is news."""
    if there.origin is None:
        return False
    old, new = there.origin, origin_of(capture, extraction)
    name = _least(old.name, new.name) if new.rank == old.rank else old.name
    memento = _least(old.memento, new.memento)
    if (name, memento) != (old.name, old.memento):
        db.execute(_TELL, (name, memento, there.id))
    return memento != old.memento


def _least(one: str | None, other: str | None) -> str | None:
    return min(filter(None, (one, other)), default=None)
