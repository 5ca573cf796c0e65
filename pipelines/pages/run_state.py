"""What one run leaves for the next: the table memory, the posts it knows, the addresses it skipped."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from pipelines.normalise import make_storable
from pipelines.pages import edits
from pipelines.pages.redirects import leads_to_post
from pipelines.withdrawals.withdrawn_posts import UNASKED
from scraper.address import identity, is_post, is_web
from scraper.archive import KnownPost
from scraper.dates import now

_RECALL = "SELECT value FROM memory WHERE key = ?"
_REMEMBER = """INSERT INTO memory (key, value, changed_at) VALUES (?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at
    WHERE value <> excluded.value"""
_SKIP = "INSERT OR IGNORE INTO skipped (crawl_id, path, reason) VALUES (?, ?, ?)"
_KNOWN_POSTS = f"""SELECT pages.path, pages.url, published, good.captured_at, checked_at,
        CASE WHEN pages.path IN ({UNASKED}) THEN 'withdrawn' ELSE status END, missing_since, wp_id, kind,
        found_by LIKE '%"sitemap"%' OR found_by LIKE '%"rest"%',
        EXISTS (SELECT 1 FROM captures WHERE captures.path = pages.path AND source = 'live'),
        pages.path IN (SELECT readings.path FROM problems JOIN readings ON brief_path = problems.path
            WHERE problems.kind = 'held' AND held = 1),
        EXISTS (SELECT 1 FROM evidence JOIN captures ON captures.id = evidence.capture_id
            WHERE brief_id = briefs.id AND field = 'modified' AND chosen = 1 AND outcome = 'brief'),
        announced, (SELECT target FROM redirects WHERE redirects.path = pages.path AND permanent = 1
            AND redirects.last_seen > ifnull(pages.last_seen, '') ORDER BY redirects.last_seen DESC, target LIMIT 1),
        briefs.id
    FROM pages LEFT JOIN briefs USING (path)
    LEFT JOIN (SELECT path, max(captured_at) AS captured_at FROM captures
        WHERE outcome = 'brief' AND read = 1 AND truncated = 0 GROUP BY path) AS good USING (path)
    ORDER BY pages.path"""  # noqa: S608 - our own names


def recall(db: sqlite3.Connection, key: str) -> str | None:
    """The value stored under `key`, None if there is none."""
    row = db.execute(_RECALL, (key,)).fetchone()
    return None if row is None else str(row[0])


def remember(db: sqlite3.Connection, key: str, value: str) -> None:
    """Store `value` under `key`; `changed_at` is when the value last changed."""
    db.execute(_REMEMBER, (key, make_storable(value), now()))


def add_skipped_address(db: sqlite3.Connection, crawl_id: int | None, address: str, reason: str) -> None:
    """Record that this run did not request an address; outside a run nothing is recorded."""
    if crawl_id is not None:
        path = identity(address) if is_web(address) else address
        db.execute(_SKIP, (crawl_id, make_storable(path), make_storable(reason)))


def list_posts(db: sqlite3.Connection) -> list[KnownPost]:
    """Every post's address, by path, except those whose post moved for good."""
    posts = []
    for *values, announced, target, brief_id in db.execute(_KNOWN_POSTS).fetchall():
        path, listed, asked, held, dated = values[0], *map(bool, values[9:])
        if is_post(path) and not _has_moved(path, values[5], target):
            post, edit = KnownPost(*values[:9]), edits.find_unread_edit(db, path, brief_id, announced=announced)
            posts.append(
                replace(post, was_listed=listed, was_asked=asked, is_held=held, unread_edit=edit, states_change=dated)
            )
    return posts


def _has_moved(path: str, status: str, target: str | None) -> bool:
    """Whether the page leads for good to where its post may be now; `target` is where it leads since it was seen."""
    return status not in ("missing", "gone") and target is not None and leads_to_post(path, target)
