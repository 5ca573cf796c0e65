"""What one run leaves for the next: lines it remembers, the addresses it knows, those it did not ask for."""

from __future__ import annotations

import sqlite3

from pipelines.captures.rows import now
from pipelines.normalise import plain
from pipelines.withdrawals.rules import UNASKED
from scraper.address import identity, is_post, is_web
from scraper.archive import KnownPost

_RECALL = "SELECT value FROM memory WHERE key = ?"
_REMEMBER = """INSERT INTO memory (key, value, changed_at) VALUES (?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at
    WHERE value <> excluded.value"""
_SKIP = "INSERT OR IGNORE INTO skipped (crawl_id, path, reason) VALUES (?, ?, ?)"
_KNOWN = f"""SELECT pages.path, pages.url, published, good.captured_at, checked_at,
        CASE WHEN pages.path IN ({UNASKED}) THEN 'withdrawn' ELSE status END, missing_since
    FROM pages LEFT JOIN briefs USING (path)
    LEFT JOIN (SELECT path, max(captured_at) AS captured_at FROM captures
        WHERE outcome = 'brief' AND read = 1 AND truncated = 0 GROUP BY path) AS good USING (path)
    WHERE NOT EXISTS (SELECT 1 FROM redirects WHERE redirects.path = pages.path AND permanent = 1
        AND redirects.last_seen > ifnull(pages.last_seen, ''))
    ORDER BY pages.path"""  # noqa: S608 - our own names


def recall(db: sqlite3.Connection, key: str) -> str | None:
    """The line kept under `key`, None if there is none."""
    row = db.execute(_RECALL, (key,)).fetchone()
    return None if row is None else str(row[0])


def remember(db: sqlite3.Connection, key: str, value: str) -> None:
    """Keep `value` under `key`; `changed_at` tells when it last became another."""
    db.execute(_REMEMBER, (key, plain(value), now()))


def skip(db: sqlite3.Connection, crawl_id: int | None, address: str, reason: str) -> None:
    """Have an address not asked for by this run; outside a run there is nobody to skip it."""
    if crawl_id is not None:
        path = identity(address) if is_web(address) else address
        db.execute(_SKIP, (crawl_id, plain(path), plain(reason)))


def known(db: sqlite3.Connection) -> list[KnownPost]:
    """Every post's address, by path, but for those that now lead to another for good."""
    return [KnownPost(*row) for row in db.execute(_KNOWN) if is_post(row[0])]
