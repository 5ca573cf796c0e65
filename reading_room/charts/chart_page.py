"""Charts: `/charts`, a page for each, each as SVG, PNG and for pages of others to embed. They need no scripts.

What is drawn is kept until the archive changes, for each chart and its filters.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.database import QueryInterrupted  # type: ignore[import-untyped]
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]
from markupsafe import Markup

from pipelines.exports.citation_parts import format_day
from reading_room.addresses.public_url import make_url
from reading_room.charts.chart_canvas import HAS_PNG, NARROW, WIDE, Canvas, make_png
from reading_room.charts.chart_list import CHARTS, DASHBOARDS, EARLIER, PAGES, Chart, Dashboard
from reading_room.query import Row, fetch_row, fetch_rows, query_cached, read_state
from reading_room.sample_notes import mark_title
from reading_room.server.settings import NAME
from reading_room.tables.filter_check import Pairs, check_parameters, list_pairs, read_filter_values
from reading_room.tables.filter_values import CHOICES, BadFilter, FilterValues, find_near

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")
SHOWN = 50  # rows of a chart's table on its page
_MOST_ROWS = 20_000
_LINKS = """SELECT count(*) AS links, count(*) FILTER (WHERE outcome IS NULL OR outcome = 'unchecked') AS unchecked,
    count(*) FILTER (WHERE outcome IN ('ok', 'moved')) AS answers,
    count(*) FILTER (WHERE outcome IN ('gone', 'broken', 'unreachable')) AS dead,
    count(*) FILTER (WHERE outcome = 'blocked') AS closed FROM resource_links"""
# Pages of others may frame what is meant to be embedded; it runs nothing and loads nothing.
_EMBED_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *"
_FILTERS = {
    "domain": ("Policy domain", "select"),
    "from": ("From year", "number"),
    "to": ("To year", "number"),
    "year": ("Year", "text"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart of one state of the archive under its filters, drawn for screens and for phones."""

    chart: Chart
    rows: list[Row]
    query: str  # the filters, for addresses
    state: str  # which archive, and of which day
    wide: Markup
    narrow: Markup

    @property
    def head(self) -> list[Row]:
        """The rows that the table on the page has."""
        return self.rows[:SHOWN]


@dataclass(frozen=True, slots=True)
class FigureRequest:
    """What a figure depends on besides the archive; a key of the cache."""

    name: str
    query: str
    sql: str
    milliseconds: int
    title: str


async def serve_list(datasette: Datasette, request: Request) -> Response:
    """The list of all charts, each with a small picture."""
    await _allow(datasette, request)
    _check_pairs(request, (), FilterValues(()))
    return await _render(datasette, request, "charts.html", {"dashboards": DASHBOARDS})


async def serve_page(datasette: Datasette, request: Request) -> Response:
    """The page of one chart or of a dashboard; raises NotFound, DatasetteError."""
    await _allow(datasette, request)
    dashboard = _require_dashboard(request.url_vars["name"])
    pairs = await _read_pairs(datasette, request, dashboard.filters)
    wanted = [_find_request(datasette, chart, pairs) for chart in dashboard.charts]
    figures = [await query_cached(datasette, _read_figure, request) for request in wanted]
    values = await query_cached(datasette, read_filter_values)
    page = {
        "dashboard": dashboard,
        "is_single": dashboard.name in CHARTS,
        "figures": figures,
        "fields": [(name, *_FILTERS[name], dict(pairs).get(name, "")) for name in dashboard.filters],
        "choices": {"domain": values.domains, **CHOICES},
        "links": await query_cached(datasette, _count_links) if dashboard.name == "links" else None,
        "shown": SHOWN,
        "base": make_url(datasette, request, "charts"),
        "has_png": HAS_PNG,
        "around": next(board for board in DASHBOARDS if dashboard.charts[0] in board.charts),
    }
    return await _render(datasette, request, "chart.html", page)


async def serve_embed(datasette: Datasette, request: Request) -> Response:
    """One chart for pages of others to embed."""
    figure = await query_cached(datasette, _read_figure, await _find_single(datasette, request))
    answer = await _render(datasette, request, "chart_embed.html", {"figure": figure})
    answer.headers["content-security-policy"] = _EMBED_POLICY
    return answer


async def serve_file(datasette: Datasette, request: Request) -> Response:
    """One chart as SVG or PNG, with its title and its source in the picture."""
    wanted, is_png = await _find_single(datasette, request), request.url_vars["form"] == "png"
    if is_png and not HAS_PNG:
        raise NotFound("This room makes no PNG, for it lacks the package resvg-py: take the same as .svg")
    address = make_url(datasette, request, f"charts/{wanted.name}")
    picture = await query_cached(datasette, _draw_file, wanted, address, is_png)
    answer = Response(picture, content_type="image/png" if is_png else "image/svg+xml; charset=utf-8")
    answer.headers["content-security-policy"] = _EMBED_POLICY
    answer.headers["access-control-allow-origin"] = "*"
    return answer


async def lead_to_chart(datasette: Datasette, request: Request) -> Response:
    """Redirect from an address of an earlier version of the room."""
    earlier = (request.url_vars.get("rest") or "").strip("/")
    name = EARLIER.get(earlier, earlier)
    known = not name or name in CHARTS or name in PAGES
    if not known:
        raise NotFound(f"There is no chart {name[:60]}")
    path = datasette.urls.path("charts" + (f"/{name}" if name else ""))
    return Response.redirect(path + (f"?{request.query_string}" if request.query_string else ""), status=301)


