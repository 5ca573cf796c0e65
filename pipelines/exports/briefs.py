"""The chosen briefs one by one, each with all that hangs on it, as plain data: what JSON Lines writes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

from pipelines.maintenance.contacts import LEFT_OUT, writers_addresses
from pipelines.schema.views import PUBLISHER

Told = dict[str, Any]  # one brief; docs/brief.schema.json tells its shape

_COLUMNS = f"""path, url, wp_id, kind, label, number, domain, title, published, modified, dateline, posted_by,
    body, body_html, {PUBLISHER} AS publisher, briefs.id, briefs.capture_id"""
_BRIEFS = f"SELECT {_COLUMNS} FROM chosen JOIN briefs USING (path) ORDER BY chosen.rowid"  # noqa: S608
_BRIEF = f"SELECT {_COLUMNS} FROM briefs WHERE id = ?"  # noqa: S608
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
        yield told if addresses is None else _without_contacts(told, addresses)


def one_brief(db: sqlite3.Connection, brief_id: int, addresses: re.Pattern[str]) -> Told | None:
    """The brief of this number as `briefs` tells it, without contacts; what `addresses` matches is blotted out."""
    row = next(_dicts(db, _BRIEF, brief_id), None)
    return None if row is None else _without_contacts(_whole(db, row), addresses)


def _without_contacts(told: Told, addresses: re.Pattern[str]) -> Told:
    for author in told["authors"]:
        del author["contact"]
    hidden: Told = without(told, addresses)
    return hidden


def citable(memento: str) -> str:
    """The address at which a web archive shows the copy to people, with its own frame around it."""
    return _RAW.sub(r"\1/", memento, count=1)


def _whole(db: sqlite3.Connection, row: Told) -> Told:
    brief_id, capture_id = row.pop("id"), row.pop("capture_id")
    lists = {name: list(_dicts(db, sql, brief_id)) for name, sql in _LISTS.items()}
    archived = next(_dicts(db, _ARCHIVED, row["path"], capture_id), None)
    if archived is not None:
        archived["url"] = citable(archived["url"])
    return {**row, **lists, "capture": next(_dicts(db, _CAPTURE, capture_id)), "archived": archived}


def _dicts(db: sqlite3.Connection, sql: str, *values: object) -> Iterator[Told]:
    cursor = db.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def without(told: Any, addresses: re.Pattern[str]) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """The same with each match of `addresses` blotted out, in lists and dictionaries too."""
    if isinstance(told, str):
        return addresses.sub(LEFT_OUT, told) if "@" in told or "%40" in told else told
    if isinstance(told, dict):
        return {name: without(value, addresses) for name, value in told.items()}
    return [without(value, addresses) for value in told] if isinstance(told, list) else told
