"""A policy domain's page: its numbers and gaps, years, authors, resources, and newest briefs."""

from __future__ import annotations

import sqlite3

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import urlsafe_components  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from reading_room.query import Row, fetch_row, fetch_rows, query_cached

_LONGEST = 60  # ranges of missing numbers, and numbers given more than once, that the page names
_DOMAIN = "SELECT name, canonical FROM domains WHERE name = ?"
_COUNTS = "SELECT count(*) AS briefs, min(published) AS first, max(published) AS last FROM briefs WHERE domain = ?"
# The view number_gaps has the same, but takes too long for one domain at 100,000 briefs.
_NUMBERS = """SELECT number, count(*) AS briefs, lead(number) OVER (ORDER BY number) AS next
    FROM briefs WHERE domain = ? AND number BETWEEN 0 AND 9999 GROUP BY number ORDER BY number"""
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
_NEWEST = """SELECT id, title, label, path, published,
    (SELECT group_concat(name, '; ') FROM (
        SELECT name FROM brief_authors JOIN authors ON authors.id = author_id
        WHERE brief_id = briefs.id ORDER BY position
    )) AS authors
    FROM briefs WHERE domain = ? ORDER BY published DESC, id DESC LIMIT 25"""


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
        "series": _summarise_numbers(fetch_rows(db, _NUMBERS, (name,))),
        "years": fetch_rows(db, _YEARS, (name,)),
        "authors": fetch_rows(db, _AUTHORS, (name,)),
        "resources": fetch_rows(db, _RESOURCES, (name,)),
        "briefs": fetch_rows(db, _NEWEST, (name,)),
    }


def _summarise_numbers(numbers: list[Row]) -> Row | None:
    """The first and last number, the first gaps between them as ranges, and the first numbers given more than once."""
    if not numbers:
        return None
    spans = [(row["number"] + 1, row["next"] - 1) for row in numbers if row["next"]]
    gaps = [(low, high) for low, high in spans if low <= high]
    doubles = [row for row in numbers if row["briefs"] > 1]
    return {
        "first": numbers[0]["number"],
        "last": numbers[-1]["number"],
        "there": len(numbers),
        "missing": sum(high - low + 1 for low, high in gaps),
        "gaps": [str(low) if low == high else f"{low}–{high}" for low, high in gaps[:_LONGEST]],
        "more_gaps": max(0, len(gaps) - _LONGEST),
        "doubles": doubles[:_LONGEST],
        "doubled": len(doubles),
    }
