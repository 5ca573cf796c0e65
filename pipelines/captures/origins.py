"""One capture from several sources, and unchanged live pages: which origin the row shows, whatever came first."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from pipelines.normalise import make_storable
from pipelines.pages.addresses import rank_address
from scraper.address import host_of
from scraper.archive import Taken
from scraper.records import Capture, Extraction

# From the server itself, then from records of its answer, then from a replay, then from no known answer.
_MOST_DIRECT_FIRST = ("live", "warc", "wacz", "commoncrawl", "wayback", "file")
# Whoever saves a page writes into the file what he likes, its instant and its status too: Capture.is_hearsay in SQL.
HEARSAY = "(captures.source = 'file' OR (captures.source = 'wayback' AND captures.memento IS NULL))"
_COLUMNS = "id, read, source, status, truncated, url, media_type, charset, outcome, name, memento"
_SAME = f"""SELECT {_COLUMNS} FROM captures
    WHERE path = ? AND ifnull(captured_at, '') = ? AND digest = ? AND ifnull(location, '') = ?"""  # noqa: S608
# The same bytes are read otherwise with another type, or where the last answer said that they lack a part.
_ALIKE = """captured_at IS NOT NULL AND source = 'live' AND digest = :digest AND status IS :status
    AND location IS :location AND media_type IS :media_type AND truncated = :truncated"""
# Captures of one instant are ordered by their digests: any order would do, as long as it is always the same.
_PLACE, _KEY = "(ifnull(captured_at, ''), digest, ifnull(location, ''))", "(:at, :digest, ifnull(:location, ''))"
_BEFORE = f"""SELECT {_COLUMNS}, {_ALIKE} FROM captures
    WHERE path = :path AND ifnull(captured_at, '') <= :at AND {_PLACE} < {_KEY}
    ORDER BY ifnull(captured_at, '') DESC, digest DESC, ifnull(location, '') DESC LIMIT 1"""  # noqa: S608
_AFTER = f"""SELECT {_COLUMNS}, {_ALIKE} FROM captures
    WHERE path = :path AND ifnull(captured_at, '') >= :at AND {_PLACE} > {_KEY}
    ORDER BY ifnull(captured_at, ''), digest, ifnull(location, '') LIMIT 1"""  # noqa: S608
_UPDATE_CITATIONS = "UPDATE captures SET name = ?, memento = ? WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a capture besides its bytes; the row shows the origin with the smallest `rank`."""

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
        """Complete before truncated, with a status, from the most direct source, at the best address; then any."""
        address = (1,) if self.url is None else (0, *rank_address(self.url))
        quality = self.truncated, self.status is None, _MOST_DIRECT_FIRST.index(self.source), address
        return *quality, self.status or 0, self.media_type or "", self.charset or "", self.outcome


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """A capture that the archive has, and whether its readings are stored too."""

    id: int
    taken: Taken
    is_read: bool
    is_outranked: bool = False  # the row is to be rewritten with the origin that came now
    origin: Origin | None = None  # as the row has it


def make_origin(capture: Capture, extraction: Extraction) -> Origin:
    """The origin of a capture that comes in."""
    return Origin(
        capture.source,
        capture.status,
        int(capture.truncated),
        make_storable(extraction.url),
        make_storable(parse_media_type(capture.content_type)),
        extraction.charset,
        extraction.outcome,
        make_storable(capture.name),
        make_storable(capture.memento),
    )


def parse_media_type(content_type: str | None) -> str | None:
    """The type without its parameters."""
    return content_type.partition(";")[0].strip().lower() or None if content_type else None


def find_stored_capture(db: sqlite3.Connection, capture: Capture, extraction: Extraction) -> StoredCapture | None:
    """The row that already holds this capture, None if there is none.

    A live page with the same bytes as the live capture before it is `unchanged`; with the same bytes as the one after
    it, the two are one capture, of the earlier instant.
    """
    at, path, location = extraction.captured_at, make_storable(extraction.path), make_storable(extraction.location)
    if row := db.execute(_SAME, (path, at or "", capture.digest, location or "")).fetchone():
        stored = Origin(*row[2:])
        is_outranked = make_origin(capture, extraction).rank < stored.rank
        return StoredCapture(row[0], "known", bool(row[1]), is_outranked, stored)
    if row := _find_live_neighbour(db, capture):
        return StoredCapture(row[0], "unchanged", bool(row[1]), is_outranked=row[-1])
    return None


def find_known_capture(db: sqlite3.Connection, capture: Capture) -> int | None:
    """The id of the row that `find_stored_capture` will find, before the capture is extracted."""
    key = make_storable(capture.path), capture.captured_at or "", capture.digest, make_storable(capture.location) or ""
    row = db.execute(_SAME, key).fetchone() or _find_live_neighbour(db, capture)
    return int(row[0]) if row else None


def _find_live_neighbour(db: sqlite3.Connection, capture: Capture) -> tuple[Any, ...] | None:
    """The row of the live capture before or after this one with the same bytes, and whether it is the one after."""
    if capture.source != "live":
        return None
    key = {
        "digest": capture.digest,
        "status": capture.status,
        "location": make_storable(capture.location),
        "media_type": make_storable(parse_media_type(capture.content_type)),
        "truncated": int(capture.truncated),
        "path": make_storable(capture.path),
        "at": capture.captured_at,
    }
    for sql, is_after in ((_BEFORE, False), (_AFTER, True)):
        row = db.execute(sql, key).fetchone()
        if row and row[-1] and host_of(row[5] or "") == host_of(make_storable(capture.address) or ""):
            return (*row, is_after)
    return None


def merge_citations(db: sqlite3.Connection, stored: StoredCapture, capture: Capture, extraction: Extraction) -> bool:
    """Keep the file name and memento of a copy that the row does not show; return whether the memento changed."""
    if stored.origin is None:
        return False
    old, new = stored.origin, make_origin(capture, extraction)
    name = _choose_smaller(old.name, new.name) if new.rank == old.rank else old.name
    memento = _choose_smaller(old.memento, new.memento)
    if (name, memento) != (old.name, old.memento):
        db.execute(_UPDATE_CITATIONS, (name, memento, stored.id))
    return memento != old.memento


def _choose_smaller(first: str | None, second: str | None) -> str | None:
    return min(filter(None, (first, second)), default=None)
