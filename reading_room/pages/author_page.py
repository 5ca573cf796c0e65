"""A writer's page: names and roles, domains, co-authors, and the briefs."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import urlsafe_components  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from reading_room.citations.citation_tags import list_context_objects
from reading_room.pages.counts import count_values, count_years
from reading_room.query import AUTHOR_NAMES, Row, fetch_row, fetch_rows, query_archive

LONGEST = 200  # briefs that the page lists; the table has all
_AUTHOR = "SELECT id, name, kind FROM authors WHERE id = ?"
_BYLINES = """SELECT brief_id, name_as_published, role, published, domain
    FROM brief_authors JOIN briefs ON briefs.id = brief_id WHERE author_id = ?
    ORDER BY published DESC, brief_id DESC"""
_REASONS = "SELECT name, reason FROM author_aliases WHERE author_id = ?"
_COAUTHORS = """SELECT id, name, briefs FROM authors JOIN (
        SELECT other.author_id, count(DISTINCT other.brief_id) AS briefs FROM brief_authors AS own
        JOIN brief_authors AS other ON other.brief_id = own.brief_id AND other.author_id <> own.author_id
        WHERE own.author_id = ? GROUP BY other.author_id
    ) ON author_id = id ORDER BY briefs DESC, name LIMIT 40"""
_BRIEFS = f"""SELECT id, title, label, path, published, domain, kind, url,
    {AUTHOR_NAMES}, ifnull(substr(published, 1, 4), '') AS year
    FROM briefs WHERE id IN (SELECT value FROM json_each(?)) ORDER BY published DESC, id DESC"""  # noqa: S608 - a constant


async def load_page(datasette: Datasette, request: Request) -> dict[str, object] | None:
    """What the template shows of the writer in the address; None if there is no such writer."""
    key = urlsafe_components(request.url_vars["pks"])[0]
    page = await query_archive(datasette, lambda db: _read_page(db, key))
    return page and page | {"contexts": await list_context_objects(datasette, request, page["briefs"])}


def _read_page(db: sqlite3.Connection, key: str) -> dict[str, Any] | None:
    author = fetch_row(db, _AUTHOR, (key,))
    if author is None:
        return None
    bylines = fetch_rows(db, _BYLINES, (author["id"],))
    ids = list(dict.fromkeys(row["brief_id"] for row in bylines))
    days = [row["published"] for row in bylines if row["published"]]
    return {
        "author": author,
        "count": len(ids),
        "first": min(days, default=None),
        "last": max(days, default=None),
        "spellings": _add_reasons(db, author, count_values(bylines, "name_as_published")),
        "roles": count_values(bylines, "role"),
        "domains": count_values(bylines, "domain"),
        "years": count_years(bylines),
        "with": fetch_rows(db, _COAUTHORS, (author["id"],)),
        "briefs": fetch_rows(db, _BRIEFS, (json.dumps(ids[:LONGEST]),)),
    }


def _add_reasons(db: sqlite3.Connection, author: Row, spellings: list[Row]) -> list[Row]:
    """Each spelling with the reason why it counts as this writer's name."""
    reasons = {row["name"].lower(): row["reason"] for row in fetch_rows(db, _REASONS, (author["id"],))}
    return [{**row, "reason": reasons.get(row["name"].lower()) or _explain_spelling(author, row)} for row in spellings]


def _explain_spelling(author: Row, spelling: Row) -> str | None:
    if spelling["name"] == author["name"]:
        return None
    return "other capitals" if spelling["name"].lower() == author["name"].lower() else "not recorded"
