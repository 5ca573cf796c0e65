"""Atom feeds that always can be read: datasette-atom knows no feed without entries, and XML not every character."""

from __future__ import annotations

import re
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]
from datasette_atom import can_render_atom, render_atom  # type: ignore[import-untyped]
from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]

from reading_room.addresses import hidden
from reading_room.asking import Row

_TYPE = "application/atom+xml; charset=utf-8"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONG_AGO = "1970-01-01T00:00:00Z"  # an empty feed must say when it was last another


def renderer() -> dict[str, Any]:
    """What Datasette asks for `.atom`, in place of the plugin's own."""
    return {"extension": "atom", "render": _rendered, "can_render": can_render_atom}


def _rendered(datasette: Datasette, request: Request, columns: list[str], rows: list[Row], data: Row) -> Response:
    told = [{column: _readable(row[column]) for column in columns} for row in rows]
    for row in told:
        if not str(row.get("atom_title") or "").strip():  # no feed may go without, and nothing readable may be left
            row["atom_title"] = "Untitled"
    if not told and can_render_atom(columns):
        return Response(_empty(request.url), content_type=_TYPE)
    answer = render_atom(
        datasette=datasette,
        request=request,
        sql=(data.get("query") or {}).get("sql") or "",
        columns=columns,
        rows=told,
        database=data["database"],
        table=data.get("table"),
        query_name=data.get("query_name"),
        view_name="",
        data=data,
    )
    return Response(answer.body, status=answer.status, content_type=_TYPE)


def _readable(value: object) -> object:
    return hidden(_NO_XML.sub("", value)) if isinstance(value, str) else value


def _empty(address: str) -> bytes:
    feed = FeedGenerator()
    feed.id(address)
    feed.link(href=address, rel="self")
    feed.title("Nothing yet")
    feed.updated(_LONG_AGO)
    text: bytes = feed.atom_str(pretty=True)
    return text
