"""Whether a page is still there, since when it is not, and where it leads to: told by all that was seen of it."""

from __future__ import annotations

import sqlite3
from dataclasses import astuple

from pipelines.pages import addresses, redirects
from pipelines.pages.status_timeline import ALIVE, Grace, Life, Sight, life
from scraper.address import host_of
from scraper.records import Extraction, FoundAddress

# The archive's own captures and, of those that were met again with the same bytes, each time they were met.
_SIGHTS = """SELECT at, outcome, status, location, url FROM (
    SELECT captured_at AS at, outcome, status, location, url, digest FROM captures WHERE path = :path
    UNION ALL
    SELECT checks.checked_at, outcome, status, location, url, digest
    FROM checks JOIN captures ON captures.id = capture_id WHERE checks.path = :path
    ) ORDER BY ifnull(at, ''), digest, outcome, location, url"""
_STATE = "SELECT status, last_seen, missing_since, gone_at, checked_at, checks_missing FROM pages WHERE path = ?"
_JUDGE = """UPDATE pages SET status = ?, last_seen = ?, missing_since = ?, gone_at = ?, checked_at = ?,
    checks_missing = ? WHERE path = ?"""
_STILL_THERE = """UPDATE pages SET last_seen = :at, checked_at = max(ifnull(checked_at, ''), :at)
    WHERE path = :path AND status = 'live' AND last_seen < :at AND checked_at < :at
    AND NOT EXISTS (SELECT 1 FROM page_events WHERE path = :path AND event = 'missing')"""
_EVENTS = "SELECT at, event, detail FROM page_events WHERE path = ? AND event <> 'withdrawn' ORDER BY rowid"
_FORGET_EVENTS = "DELETE FROM page_events WHERE path = ? AND event <> 'withdrawn'"
_ADD_EVENT = "INSERT INTO page_events (path, at, event, detail) VALUES (?, ?, ?, ?)"


def judge(db: sqlite3.Connection, extraction: Extraction, seen_at: str | None, grace: Grace) -> None:
    """Bring the page's state, its timeline and its redirects up to date, after this was seen at its address."""
    path = extraction.path
    there = extraction.outcome in ALIVE and seen_at is not None
    if there and db.execute(_STILL_THERE, {"path": path, "at": seen_at}).rowcount:
        return  # as on most nights: nothing happened
    _write(db, path, life((_sight(path, *row) for row in db.execute(_SIGHTS, {"path": path})), grace))
    if extraction.outcome == "redirect":
        if extraction.location and redirects.target_of(extraction.location, extraction.url):
            addresses.know_found(db, FoundAddress(extraction.location, "redirect"), seen_at)
        redirects.bring_up_to_date(db, path)


def tell_again(db: sqlite3.Connection, path: str, grace: Grace) -> None:
    """Make the page's state, its timeline and its redirects what all captures and checks of it tell."""
    _write(db, path, life((_sight(path, *row) for row in db.execute(_SIGHTS, {"path": path})), grace))
    redirects.bring_up_to_date(db, path)


def _write(db: sqlite3.Connection, path: str, told: Life) -> None:
    now: tuple[object, ...] = db.execute(_STATE, (path,)).fetchone()
    status = "withdrawn" if now[0] == "withdrawn" else told.status
    state = (status, told.last_seen, told.missing_since, told.gone_at, told.checked_at, len(told.failed_on))
    if state != now:
        db.execute(_JUDGE, (*state, path))
    events = [astuple(event) for event in told.events]
    if events != db.execute(_EVENTS, (path,)).fetchall():
        db.execute(_FORGET_EVENTS, (path,))
        db.executemany(_ADD_EVENT, [(path, *event) for event in events])


def _sight(path: str, at: str | None, outcome: str, status: int | None, location: str | None, url: str | None) -> Sight:
    host = host_of(url or "")
    if outcome == "redirect":
        target = redirects.target_of(location, url) or location
        return Sight(at, outcome, None if target == path else target, host)  # to https or www. is nowhere else
    return Sight(at, outcome, None if status is None else f"HTTP {status}", host)
