"""The rows of a post's readings: their order, and which of them need not be merged."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from pipelines.briefs.held_readings import MARKED
from pipelines.briefs.holding import DOUBTFUL
from pipelines.captures.origins import HEARSAY
from pipelines.withdrawals import withdrawn_posts

_OF_BRIEF = f"""SELECT capture_id, captured_at, fidelity, record_id, records.digest, captures.digest, captures.path,
        readings.path, captures.url, readings.shown, captures.outcome = 'rest', captures.source = 'live',
        {HEARSAY}, held, crawl_id,
        CASE WHEN verdict IS NULL AND {MARKED.format(path="captures.path", run="crawl_id")}
            THEN 'unexplained' ELSE verdict END
    FROM readings JOIN captures ON captures.id = capture_id JOIN records ON records.id = record_id
    LEFT JOIN crawls ON crawls.id = crawl_id
    WHERE brief_path = ? AND records.digest <> ?"""  # noqa: S608 (our own names)


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading without its text."""

    capture_id: int
    captured_at: str | None
    fidelity: int
    record_id: int
    tie: tuple[str, ...]
    place: tuple[str, str | None]  # the path of the post, and the address of the page
    shown: object  # a digest of its published values, None in old archives
    rest: bool
    is_live: bool
    is_hearsay: bool  # only a saved file says what was published and when
    is_held: bool
    crawl_id: int | None
    verdict: str | None  # on that run

    @property
    def order(self) -> tuple[int, str, tuple[str, ...]]:
        return self.fidelity, self.captured_at or "", self.tie


def select_rows(db: sqlite3.Connection, brief_path: str) -> list[ReadingRow]:
    """The readings of a brief in the order in which they are merged, without those of a withdrawn post."""
    rows = map(_make_row, db.execute(_OF_BRIEF, (brief_path, withdrawn_posts.SEALED)))
    return sorted(rows, key=lambda row: row.order)


def _make_row(row: tuple[Any, ...]) -> ReadingRow:
    capture_id, captured_at, fidelity, record_id, record_digest, *tie, url, shown, rest, live, hearsay = row[:-3]
    known = (record_digest.hex(), *tie), (tie[-1], url), shown, bool(rest), bool(live), bool(hearsay)
    return ReadingRow(capture_id, captured_at, fidelity, record_id, *known, bool(row[-3]), *row[-2:])


def set_hearsay_aside(rows: list[ReadingRow]) -> tuple[list[ReadingRow], list[str]]:
    """Set aside what saved files show as newer than the site itself did; with the other rows, what to say of these."""
    live = {row.fidelity: row for row in rows if row.is_live}  # in the order of capture: the newest stays
    aside = [row for row in rows if row.is_hearsay and row.fidelity in live and row.order > live[row.fidelity].order]
    said = {
        f"A saved file of {row.captured_at} shows what the site did not show {live[row.fidelity].captured_at}."
        for row in aside
        if not _shows_same(row, live[row.fidelity])
    }
    return [row for row in rows if row not in aside], sorted(said)


def _shows_same(row: ReadingRow, other: ReadingRow) -> bool:
    return row.record_id == other.record_id or (row.shown is not None and row.shown == other.shown)


def drop_unchanged(rows: list[ReadingRow]) -> list[ReadingRow]:
    """The rows without those between two that show the same: merging gives the same without them."""
    around = zip([None, *rows], rows, [*rows[1:], None], strict=False)
    return [row for before, row, after in around if not (_is_alike(before, row) and _is_alike(row, after))]


def _is_alike(before: ReadingRow | None, after: ReadingRow | None) -> bool:
    if before is None or after is None or before.shown is None or before.verdict in DOUBTFUL:
        return False
    known = before.fidelity, before.rest, before.shown, before.is_live, before.verdict
    return known == (after.fidelity, after.rest, after.shown, after.is_live, after.verdict)


def is_repetition(rows: list[ReadingRow], capture_id: int | None) -> bool:
    """Whether the reading of `capture_id` is the newest and equal to the one before it, which had its instant alone."""
    if len(rows) < 2 or rows[-1].capture_id != capture_id or any(row.is_held for row in rows):
        return False
    before, last = rows[-2:]
    if before.captured_at is None or before.captured_at in [row.captured_at for row in rows[-3:-2]]:
        return False  # what two copies of one instant show is absent only from a later one
    return (last.record_id, last.fidelity, last.rest) == (before.record_id, before.fidelity, before.rest)
