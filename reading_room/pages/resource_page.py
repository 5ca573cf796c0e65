"""A recommended resource's page: its names, whether its address still answers, and the briefs that recommend it."""

from __future__ import annotations

import json
import sqlite3

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import urlsafe_components  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from reading_room.pages.counts import count_values, count_years
from reading_room.query import Row, fetch_row, fetch_rows, query_archive

LONGEST = 200  # briefs that the page lists; the table has all
_RESOURCE = "SELECT id, name, url FROM resources WHERE id = ?"
_RECOMMENDATIONS = """SELECT brief_id, name_as_published, brief_resources.url, published, domain
    FROM brief_resources JOIN briefs ON briefs.id = brief_id WHERE resource_id = ?
    ORDER BY published DESC, brief_id DESC"""
_LAST_CHECK = """SELECT outcome, status, detail, checked_at, final_url, archived_url, archived_at FROM link_checks
    WHERE url = ? ORDER BY checked_at DESC LIMIT 1"""
_AUTHORS = """SELECT id, name, briefs FROM authors JOIN (
        SELECT author_id, count(DISTINCT brief_resources.brief_id) AS briefs
        FROM brief_resources JOIN brief_authors ON brief_authors.brief_id = brief_resources.brief_id
        WHERE resource_id = ? GROUP BY author_id ORDER BY briefs DESC, author_id LIMIT 25
    ) ON author_id = id ORDER BY briefs DESC, name"""
_BRIEFS = """SELECT briefs.id, title, label, path, published, domain, heading, name_as_published, description
    FROM brief_resources JOIN briefs ON briefs.id = brief_id
    WHERE resource_id = ? AND brief_id IN (SELECT value FROM json_each(?))
    ORDER BY published DESC, briefs.id DESC, position"""
# The outcome of the last link check as the end of a sentence.
_FINDINGS = {
    "ok": "answers",
    "moved": "leads elsewhere for good",
    "gone": "is gone",
    "broken": "answers with an error",
    "blocked": "is closed to programs, perhaps not to people",
    "unreachable": "does not answer",
    "unchecked": "could not be checked",
    None: "has not been checked yet",
}


async def load_page(datasette: Datasette, request: Request) -> dict[str, object] | None:
    """What the template shows of the resource in the address; None if there is no such resource."""
    key = urlsafe_components(request.url_vars["pks"])[0]
    return await query_archive(datasette, lambda db: _read_page(db, key))


def _read_page(db: sqlite3.Connection, key: str) -> dict[str, object] | None:
    resource = fetch_row(db, _RESOURCE, (key,))
    if resource is None:
        return None
    recommendations = fetch_rows(db, _RECOMMENDATIONS, (resource["id"],))
    ids = list(dict.fromkeys(row["brief_id"] for row in recommendations))
    return {
        "resource": resource,
        "count": len(ids),
        "names": count_values(recommendations, "name_as_published"),
        "addresses": [_add_link_check(db, row) for row in count_values(recommendations, "url")],
        "domains": count_values(recommendations, "domain"),
        "years": count_years(recommendations),
        "authors": fetch_rows(db, _AUTHORS, (resource["id"],)),
        "briefs": fetch_rows(db, _BRIEFS, (resource["id"], json.dumps(ids[:LONGEST]))),
    }


def _add_link_check(db: sqlite3.Connection, address: Row) -> Row:
    """The address with the finding of its last check."""
    check = fetch_row(db, _LAST_CHECK, (address["name"],)) or {"outcome": None}
    return {**address, **check, "finding": _FINDINGS[check["outcome"]]}
