"""`/guide`: how to search, what the words mean, how complete the archive is, how to cite, whom to write to."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]

from reading_room.home_page import read_page
from reading_room.query import query_cached
from reading_room.settings import NAME, PLUGIN
from scraper.address import is_web

_TEMPLATE = "guide.html"


async def serve_guide(datasette: Datasette, request: Request) -> Response:
    """The guide; its counts are those of the home page, its words those of docs/schema.md."""
    await datasette.ensure_permissions(request.actor, [("view-database", NAME), "view-instance"])
    contact = (datasette.plugin_config(PLUGIN) or {}).get("contact")
    page = {
        **await query_cached(datasette, read_page),
        "words": datasette.metadata("glossary") or {},
        "contact": contact,
        "contact_url": contact if not contact or is_web(contact) else f"mailto:{contact}",
        "metadata": datasette.metadata(),
    }
    return Response.html(await datasette.render_template(_TEMPLATE, {"page": page}, request=request))


ROUTES: tuple[tuple[str, Any], ...] = ((r"/guide/?$", serve_guide),)
