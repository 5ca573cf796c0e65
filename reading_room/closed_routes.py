"""Routes of Datasette that tell of the server rather than of the archive: closed, or without its paths."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]

_CLOSED = "metadata|plugins|settings|config|threads|actor|permissions|messages|allow-debug|patterns|auth-token|logout"


async def refuse_route(request: Request) -> Response:
    """404: paths of the server, its threads and settings are for its operator, who has them at hand."""
    raise NotFound("There is no such page in this reading room")


async def list_databases(datasette: Datasette) -> Response:
    """The archive's size and digest, as Datasette lists them, without its path."""
    names = ("name", "route", "size", "is_mutable", "is_memory", "hash")
    return Response.json(
        [{name: getattr(database, name) for name in names} for database in datasette.databases.values()
         if database.name != "_internal"]
    )  # fmt: skip


ROUTES: tuple[tuple[str, Any], ...] = (
    (rf"/-/(?:{_CLOSED})(?:\.json)?$", refuse_route),
    (r"/-/databases(?:\.json)?$", list_databases),
)
