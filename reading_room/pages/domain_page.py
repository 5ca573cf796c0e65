"""A policy domain's page: its numbers and gaps, years, authors, resources, and newest briefs."""

from __future__ import annotations

import sqlite3

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import urlsafe_components  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from reading_room.pages.numbering import read_numbering
from reading_room.query import AUTHOR_NAMES, fetch_row, fetch_rows, query_cached

_DOMAIN = "SELECT name, canonical FROM domains WHERE name = ?"
_COUNTS = "SELECT count(*) AS briefs, min(published) AS first, max(published) AS last FROM briefs WHERE domain = ?"
_YEARS = """SELECT substr(published, 1, 4) AS name, count(*) AS briefs FROM briefs
    WHERE domain = ? AND published IS NOT NULL GROUP BY name ORDER BY name"""
_AUTHORS = """SELECT id, name, briefs FROM authors JOIN (
        SELECT author_id, count(DISTINCT brief_id) AS briefs FROM briefs JOIN brief_authors ON brief_id = briefs.id
        WHERE domain = ? GROUP BY author_id ORDER BY briefs DESC, author_id LIMIT 15
    ) ON author_id = id ORDER BY briefs DESC, name"""
_RESOURCES = """SELECT id, name, url, briefs FROM resources JOIN (
        SELECT resource_id, count(DISTINCT brief_id) AS briefs FROM briefs JOIN brief_resources ON brief_id = briefs.id
        WHERE domain = ? GROUP BY resource_id ORDER BY briefs DESC, resource_id LIMIT 15
    ) ON resource_id = id ORDER BY briefs DESC, name"""
_NEWEST = f"""SELECT id, title, label, path, published, {AUTHOR_NAMES}
    FROM briefs WHERE domain = ? ORDER BY published DESC, id DESC LIMIT 25"""  # noqa: S608 - a constant


async def load_page(datasette: Datasette, request: Request) -> dict[str, object] | None:
    """What the template shows of the domain in the address; None if there is no such domain."""
    name = urlsafe_components(request.url_vars["pks"])[0]
    return await query_cached(datasette, _read_page, name)


def _read_page(db: sqlite3.Connection, name: str) -> dict[str, object] | None:
    domain = fetch_row(db, _DOMAIN, (name,))
    if domain is None:
        return None
    return {
        "domain": domain,
        "counts": fetch_row(db, _COUNTS, (name,)),
        "series": next(iter(read_numbering(db, name)), None),
        "years": fetch_rows(db, _YEARS, (name,)),
        "authors": fetch_rows(db, _AUTHORS, (name,)),
        "resources": fetch_rows(db, _RESOURCES, (name,)),
        "briefs": fetch_rows(db, _NEWEST, (name,)),
    }
