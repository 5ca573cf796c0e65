"""The status of a page: whether it is still there, since when not, and where it redirects, from all its captures."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from pipelines.captures.origins import HEARSAY
from pipelines.pages import addresses, redirects
from pipelines.pages.status_timeline import ALIVE, TRANSIENT, Grace, Sighting, build_history
from scraper.address import host_of
from scraper.records import Extraction, FoundAddress


def _list_words(words: frozenset[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


_SHOWN = f"""SELECT captured_at AS at FROM captures
    WHERE path = :path AND source = 'live' AND outcome NOT IN ({_list_words(TRANSIENT)})
    UNION ALL SELECT checked_at FROM checks WHERE path = :path"""  # noqa: S608 (our own names, here and below)
_DENIAL = f"{HEARSAY} AND outcome NOT IN ({_list_words(ALIVE)})"
# The archive's own captures, and each check that found a page with the same bytes. That a page is gone or has moved
# counts by a file's word until the site itself shows otherwise, and as history once the site was seen after it.
_SIGHTINGS = f"""SELECT at, outcome, status, location, url FROM (
    SELECT captured_at AS at, outcome, status, location, url, digest FROM captures
    WHERE path = :path AND NOT ({_DENIAL} AND ifnull(captured_at > (SELECT max(at) FROM ({_SHOWN})), 0))
    UNION ALL
    SELECT checks.checked_at, outcome, status, location, url, digest
    FROM checks JOIN captures ON captures.id = capture_id WHERE checks.path = :path)
    ORDER BY ifnull(at, ''), digest, outcome, location, url"""  # noqa: S608
_DENIALS = f"SELECT 1 FROM captures WHERE path = :path AND {_DENIAL}"  # noqa: S608
_CAPTURED = "SELECT DISTINCT path FROM captures ORDER BY path"
_MISSING = "SELECT 1 FROM redirects JOIN pages USING (path) WHERE path = ? AND status IN ('missing', 'gone') LIMIT 1"
_STATE = "SELECT status, last_seen, missing_since, gone_at, checked_at, checks_missing FROM pages WHERE path = ?"
_UPDATE = """UPDATE pages SET status = ?, last_seen = ?, missing_since = ?, gone_at = ?, checked_at = ?,
    checks_missing = ? WHERE path = ?"""
_STILL_THERE = f"""UPDATE pages SET last_seen = :at, checked_at = max(ifnull(checked_at, ''), :at)
    WHERE path = :path AND status = 'live' AND last_seen < :at AND checked_at < :at
    AND NOT EXISTS (SELECT 1 FROM page_events WHERE path = :path AND event = 'missing')
    AND NOT EXISTS ({_DENIALS})"""  # noqa: S608
_FIRST_SEEN = """UPDATE pages SET last_seen = :at, checked_at = :at WHERE path = :path AND status = 'live'
    AND coalesce(last_seen, missing_since, gone_at, checked_at) IS NULL AND checks_missing = 0
    AND (SELECT count(*) FROM captures WHERE path = :path) = 1
    AND NOT EXISTS (SELECT 1 FROM checks WHERE path = :path)
    AND NOT EXISTS (SELECT 1 FROM redirects WHERE path = :path)
    AND NOT EXISTS (SELECT 1 FROM page_events WHERE path = :path AND event <> 'withdrawn')"""
_EVENTS = "SELECT at, event, detail FROM page_events WHERE path = ? AND event <> 'withdrawn' ORDER BY rowid"
_FORGET_EVENTS = "DELETE FROM page_events WHERE path = ? AND event <> 'withdrawn'"
_ADD_EVENT = "INSERT INTO page_events (path, at, event, detail) VALUES (?, ?, ?, ?)"


def update_status(db: sqlite3.Connection, extraction: Extraction, seen_at: str | None, grace: Grace) -> None:
    """Update the page's status, its events and its redirects after a new capture of its address."""
    path = extraction.path
    location = extraction.location if extraction.outcome == "redirect" else None
    is_there = extraction.outcome in ALIVE and seen_at is not None
    if not (is_there and _add_sighting(db, path, seen_at)):
        observed = _rewrite_history(db, path, grace)
        if location and redirects.find_target(location, extraction.url):
            addresses.add_address(db, FoundAddress(location, "redirect"), seen_at)
        redirects.update_redirects(db, path, observed)  # what comes in may let redirects count that files told of
    is_read = any(reading.brief.path == path for reading in extraction.readings)
    if not (is_there and is_read):  # readings are stored next, and then it is done
        recompute_sources(db, path, grace)  # those that lead here lead on, or nowhere, or to a page


