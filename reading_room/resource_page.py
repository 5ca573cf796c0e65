"""A recommended resource's page: what it is called, whether its address still answers, and which briefs name it."""

from __future__ import annotations

import json
import sqlite3

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import urlsafe_components  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from reading_room.counts import tallied, years
from reading_room.query import Row, ask, one, rows

LONGEST = 200  # briefs on one page; all of them are in the table
_RESOURCE = "SELECT id, name, url FROM resources WHERE id = ?"
_NAMED = """SELECT brief_id, name_as_published, brief_resources.url, published, domain
    FROM brief_resources JOIN briefs ON briefs.id = brief_id WHERE resource_id = ?
    ORDER BY published DESC, brief_id DESC"""
_LOOK = """SELECT outcome, status, detail, checked_at, final_url, archived_url, archived_at FROM link_checks
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
# What the newest look at an address found, for people.
_FOUND = {
    "ok": "answers",
    "moved": "leads elsewhere for good",
    "gone": "is gone",
    "broken": "answers with an error",
    "blocked": "is closed to programs, perhaps not to people",
    "unreachable": "does not answer",
    "unchecked": "could not be asked",
    None: "has not been looked at yet",
}


async def told(datasette: Datasette, request: Request) -> dict[str, object] | None:
    """Everything the page of the resource says, None where there is none of that number."""
    key = urlsafe_components(request.url_vars["pks"])[0]
    return await ask(datasette, lambda db: _told(db, key))


def _told(db: sqlite3.Connection, key: str) -> dict[str, object] | None:
    resource = one(db, _RESOURCE, (key,))
    if resource is None:
        return None
    named = rows(db, _NAMED, (resource["id"],))
    ids = list(dict.fromkeys(row["brief_id"] for row in named))
    return {
        "resource": resource,
        "count": len(ids),
        "names": tallied(named, "name_as_published"),
        "addresses": [_looked_at(db, row) for row in tallied(named, "url")],
        "domains": tallied(named, "domain"),
        "years": years(named),
        "authors": rows(db, _AUTHORS, (resource["id"],)),
        "briefs": rows(db, _BRIEFS, (resource["id"], json.dumps(ids[:LONGEST]))),
    }


def _looked_at(db: sqlite3.Connection, address: Row) -> Row:
    """The address with what the newest look at it found."""
    look = one(db, _LOOK, (address["name"],)) or {"outcome": None}
    return {**address, **look, "found": _FOUND[look["outcome"]]}
