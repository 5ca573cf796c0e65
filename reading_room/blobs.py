"""One cell as a file: Datasette's own answer breaks off in the middle for what is no text, and has none for no rows."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.blob_renderer import render_blob  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]

from reading_room.query import Row


def renderer() -> dict[str, Any]:
    """What Datasette asks for `.blob`, in place of its own."""
    return {"extension": "blob", "render": _rendered, "can_render": lambda: False}


async def _rendered(
    datasette: Datasette,
    database: str,
    rows: list[Row],
    columns: list[str],
    request: Request,
    table: str,
    view_name: str,
) -> Response:
    if not rows:
        raise NotFound("There is no row at this address")
    told = [{column: _bytes(row[column]) for column in columns} for row in rows]
    return await render_blob(datasette, database, told, columns, request, table, view_name)


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    return b"" if value is None else str(value).encode("utf-8", "surrogateescape")
