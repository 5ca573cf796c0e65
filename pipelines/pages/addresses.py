"""The addresses the archive knows: by which ways each was found, and whether the page is still there."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import astuple, dataclass

from pipelines.pages.status_timeline import PASSING
from pipelines.withdrawals.rules import UNASKED
from scraper.address import SITE_START, host_of, identity, is_post, is_web
from scraper.archive import WaitingAddress
from scraper.records import FoundAddress

# After these answers an address not yet captured is asked again; a parked one has shown that it has no page.
_PASSING = tuple(sorted(PASSING - {"parked"}))
_HOSTS = tuple(host_of(start) for start in SITE_START)

_KNOWN = "SELECT url, first_seen, found_by, lastmod FROM pages WHERE path = ?"
_ADD = "INSERT INTO pages (url, first_seen, found_by, lastmod, path) VALUES (?, ?, ?, ?, ?)"
_CHANGE = "UPDATE pages SET url = ?, first_seen = ?, found_by = ?, lastmod = ? WHERE path = ?"
_WAITING = f"""SELECT path, url FROM pages WHERE url IS NOT NULL AND status NOT IN ('gone', 'withdrawn')
    AND path NOT IN ({UNASKED}) ORDER BY path"""  # noqa: S608 - our own names
_ASKED = f"""SELECT DISTINCT path, url FROM captures
    WHERE read = 1 AND truncated = 0 AND outcome NOT IN ({", ".join("?" * len(_PASSING))})"""  # noqa: S608 - marks only


@dataclass(frozen=True, slots=True)
class _Page:
    url: str | None
    first_seen: str | None
    found_by: str
    lastmod: str | None


def know(
    db: sqlite3.Connection, path: str, url: str | None, seen_at: str | None, *, found: FoundAddress | None = None
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


def know_found(db: sqlite3.Connection, found: FoundAddress, seen_at: str | None) -> str:
    """Have an address found on a page or in a list; what is no web address is left out. Its path."""
    path = identity(found.url)
    if is_web(found.url):
        know(db, path, found.url, seen_at, found=found)
    return path


def waiting(db: sqlite3.Connection) -> list[WaitingAddress]:
    """Every post's address known and not captured whole under it, by path."""
    done: set[str] = set()
    for path, url in db.execute(_ASKED, _PASSING):
        done.add(path)
        if url is not None:
            done.add(identity(url))  # `/?p=N` is answered by a page that names its own path
    return [WaitingAddress(path, url) for path, url in db.execute(_WAITING) if path not in done and is_post(path)]


def _joined(found_by: str, finder: str) -> str:
    return json.dumps(sorted({*json.loads(found_by), finder}))


def _better_address(one: str | None, other: str | None) -> str | None:
    return min(filter(None, (one, other)), key=rank_of_address, default=None)


def rank_of_address(url: str) -> tuple[bool, int, bool, str]:
    """Smallest for the address to ask: https, the site's present host, with www."""
    host = host_of(url)
    known = _HOSTS.index(host) if host in _HOSTS else len(_HOSTS)
    return not url.startswith("https://"), known, "://www." not in url, url
