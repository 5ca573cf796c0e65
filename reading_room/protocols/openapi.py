"""What programs may rely on: `/openapi.json` (OpenAPI 3.1) and `/api`, a page of the same for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]

from pipelines.exports.json_schema import format_schema
from reading_room.addresses.public_url import make_url
from reading_room.pages.download_page import TABLES
from reading_room.sample_notes import mark_title
from reading_room.server.settings import NAME

_TEMPLATE = "api.html"
_ROWS = {"type": "array", "items": {"type": "object"}}
_TEXT = {"type": "string"}
_BRIEF = {"$ref": "#/components/schemas/Brief"}
_OBJECT = {"type": "object"}
_ERROR = {"description": "It was not understood, or is not here; the text says what is near.", "content": {
    "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}, "text/plain": {"schema": _TEXT},
    "text/html": {"schema": _TEXT},
}}  # fmt: skip
_SHAPE = {
    "name": "_shape",
    "in": "query",
    "description": "`array` gives the rows and nothing else.",
    "schema": {"type": "string", "enum": ["array", "objects", "arrays", "object"], "default": "arrays"},
    "example": "array",
}
_SIZE = {"name": "_size", "in": "query", "description": "Rows, or `max`.", "schema": _TEXT, "example": "5"}
_VERSION = {"name": "version", "in": "query", "description": "The id of a capture.", "schema": {"type": "integer"}}
_TYPES = {"page": "integer", "size": "integer", "number": "integer", "resource": "integer"}
Operation = dict[str, Any]


def build_document(datasette: Datasette, server: str) -> dict[str, Any]:
    """The document: ready queries and tables as the metadata describes them, and the room's own addresses."""
    queries, tables = (datasette.metadata(kind, database=NAME) or {} for kind in ("queries", "tables"))
    schema = json.loads(format_schema())
    for name in ("$schema", "title"):
        del schema[name]
    error = {"type": "object", "properties": {"error": _TEXT, "status": {"type": "integer"}}, "required": ["error"]}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": mark_title(str(datasette.metadata("title"))),
            "version": "1",
            "description": "These addresses stay, and mean the same. All answer GET and HEAD, to pages of any site.",
        },
        "servers": [{"url": server}],
        "paths": {
            **{f"/{NAME}/{name}.json": _describe_query(name, query) for name, query in queries.items()
               if query.get("title") and not name.startswith("chart_")},
            **{f"/{NAME}/{name}.json": _describe_table(name, tables[name]) for name in TABLES},
            **_list_own_paths(queries["search"]),
        },
        "components": {"schemas": {"Brief": schema, "Error": error}},
    }  # fmt: skip


async def serve_document(datasette: Datasette, request: Request) -> Response:
    """The document for programs."""
    text = json.dumps(build_document(datasette, _find_server(datasette, request)), ensure_ascii=False, indent=1)
    return Response(f"{text}\n", content_type="application/json; charset=utf-8")


async def serve_page(datasette: Datasette, request: Request) -> Response:
    """The same for people."""
    document = build_document(datasette, _find_server(datasette, request))
    operations = [(path, item["get"]) for path, item in document["paths"].items()]
    page = {"document": document, "operations": operations, "server": document["servers"][0]["url"]}
    return Response.html(await datasette.render_template(_TEMPLATE, {"page": page}, request=request))


ROUTES: tuple[tuple[str, Any], ...] = ((r"/openapi\.json$", serve_document), (r"/api/?$", serve_page))


def _find_server(datasette: Datasette, request: Request) -> str:
    return make_url(datasette, request, "/").rstrip("/")


def _describe(
    name: str, summary: str, parameters: list[Operation], content: Mapping[str, Any], description: str = ""
) -> dict[str, Operation]:
    good = {"description": "As asked for.", "content": {kind: {"schema": schema} for kind, schema in content.items()}}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "description": description,
            "parameters": parameters,
            "responses": {"200": good, "400": _ERROR, "404": _ERROR},
        }
    }


def _describe_parameters(query: Mapping[str, Any]) -> list[Operation]:
    asks = query.get("asks", {})
    return [
        {"name": name, "in": "query", "description": asks.get(name, ""), "schema": {"type": _TYPES.get(name, "string")}}
        for name in query.get("params", ())
    ]


def _describe_query(name: str, query: Mapping[str, Any]) -> dict[str, Operation]:
    return _describe(
        name,
        query["title"],
        [*_describe_parameters(query), _SHAPE],
        {"application/json": {"anyOf": [_ROWS, _OBJECT]}},
        query.get("description", ""),
    )


def _describe_table(name: str, table: Mapping[str, Any]) -> dict[str, Operation]:
    columns = [
        {"name": column, "in": "query", "description": f"Rows with this value: {meaning}", "schema": _TEXT}
        for column, meaning in table.get("columns", {}).items()
    ]
    described = f"{table.get('description', '')} Comparisons are written `column__gte=`, `column__contains=`."
    content = {"application/json": {"anyOf": [_ROWS, _OBJECT]}}
    return _describe(name, f"Rows of {name}", [*columns, _SHAPE, _SIZE], content, described.strip())


def _list_own_paths(search: Mapping[str, Any]) -> dict[str, dict[str, Operation]]:
    brief = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}, "example": 1}
    form = {
        "name": "form",
        "in": "path",
        "required": True,
        "schema": {"enum": ["txt", "bib", "json"]},
        "example": "txt",
    }
    texts, lines = {"text/plain": _TEXT}, {"application/jsonl": _TEXT}
    cited = {**texts, "application/x-bibtex": _TEXT, "application/vnd.citationstyles.csl+json": {"type": "array"}}
    return {
        f"/{NAME}/briefs/{{id}}/text": _describe("text", "The text of a brief", [brief, _VERSION], texts),
        f"/{NAME}/search.jsonl": _describe(
            *("texts", "The briefs of a search with their texts", _describe_parameters(search), lines),
            "JSON Lines: each line is a `Brief`. `size` goes to 500.",
        ),
        "/-/cite/{id}.{form}": _describe("cite_brief", "A citation of a brief", [brief, form, _VERSION], cited),
        "/-/cite/dataset.{form}": _describe("cite_dataset", "A citation of the archive", [form], cited),
        "/datapackage.json": _describe("package", "The files and tables, described", [], {"application/json": _OBJECT}),
        "/brief.schema.json": _describe("schema", "What a `Brief` has", [], {"application/schema+json": _OBJECT}),
        "/-/databases.json": _describe("state", "The snapshot's size and digest", [], {"application/json": _ROWS}),
    }  # fmt: skip
