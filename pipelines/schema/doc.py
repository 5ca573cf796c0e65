"""`python -m pipelines.schema.doc` writes docs/schema.md from metadata.yml and the schema of a new database."""

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

try:  # ten times as quick, where libyaml is there
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]

METADATA = Path(__file__).parent / "metadata.yml"
DOC = Path(__file__).parents[2] / "docs" / "schema.md"
_INTRODUCTION = """# What is in archive.db

Made by `make docs` out of metadata.yml and the schema; do not edit it by hand.

*As published* means: the characters on the page, white space collapsed to single spaces, ends trimmed, nothing else
changed. All times are UTC, `YYYY-MM-DDTHH:MM:SSZ`, all dates `YYYY-MM-DD`. Unknown is NULL. Tables are STRICT and
foreign keys are enforced. Ids never change; `briefs.path` is the same in every archive.
A view declares no types.
"""


def create_schema() -> sqlite3.Connection:
    """Create an empty archive in memory."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrations.apply(Database(db))
    return db


def read_metadata() -> dict[str, Any]:
    """Read metadata.yml: the configuration of Datasette and its plugins."""
    metadata: dict[str, Any] = yaml.load(read_package_file(METADATA), Loader=SafeLoader)
    return metadata


def load_metadata() -> dict[str, Any]:
    """Load what metadata.yml says of the database."""
    metadata: dict[str, Any] = read_metadata()["databases"]["archive"]
    return metadata


def format_doc() -> str:
    """Format docs/schema.md."""
    metadata = load_metadata()
    with closing(create_schema()) as db:
        tables = "\n".join(
            line for name, table in metadata["tables"].items() for line in _format_table(db, name, table)
        )
    queries = "\n".join(line for name, query in metadata["queries"].items() for line in _format_query(name, query))
    return f"{_INTRODUCTION}\n{_format_words()}\n{tables}\n## Canned queries\n{queries}"


def _format_words() -> str:
    rows = (f"| {word} | {meaning} |\n" for word, meaning in read_metadata()["glossary"].items())
    return f"## Words\n\n| word | meaning |\n| --- | --- |\n{''.join(rows)}"


def _format_table(db: sqlite3.Connection, name: str, metadata: dict[str, Any]) -> Iterator[str]:
    kind = db.execute("SELECT type FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
    yield f"## {name}{' (view)' if kind == 'view' else ''}\n"
    yield f"{metadata['description']}\n"
    yield from _format_columns(db, name, metadata["columns"], with_types=kind == "table")
    yield ""


def _format_columns(db: sqlite3.Connection, name: str, meanings: dict[str, str], *, with_types: bool) -> Iterator[str]:
    # Of a view without types: what SQLite says of those depends on its version.
    targets = {row[3]: f" → `{row[2]}.{row[4]}`" for row in db.execute(f"PRAGMA foreign_key_list({name})")}
    yield "| column | type | meaning |\n| --- | --- | --- |" if with_types else "| column | meaning |\n| --- | --- |"
    for _, column, datatype, *_ in db.execute(f"PRAGMA table_info({name})"):
        type_cell = f" {datatype.lower()}{targets.get(column, '')} |" if with_types else ""
        yield f"| `{column}` |{type_cell} {meanings[column]} |"


def _format_query(name: str, metadata: dict[str, Any]) -> Iterator[str]:
    yield f"\n### {name}\n\n{metadata['description']}\n"
    asks = metadata.get("asks", {})
    yield from (f"* `{parameter}`: {asks.get(parameter, 'empty for all.')}" for parameter in metadata.get("params", ()))
    yield ""
    yield f"```sql\n{metadata['sql']}\n```"


if __name__ == "__main__":
    DOC.write_text(format_doc(), encoding="utf-8")
