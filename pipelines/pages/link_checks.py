"""Checks of the addresses that briefs recommend, and which are due."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.database.opening import read_archive, require_archive
from pipelines.normalise import make_storable
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


def add_link_check(db: sqlite3.Connection, check: LinkCheck) -> None:
    """Add the row of one check."""
    row = make_storable(check.url), check.checked_at, check.outcome, check.status, make_storable(check.final_url)
    db.execute(_ADD, (*row, make_storable(check.detail), make_storable(check.archived_url), check.archived_at))


def find_due_links(settings: BaseSettings, before: str) -> list[RecommendedLink]:
    """Recommended web addresses not checked since `before` (ISO 8601), those with the oldest check first.

    Only reads. Raises BadInput where there is no archive, and what opening one raises.
    """
    database = Path(settings["ARCHIVE_DB"])
    require_archive(database)
    with read_archive(database) as db:
        return [RecommendedLink(*row) for row in db.execute(_DUE, (before,))]
