"""A writer's page: under which names and roles, on what, with whom, and every brief."""

from __future__ import annotations

import json
import sqlite3

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import urlsafe_components  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from reading_room.counts import tallied, years
from reading_room.query import Row, ask, one, rows

LONGEST = 200  # briefs on one page; all of them are in the table
_AUTHOR = "SELECT id, name, kind FROM authors WHERE id = ?"
_SIGNED = """SELECT brief_id, name_as_published, role, published, domain
    FROM brief_authors JOIN briefs ON briefs.id = brief_id WHERE author_id = ?
    ORDER BY published DESC, brief_id DESC"""
_REASONS = "SELECT name, reason FROM author_aliases WHERE author_id = ?"
_WITH = """SELECT id, name, briefs FROM authors JOIN (
        SELECT other.author_id, count(DISTINCT other.brief_id) AS briefs FROM brief_authors AS own
        JOIN brief_authors AS other ON other.brief_id = own.brief_id AND other.author_id <> own.author_id
        WHERE own.author_id = ? GROUP BY other.author_id
    ) ON author_id = id ORDER BY briefs DESC, name LIMIT 40"""
_BRIEFS = """SELECT id, title, label, path, published, domain, ifnull(substr(published, 1, 4), '') AS year
    FROM briefs WHERE id IN (SELECT value FROM json_each(?)) ORDER BY published DESC, id DESC"""


async def told(datasette: Datasette, request: Request) -> dict[str, object] | None:
    """Everything the page of the writer says, None where there is none of that number."""
    key = urlsafe_components(request.url_vars["pks"])[0]
    return await ask(datasette, lambda db: _told(db, key))


def _told(db: sqlite3.Connection, key: str) -> dict[str, object] | None:
    author = one(db, _AUTHOR, (key,))
    if author is None:
        return None
    signed = rows(db, _SIGNED, (author["id"],))
    ids = list(dict.fromkeys(row["brief_id"] for row in signed))
    days = [row["published"] for row in signed if row["published"]]
    return {
        "author": author,
        "count": len(ids),
        "first": min(days, default=None),
        "last": max(days, default=None),
        "spellings": _with_reasons(db, author, tallied(signed, "name_as_published")),
        "roles": tallied(signed, "role"),
        "domains": tallied(signed, "domain"),
        "years": years(signed),
        "with": rows(db, _WITH, (author["id"],)),
        "briefs": rows(db, _BRIEFS, (json.dumps(ids[:LONGEST]),)),
    }


def _with_reasons(db: sqlite3.Connection, author: Row, spellings: list[Row]) -> list[Row]:
    """Each spelling with why it counts as this writer's."""
    reasons = {row["name"].lower(): row["reason"] for row in rows(db, _REASONS, (author["id"],))}
    return [{**row, "reason": reasons.get(row["name"].lower()) or _plain_reason(author, row)} for row in spellings]


def _plain_reason(author: Row, spelling: Row) -> str | None:
    if spelling["name"] == author["name"]:
        return None
    return "other capitals" if spelling["name"].lower() == author["name"].lower() else "not told"
