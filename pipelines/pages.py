"""The addresses the archive knows: by which ways each was found, and whether the page is still there."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import astuple, dataclass

from scraper.address import SITE_START, host_of, identity, is_web
from scraper.archive import Waiting
from scraper.records import Found

_ALIVE = ("brief", "listing", "page", "feed", "rest", "sitemap", "robots", "other")
_DEAD = ("missing", "soft404")
# These answers tell of the server's day, not of the page: the address is asked again in the next run.
_PASSING = ("error", "challenge", "maintenance")
_HOSTS = tuple(host_of(start) for start in SITE_START)

_KNOWN = "SELECT url, first_seen, found_by, lastmod FROM pages WHERE path = ?"
_ADD = "INSERT INTO pages (url, first_seen, found_by, lastmod, path) VALUES (?, ?, ?, ?, ?)"
_CHANGE = "UPDATE pages SET url = ?, first_seen = ?, found_by = ?, lastmod = ? WHERE path = ?"
_SEEN = f"""SELECT outcome, captured_at FROM captures
    WHERE path = ? AND outcome IN ({", ".join("?" * len(_ALIVE + _DEAD))})
    ORDER BY ifnull(captured_at, '') DESC, digest DESC"""  # noqa: S608 - only question marks are put in
_JUDGE = """UPDATE pages SET last_seen = :last_seen,
    status = CASE WHEN status = 'withdrawn' OR (status = 'gone' AND gone_at >= ifnull(:last_seen, '')) THEN status
        WHEN :dead THEN 'missing' ELSE 'live' END,
    missing_since = :missing_since
    WHERE path = :path"""
_WAITING = "SELECT path, url FROM pages WHERE url IS NOT NULL AND status NOT IN ('gone', 'withdrawn') ORDER BY path"
_ASKED = "SELECT DISTINCT path, url FROM captures WHERE read = 1 AND outcome NOT IN (?, ?, ?)"


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


def judge(db: sqlite3.Connection, path: str) -> None:
    """Set the page's state by all its captures: missing if the newest that tells says so, and since when."""
    missing_since, last_seen, dead = None, None, False
    for outcome, captured_at in db.execute(_SEEN, (path, *_ALIVE, *_DEAD)):
        if outcome in _ALIVE:
            last_seen = captured_at
            break
        dead, missing_since = True, captured_at or missing_since
    told = {"path": path, "dead": dead, "last_seen": last_seen, "missing_since": missing_since}
    db.execute(_JUDGE, told)


def waiting(db: sqlite3.Connection) -> list[Waiting]:
    """Every address known and not captured under it, by path."""
    done: set[str] = set()
    for path, url in db.execute(_ASKED, _PASSING):
        done.add(path)
        if url is not None:
            done.add(identity(url))  # `/?p=N` is answered by a page that names its own path
    return [Waiting(path, url) for path, url in db.execute(_WAITING) if path not in done]


def _joined(found_by: str, finder: str) -> str:
    return json.dumps(sorted({*json.loads(found_by), finder}))


def _better_address(one: str | None, other: str | None) -> str | None:
    return min(filter(None, (one, other)), key=_rank, default=None)


def _rank(url: str) -> tuple[bool, int, bool, str]:
    """Smallest for the address to ask: https, the site's present host, with www."""
    host = host_of(url)
    known = _HOSTS.index(host) if host in _HOSTS else len(_HOSTS)
    return not url.startswith("https://"), known, "://www." not in url, url
