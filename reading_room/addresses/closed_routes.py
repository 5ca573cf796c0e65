"""Routes of Datasette that tell of the server rather than of the archive: closed, or without its paths."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]

from reading_room.addresses.post_paths import make_absence
from reading_room.server.settings import NAME

_FORMS = "csv|json|atom|blob"  # of Datasette and its plugin; other routes have their own
_CLOSED = "metadata|plugins|settings|config|threads|actor|permissions|messages|allow-debug|patterns|auth-token|logout"


async def refuse_route(request: Request) -> Response:
    """404: paths of the server, its threads and settings are for its operator, who has them at hand."""
    raise NotFound("There is no such page in this reading room")


async def refuse_form(request: Request) -> Response:
    """404 for an ending that is none: Datasette would give the page, whatever the address says that it is."""
    form = request.url_vars["form"][:20]
    raise make_absence(
        f"There is no .{form} here: data is there as .csv and .json, lists as .atom, briefs as .bib and .txt"
    )


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
LAST_ROUTES: tuple[tuple[str, Any], ...] = (
    (rf"/{NAME}(?:/[^/.]+){{0,2}}\.(?!(?:{_FORMS})$)(?P<form>\w+)$", refuse_form),
)