def _add_sighting(db: sqlite3.Connection, path: str, seen_at: str | None) -> bool:
    """Add that the page is there for the first time, or as ever, where reading all sightings would give the same."""
    values = {"path": path, "at": seen_at}
    if db.execute(_FIRST_SEEN, values).rowcount:
        db.execute(_ADD_EVENT, (path, seen_at, "seen", None))
        return True
    return bool(db.execute(_STILL_THERE, values).rowcount)


def recompute_status(db: sqlite3.Connection, path: str, grace: Grace) -> None:
    """Derive the page's status, its events and its redirects from all its captures and checks."""
    redirects.update_redirects(db, path, _rewrite_history(db, path, grace))


def recompute_all(db: sqlite3.Connection, grace: Grace) -> list[str]:
    """Derive the status of every page that has a capture; return their paths."""
    paths = [path for (path,) in db.execute(_CAPTURED)]
    for path in paths:
        recompute_status(db, path, grace)
    return paths


def recompute_sources(db: sqlite3.Connection, path: str, grace: Grace) -> None:
    """Derive the status of pages that lead to `path` again: what is read there shows whether their post moved."""
    for source in redirects.find_sources(db, path):
        _rewrite_history(db, source, grace)


def add_addresses(db: sqlite3.Connection, found: Iterable[FoundAddress], seen_at: str | None, grace: Grace) -> None:
    """Add addresses to pages; one that was thought to be taken off may be named by a list again."""
    for address in found:
        path = addresses.add_address(db, address, seen_at)
        if address.finder in addresses.LISTS and db.execute(_MISSING, (path,)).fetchone():
            _rewrite_history(db, path, grace)


def _rewrite_history(db: sqlite3.Connection, path: str, grace: Grace) -> list[tuple[Any, ...]]:
    """Rewrite status and events of the page; return instant, outcome, status, target and address of each sighting."""
    rows = db.execute(_SIGHTINGS, {"path": path}).fetchall()
    history = build_history((_make_sighting(db, path, row) for row in rows), grace)
    stored: tuple[object, ...] = db.execute(_STATE, (path,)).fetchone()
    status = "withdrawn" if stored[0] == "withdrawn" else history.status
    times = history.last_seen, history.missing_since, history.gone_at, history.checked_at
    state = (status, *times, len(history.failed_on))
    if state != stored:
        db.execute(_UPDATE, (*state, path))
    events = [(event.at, event.event, event.detail) for event in history.events]
    if events != db.execute(_EVENTS, (path,)).fetchall():
        db.execute(_FORGET_EVENTS, (path,))
        db.executemany(_ADD_EVENT, [(path, *event) for event in events])
    return rows


def _make_sighting(db: sqlite3.Connection, path: str, row: tuple[Any, ...]) -> Sighting:
    at, outcome, status, location, url = row
    host = host_of(url or "")
    if outcome != "redirect":
        return Sighting(at, outcome, None if status is None else f"HTTP {status}", host)
    target = redirects.find_target(location, url) or location
    if redirects.is_removal(db, path, target, at):
        return Sighting(at, "missing", f"leads to {target}", host)
    return Sighting(at, outcome, None if target == path else target, host)  # https or www. is the same page
