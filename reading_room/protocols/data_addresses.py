"""Where the data of a page is to be had as CSV and JSON, its citation and its feed: the same for all kinds of pages."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl, quote, urlencode

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import tilde_decode  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from reading_room.addresses.public_url import is_tracking, make_url
from reading_room.charts.chart_list import CHARTS
from reading_room.server.asgi import split_path
from reading_room.server.settings import NAME, SETTINGS

Pairs = list[tuple[str, str]]
MakeAddress = Callable[[str, Pairs], str]  # of a path and parameters
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
    make = partial(_make_address, datasette, request)
    if parts[0] == "charts" and len(parts) == 2 and parts[1] in CHARTS:
        chart = CHARTS[parts[1]]
        return DataAddresses(
            *_list_forms(make, f"{NAME}/{chart.query}", pairs), make(f"-/cite/chart/{chart.name}.FORM", pairs)
        )
    if parts[0] != NAME or "." in parts[-1] or len(parts) > 3:
        return None
    if len(parts) == 1:
        return DataAddresses(*_list_forms(make, NAME, pairs)) if "sql" in dict(pairs) else None
    queries = datasette.metadata("queries", database=NAME) or {}
    if len(parts) == 2:
        return _find_list(make, queries, parts[1], pairs)
    key = tilde_decode(parts[2])
    if parts[1] in _SEARCHES:
        return _find_list(make, queries, "search", [(_SEARCHES[parts[1]], key)])
    if parts[1] in _TABLES and "version" not in dict(pairs):
        table, column = _TABLES[parts[1]]
        return _find_list(make, queries, table, [(column, key)])
    return None


def _find_list(make: MakeAddress, queries: Collection[str], name: str, pairs: Pairs) -> DataAddresses:
    path, cite = f"{NAME}/{name}", f"-/cite/query/{name}.FORM"
    if name == "search":
        forms = _list_forms(make, path, [*pairs, ("size", str(_MOST_FOUND))])
        lines = make(f"{path}.jsonl", [*pairs, ("size", "500")])
        return DataAddresses(*forms, make(cite, pairs), lines, most=_MOST_FOUND)
    if name in queries:
        return DataAddresses(*_list_forms(make, path, pairs), make(cite, pairs))
    _, rows = _list_forms(make, path, [*pairs, ("_size", "max")])
    return DataAddresses(make(f"{path}.csv", [*pairs, ("_stream", "on")]), rows, is_whole=True)


def _list_forms(make: MakeAddress, path: str, pairs: Pairs) -> tuple[str, str]:
    return make(f"{path}.csv", pairs), make(f"{path}.json", [*pairs, ("_shape", "array")])


def _make_address(datasette: Datasette, request: Request, path: str, pairs: Pairs) -> str:
    return make_url(datasette, request, quote(path, safe="/~-._")) + (f"?{urlencode(pairs)}" if pairs else "")
