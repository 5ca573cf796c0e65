"""`python -m pipelines.exports.json_schema` writes docs/brief.schema.json: what a line of the JSON Lines export is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from pipelines.schema.doc import described, new_schema

TARGET = Path(__file__).parents[2] / "docs" / "brief.schema.json"
_BRIEF = (
    *("path", "url", "wp_id", "kind", "label", "number", "domain", "title", "published", "modified", "dateline"),
    *("posted_by", "body", "body_html"),
)
# Each list or part with its names, and the tables in which their columns are described, the first that has one.
_PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "authors": (("name", "name_as_published", "kind", "role", "contact"), ("brief_authors", "authors")),
    "resources": (
        ("name", "name_as_published", "heading", "description", "text", "url"),
        ("brief_resources", "resources"),
    ),
    "photo_credits": (("text", "name", "source", "url"), ("photo_credits",)),
    "sections": (("heading", "text"), ("sections",)),
    "links": (("text", "url"), ("links",)),
    "categories": (("name", "slug"), ("categories",)),
    "capture": (
        ("url", "captured_at", "source", "status", "media_type", "outcome", "digest", "memento"),
        ("captures",),
    ),
}
_ARCHIVED = "Where everyone can see the page: this capture, else the newest that a web archive shows; null for none."
_TYPES = {"TEXT": "string", "INTEGER": "integer"}
_OPTIONAL = "contact"  # only there --with-contacts


def text() -> str:
    """The schema, JSON Schema 2020-12, as the file holds it."""
    with closing(new_schema()) as db:
        parts = {name: _object(db, *part) for name, part in _PARTS.items()}
        told = _object(db, _BRIEF, ("briefs",))
        told["properties"]["publisher"] = {"type": "string", "description": _described("brief_list", "publisher")}
        told["required"].append("publisher")
        archived = _object(db, ("url", "captured_at"), ("captures",))
    capture = parts.pop("capture")
    lists = {name: {"type": "array", "items": part} for name, part in parts.items()}
    last = {"capture": capture, "archived": {"description": _ARCHIVED, "anyOf": [archived, {"type": "null"}]}}
    told["properties"] |= lists | last
    told["required"] += [*lists, *last]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A line of `briefs export jsonl`"}
    return json.dumps(head | told, indent=2, ensure_ascii=False) + "\n"


def _described(table: str, column: str) -> str:
    return str(described()["tables"][table]["columns"][column])


def _object(db: sqlite3.Connection, names: Iterable[str], tables: Iterable[str]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for table in tables:
        known = _columns(db, table) | known
    columns = {name: known[name] for name in names}
    required = [name for name in columns if name != _OPTIONAL]
    return {"type": "object", "properties": columns, "required": required, "additionalProperties": False}


def _columns(db: sqlite3.Connection, table: str) -> dict[str, Any]:
    """The type of each column and what metadata.yml tells of it."""
    told = described()["tables"][table]["columns"]
    rows = db.execute(f'PRAGMA table_info("{table}")').fetchall()
    types = {name: _TYPES[kind] if known else [_TYPES[kind], "null"] for _, name, kind, known, _, key in rows}
    types |= {name: _TYPES[kind] for _, name, kind, _, _, key in rows if key}
    return {name: {"type": kind, "description": told[name].replace("NULL", "null")} for name, kind in types.items()}


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
