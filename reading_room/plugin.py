"""All hooks of Datasette that the reading room uses; each calls the module that does the work."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Awaitable, Callable
from functools import lru_cache, partial
from typing import Any

from datasette import hookimpl  # type: ignore[import-untyped]
from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.plugins import pm  # type: ignore[import-untyped]
from datasette.utils import tilde_encode  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]
from datasette.views import table  # type: ignore[import-untyped]
from jinja2 import Environment

from pipelines.exports.citation_parts import format_day
from reading_room.addresses import closed_routes, post_paths, short_addresses
from reading_room.addresses.public_url import make_canonical_url, use_known_host
from reading_room.charts import chart_page
from reading_room.citations import brief_citations as citations
from reading_room.citations import data_citations
from reading_room.pages import (
    author_page,
    brief_page,
    capture_page,
    compare_page,
    domain_page,
    download_page,
    error_pages,
    home_page,
    list_pages,
    resource_page,
)
from reading_room.protocols import download, feed, memento, oai_pmh, openapi, sitemap
from reading_room.protocols.data_addresses import find_data
from reading_room.protocols.oai_posts import accept_oai_posts
from reading_room.redact import isolate_direction
from reading_room.sample_notes import add_sample_notes, in_sample
from reading_room.search import full_text, search_page
from reading_room.server import dear_pages, live_database, sql_functions
from reading_room.server.asgi import App, serve_http
from reading_room.server.compression import compress_answers
from reading_room.server.pace import pace_templates, rest_if_due
from reading_room.server.page_tags import answer_unchanged
from reading_room.server.request_gate import RequestGate, limit_load
from reading_room.server.security_headers import NonceExtension, secure_app
from reading_room.server.settings import NAME, PLUGIN
from reading_room.server.static_files import StaticFiles, name_static_files, serve_static_files
from reading_room.tables import blobs, cell_links, filter_check, json_answers, safe_csv
from reading_room.tables.query_limits import limit_connection
from reading_room.tables.row_keys import check_rows
from reading_room.tables.row_places import replace_places
from reading_room.tables.row_window import drop_page, get_window, page_results

PageLoader = Callable[[Datasette, Request], Awaitable[dict[str, object] | None]]
View = Callable[[Datasette, Request], Awaitable[Response]]

# What loads the variable `page` of a template.
PAGES: dict[str, PageLoader] = {
    "row-archive-briefs.html": brief_page.load_page,
    "row-archive-authors.html": author_page.load_page,
    "row-archive-domains.html": domain_page.load_page,
    "row-archive-resources.html": resource_page.load_page,
    **list_pages.LOADERS,
}
# Of an earlier version of the room, whose .venv may still have them; one looks through the metadata for each cell.
_EARLIER_PLUGINS = ("dashboards", "render_markdown", "leaflet")
_FOOTER_KEYS = ("license", "source", "source_url")  # shown on each page; Datasette passes them to some
_PAGES = (
    *(capture_page, chart_page, citations, data_citations, download, download_page, closed_routes, compare_page),
    *(full_text, home_page, memento, oai_pmh, openapi, post_paths, search_page, short_addresses, sitemap),
)
ROUTES: tuple[tuple[str, View], ...] = (
    *(route for page in _PAGES for route in page.ROUTES),
    *closed_routes.LAST_ROUTES,
)
# Parameters of pages of ours; those of the views below are checked by them, or are part of an address that they read.
_PARAMETERS: dict[View, tuple[str, ...]] = {
    citations.serve_citation: ("version",),
    full_text.serve_text: ("version",),
    home_page.serve_home: ("p",),
}
_OWN_CHECKS = frozenset(
    view
    for views in (chart_page.ROUTES, memento.ROUTES, oai_pmh.ROUTES, post_paths.ROUTES, search_page.ROUTES)
    for _, view in (*views, *compare_page.ROUTES, *closed_routes.LAST_ROUTES)
) | {closed_routes.refuse_route, data_citations.serve_query, data_citations.serve_chart, full_text.serve_search_texts}


def register_plugin() -> None:
    """Register this module as a plugin of Datasette, once."""
    if not pm.has_plugin(PLUGIN):
        pm.register(sys.modules[__name__], PLUGIN)


@hookimpl  # type: ignore[untyped-decorator]
def startup(datasette: Datasette) -> None:
    """Replace the parts of Datasette that have no hook."""
    error_pages.replace_handler()
    for name in _EARLIER_PLUGINS:
        if pm.has_plugin(name):
            pm.unregister(name=name)
    safe_csv.replace_csv_module()
    json_answers.replace_json_module()
    replace_places()
    live_database.attach_live_database(datasette)
    # Two rows may have the same label, such as the instant of two captures.
    table.LINK_WITH_LABEL = '<a href="{base_url}{database}/{table}/{link_id}">{label}&nbsp;<em>{id}</em></a>'
    # Datasette copies all metadata for each table of each page, which takes longer than everything else.
    datasette._table_permission_allows = lru_cache(maxsize=1024)(datasette._table_permission_allows)


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    sql_functions.register_functions(conn)  # last, because it replaces one of Datasette's
    if database == NAME:
        limit_connection(conn)


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> tuple[tuple[str, View], ...]:
    return ROUTES


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def register_output_renderer() -> list[dict[str, Any]]:
    return [
        feed.make_renderer(),
        blobs.make_renderer(),
        json_answers.make_renderer(),
    ]  # the last one for an extension wins


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    env.add_extension(NonceExtension)
    name_static_files(env, StaticFiles(datasette))
    pace_templates(env)
    env.globals["find_data"] = partial(find_data, datasette)
    env.filters["canonical_url"] = make_canonical_url
    env.filters["isolate"] = isolate_direction
    env.filters["day"] = format_day
    env.filters["drop_page"] = drop_page
    env.filters["with_page"] = list_pages.write_page
    env.globals["in_sample"] = in_sample
    env.globals["row_window"] = get_window
    env.filters["tilde"] = tilde_encode  # as Datasette writes keys in addresses


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    public_url = (datasette.plugin_config(PLUGIN) or {}).get("public_url")
    databases = datasette.metadata("databases") or {}
    gate = RequestGate(datasette.setting("base_url"), databases.get(NAME, {}).get("queries", ()))

    def wrap_app(app: App) -> App:
        pages = [(pattern, _PARAMETERS.get(view, ())) for pattern, view in ROUTES if view not in _OWN_CHECKS]
        room = filter_check.check_filters(datasette, app, pages)
        room = add_sample_notes(datasette, room)
        room = live_database.use_one_transaction(datasette, check_rows(datasette, room))
        room = page_results(room, datasette.setting("base_url"), databases.get(NAME, {}).get("queries", ()))
        others = dear_pages.ask_ahead(datasette, serve_http(room, app))
        room = limit_load(safe_csv.apply_raw_option(room), gate)
        room = compress_answers(answer_unchanged(datasette, room))
        room = accept_oai_posts(secure_app(use_known_host(room, public_url)), datasette.setting("base_url"))
        return serve_http(serve_static_files(room, StaticFiles(datasette)), others)

    return wrap_app


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(template: str, request: Request, datasette: Datasette) -> Any:  # noqa: ANN401 - dict or awaitable
    load_page = PAGES.get(template)

    async def load_variables() -> dict[str, object]:
        footer = {key: datasette.metadata(key) for key in _FOOTER_KEYS}
        return {"footer": footer, **({"page": await load_page(datasette, request)} if load_page and request else {})}

    return load_variables


@hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]
def render_cell(datasette: Datasette, row: sqlite3.Row, value: object, column: str, table: str | None) -> Any:  # noqa: ANN401 - text or a pause that Datasette waits for
    return cell_links.link_cell(datasette, row, value, column, table) or rest_if_due()


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Any:  # noqa: ANN401 - as above
    return error_pages.answer_exception(datasette, request, exception)


@hookimpl  # type: ignore[untyped-decorator]
def forbidden(request: Request, message: str) -> Response | None:
    return error_pages.refuse_data(request, message)
