"""Where the data of a page is to be had as CSV and JSON, its citation and its feed: the same for all kinds of pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, urlencode

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import tilde_decode  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from reading_room.asgi import split_path
from reading_room.chart_list import CHARTS, Chart
from reading_room.public_url import is_tracking, make_url
from reading_room.settings import NAME, SETTINGS

Pairs = list[tuple[str, str]]
_PLACES = frozenset("_next _page _size page size _hide_sql _show_sql _nofacet _nocount _nosuggest".split())
_MOST, _MOST_FOUND = int(SETTINGS["max_returned_rows"]), 2000  # rows of one answer; of a search
_SEARCHES = {"authors": "author", "domains": "domain"}  # rows whose briefs a search finds
_TABLES = {"resources": ("brief_resources", "resource_id"), "briefs": ("briefs", "id")}


@dataclass(frozen=True, slots=True)
class DataAddresses:
    """Absolute addresses; without spaces, quotation marks or dollars, so that they can stand in any program."""

    csv: str
    json: str
    cite: str | None = None  # with FORM in place of the ending that says in which form
    lines: str | None = None  # JSON Lines with full texts
    is_whole: bool = False  # whether the CSV has all rows, however many
    most: int = _MOST  # rows of the other forms

    @property
    def raw(self) -> str:
        """The CSV for programs, in which nothing is changed for spreadsheets."""
        return f"{self.csv}{'&' if '?' in self.csv else '?'}_raw=on"


def find_data(datasette: Datasette, request: Request) -> DataAddresses | None:
    """The addresses of the data that a page shows; None if it shows none."""
    parts = split_path(request.path, datasette.setting("base_url"))
    pairs = [
        (name, value)
        for name, value in parse_qsl(request.query_string)
        if not (is_tracking(name) or name in _PLACES or name.startswith("_facet"))
    ]
    if parts[0] == "charts" and len(parts) == 2 and parts[1] in CHARTS:
        return _find_chart_data(datasette, request, CHARTS[parts[1]], pairs)
    if parts[0] != NAME or "." in parts[-1] or len(parts) > 3:
        return None
    if len(parts) == 1:
        return _make_addresses(datasette, request, NAME, pairs) if "sql" in dict(pairs) else None
    if len(parts) == 2:
        return _find_list_data(datasette, request, parts[1], pairs)
    key = tilde_decode(parts[2])
    if parts[1] in _SEARCHES:
        return _find_list_data(datasette, request, "search", [(_SEARCHES[parts[1]], key)])
    if parts[1] in _TABLES and "version" not in dict(pairs):
        table, column = _TABLES[parts[1]]
        return _find_list_data(datasette, request, table, [(column, key)])
    return None


def _find_list_data(datasette: Datasette, request: Request, name: str, pairs: Pairs) -> DataAddresses:
    path, queries = f"{NAME}/{name}", datasette.metadata("queries", database=NAME) or {}
    if name == "search":
        lines = _make_address(datasette, request, f"{path}.jsonl", [*pairs, ("size", "500")])
        found = [*pairs, ("size", str(_MOST_FOUND))]
        data = _make_addresses(datasette, request, path, found, cite=(name, pairs), lines=lines)
        return replace(data, most=_MOST_FOUND)
    if name in queries:
        return _make_addresses(datasette, request, path, pairs, cite=(name, pairs))
    return _make_addresses(datasette, request, path, [*pairs, ("_size", "max")], stream=True)


def _find_chart_data(datasette: Datasette, request: Request, chart: Chart, pairs: Pairs) -> DataAddresses:
    data = _make_addresses(datasette, request, f"{NAME}/{chart.query}", pairs)
    cite = _make_address(datasette, request, f"-/cite/chart/{chart.name}.FORM", pairs)
    return DataAddresses(data.csv, data.json, cite)


def _make_addresses(
    datasette: Datasette,
    request: Request,
    path: str,
    pairs: Pairs,
    *,
    cite: tuple[str, Pairs] | None = None,
    lines: str | None = None,
    stream: bool = False,
) -> DataAddresses:
    streamed = [(name, value) for name, value in pairs if name != "_size"] + [("_stream", "on")] if stream else pairs
    return DataAddresses(
        _make_address(datasette, request, f"{path}.csv", streamed),
        _make_address(datasette, request, f"{path}.json", [*pairs, ("_shape", "array")]),
        _make_address(datasette, request, f"-/cite/query/{cite[0]}.FORM", cite[1]) if cite else None,
        lines,
        is_whole=stream,
    )


def _make_address(datasette: Datasette, request: Request, path: str, pairs: Pairs) -> str:
    return make_url(datasette, request, quote(path, safe="/~-._")) + (f"?{urlencode(pairs)}" if pairs else "")
