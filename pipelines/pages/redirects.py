"""Which address redirects to which, and where a post is now that was moved."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

from scraper.address import SITE_HOSTS, host_of, identity, is_ours, is_post, is_web

_PERMANENT = (301, 308)
_FORGET = "DELETE FROM redirects WHERE path = ?"
_ADD = "INSERT INTO redirects (path, target, permanent, first_seen, last_seen) VALUES (?, ?, ?, ?, ?)"
# A redirect holds until the page is seen at its old address again.
_NEXT = """SELECT target FROM redirects JOIN pages USING (path)
    WHERE path = ? AND permanent >= ? AND redirects.last_seen > ifnull(pages.last_seen, '')
    ORDER BY redirects.last_seen DESC, target LIMIT 1"""
# What the site itself showed at an address, else what others say of it: a stranger's copy must not join two posts.
_WITNESSES = """(SELECT wp_id, title, published FROM readings JOIN captures ON captures.id = capture_id
    WHERE readings.path = {path} AND (source = 'live' OR NOT EXISTS (
        SELECT 1 FROM readings JOIN captures ON captures.id = capture_id
        WHERE readings.path = {path} AND source = 'live')))"""
_SAME = f"""SELECT 1 FROM {_WITNESSES.format(path="?1")} AS one JOIN {_WITNESSES.format(path="?2")} AS other
    ON one.wp_id = other.wp_id OR (one.title = other.title AND one.published = other.published) LIMIT 1"""  # noqa: S608
# A run reads lists before posts. Of redirects that no run has seen the lists are a day old at most.
_LISTED = """SELECT 1 FROM pages WHERE path = :path AND ifnull(listed_at, listed_on || 'T23:59:59Z') >= ifnull(
    (SELECT max(started_at) FROM crawls WHERE started_at <= :at AND ifnull(finished_at, :at) >= :at),
    strftime('%Y-%m-%dT%H:%M:%SZ', :at, '-1 day'))"""
_NEVER_THERE = "SELECT 1 FROM pages WHERE path = ? AND status IN ('missing', 'gone') AND last_seen IS NULL"
_READ_BOTH = "SELECT count(DISTINCT path) FROM readings WHERE path IN (?, ?)"
_PARTNERS = """SELECT target FROM redirects WHERE path = :path UNION
    SELECT path FROM redirects WHERE target = :path ORDER BY 1"""
_LOGIN = re.compile(r"log-?in|sign-?in|wp-admin")
_MOST_STEPS = 20  # in a row, as browsers follow; what leads on from there leads nowhere
_LEADING = f"""WITH RECURSIVE leading (path, steps) AS (
    VALUES (?, 0) UNION SELECT redirects.path, steps + 1 FROM redirects JOIN leading ON target = leading.path
    WHERE permanent >= ? AND steps <= {_MOST_STEPS}
)"""  # noqa: S608 (our own names, here and below)
_HAS_PARTNERS = "SELECT 1 FROM redirects WHERE path = ?1 UNION ALL SELECT 1 FROM redirects WHERE target = ?1"
_LEADING_PATHS = f"{_LEADING} SELECT DISTINCT path FROM leading ORDER BY path"  # noqa: S608
_SOURCES = f"{_LEADING} SELECT DISTINCT path FROM leading JOIN redirects USING (path) ORDER BY path"  # noqa: S608


def find_target(location: str | None, url: str | None) -> str | None:
    """The path that a redirect of `url` leads to; None if it leads off the site or nowhere."""
    if not location or not is_web(location):
        return None
    try:
        ours = is_ours(location, SITE_HOSTS) or (url is not None and host_of(location) == host_of(url))
        return identity(location) if ours else None
    except ValueError:  # a bracket that is no IPv6 address, and the like
        return None


def is_removal(db: sqlite3.Connection, path: str, target: str | None, at: str | None) -> bool:
    """Whether a redirect shows that the post of `path` was taken off: it leads to no post in the end, or to another.

    Not if a list names the post since: then the redirect is no more than a whim of the server. A post that moved keeps
    its slug, or is read at its new address as the same post; until both are read it may have moved. A login shows
    nothing.
    """
    if target in (None, path) or not target.startswith("/") or not is_post(path):
        return False
    if at and db.execute(_LISTED, {"path": path, "at": at}).fetchone():
        return False
    end = _find_end(db, target, permanent=False)
    target = end or target
    if _LOGIN.search(target):
        return False
    if end and db.execute(_NEVER_THERE, (end,)).fetchone():  # of a circle each address would be judged by the others
        return True
    if is_post(target):
        is_short = path.startswith("/?") or target.startswith("/?")
        is_read = db.execute(_READ_BOTH, (path, target)).fetchone()[0] == 2
        return is_read and not is_short and db.execute(_SAME, (path, target)).fetchone() is None
    return path.startswith("/?") or not leads_to_post(path, target)


def leads_to_post(path: str, target: str) -> bool:
    """Whether a redirect may lead to where a post is now: to a post, or to another address with the same slug."""
    return is_post(target) or _find_slug(path) == _find_slug(target)


def _find_slug(path: str) -> str:
    return path.partition("?")[0].rstrip("/").rpartition("/")[2]


def find_sources(db: sqlite3.Connection, path: str) -> list[str]:
    """The paths that ever led to `path`, in however many steps, and `path` itself if it redirected anywhere."""
    if db.execute(_HAS_PARTNERS, (path,)).fetchone() is None:  # as of most: the search itself takes longer
        return []
    return [row[0] for row in db.execute(_SOURCES, (path, False))]


def find_partners(db: sqlite3.Connection, path: str) -> list[str]:
    """The paths that `path` ever redirected to, or that redirected to it."""
    return [row[0] for row in db.execute(_PARTNERS, {"path": path})]


def update_redirects(db: sqlite3.Connection, path: str, observed: Iterable[tuple[Any, ...]]) -> None:
    """Rewrite the rows of `path`: every target that it ever redirected to. The targets are in pages already.

    `observed` is what was seen at the path: instant, outcome, status, target and address of each sighting.
    """
    targets = [
        (find_target(location, url), at or "", status)
        for at, outcome, status, location, url in observed
        if outcome == "redirect"
    ]
    ordered = sorted((target, at, status) for target, at, status in targets if target not in (None, path))
    db.execute(_FORGET, (path,))
    for target, group in groupby(ordered, key=itemgetter(0)):
        each = list(group)
        permanent = each[-1][2] in _PERMANENT
        db.execute(_ADD, (path, target, int(permanent), each[0][1] or None, each[-1][1] or None))


def find_leading_paths(db: sqlite3.Connection, path: str) -> list[str]:
    """The path and all that redirect to it permanently, in however many steps."""
    return [row[0] for row in db.execute(_LEADING_PATHS, (path, True))]


def follow_redirects(db: sqlite3.Connection, path: str) -> str:
    """Where the permanent redirects from `path` end; a circle leads nowhere."""
    return _find_end(db, path, permanent=True) or path


def _find_end(db: sqlite3.Connection, path: str, *, permanent: bool) -> str | None:
    """Find where the redirects from `path` end, None for a circle and its like; with `permanent` only those count."""
    passed = [path]
    while row := db.execute(_NEXT, (passed[-1], permanent)).fetchone():
        if row[0] in passed or len(passed) > _MOST_STEPS:
            return None
        passed.append(row[0])
    return passed[-1]


def find_final_path(db: sqlite3.Connection, path: str) -> str:
    """Where the post of `path` is now: the end of its permanent redirects, if a reading there shows the same post.

    It is the same post if the WordPress number is equal, or both title and day of publication are.
    """
    end = follow_redirects(db, path)
    return end if end != path and db.execute(_SAME, (path, end)).fetchone() else path
