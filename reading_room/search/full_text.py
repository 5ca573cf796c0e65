"""Full texts: of one brief as plain text, of a search as JSON Lines."""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]

from pipelines.exports import jsonl
from pipelines.exports.brief_records import BriefRecord, read_brief
from reading_room.citations.brief_citations import RoomUrls, read_version
from reading_room.query import fetch_rows, query_archive
from reading_room.redact import EMAIL
from reading_room.server.settings import NAME

_MOST = 500  # briefs of an answer: reading one takes a millisecond or two
_JSON_LINES = "application/jsonl; charset=utf-8"


async def serve_text(datasette: Datasette, request: Request) -> Response:
    """The text of a brief and nothing else; `?version=` is the id of a capture."""
    urls, key = RoomUrls(datasette, request), request.url_vars["brief"]
    read = partial(read_version, urls=urls, brief_key=key, version=request.args.get("version"))
    version = await query_archive(datasette, read)
    return Response.text(f"{version.brief['body'] or ''}\n")


async def serve_search_texts(datasette: Datasette, request: Request) -> Response:
    """The briefs of a search, each a line as `briefs export jsonl` writes it; `filter_check` has read the search."""
    await datasette.ensure_permissions(request.actor, [("view-query", (NAME, "search")), ("view-database", NAME)])
    query = await datasette.get_canned_query(NAME, "search", request.actor)
    values = {name: (request.args.get(name) or "").strip() for name in query["params"]}
    size = int(values["size"]) if values["size"].isascii() and values["size"].isdigit() else 100
    values["size"] = str(min(max(size, 1), _MOST))
    limit = datasette.setting("sql_time_limit_ms")
    briefs = await query_archive(datasette, partial(_read_found, sql=query["sql"], values=values, limit=limit))
    return Response("".join(jsonl.format_briefs(briefs)), content_type=_JSON_LINES)


ROUTES: tuple[tuple[str, Any], ...] = (
    (rf"/{NAME}/briefs/(?P<brief>[1-9]\d{{0,17}})/text$", serve_text),
    (rf"/{NAME}/search\.jsonl$", serve_search_texts),
)


def _read_found(db: sqlite3.Connection, sql: str, values: dict[str, str], limit: int) -> list[BriefRecord]:
    with sqlite_timelimit(db, limit):
        ids = [row["id"] for row in fetch_rows(db, sql, values)]
        return [brief for number in ids if (brief := read_brief(db, number, EMAIL))]
