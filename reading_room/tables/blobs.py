"""One cell as a file: Datasette's own renderer breaks off if the value is no bytes, and fails without rows."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.blob_renderer import render_blob  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]

from reading_room.query import Row


def make_renderer() -> dict[str, Any]:
    """The renderer of `.blob` that replaces Datasette's own."""
    return {"extension": "blob", "render": _render_blob, "can_render": lambda: False}


async def _render_blob(
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
    encoded_rows = [{column: _encode_value(row[column]) for column in columns} for row in rows]
    return await render_blob(datasette, database, encoded_rows, columns, request, table, view_name)


def _encode_value(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    return b"" if value is None else str(value).encode("utf-8", "surrogateescape")
