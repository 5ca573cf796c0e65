"""Where Datasette meets the reading room: every hook of it, each a line to the module that does the work."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

from datasette import hookimpl  # type: ignore[import-untyped]
from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.plugins import pm  # type: ignore[import-untyped]
from datasette.utils import tilde_encode  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]
from jinja2 import Environment
from markupsafe import Markup

from pipelines.exports.citing import in_words
from reading_room import (
    author_page,
    blobs,
    brief_page,
    capture_page,
    cell_links,
    citations,
    domain_page,
    error_pages,
    feed,
    home_page,
    live_database,
    resource_page,
    safe_csv,
    search_page,
    sql_functions,
)
from reading_room.asgi import App
from reading_room.public_url import named
from reading_room.sample_notes import in_sample, with_notes
from reading_room.security_headers import Nonces, guarded
from reading_room.settings import PLUGIN

Told = Callable[[Datasette, Request], Awaitable[dict[str, object] | None]]
View = Callable[[Datasette, Request], Awaitable[Response]]

# What the variable `page` of a template is.
PAGES: dict[str, Told] = {
    "row-archive-briefs.html": brief_page.told,
    "row-archive-authors.html": author_page.told,
    "row-archive-domains.html": domain_page.told,
    "row-archive-resources.html": resource_page.told,
}
_FOOT = ("license", "source", "source_url")  # said on each page; Datasette knows it on some
ROUTES: tuple[tuple[str, View], ...] = (*capture_page.ROUTES, *citations.ROUTES, *home_page.ROUTES, *search_page.ROUTES)


def join() -> None:
    """Have Datasette know this plugin, once."""
    if not pm.has_plugin(PLUGIN):
        pm.register(sys.modules[__name__], PLUGIN)


@hookimpl  # type: ignore[untyped-decorator]
def startup(datasette: Datasette) -> None:
    """The archive has one name in all addresses, whatever its file is called."""
    error_pages.join()
    safe_csv.join()
    live_database.shown(datasette)
    # It copies all metadata for each table of each page, which takes longer than everything else.
    datasette._table_permission_allows = cache(datasette._table_permission_allows)


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    sql_functions.join(conn)  # after Datasette's, one of which it replaces


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> tuple[tuple[str, View], ...]:
    return ROUTES


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def register_output_renderer() -> list[dict[str, Any]]:
    return [feed.renderer(), blobs.renderer()]  # the last ones count


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Environment) -> None:
    env.add_extension(Nonces)
    env.filters["day"] = in_words
    env.globals["in_sample"] = in_sample
    env.filters["tilde"] = tilde_encode  # as Datasette writes keys in addresses


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    public_url = (datasette.plugin_config(PLUGIN) or {}).get("public_url")
    return lambda app: guarded(
        named(safe_csv.asked(live_database.whole(datasette, with_notes(datasette, app))), public_url)
    )


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(template: str, request: Request, datasette: Datasette) -> Any:  # noqa: ANN401 - dict or awaitable
    told = PAGES.get(template)

    async def variables() -> dict[str, object]:
        foot = {word: datasette.metadata(word) for word in _FOOT}
        return {"foot": foot, **({"page": await told(datasette, request)} if told and request else {})}

    return variables


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(datasette: Datasette, row: sqlite3.Row, value: object, column: str, table: str | None) -> Markup | None:
    return cell_links.link(datasette, row, value, column, table)


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Any:  # noqa: ANN401 - as above
    return error_pages.answer(datasette, request, exception)
