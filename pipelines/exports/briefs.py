"""The chosen briefs one by one, each with all that hangs on it, as plain data: what JSON Lines writes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

from pipelines.keeping.contacts import LEFT_OUT, writers_addresses

Told = dict[str, Any]  # one brief; docs/brief.schema.json tells its shape

_BRIEFS = """SELECT path, url, wp_id, kind, label, number, domain, title, published, modified, dateline, posted_by,
    body, body_html, chosen.id, briefs.capture_id FROM chosen JOIN briefs USING (path) ORDER BY chosen.rowid"""
_CAPTURE = """SELECT url, captured_at, source, status, media_type, outcome, digest, memento FROM captures
    WHERE id = ?"""
# Where everyone can see it: the very capture that the values are from, else the newest that a web archive shows.
_ARCHIVED = """SELECT memento AS url, captured_at FROM captures
    WHERE memento IS NOT NULL AND outcome = 'brief' AND id IN (SELECT capture_id FROM readings WHERE brief_path = ?)
    ORDER BY id = ? DESC, captured_at DESC, memento LIMIT 1"""
_LISTS = {
    "authors": """SELECT name, name_as_published, kind, role, contact FROM brief_authors
        JOIN authors ON authors.id = author_id WHERE brief_id = ? ORDER BY position""",
    "resources": """SELECT resources.name, name_as_published, heading, description, text, brief_resources.url
        FROM brief_resources JOIN resources ON resources.id = resource_id WHERE brief_id = ? ORDER BY position""",
    "photo_credits": "SELECT text, name, source, url FROM photo_credits WHERE brief_id = ? ORDER BY position",
    "sections": "SELECT heading, text FROM sections WHERE brief_id = ? ORDER BY position",
    "links": "SELECT text, url FROM links WHERE brief_id = ? ORDER BY position",
    "categories": """SELECT name_as_published AS name, slug FROM brief_categories
        JOIN categories ON categories.id = category_id WHERE brief_id = ? ORDER BY slug""",
}
_RAW = re.compile(r"(/\d{4,14})[a-z]{2}_/")  # a replay without the archive's own frame around the page


def briefs(db: sqlite3.Connection, *, with_contacts: bool) -> Iterator[Told]:
    """Every brief in `chosen`, by path; only one is in memory at a time.

    Without contacts the writers' e-mail addresses are blotted out wherever they stand, and `contact` is left out.
    """
    addresses = None if with_contacts else writers_addresses(db)
    for row in _dicts(db, _BRIEFS):
        told = _whole(db, row)
        if addresses is not None:
            for author in told["authors"]:
                del author["contact"]
            told = _without(told, addresses)
        yield told


def _whole(db: sqlite3.Connection, row: Told) -> Told:
    brief_id, capture_id = row.pop("id"), row.pop("capture_id")
    lists = {name: list(_dicts(db, sql, brief_id)) for name, sql in _LISTS.items()}
    archived = next(_dicts(db, _ARCHIVED, row["path"], capture_id), None)
    if archived is not None:
        archived["url"] = _RAW.sub(r"\1/", archived["url"], count=1)
    return {**row, **lists, "capture": next(_dicts(db, _CAPTURE, capture_id)), "archived": archived}


def _dicts(db: sqlite3.Connection, sql: str, *values: object) -> Iterator[Told]:
    cursor = db.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def _without(told: Any, addresses: re.Pattern[str]) -> Any:  # noqa: ANN401 - whatever JSON can hold
    if isinstance(told, str):
        return addresses.sub(LEFT_OUT, told) if "@" in told or "%40" in told else told
    if isinstance(told, dict):
        return {name: _without(value, addresses) for name, value in told.items()}
    return [_without(value, addresses) for value in told] if isinstance(told, list) else told
