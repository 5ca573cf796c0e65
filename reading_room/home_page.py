"""The front page: what is here, from when to when, the ways in, and how complete it is."""

from __future__ import annotations

import sqlite3

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]

from reading_room.counts import spanned
from reading_room.query import Row, ask_once, one, rows
from reading_room.settings import NAME
from scraper.address import is_post

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
# What the view number_gaps lists, counted without a row for each gap.
_NUMBERS = """SELECT count(*) AS numbered, count(*) FILTER (WHERE briefs > 1) AS doubles,
    ifnull(sum(following - number - 1), 0) AS gaps FROM (
        SELECT number, count(*) AS briefs, lead(number) OVER (PARTITION BY domain ORDER BY number) AS following
        FROM briefs WHERE number BETWEEN 0 AND 9999 AND domain IN (SELECT name FROM domains WHERE canonical = 1)
        GROUP BY domain, number
    )"""
_PAGES = "SELECT status, count(*) AS pages FROM pages GROUP BY status"
# Posts at addresses of which there is no capture at all.
_UNCAPTURED = """SELECT path FROM pages WHERE status = 'live' AND last_seen IS NULL
    AND NOT EXISTS (SELECT 1 FROM captures WHERE captures.path = pages.path)"""
_PROBLEMS = "SELECT count(*) FROM problems"


async def answer(datasette: Datasette, request: Request) -> Response:
    """The page; `/.json` is Datasette's, which asks after each table what this page does not show."""
    await datasette.ensure_permissions(request.actor, [("view-database", NAME), "view-instance"])
    told = {"page": await ask_once(datasette, _told), "metadata": datasette.metadata()}
    return Response.html(await datasette.render_template("index.html", told, request=request, view_name="index"))


ROUTES = ((r"/$", answer),)


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
    """Each year from the first to the last, with its share of the busiest year's briefs, in per cent."""
    told = {int(year["year"]): year["briefs"] for year in years}
    most = max(told.values(), default=1)
    counted = ((year, told.get(year, 0)) for year in spanned(told))
    return [{"year": year, "briefs": briefs, "share": round(100 * briefs / most)} for year, briefs in counted]


def _completeness(db: sqlite3.Connection) -> dict[str, object]:
    numbers = one(db, _NUMBERS) or {"numbered": 0, "gaps": 0}
    counted = numbers["numbered"] + numbers["gaps"]
    return {
        **numbers,
        "share": round(100 * numbers["numbered"] / counted, 1) if counted else None,
        "pages": {row["status"]: row["pages"] for row in rows(db, _PAGES)},
        "uncaptured": sum(is_post(path) for (path,) in db.execute(_UNCAPTURED)),
        "problems": db.execute(_PROBLEMS).fetchone()[0],
    }
