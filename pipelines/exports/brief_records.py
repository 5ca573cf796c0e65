"""The selected briefs, each with everything that belongs to it, as plain data: what JSON Lines writes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

from pipelines.maintenance.contacts import LEFT_OUT, compile_contact_pattern
from pipelines.schema.tables import BRIEF_COLUMNS
from pipelines.schema.views import PUBLISHER

BriefRecord = dict[str, Any]  # one brief; docs/brief.schema.json describes it

_COLUMNS = f"{', '.join(BRIEF_COLUMNS)}, {PUBLISHER} AS publisher, briefs.id, briefs.capture_id"
_BRIEFS = f"SELECT {_COLUMNS} FROM chosen JOIN briefs USING (path) ORDER BY chosen.rowid"  # noqa: S608
_BRIEF = f"SELECT {_COLUMNS} FROM briefs WHERE id = ?"  # noqa: S608
_CAPTURE = """SELECT url, captured_at, source, status, media_type, outcome, digest, memento FROM captures
    WHERE id = ?"""
# Where everyone can see it: the capture that the values are from, else the newest whole one that a web archive shows
# and that was captured after the last change of a value, or with the very bytes.
_ARCHIVED = """SELECT memento AS url, captured_at FROM captures JOIN readings ON readings.capture_id = captures.id
    WHERE memento IS NOT NULL AND outcome = 'brief' AND brief_path = :path AND held = 0 AND (captures.id = :capture_id
        OR digest = (SELECT digest FROM captures WHERE id = :capture_id)
        OR (truncated = 0 AND fidelity >= (SELECT max(fidelity) FROM readings WHERE capture_id = :capture_id)
            AND captured_at >= (SELECT ifnull(max(seen_at), '') FROM revisions WHERE brief_id = :brief_id)))
    ORDER BY captures.id = :capture_id DESC, captured_at DESC, memento LIMIT 1"""
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
_RAW = re.compile(r"(/\d{4,14})[a-z]{2}_/")  # `id_`, `if_` …: a replay without the web archive's banner


def read_briefs(db: sqlite3.Connection, *, with_contacts: bool) -> Iterator[BriefRecord]:
    """Read every brief in `chosen`, by path, one at a time so that memory stays small.

    Without contacts the writers' e-mail addresses are blotted out everywhere, and `contact` is left out.
    """
    addresses = None if with_contacts else compile_contact_pattern(db)
    for row in _read_dicts(db, _BRIEFS):
        brief = _complete_brief(db, row)
        yield brief if addresses is None else _redact_contacts(brief, addresses)


def read_brief(db: sqlite3.Connection, brief_id: int, addresses: re.Pattern[str]) -> BriefRecord | None:
    """Read the brief with this id, without contacts; whatever `addresses` matches is blotted out."""
    row = next(_read_dicts(db, _BRIEF, brief_id), None)
    return None if row is None else _redact_contacts(_complete_brief(db, row), addresses)


def _redact_contacts(brief: BriefRecord, addresses: re.Pattern[str]) -> BriefRecord:
    for author in brief["authors"]:
        del author["contact"]
    redacted: BriefRecord = redact_addresses(brief, addresses)
    return redacted


def to_citable_url(memento: str) -> str:
    """Turn a memento's address into the one for people, where the web archive shows its banner and date."""
    return _RAW.sub(r"\1/", memento, count=1)


def _complete_brief(db: sqlite3.Connection, row: BriefRecord) -> BriefRecord:
    brief_id, capture_id = row.pop("id"), row.pop("capture_id")
    lists = {name: list(_read_dicts(db, sql, brief_id)) for name, sql in _LISTS.items()}
    known = {"path": row["path"], "capture_id": capture_id, "brief_id": brief_id}
    archived = next(_read_dicts(db, _ARCHIVED, known), None)
    if archived is not None:
        archived["url"] = to_citable_url(archived["url"])
    return {**row, **lists, "capture": next(_read_dicts(db, _CAPTURE, capture_id)), "archived": archived}


def _read_dicts(db: sqlite3.Connection, sql: str, *values: object) -> Iterator[BriefRecord]:
    cursor = db.execute(sql, values[0] if values and isinstance(values[0], dict) else values)
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def redact_addresses(value: Any, addresses: re.Pattern[str]) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Blot out each match of `addresses`, in lists and dictionaries too."""
    if isinstance(value, str):
        return addresses.sub(LEFT_OUT, value) if "@" in value or "%40" in value else value
    if isinstance(value, dict):
        return {name: redact_addresses(part, addresses) for name, part in value.items()}
    return [redact_addresses(part, addresses) for part in value] if isinstance(value, list) else value
