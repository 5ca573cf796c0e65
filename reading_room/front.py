"""The front page: what is here, from when to when, the ways in, and how complete it is."""

from __future__ import annotations

import sqlite3

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from reading_room.asking import Row, ask, one, rows

_COUNTS = """SELECT count(*) AS posts, count(*) FILTER (WHERE kind = 'brief') AS briefs,
    min(published) AS first, max(published) AS last FROM briefs"""
_AROUND = """SELECT (SELECT count(*) FROM authors) AS authors, (SELECT count(*) FROM resources) AS resources,
    (SELECT count(*) FROM captures) AS captures,
    (SELECT max(ifnull(finished_at, started_at)) FROM crawls) AS updated"""
_DOMAINS = """SELECT name, canonical, briefs FROM domains JOIN (
        SELECT domain, count(*) AS briefs FROM briefs WHERE domain IS NOT NULL GROUP BY domain
    ) ON domain = name ORDER BY canonical DESC, name"""
_YEARS = """SELECT substr(published, 1, 4) AS year, count(*) AS briefs FROM briefs
    WHERE published IS NOT NULL GROUP BY year ORDER BY year"""
_AUTHORS = """SELECT id, name, briefs FROM authors JOIN (
        SELECT author_id, count(DISTINCT brief_id) AS briefs FROM brief_authors GROUP BY author_id
        ORDER BY briefs DESC LIMIT 40
    ) ON author_id = id ORDER BY briefs DESC, name LIMIT 12"""
_RESOURCES = """SELECT id, name, briefs FROM resources JOIN (
        SELECT resource_id, count(DISTINCT brief_id) AS briefs FROM brief_resources GROUP BY resource_id
        ORDER BY briefs DESC LIMIT 40
    ) ON resource_id = id ORDER BY briefs DESC, name LIMIT 12"""
_NEWEST = """SELECT id, title, label, path, published, domain,
    (SELECT group_concat(name, '; ') FROM (
        SELECT name FROM brief_authors JOIN authors ON authors.id = author_id
        WHERE brief_id = briefs.id ORDER BY position
    )) AS authors
    FROM briefs ORDER BY published DESC, id DESC LIMIT 8"""
_NUMBERS = """SELECT count(*) FILTER (WHERE kind = 'gap') AS gaps, count(*) FILTER (WHERE kind = 'double') AS doubles
    FROM number_gaps JOIN domains ON domain = name WHERE canonical = 1"""
_NUMBERED = """SELECT count(*) FROM (SELECT DISTINCT domain, number FROM briefs JOIN domains ON domain = name
    WHERE canonical = 1 AND number IS NOT NULL)"""
_PAGES = "SELECT status, count(*) AS pages FROM pages GROUP BY status"
_PROBLEMS = "SELECT count(*) FROM problems"


async def told(datasette: Datasette, request: Request) -> dict[str, object]:
    """Everything the front page says, of one state of the archive."""
    return await ask(datasette, _told)


def _told(db: sqlite3.Connection) -> dict[str, object]:
    return {
        "counts": {**(one(db, _COUNTS) or {}), **(one(db, _AROUND) or {})},
        "domains": rows(db, _DOMAINS),
        "years": _with_shares(rows(db, _YEARS)),
        "authors": rows(db, _AUTHORS),
        "resources": rows(db, _RESOURCES),
        "newest": rows(db, _NEWEST),
        "complete": _completeness(db),
    }


def _with_shares(years: list[Row]) -> list[Row]:
    """Each year with its share of the busiest year's briefs, in per cent."""
    most = max((year["briefs"] for year in years), default=1)
    return [{**year, "share": round(100 * year["briefs"] / most)} for year in years]


def _completeness(db: sqlite3.Connection) -> dict[str, object]:
    numbers = one(db, _NUMBERS) or {}
    there = db.execute(_NUMBERED).fetchone()[0]
    counted = there + numbers["gaps"]
    return {
        **numbers,
        "numbered": there,
        "share": round(100 * there / counted, 1) if counted else None,
        "pages": {row["status"]: row["pages"] for row in rows(db, _PAGES)},
        "problems": db.execute(_PROBLEMS).fetchone()[0],
    }
