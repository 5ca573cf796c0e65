"""The download page: the snapshot with size and SHA-256, the tables as data, and a data package that describes them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]

from pipelines.exports.download_files import DownloadFile, read_files
from pipelines.exports.json_schema import format_schema
from reading_room.addresses.public_url import make_url
from reading_room.citations.data_citations import cite_dataset, format_text
from reading_room.query import Row, query_archive, read_state
from reading_room.sample_notes import mark_title
from reading_room.server.settings import NAME
from scraper.dates import now

# What people take away; the rest is how the archive works, and is in the database.
TABLES = ("brief_list", "briefs", "authors", "brief_authors", "resources", "brief_resources", "revisions", "domains")
_COLUMNS = "SELECT name, type FROM pragma_table_info(?)"
_DATES = frozenset(("published", "dateline"))
_NUMBERS = frozenset(("id", "year", "number"))  # columns of views have no type


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of the archive that is given away."""

    title: str
    updated_at: str | None
    briefs: int
    digest: str | None  # SHA-256 of the file; None of an archive that grows
    size: int
    url: str
    page: str  # the address of the download page
    files: tuple[DownloadFile, ...] = ()


async def serve_page(datasette: Datasette, request: Request) -> Response:
    """The page for people."""
    await datasette.ensure_permissions(request.actor, [("view-database", NAME)])
    snapshot = await _read_snapshot(datasette, request)
    tables = datasette.metadata("tables", database=NAME)
    described = [(name, tables[name]["description"]) for name in TABLES]
    citation = format_text(await cite_dataset(datasette, request))
    page = {"snapshot": snapshot, "tables": described, "citation": citation}
    return Response.html(await datasette.render_template("download.html", {"page": page}, request=request))


async def serve_package(datasette: Datasette, request: Request) -> Response:
    """The same as a Frictionless data package: what each file is, and what each column means."""
    await datasette.ensure_permissions(request.actor, [("view-database", NAME)])
    snapshot = await _read_snapshot(datasette, request)
    tables = datasette.metadata("tables", database=NAME)
    columns = await query_archive(datasette, _read_columns)

    resources = [
        _describe_table(name, make_url(datasette, request, f"{NAME}/{name}.csv"), columns[name], tables[name])
        for name in TABLES
    ]
    if snapshot.digest:
        resources.append(_describe_database(snapshot))
    resources += [_describe_file(snapshot, file) for file in snapshot.files]
    package = {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "profile": "data-package",
        "name": "brief-archive",
        "title": snapshot.title,
        "description": datasette.metadata("description"),
        "homepage": make_url(datasette, request, "/"),
        "created": snapshot.updated_at or now(),
        "sources": [{"title": datasette.metadata("source"), "path": datasette.metadata("source_url")}],
        "resources": resources,
    }
    package = {name: value for name, value in package.items() if name != "sources" or datasette.metadata("source_url")}
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    return Response(text, content_type="application/json; charset=utf-8")


async def serve_schema() -> Response:
    """What a line of JSON Lines has, as JSON Schema."""
    return Response(format_schema(), content_type="application/schema+json")


ROUTES: tuple[tuple[str, Any], ...] = (
    (r"/download/?$", serve_page),
    (r"/datapackage\.json$", serve_package),
    (r"/brief\.schema\.json$", serve_schema),
)


async def _read_snapshot(datasette: Datasette, request: Request) -> Snapshot:
    database = datasette.get_database(NAME)
    row = await query_archive(datasette, read_state)
    return Snapshot(
        mark_title(str(datasette.metadata("title"))),
        row["at"],
        row["briefs"],
        database.hash,
        database.size,
        make_url(datasette, request, f"{NAME}.db" if database.hash else "/"),
        make_url(datasette, request, "download"),
        read_files(database.file_path, database.hash) if database.hash else (),
    )


def _read_columns(db: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
    return {name: db.execute(_COLUMNS, (name,)).fetchall() for name in TABLES}


def _describe_table(name: str, address: str, columns: list[tuple[str, str]], table: Mapping[str, Any]) -> Row:
    meanings = table.get("columns", {})
    fields = [
        {"name": column, "type": _find_type(column, kind), "description": meanings.get(column, "")}
        for column, kind in columns
    ]
    return {
        "name": name.replace("_", "-"),
        "profile": "tabular-data-resource",
        "path": f"{address}?_stream=on&_raw=on",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": table.get("description", ""),
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _find_type(column: str, kind: str) -> str:
    if column in _DATES:
        return "date"
    return "integer" if kind == "INTEGER" or (not kind and column in _NUMBERS) else "string"


def _describe_file(snapshot: Snapshot, file: DownloadFile) -> Row:
    form = file.name.rpartition(".")[2]
    # Frictionless unpacks these as it fetches them, counts no bytes, and calls the package invalid that states them.
    size = {} if form in ("gz", "zip") else {"bytes": file.size}
    return {
        "name": file.name.replace(".", "-"),
        "path": f"{snapshot.page}/{file.name}",
        "format": form,
        "mediatype": file.media_type,
        **size,
        "hash": f"sha256:{file.sha256}",
        "description": f"{file.description} ({file.size:,} bytes)",
    }


def _describe_database(snapshot: Snapshot) -> Row:
    return {
        "name": "archive",
        "path": snapshot.url,
        "format": "sqlite",
        "mediatype": "application/vnd.sqlite3",
        "bytes": snapshot.size,
        "hash": f"sha256:{snapshot.digest}",
        "description": "The whole archive as one SQLite database",
    }
