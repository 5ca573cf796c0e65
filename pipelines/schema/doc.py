"""`python -m pipelines.schema.doc` writes docs/schema.md out of metadata.yml and the schema as it really is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml
from sqlite_utils import Database

from pipelines.schema.migrations import migrations
from scraper.package_files import read_package_file

METADATA = Path(__file__).parent / "metadata.yml"
DOC = Path(__file__).parents[2] / "docs" / "schema.md"
_INTRODUCTION = """# What is in archive.db

Made by `make docs` out of metadata.yml and the schema; do not edit it by hand.

*As published* means: the characters on the page, white space collapsed to single spaces, ends trimmed, nothing else
changed. All times are UTC, `YYYY-MM-DDTHH:MM:SSZ`, all dates `YYYY-MM-DD`. Unknown is NULL. Tables are STRICT and
foreign keys are enforced. Ids never change; `briefs.path` is the same in every archive.
A view declares no types.
"""


def new_schema() -> sqlite3.Connection:
    """An empty archive in memory."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrations.apply(Database(db))
    return db


def described() -> dict[str, Any]:
    """What metadata.yml tells of the database."""
    told: dict[str, Any] = yaml.safe_load(read_package_file(METADATA))["databases"]["archive"]
    return told


def text() -> str:
    """docs/schema.md as it should be."""
    told = described()
    with closing(new_schema()) as db:
        tables = "\n".join(line for name, table in told["tables"].items() for line in _table(db, name, table))
    queries = "\n".join(line for name, query in told["queries"].items() for line in _query(name, query))
    return f"{_INTRODUCTION}\n{tables}\n## Canned queries\n{queries}"


def _table(db: sqlite3.Connection, name: str, told: dict[str, Any]) -> Iterator[str]:
    kind = db.execute("SELECT type FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
    yield f"## {name}{' (view)' if kind == 'view' else ''}\n"
    yield f"{told['description']}\n"
    yield from (_view_columns if kind == "view" else _table_columns)(db, name, told["columns"])
    yield ""


def _table_columns(db: sqlite3.Connection, name: str, meanings: dict[str, str]) -> Iterator[str]:
    targets = {row[3]: f" → `{row[2]}.{row[4]}`" for row in db.execute(f"PRAGMA foreign_key_list({name})")}
    yield "| column | type | meaning |\n| --- | --- | --- |"
    for _, column, datatype, *_ in db.execute(f"PRAGMA table_info({name})"):
        yield f"| `{column}` | {datatype.lower()}{targets.get(column, '')} | {meanings[column]} |"


def _view_columns(db: sqlite3.Connection, name: str, meanings: dict[str, str]) -> Iterator[str]:
    # What SQLite says of their types hangs on its version.
    yield "| column | meaning |\n| --- | --- |"
    for _, column, *_ in db.execute(f"PRAGMA table_info({name})"):
        yield f"| `{column}` | {meanings[column]} |"


def _query(name: str, told: dict[str, Any]) -> Iterator[str]:
    yield f"\n### {name}\n\n{told['description']}\n"
    asks = told.get("asks", {})
    yield from (f"* `{parameter}`: {asks.get(parameter, 'empty for all.')}" for parameter in told.get("params", ()))
    yield ""
    yield f"```sql\n{told['sql']}\n```"


if __name__ == "__main__":
    DOC.write_text(text(), encoding="utf-8")
