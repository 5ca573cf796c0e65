"""A Frictionless data package of the tables that `briefs export csv-tables` writes: what each column means."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipelines.exports.csv_tables import DAYS, OF_CAPTURE
from pipelines.exports.json_schema import format_schema

_POSITION = {"type": "integer", "description": "Place in the list, from 1."}
Columns = dict[str, dict[str, Any]]


def build_package(title: str, files: Iterable[Path]) -> dict[str, Any]:
    """Build the descriptor of the CSV files; each row of a list names its brief by `path`."""
    schema = json.loads(format_schema())["properties"]
    return {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "profile": "tabular-data-package",
        "name": "briefs",
        "title": title,
        "resources": [_describe_file(path, _list_columns(path.stem, schema)) for path in files],
    }


def _list_columns(table: str, schema: Columns) -> Columns:
    if table != "briefs":
        return {"path": schema["path"], "position": _POSITION, **schema[table]["items"]["properties"]}
    archived = schema["archived"]["anyOf"][0]["properties"]
    moved = {"archived_url": archived["url"], "archived_at": archived["captured_at"]}
    return schema | {name: schema["capture"]["properties"][name] for name in OF_CAPTURE} | moved


def _describe_file(path: Path, columns: Columns) -> dict[str, Any]:
    with path.open(encoding="utf-8", newline="") as file:
        names = file.readline().strip().split(",")
    table: dict[str, Any] = {"fields": [_describe_column(name, columns[name]) for name in names]}
    if path.stem == "briefs":
        table["primaryKey"] = "path"
    else:
        table["foreignKeys"] = [{"fields": "path", "reference": {"resource": "briefs", "fields": "path"}}]
    return {
        "profile": "tabular-data-resource",
        "name": path.stem.replace("_", "-"),
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": table,
    }


def _describe_column(name: str, column: dict[str, Any]) -> dict[str, Any]:
    kinds = column["type"] if isinstance(column["type"], list) else [column["type"]]
    return {"name": name, "type": "date" if name in DAYS else kinds[0], "description": column.get("description", "")}
