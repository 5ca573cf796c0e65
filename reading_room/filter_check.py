"""Filters in addresses: one that names no column or parameter, or that cannot be meant so, is told and not passed over.

Datasette leaves such filters out, so a misspelt one would show all rows as if they had passed it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection
from functools import partial
from urllib.parse import parse_qsl, urlencode

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.filters import Filters  # type: ignore[import-untyped]
from datasette.utils import tilde_decode  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]

from reading_room import error_pages
from reading_room.asgi import App, Receive, Scope, Send
from reading_room.filter_values import CHOICES, BadFilter, FilterValues, find_near, quote_value
from reading_room.named_ids import may_have_ids, replace_ids
from reading_room.page_options import check_option
from reading_room.public_url import is_tracking
from reading_room.query import query_archive, query_cached
from reading_room.search_language import parse_search
from reading_room.search_request import expand_search
from reading_room.settings import NAME

_COLUMNS = "SELECT name FROM pragma_table_xinfo(?)"
_COMPARISONS = frozenset("exact not gt gte lt lte".split())
# Columns of tables whose values are checked, and as what.
_INSTANTS = "captured_at seen_at checked_at modified first_seen last_seen missing_since gone_at archived_at".split()
_CHECKED_COLUMNS = {
    **{"domain": "domain", "number": "number", "year": "number", "published": "day", "dateline": "day"},
    **dict.fromkeys(_INSTANTS, "instant"),
}
_OF_BRIEFS = {**_CHECKED_COLUMNS, "kind": "kind"}  # other tables have kinds of their own
_ROW = rf"{NAME}/(?P<table>[^/.]+)/[^/]+?"
_BRIEF_PARAMETERS = ("version", "q")  # of the page of a brief
Pairs = list[tuple[str, str]]


def read_filter_values(db: sqlite3.Connection) -> FilterValues:
    """What filters are checked against, to be cached until the archive changes."""
    return FilterValues(tuple(name for (name,) in db.execute("SELECT name FROM domains ORDER BY canonical DESC, name")))


def check_filters(datasette: Datasette, app: App) -> App:
    """The app, which answers 400 in one line to a filter of a list or row that was not understood."""
    base = re.escape(datasette.setting("base_url").rstrip("/"))
    address = re.compile(rf"{base}/(?:(?P<sql>{NAME})|{NAME}/(?P<list>[^/.]+)|{_ROW})(?:\.(?P<form>\w+))?$")

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        match = address.match(scope["path"]) if scope["type"] == "http" else None
        query = (scope.get("query_string") or b"").decode("latin-1")
        is_search = match is not None and (match["list"], match["form"]) == ("search", None)
        if match is None or not query or is_search:  # the search page tells of it itself
            await app(scope, receive, send)
            return
        try:
            pairs = await _check_address(datasette, match, parse_qsl(query, keep_blank_values=True))
        except BadFilter as error:
            answer = await _explain(datasette, Request(scope, receive), match["form"], str(error))
            await answer.asgi_send(send)
            return
        if pairs != parse_qsl(query, keep_blank_values=True):
            scope = {**scope, "query_string": urlencode(pairs).encode()}
        await app(scope, receive, send)

    return handle_request


async def load_choices(datasette: Datasette, _request: Request) -> dict[str, object]:
    """The values to choose from in the form of a ready query, by the name of its parameter."""
    values = await query_cached(datasette, read_filter_values)
    return {"choices": {"domain": values.domains, **CHOICES}}


def keep_parameters(filters: str, parameters: Collection[str]) -> str:
    """The filters of a page that the query behind its data has."""
    return urlencode([(name, value) for name, value in parse_qsl(filters) if name in parameters])


async def _explain(datasette: Datasette, request: Request, form: str | None, message: str) -> Response:
    if form in (None, "json"):
        return await error_pages.answer_exception(datasette, request, DatasetteError(message, status=400))
    return Response.text(message + "\n", status=400)


async def _check_address(datasette: Datasette, match: re.Match[str], pairs: Pairs) -> Pairs:
    """The parameters of a list or a row, with values as the archive writes them; raises BadFilter."""
    if match["sql"]:
        return _check_options(pairs)
    values = await query_cached(datasette, read_filter_values)
    if match["list"]:
        return await check_query(datasette, tilde_decode(match["list"]), pairs, values)
    return check_parameters(pairs, _BRIEF_PARAMETERS if match["table"] == "briefs" else (), values)


def _check_options(pairs: Pairs) -> Pairs:
    """The parameters of SQL of a reader's own, which may have any name but an underscore's that it does not use."""
    sql = dict(pairs).get("sql", "")
    for name, _ in pairs:
        if name.startswith("_") and f":{name}" not in sql:
            check_option(name)
    return pairs


async def check_query(datasette: Datasette, name: str, pairs: Pairs, values: FilterValues) -> Pairs:
    """The parameters of a table or ready query, with values as the archive writes them; raises BadFilter."""
    query = (datasette.metadata("queries", database=NAME) or {}).get(name)
    if query is not None:
        expanded = expand_search(pairs, values) if "without" in query.get("params", ()) else pairs
        checked = check_parameters(expanded, query.get("params", ()), values)
        if may_have_ids(name for name, _ in checked):
            await query_archive(datasette, lambda db: replace_ids(db, dict(checked)))
        return checked
    columns = await query_archive(datasette, partial(_read_columns, name=name))
    kinds = _OF_BRIEFS if name in ("briefs", "brief_list") else _CHECKED_COLUMNS
    return _check_table(pairs, columns, kinds, values) if columns else pairs


def _read_columns(db: sqlite3.Connection, name: str) -> list[str]:
    return [column for (column,) in db.execute(_COLUMNS, (name,))]


def check_parameters(pairs: Pairs, parameters: Collection[str], values: FilterValues) -> Pairs:
    """The parameters with values as the archive writes them; raises BadFilter for one that there is not."""
    checked = [(name, values.check(name, value)) for name, value in pairs]
    check_names(checked, parameters)
    ends = {name: int(value) for name, value in checked if name in ("from", "to") and value.strip()}
    if len(ends) == 2 and ends["from"] > ends["to"]:
        raise BadFilter(f"from {ends['from']} to {ends['to']} is no range: nothing lies in it")
    return checked


def check_names(pairs: Pairs, parameters: Collection[str]) -> None:
    """Raise BadFilter for a parameter that there is not, and for one with two values."""
    earlier: dict[str, str] = {}
    for name, value in pairs:
        if name not in parameters and name.startswith("_"):
            check_option(name)
            continue
        if is_tracking(name):
            continue
        if name not in parameters:
            raise BadFilter(_name_near(name, parameters, "knows no parameter"))
        if earlier.setdefault(name, value) != value:
            both = f"{quote_value(earlier[name])} and {quote_value(value)}"
            raise BadFilter(f"{name} is given twice: {both}; no brief has both")


def _check_table(pairs: Pairs, columns: Collection[str], kinds: dict[str, str], values: FilterValues) -> Pairs:
    checked: Pairs = []
    for name, value in pairs:
        if name.startswith("_") and name.partition("__")[0] not in columns:
            check_option(name)
        column, _, comparison = name.rpartition("__") if "__" in name else (name, "", "exact")
        if name.startswith("_search") and "_searchmode" not in dict(pairs):
            _check_words(value)
        if name.startswith("_") or name in ("sql", "rowid", "rank") or is_tracking(name):
            checked.append((name, value))
            continue
        if column not in columns:
            raise BadFilter(_name_near(column, columns, "has no column"))
        if comparison not in Filters._filters_by_key:
            raise BadFilter(_name_near(comparison, Filters._filters_by_key, "has no comparison"))
        kind = kinds.get(column, "") if comparison in _COMPARISONS else ""
        checked.append((name, values.check(kind, value)))
    return checked


def _check_words(typed: str) -> None:
    """Raise BadFilter for a search of a table that FTS5 cannot make."""
    parsed, full = parse_search(typed, has_filters=False), parse_search(typed)
    if full.filters or full.refusals:
        raise BadFilter(
            f"The search of a table knows no filters in {quote_value(typed)}: choose columns, or use the search page"
        )
    if parsed.left_out and not parsed.groups:
        raise BadFilter(f"Nothing but words to leave out is in {quote_value(typed)}: add one that must be there")


def _name_near(name: str, names: Collection[str], complaint: str) -> str:
    near = find_near(name, names)
    hint = f"did you mean {near}?" if near else f"it has {', '.join(sorted(names)) or 'none'}"
    return f"This page {complaint} {quote_value(name)}: {hint}"
