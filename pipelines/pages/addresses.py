"""The addresses that the archive knows, the channels that found each, and which of them wait to be captured."""

from __future__ import annotations

import json
import sqlite3
from functools import lru_cache
from typing import NamedTuple

from pipelines.normalise import normalise_instant
from pipelines.pages.status_timeline import TRANSIENT
from pipelines.withdrawals.withdrawn_posts import UNASKED
from scraper.address import SITE_START, host_of, identity, is_part, is_post, is_web
from scraper.archive import WaitingAddress
from scraper.records import FoundAddress
from scraper.translators import strip_translator

# After these answers an address without a capture is requested again; a parked domain has shown that it has no page.
_TRANSIENT = tuple(sorted(TRANSIENT - {"parked"}))
_HOSTS = tuple(host_of(start) for start in SITE_START)

ANNOUNCERS = frozenset(("rest", "feed"))  # finders that state the instant of an edit as WordPress has it
LISTS = frozenset(("sitemap", "rest", "feed", "listing"))  # finders that name posts because they are there
_COLUMNS = "url, first_seen, found_by, lastmod, listed_on, listed_at, announced"  # as in _Page
_SELECT = f"SELECT {_COLUMNS} FROM pages WHERE path = ?"  # noqa: S608
_ADD = f"INSERT INTO pages ({_COLUMNS}, path) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_CHANGE = f"UPDATE pages SET ({_COLUMNS}) = (?, ?, ?, ?, ?, ?, ?) WHERE path = ?"  # noqa: S608
_WAITING = f"""SELECT path, url FROM pages WHERE url IS NOT NULL AND status NOT IN ('gone', 'withdrawn')
    AND path NOT IN ({UNASKED}) ORDER BY path"""  # noqa: S608 - our own names
# Whether a post's page is its own: a cache may give that of another post at an address that the site's lists name.
OWN = """(outcome <> 'brief' OR EXISTS (
        SELECT 1 FROM readings WHERE capture_id = captures.id AND readings.path = captures.path)
    OR NOT EXISTS (SELECT 1 FROM pages, json_each(found_by) WHERE pages.path = captures.path
        AND value IN ('sitemap', 'rest', 'feed', 'listing')))"""
_ANSWERED = f"""SELECT DISTINCT path, url FROM captures
    WHERE read = 1 AND truncated = 0 AND {OWN} AND outcome NOT IN ({", ".join("?" * len(_TRANSIENT))})"""  # noqa: S608 - marks only


class _Page(NamedTuple):
    url: str | None
    first_seen: str | None
    found_by: str
    lastmod: str | None
    listed_on: str | None
    listed_at: str | None
    announced: str | None


def add_page(
    db: sqlite3.Connection, path: str, url: str | None, seen_at: str | None, *, found: FoundAddress | None = None
) -> None:
    """Add `path` to pages, or add to its row: values only accumulate, so the order of arrival does not matter."""
    row = db.execute(_SELECT, (path,)).fetchone()
    old = _Page(*row) if row else _Page(None, None, "[]", None, None, None, None)
    listed_at = seen_at if found and found.finder in LISTS else None
    announced = normalise_instant(found.lastmod) if found and found.finder in ANNOUNCERS else None
    new = _Page(
        _choose_address(old.url, strip_translator(url) if url else None),
        min(old.first_seen, seen_at) if old.first_seen and seen_at else old.first_seen or seen_at or None,
        _add_finder(old.found_by, found.finder) if found else old.found_by,
        _choose_later(old.lastmod, found.lastmod if found else None),
        _choose_later(old.listed_on, listed_at and listed_at[:10]),
        _choose_later(old.listed_at, listed_at),
        _choose_later(old.announced, announced),
    )
    if row is None or new != old:
        db.execute(_CHANGE if row else _ADD, (*new, path))


def _choose_address(old: str | None, new: str | None) -> str | None:
    return min(old, new, key=rank_address) if old and new and old != new else old or new or None


def _choose_later(old: str | None, new: str | None) -> str | None:
    return max(old, new) if old and new else old or new or None


def add_address(db: sqlite3.Connection, found: FoundAddress, seen_at: str | None) -> str:
    """Add an address that a page or a list names, unless it is no web address; return its path."""
    path = identity(found.url)
    if is_web(found.url):
        add_page(db, path, found.url, seen_at, found=found)
    return path


def list_waiting_addresses(db: sqlite3.Connection) -> list[WaitingAddress]:
    """Addresses of posts, and of later pages of split ones, that have no complete capture yet, by path."""
    answered: set[str] = set()
    for path, url in db.execute(_ANSWERED, _TRANSIENT):
        answered.add(path)
        if url is not None and url.split("/", 3)[-1] != path[1:]:  # else it is the same, and dear for very many
            answered.add(identity(url))  # `/?p=N` is answered by a page that names its own path
    waiting = [(path, url) for path, url in db.execute(_WAITING) if path not in answered]
    return [WaitingAddress(path, url) for path, url in waiting if is_post(path) or is_part(path)]


@lru_cache(maxsize=256)  # the same few for all addresses
def _add_finder(found_by: str, finder: str) -> str:
    return json.dumps(sorted({*json.loads(found_by), finder}))


def rank_address(url: str) -> tuple[bool, int, bool, str]:
    """Smallest for the address to request: https, the site's present host, with www."""
    host = host_of(url)
    known = _HOSTS.index(host) if host in _HOSTS else len(_HOSTS)
    return not url.startswith("https://"), known, "://www." not in url, url
