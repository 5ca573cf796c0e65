"""Atom feeds that always can be read: datasette-atom knows no feed without entries, and XML not every character."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]
from datasette_atom import can_render_atom, render_atom  # type: ignore[import-untyped]
from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]

from reading_room.query import Row
from reading_room.redact import hidden
from reading_room.sample_notes import titled
from reading_room.settings import NAME

_TYPE = "application/atom+xml; charset=utf-8"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TITLE = "_feed_title"  # the parameter by which readers may give their feed a title of their own
_LONG_AGO = "1970-01-01T00:00:00Z"  # an empty feed must say when it was last another


@dataclass(frozen=True, slots=True)
class Called:
    """What datasette-atom asks of a request: the address that a feed is known by, and its title."""

    url: str
    args: dict[str, str]


def renderer() -> dict[str, Any]:
    """What Datasette asks for `.atom`, in place of the plugin's own."""
    return {"extension": "atom", "render": _rendered, "can_render": can_render_atom}


def _rendered(datasette: Datasette, request: Request, columns: list[str], rows: list[Row], data: Row) -> Response:
    told = [{column: _readable(row[column]) for column in columns} for row in rows]
    for row in told:
        if not str(row.get("atom_title") or "").strip():  # no feed may go without, and nothing readable may be left
            row["atom_title"] = "Untitled"
    title = titled(_plain(request.args.get(_TITLE) or "") or _plain(_title(datasette, request, data)))
    if not told and can_render_atom(columns):
        return Response(_empty(request.url, title), content_type=_TYPE)
    called = Called(request.url, {_TITLE: title})
    nothing = dict.fromkeys(("sql", "table", "query_name", "view_name"))  # of which it would make another title
    try:
        answer = render_atom(datasette, called, columns=columns, rows=told, database=NAME, data={}, **nothing)
    except (ValueError, TypeError, AttributeError) as error:
        if data.get("query_name"):
            raise
        raise DatasetteError(f"No feed can be made of these rows: {error}", status=400) from error
    return Response(answer.body, status=answer.status, content_type=_TYPE)


def _title(datasette: Datasette, request: Request, data: Row) -> str:
    """What it is a feed of: a ready query's title and what was asked of it, a table and its filters, or the SQL."""
    name = data.get("query_name")
    if name is None:
        told = (data.get("table"), data.get("human_description_en"))
        return " ".join(filter(None, told)) or (data.get("query") or {}).get("sql") or "Rows"
    query = datasette.metadata("queries", database=data["database"]).get(name, {})
    given = ((word, (request.args.get(word) or "").strip()) for word in query.get("params", ()))
    asked = ", ".join(f"{word} {value}" for word, value in given if value)
    title = query.get("title", name)
    return f"{title}: {asked}" if asked else str(title)


def _plain(text: str) -> str:
    return str(_readable(text)).strip()


def _readable(value: object) -> object:
    return hidden(_NO_XML.sub("", value)) if isinstance(value, str) else value


def _empty(address: str, title: str) -> bytes:
    feed = FeedGenerator()
    feed.id(address)
    feed.link(href=address, rel="self")
    feed.title(title)
    feed.updated(_LONG_AGO)
    text: bytes = feed.atom_str(pretty=True)
    return text
