"""The addresses the archive knows: by which ways each was found, and whether the page is still there."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import astuple, dataclass

from pipelines import redirects
from pipelines.timeline import ALIVE, PASSING, Grace, Sight, life
from scraper.address import SITE_START, host_of, identity, is_post, is_web
from scraper.archive import Waiting
from scraper.records import Found

# After these answers an address not yet captured is asked again; a parked one has shown that it has no page.
_PASSING = tuple(sorted(PASSING - {"parked"}))
_HOSTS = tuple(host_of(start) for start in SITE_START)

_KNOWN = "SELECT url, first_seen, found_by, lastmod FROM pages WHERE path = ?"
_ADD = "INSERT INTO pages (url, first_seen, found_by, lastmod, path) VALUES (?, ?, ?, ?, ?)"
_CHANGE = "UPDATE pages SET url = ?, first_seen = ?, found_by = ?, lastmod = ? WHERE path = ?"
# The archive's own captures and, of those that were met again with the same bytes, each time they were met.
_SIGHTS = """SELECT at, outcome, status, location, url FROM (
    SELECT captured_at AS at, outcome, status, location, url, digest FROM captures WHERE path = :path
    UNION ALL
    SELECT checks.checked_at, outcome, status, location, url, digest
    FROM checks JOIN captures ON captures.id = capture_id WHERE checks.path = :path
    ) ORDER BY ifnull(at, ''), digest, outcome"""
_STATE = "SELECT status, last_seen, missing_since, gone_at, checked_at, checks_missing FROM pages WHERE path = ?"
_JUDGE = """UPDATE pages SET status = ?, last_seen = ?, missing_since = ?, gone_at = ?, checked_at = ?,
    checks_missing = ? WHERE path = ?"""
_STILL_THERE = """UPDATE pages SET last_seen = :at, checked_at = max(ifnull(checked_at, ''), :at)
    WHERE path = :path AND status = 'live' AND last_seen < :at"""
_EVENTS = "SELECT at, event, detail FROM page_events WHERE path = ? AND event <> 'withdrawn' ORDER BY rowid"
_FORGET_EVENTS = "DELETE FROM page_events WHERE path = ? AND event <> 'withdrawn'"
_ADD_EVENT = "INSERT INTO page_events (path, at, event, detail) VALUES (?, ?, ?, ?)"
_WAITING = "SELECT path, url FROM pages WHERE url IS NOT NULL AND status NOT IN ('gone', 'withdrawn') ORDER BY path"
_ASKED = f"""SELECT DISTINCT path, url FROM captures
    WHERE read = 1 AND truncated = 0 AND outcome NOT IN ({", ".join("?" * len(_PASSING))})"""  # noqa: S608 - marks only


@dataclass(frozen=True, slots=True)
class _Page:
    url: str | None
    first_seen: str | None
    found_by: str
    lastmod: str | None


def know(
    db: sqlite3.Connection, path: str, url: str | None, seen_at: str | None, *, found: Found | None = None
) -> None:
    """Have `path` in pages; what is told of it only adds, so that the order of telling does not count."""
    row = db.execute(_KNOWN, (path,)).fetchone()
    old = _Page(*row) if row else _Page(None, None, "[]", None)
    new = _Page(
        _better_address(old.url, url),
        min(filter(None, (old.first_seen, seen_at)), default=None),
        _joined(old.found_by, found.finder) if found else old.found_by,
        max(filter(None, (old.lastmod, found.lastmod if found else None)), default=None),
    )
    if row is None or new != old:
        db.execute(_CHANGE if row else _ADD, (*astuple(new), path))


def know_found(db: sqlite3.Connection, found: Found, seen_at: str | None) -> None:
    """Have an address found on a page or in a list; what is no web address is left out."""
    if is_web(found.url):
        know(db, identity(found.url), found.url, seen_at, found=found)


def judge(db: sqlite3.Connection, path: str, newest: Sight, grace: Grace) -> None:
    """Set the page's state and its timeline by all that was seen of it, of which `newest` is the last to be told."""
    if newest.outcome in ALIVE and newest.at and db.execute(_STILL_THERE, {"path": path, "at": newest.at}).rowcount:
        return  # as on most nights: nothing happened
    told = life((_sight(*row) for row in db.execute(_SIGHTS, {"path": path})), grace)
    now: tuple[object, ...] = db.execute(_STATE, (path,)).fetchone()
    status = "withdrawn" if now[0] == "withdrawn" else told.status
    state = (status, told.last_seen, told.missing_since, told.gone_at, told.checked_at, len(told.failed_on))
    if state != now:
        db.execute(_JUDGE, (*state, path))
    events = [astuple(event) for event in told.events]
    if events != db.execute(_EVENTS, (path,)).fetchall():
        db.execute(_FORGET_EVENTS, (path,))
        db.executemany(_ADD_EVENT, [(path, *event) for event in events])


def _sight(at: str | None, outcome: str, status: int | None, location: str | None, url: str | None) -> Sight:
    if outcome == "redirect":
        return Sight(at, outcome, redirects.target_of(location, url) or location)
    return Sight(at, outcome, None if status is None else f"HTTP {status}")


def waiting(db: sqlite3.Connection) -> list[Waiting]:
    """Every post's address known and not captured whole under it, by path."""
    done: set[str] = set()
    for path, url in db.execute(_ASKED, _PASSING):
        done.add(path)
        if url is not None:
            done.add(identity(url))  # `/?p=N` is answered by a page that names its own path
    return [Waiting(path, url) for path, url in db.execute(_WAITING) if path not in done and is_post(path)]


def _joined(found_by: str, finder: str) -> str:
    return json.dumps(sorted({*json.loads(found_by), finder}))


def _better_address(one: str | None, other: str | None) -> str | None:
    return min(filter(None, (one, other)), key=_rank, default=None)


def _rank(url: str) -> tuple[bool, int, bool, str]:
    """Smallest for the address to ask: https, the site's present host, with www."""
    host = host_of(url)
    known = _HOSTS.index(host) if host in _HOSTS else len(_HOSTS)
    return not url.startswith("https://"), known, "://www." not in url, url
