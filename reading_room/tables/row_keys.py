"""Keys of rows: as the archive writes them in addresses, where `briefs/1e1` is not brief 10."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import tilde_decode, tilde_encode  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]

from reading_room.pages import error_pages
from reading_room.query import query_cached
from reading_room.server.asgi import App, Receive, Scope, Send
from reading_room.server.settings import NAME
from reading_room.tables.filter_check import read_filter_values
from reading_room.tables.filter_values import BadFilter, FilterValues, quote_value

_KEYS = """SELECT tables.name, ifnull(keys.name, 'rowid'), ifnull(keys.type, 'INTEGER') FROM sqlite_master AS tables
    LEFT JOIN pragma_table_xinfo(tables.name) AS keys ON keys.pk > 0
    WHERE tables.type = 'table' ORDER BY tables.name, keys.pk"""
_INTEGER = re.compile(r"0|-?[1-9]\d{0,18}", re.ASCII)
_ADDRESS = re.compile(rf"/{NAME}/(?P<table>[^/.]+)/(?P<key>[^/%]+?)(?P<form>\.\w+)?$")


def check_rows(datasette: Datasette, app: App) -> App:
    """The app, which answers 404 to a key that no row of the table can have, and knows domains in any case."""
    base = datasette.setting("base_url").rstrip("/")

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        match = _ADDRESS.match(scope["path"].removeprefix(base))
        answer = await _answer_odd_key(datasette, Request(scope, receive), match) if match else None
        if answer is None:
            await app(scope, receive, send)
        else:
            await answer.asgi_send(send)

    return handle_request


async def _answer_odd_key(datasette: Datasette, request: Request, match: re.Match[str]) -> Response | None:
    table, parts = tilde_decode(match["table"]), [tilde_decode(part) for part in match["key"].split(",")]
    keys = (await query_cached(datasette, read_keys)).get(table)
    if keys is None:
        return None
    types = [kind for _, kind in keys]
    if table == "domains" and (name := _name_domain(await query_cached(datasette, read_filter_values), parts)):
        return Response.redirect(datasette.urls.row(NAME, table, tilde_encode(name)) + (match["form"] or ""))
    is_plain = all(kind != "INTEGER" or _INTEGER.fullmatch(part) for kind, part in zip(types, parts, strict=False))
    if is_plain and len(parts) == len(types):
        return None
    absence = NotFound(f"There is no row {quote_value(', '.join(parts))} in {table}")
    return await error_pages.answer_exception(datasette, request, absence)


def _name_domain(values: FilterValues, parts: list[str]) -> str | None:
    """The domain that is meant by a key of other capitals or signs; None if it is written so, or none is meant."""
    try:
        name = values.check_domain(parts[0]) if len(parts) == 1 else parts[0]
    except BadFilter:
        return None
    return name if name != parts[0] else None


def read_keys(db: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
    """The names and types of the columns of each table's key; a table without one has row numbers."""
    keys: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for table, name, kind in db.execute(_KEYS):
        keys[table].append((name, kind))
    return keys
