"""Recommended addresses and the looks that were taken at them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.db_errors import told
from pipelines.normalise import plain
from pipelines.opening import reading_connection
from scraper.errors import BadInput
from scraper.linkrot.link_check import LinkCheck, RecommendedLink

# An address is checked as a brief publishes it; a resource shows the one of its first brief.
_DUE = """WITH recommended AS (
        SELECT url, brief_id FROM brief_resources
        UNION SELECT resources.url, brief_id FROM resources JOIN brief_resources ON resource_id = resources.id
    ),
    newest AS (SELECT url, max(checked_at) AS checked_at FROM link_checks GROUP BY url)
    SELECT recommended.url, min(published) FROM recommended JOIN briefs ON briefs.id = brief_id
    LEFT JOIN newest ON newest.url = recommended.url
    WHERE (recommended.url LIKE 'http://%' OR recommended.url LIKE 'https://%') AND ifnull(checked_at, '') < ?
    GROUP BY recommended.url ORDER BY ifnull(checked_at, ''), recommended.url"""
_ADD = """INSERT INTO link_checks
    (url, checked_at, outcome, status, final_url, detail, archived_url, archived_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (url, checked_at) DO NOTHING"""
_HAS_CHECKS = "SELECT 1 FROM sqlite_master WHERE name = 'link_checks'"


def add_link_check(db: sqlite3.Connection, check: LinkCheck) -> None:
    """Add the row of one check."""
    row = plain(check.url), check.checked_at, check.outcome, check.status, plain(check.final_url)
    db.execute(_ADD, (*row, plain(check.detail), plain(check.archived_url), check.archived_at))


def links_due(settings: BaseSettings, before: str) -> list[RecommendedLink]:
    """Recommended web addresses that nobody looked at since `before` (ISO 8601), the longest unseen first.

    Only reads. Raises BadInput where there is no archive, and what opening one raises.
    """
    database = Path(settings["ARCHIVE_DB"])
    if not database.exists():
        raise BadInput(f"{database}: there is no archive; crawl or ingest first, or name another ARCHIVE_DB")
    with told(database), closing(reading_connection(database)) as db:
        if db.execute(_HAS_CHECKS).fetchone() is None:
            raise BadInput(f"{database}: it is of an older version; any command that writes to it brings it up to date")
        return [RecommendedLink(*row) for row in db.execute(_DUE, (before,))]
