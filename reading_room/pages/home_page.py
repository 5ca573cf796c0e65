"""The home page and the guide: what the archive holds, links into it, how complete it is, and how to use it."""

from __future__ import annotations

import sqlite3

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]

from reading_room.addresses.post_paths import lead_number_to_brief
from reading_room.pages.counts import list_years
from reading_room.query import AUTHOR_NAMES, Row, fetch_row, fetch_rows, query_cached
from reading_room.server.settings import NAME, PLUGIN
from scraper.address import is_post, is_web

_COUNTS = """SELECT count(*) AS posts, count(*) FILTER (WHERE kind = 'brief') AS briefs,
    min(published) AS first, max(published) AS last FROM briefs"""
_OTHER_COUNTS = """SELECT (SELECT count(*) FROM authors) AS authors, (SELECT count(*) FROM resources) AS resources,
    (SELECT count(*) FROM captures) AS captures,
    (SELECT max(ifnull(finished_at, started_at)) FROM crawls) AS updated"""
_DOMAINS = """SELECT name, canonical, briefs FROM domains JOIN (
        SELECT domain, count(*) AS briefs FROM briefs WHERE domain IS NOT NULL GROUP BY domain
    ) ON domain = name ORDER BY canonical DESC, name"""
# As the index briefs_year has the year.
_YEARS = """SELECT CAST(substr(published, 1, 4) AS INTEGER) AS year, count(*) AS briefs FROM briefs
    WHERE published IS NOT NULL GROUP BY year ORDER BY year"""
_AUTHORS = """SELECT id, name, briefs FROM authors JOIN (
        SELECT author_id, count(DISTINCT brief_id) AS briefs FROM brief_authors GROUP BY author_id
        ORDER BY briefs DESC LIMIT 40
    ) ON author_id = id ORDER BY briefs DESC, name LIMIT 12"""
_RESOURCES = """SELECT id, name, url, briefs FROM resources JOIN (
        SELECT resource_id, count(DISTINCT brief_id) AS briefs FROM brief_resources GROUP BY resource_id
        ORDER BY briefs DESC LIMIT 40
    ) ON resource_id = id ORDER BY briefs DESC, name LIMIT 12"""
_NEWEST = f"""SELECT id, title, label, path, published, domain, {AUTHOR_NAMES}
    FROM briefs ORDER BY published DESC, id DESC LIMIT 8"""  # noqa: S608 - a constant
# The counts of the view number_gaps, without making a row for each gap.
_NUMBERS = """SELECT ifnull(sum(numbered), 0) AS numbered, ifnull(sum(doubles), 0) AS doubles,
    ifnull(sum(span - numbered), 0) AS gaps FROM (
        SELECT count(*) AS numbered, count(*) FILTER (WHERE briefs > 1) AS doubles,
            max(number) - min(number) + 1 AS span
        FROM (
            SELECT domain, number, count(*) AS briefs FROM briefs
            WHERE number BETWEEN 0 AND 9999 AND domain IN (SELECT name FROM domains WHERE canonical = 1)
            GROUP BY domain, number
        ) GROUP BY domain
    )"""
_PAGES = "SELECT status, count(*) AS pages FROM pages GROUP BY status"
# Addresses without any capture, some of which are posts.
_UNCAPTURED = """SELECT path FROM pages WHERE status = 'live' AND last_seen IS NULL
    AND NOT EXISTS (SELECT 1 FROM captures WHERE captures.path = pages.path)"""
_PROBLEMS = "SELECT count(*) FROM problems"


async def serve_home(datasette: Datasette, request: Request) -> Response:
    """The home page; `/.json` stays with Datasette, which counts all tables for it."""
    await datasette.ensure_permissions(request.actor, [("view-database", NAME), "view-instance"])
    if redirect := await lead_number_to_brief(datasette, request):
        return redirect
    values = {"page": await query_cached(datasette, read_page), "metadata": datasette.metadata()}
    return Response.html(await datasette.render_template("index.html", values, request=request, view_name="index"))


async def serve_guide(datasette: Datasette, request: Request) -> Response:
    """The guide; its counts are those of the home page, its words those of docs/schema.md."""
    await datasette.ensure_permissions(request.actor, [("view-database", NAME), "view-instance"])
    contact = (datasette.plugin_config(PLUGIN) or {}).get("contact")
    page = {
        **await query_cached(datasette, read_page),
        "words": datasette.metadata("glossary") or {},
        "contact": contact,
        "contact_url": contact if not contact or is_web(contact) else f"mailto:{contact}",
        "metadata": datasette.metadata(),
    }
    return Response.html(await datasette.render_template("guide.html", {"page": page}, request=request))


ROUTES = ((r"/+$", serve_home), (r"/guide/?$", serve_guide))


def read_page(db: sqlite3.Connection) -> dict[str, object]:
    """What the home page shows, to be cached until the archive changes."""
    return {
        "counts": {**(fetch_row(db, _COUNTS) or {}), **(fetch_row(db, _OTHER_COUNTS) or {})},
        "domains": fetch_rows(db, _DOMAINS),
        "years": _fill_years(fetch_rows(db, _YEARS)),
        "authors": fetch_rows(db, _AUTHORS),
        "resources": fetch_rows(db, _RESOURCES),
        "newest": fetch_rows(db, _NEWEST),
        "complete": _measure_completeness(db),
    }


def _fill_years(years: list[Row]) -> list[Row]:
    """Each year from the first to the last, years without briefs too."""
    counts = {year["year"]: year["briefs"] for year in years}
    return [{"name": year, "briefs": counts.get(year, 0)} for year in list_years(counts)]


def _measure_completeness(db: sqlite3.Connection) -> dict[str, object]:
    numbers = fetch_row(db, _NUMBERS) or {"numbered": 0, "gaps": 0}
    total = numbers["numbered"] + numbers["gaps"]
    return {
        **numbers,
        "share": round(100 * numbers["numbered"] / total, 1) if total else None,
        "pages": {row["status"]: row["pages"] for row in fetch_rows(db, _PAGES)},
        "uncaptured": sum(is_post(path) for (path,) in db.execute(_UNCAPTURED)),
        "problems": db.execute(_PROBLEMS).fetchone()[0],
    }