ROUTES: tuple[tuple[str, Any], ...] = (
    (r"/charts/?$", serve_list),
    (r"/charts/(?P<name>[^/.]+)/embed$", serve_embed),
    (r"/charts/(?P<name>[^/.]+)\.(?P<form>svg|png)$", serve_file),
    (r"/charts/(?P<name>[^/.]+)/?$", serve_page),
    (r"/-/dashboards(?P<rest>/.*)?$", lead_to_chart),
)


async def _allow(datasette: Datasette, request: Request) -> None:
    await datasette.ensure_permissions(request.actor, [("view-database", NAME), "view-instance"])


async def _render(datasette: Datasette, request: Request, template: str, page: object) -> Response:
    return Response.html(await datasette.render_template(template, {"page": page}, request=request))


async def _find_single(datasette: Datasette, request: Request) -> FigureRequest:
    """The request for one chart; raises NotFound for a page of several."""
    await _allow(datasette, request)
    dashboard = _require_dashboard(request.url_vars["name"])
    if dashboard.name not in CHARTS:
        names = ", ".join(chart.name for chart in dashboard.charts)
        raise NotFound(f"{dashboard.name} is a page of charts: take one of {names}")
    pairs = await _read_pairs(datasette, request, dashboard.filters)
    return _find_request(datasette, dashboard.charts[0], pairs)


def _require_dashboard(name: str) -> Dashboard:
    """The dashboard of this name, or one of the chart of this name alone; raises NotFound."""
    if name in PAGES:
        return PAGES[name]
    if chart := CHARTS.get(name):
        return Dashboard(name, chart.title, chart.about, (chart,))
    near = find_near(name, [*PAGES, *CHARTS])
    raise NotFound(f"There is no chart {name[:60]}" + (f": did you mean {near}?" if near else ""))


async def _read_pairs(datasette: Datasette, request: Request, filters: tuple[str, ...]) -> Pairs:
    values = await query_cached(datasette, read_filter_values)
    return _check_pairs(request, filters, values)


def _check_pairs(request: Request, filters: tuple[str, ...], values: FilterValues) -> Pairs:
    """The filters as the archive writes them, without empty ones; raises DatasetteError of 400."""
    try:
        checked = check_parameters(list_pairs(request), filters, values)
    except BadFilter as error:
        raise DatasetteError(str(error), status=400) from None
    return [(name, value) for name, value in checked if value and name in filters]


def _find_request(datasette: Datasette, chart: Chart, pairs: Pairs) -> FigureRequest:
    query = urlencode([(name, value) for name, value in pairs if name in chart.filters])
    sql = (datasette.metadata("queries", database=NAME) or {})[chart.query]["sql"]
    title = mark_title(str(datasette.metadata("title")))
    return FigureRequest(chart.name, query, sql, datasette.setting("sql_time_limit_ms"), title)


def _read_figure(db: sqlite3.Connection, wanted: FigureRequest) -> Figure:
    """The figure with both pictures; raises QueryInterrupted."""
    chart = CHARTS[wanted.name]
    rows = _read_rows(db, chart, wanted)
    about = f"{chart.about} The figures are in a table of {len(rows):,} rows."
    wide, narrow = (
        _draw_rows(chart, rows, width).to_svg(f"{chart.name}-{width}", chart.title, about) for width in (WIDE, NARROW)
    )
    updated = read_state(db)["at"]
    state = wanted.title + (f", state of {format_day(updated)}" if updated else "")
    return Figure(chart, rows, wanted.query, state, wide, narrow)


def _draw_file(db: sqlite3.Connection, wanted: FigureRequest, address: str, is_png: bool) -> bytes:
    """The figure as a file, which has its title and where it is from in the picture."""
    figure = _read_figure(db, wanted)
    canvas = _draw_rows(figure.chart, figure.rows, WIDE)
    svg = canvas.to_svg(figure.chart.name, figure.chart.title, figure.chart.about, f"{figure.state} · {address}")
    return make_png(svg) if is_png else svg.encode()


def _read_rows(db: sqlite3.Connection, chart: Chart, wanted: FigureRequest) -> list[Row]:
    parameters = dict.fromkeys(_PARAMETER.findall(wanted.sql), "") | dict(parse_qsl(wanted.query))
    try:
        with sqlite_timelimit(db, wanted.milliseconds):
            return fetch_rows(db, wanted.sql, parameters)[:_MOST_ROWS]
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        raise QueryInterrupted(error, wanted.sql, parameters) from error


def _draw_rows(chart: Chart, rows: list[Row], width: int) -> Canvas:
    """The picture of the rows that have a place in it."""
    drawable = [row for row in rows if _is_drawable(chart, row)]
    if drawable:
        return chart.form.draw(drawable, width, chart.link)
    canvas = Canvas(width, height=40)
    canvas.add_text((0, 24), "There is nothing to draw yet.", tone="quiet")
    return canvas


def _is_drawable(chart: Chart, row: Row) -> bool:
    """Whether a row has a place in time, if the chart has one."""
    period = getattr(chart.form, "period", None)
    return period is None or (isinstance(row[period], str) and row[period][:4].isdigit())


def _count_links(db: sqlite3.Connection) -> Row | None:
    return fetch_row(db, _LINKS)
