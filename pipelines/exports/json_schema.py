"""`python -m pipelines.exports.json_schema` writes docs/brief.schema.json, the schema of a line of JSON Lines."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.exports.csv_tables import LISTS, OPTIONAL
from pipelines.schema.tables import BRIEF_COLUMNS

TARGET = Path(__file__).parents[2] / "docs" / "brief.schema.json"
_CAPTURE = ("url", "captured_at", "source", "status", "media_type", "outcome", "digest", "memento")
# The tables that describe a list's columns, where it is not the one of its name; the first that has a column wins.
_TABLES = {"authors": ("brief_authors", "authors"), "resources": ("brief_resources", "resources")}
_ARCHIVED = (
    "Where everyone can see the page: this capture, else the newest that a web archive shows and that has its values; "
    "null for none."
)
_TYPES = {"TEXT": "string", "INTEGER": "integer"}


@cache
def format_schema() -> str:
    """Format the schema (JSON Schema 2020-12) as the file holds it."""
    from pipelines.schema.doc import create_schema  # noqa: PLC0415 - sqlite-utils, which help pages do not need

    with closing(create_schema()) as db:
        parts = ((name, _build_object(db, columns, _TABLES.get(name, (name,)))) for name, columns in LISTS.items())
        lists = {name: {"type": "array", "items": part} for name, part in parts}
        capture = _build_object(db, _CAPTURE, ("captures",))
        brief = _build_object(db, BRIEF_COLUMNS, ("briefs",))
        publisher = _load_tables()["brief_list"]["columns"]["publisher"]
        brief["properties"]["publisher"] = {"type": "string", "description": publisher}
        brief["required"].append("publisher")
        archived = _build_object(db, ("url", "captured_at"), ("captures",))
    last = {"capture": capture, "archived": {"description": _ARCHIVED, "anyOf": [archived, {"type": "null"}]}}
    brief["properties"] |= lists | last
    brief["required"] += [*lists, *last]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A line of `briefs export jsonl`"}
    return json.dumps(head | brief, indent=2, ensure_ascii=False) + "\n"


@cache
def _load_tables() -> dict[str, Any]:
    from pipelines.schema.doc import load_metadata  # noqa: PLC0415 - as above

    tables: dict[str, Any] = load_metadata()["tables"]
    return tables


def _build_object(db: sqlite3.Connection, names: Iterable[str], tables: Iterable[str]) -> dict[str, Any]:
    known_columns: dict[str, Any] = {}
    for table in tables:
        known_columns = _read_columns(db, table) | known_columns
    columns = {name: known_columns[name] for name in names}
    required = [name for name in columns if name != OPTIONAL]
    return {"type": "object", "properties": columns, "required": required, "additionalProperties": False}


def _read_columns(db: sqlite3.Connection, table: str) -> dict[str, Any]:
    descriptions = _load_tables()[table]["columns"]
    rows = db.execute(f'PRAGMA table_info("{table}")').fetchall()
    types = {name: _TYPES[kind] if not_null else [_TYPES[kind], "null"] for _, name, kind, not_null, _, key in rows}
    types |= {name: _TYPES[kind] for _, name, kind, _, _, key in rows if key}
    return {
        name: {"type": kind, "description": descriptions[name].replace("NULL", "null")} for name, kind in types.items()
    }


if __name__ == "__main__":
    TARGET.write_text(format_schema(), encoding="utf-8")
