"""Atom feeds that are always valid: datasette-atom fails without entries, and XML does not allow every character."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]
from datasette_atom import can_render_atom, render_atom  # type: ignore[import-untyped]
from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]

from reading_room.query import Row, query_archive
from reading_room.redact import NOT_XML, redact_emails
from reading_room.sample_notes import mark_title
from reading_room.server.settings import NAME
from reading_room.tables.named_ids import may_have_ids, replace_ids

_TYPE = "application/atom+xml; charset=utf-8"
_TITLE = "_feed_title"  # the parameter with which readers give their feed a title
_NO_FEED = (
    "No feed can be made of these rows: newest.atom has those of a search, with its words and filters, changes.atom "
    "has edits; SQL of your own needs the columns atom_id, atom_title and atom_updated"
)
_LONG_AGO = "1970-01-01T00:00:00Z"  # an empty feed needs a date of change, too


def make_renderer() -> dict[str, Any]:
    """The renderer of `.atom` that replaces the plugin's own."""
    return {"extension": "atom", "render": _render_feed, "can_render": can_render_atom}


async def _render_feed(
    datasette: Datasette, request: Request, columns: list[str], rows: list[Row], data: Row
) -> Response:
    if not can_render_atom(columns):
        raise DatasetteError(_NO_FEED, status=400)
    entries = [{column: _clean_value(row[column]) for column in columns} for row in rows]
    for row in entries:
        if str(row.get("atom_link") or "").startswith("/"):  # an address in this room
            row["atom_link"] = datasette.absolute_url(request, datasette.urls.path(row["atom_link"]))
        if not str(row.get("atom_title") or "").strip():  # Atom requires one, and cleaning may leave nothing
            row["atom_title"] = "Untitled"
        row["atom_author_name"] = row.get("atom_author_name") or _find_publisher(datasette)  # Atom requires one
    columns = list(dict.fromkeys([*columns, "atom_author_name"]))
    title = _clean_text(request.args.get(_TITLE) or "") or _clean_text(await _make_title(datasette, request, data))
    title = mark_title(title)
    if not entries:
        return Response(_make_empty_feed(request.url, title, _find_publisher(datasette)), content_type=_TYPE)
    feed_request = SimpleNamespace(url=request.url, args={_TITLE: title})  # what datasette-atom reads of a request
    nothing = dict.fromkeys(("sql", "table", "query_name", "view_name"))  # else the plugin makes a title of them
    try:
        answer = render_atom(datasette, feed_request, columns=columns, rows=entries, database=NAME, data={}, **nothing)
    except (ValueError, TypeError, AttributeError) as error:
        if data.get("query_name"):
            raise
        raise DatasetteError(f"No feed can be made of these rows: {error}", status=400) from error
    return Response(answer.body, status=answer.status, content_type=_TYPE)


def _find_publisher(datasette: Datasette) -> str:
    return str(datasette.metadata("source") or datasette.metadata("title") or NAME)


async def _make_title(datasette: Datasette, request: Request, data: Row) -> str:
    """The title of a ready query with its parameters, of a table with its filters, or the SQL."""
    query_name = data.get("query_name")
    if query_name is None:
        parts = (data.get("table"), data.get("human_description_en"))
        return " ".join(filter(None, parts)) or (data.get("query") or {}).get("sql") or "Rows"
    query = datasette.metadata("queries", database=data["database"]).get(query_name, {})
    typed = ((name, (request.args.get(name) or "").strip()) for name in query.get("params", ()))
    values = {name: value for name, value in typed if value}
    if may_have_ids(values):
        values = await query_archive(datasette, partial(replace_ids, filters=values))
    parameters = ", ".join(f"{name} {value}" for name, value in values.items())
    title = query.get("title", query_name)
    return f"{title}: {parameters}" if parameters else str(title)


def _clean_text(text: str) -> str:
    return str(_clean_value(text)).strip()


def _clean_value(value: object) -> object:
    return redact_emails(NOT_XML.sub("", value)) if isinstance(value, str) else value


def _make_empty_feed(address: str, title: str, author: str) -> bytes:
    feed = FeedGenerator()
    feed.author({"name": author})
    feed.id(address)
    feed.link(href=address, rel="self")
    feed.title(title)
    feed.updated(_LONG_AGO)
    text: bytes = feed.atom_str(pretty=True)
    return text
