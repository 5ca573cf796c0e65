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
from datasette.utils.asgi import Request  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]

from reading_room.addresses.public_url import is_tracking
from reading_room.pages import error_pages
from reading_room.pages.tombstone import WithdrawnBrief
from reading_room.query import query_archive, query_cached
from reading_room.search.search_language import parse_search
from reading_room.search.search_request import expand_search
from reading_room.server.asgi import App, Receive, Scope, Send, get_query
from reading_room.server.settings import NAME
from reading_room.tables.columns import Column, read_columns, read_views
from reading_room.tables.filter_values import CHOICES, BadFilter, FilterValues, check_ranges, find_near, quote_value
from reading_room.tables.named_ids import BRIEF_NAMES, may_have_ids, replace_brief, replace_ids
from reading_room.tables.page_options import check_options

_ROW = rf"{NAME}/(?P<table>[^/.]+)/[^/]+?"
_DOMAINS = "SELECT name FROM domains ORDER BY canonical DESC, name"
_AUTHORS = "SELECT name, id FROM authors UNION SELECT name_as_published, author_id FROM brief_authors"
_BRIEF_PARAMETERS = ("version", "q")  # of the page of a brief
Pairs = list[tuple[str, str]]


def list_pairs(request: Request) -> Pairs:
    """The parameters of a request, each as often as it is given."""
    return [(name, value) for name in request.args for value in request.args.getlist(name)]


def read_filter_values(db: sqlite3.Connection) -> FilterValues:
    """What filters are checked against, to be cached until the archive changes."""
    domains, authors = db.execute(_DOMAINS).fetchall(), db.execute(_AUTHORS).fetchall()
    names = tuple(dict.fromkeys(name for name, _ in authors))
    return FilterValues(tuple(name for (name,) in domains), names, frozenset(number for _, number in authors))


def check_filters(datasette: Datasette, app: App, pages: Collection[tuple[str, Collection[str]]]) -> App:
    """The app, which answers 400 in one line to a parameter of an address that was not understood.

    `pages` are the addresses of other pages than lists and rows, as regular expressions, with their parameters.
    """
    base = datasette.setting("base_url").rstrip("/")
    address = re.compile(rf"(?:(?P<sql>{NAME})|{NAME}/(?P<list>[^/.]+)|{_ROW})(?:\.(?P<form>\w+))?$")
    others = [(re.compile(pattern), parameters) for pattern, parameters in pages]

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        query = get_query(scope)
        if not query:
            await app(scope, receive, send)
            return
        path, pairs = scope["path"].removeprefix(base), parse_qsl(query, keep_blank_values=True)
        try:
            other = next((parameters for pattern, parameters in others if pattern.match(path)), None)
            if other is not None:
                checked = check_names(pairs, other)
            elif match := address.match(path.removeprefix("/")):
                checked = await _check_address(datasette, match, pairs)
            else:
                checked = pairs
        except (BadFilter, WithdrawnBrief) as error:
            refusal = DatasetteError(str(error), status=400) if isinstance(error, BadFilter) else error
            answer = await error_pages.answer_exception(datasette, Request(scope, receive), refusal)
            await answer.asgi_send(send)
            return
        if pairs != checked:
            scope = {**scope, "query_string": urlencode(checked).encode()}
        await app(scope, receive, send)

    return handle_request


async def load_choices(datasette: Datasette, _request: Request) -> dict[str, object]:
    """The values to choose from in the form of a ready query, by the name of its parameter."""
    values = await query_cached(datasette, read_filter_values)
    return {"choices": {"domain": values.domains, **CHOICES}}


async def _check_address(datasette: Datasette, match: re.Match[str], pairs: Pairs) -> Pairs:
    """The parameters of a list or a row, with values as the archive writes them; raises BadFilter."""
    if (match["list"], match["form"]) == ("search", None):  # the search page tells of it itself
        return pairs
    if match["sql"]:
        return _check_sql(pairs, match["form"])
    values = await query_cached(datasette, read_filter_values)
    if match["list"]:
        return await check_query(datasette, tilde_decode(match["list"]), pairs, values, match["form"])
    parameters = _BRIEF_PARAMETERS if match["table"] == "briefs" and not match["form"] else ()
    return check_parameters(pairs, parameters, values, "row", match["form"])


def _check_sql(pairs: Pairs, form: str | None) -> Pairs:
    """The parameters of the list of tables, or of SQL of a reader's own, where they are those that it names."""
    given = dict(pairs)
    if "sql" not in given:
        return check_names(pairs, ("sql",), "database", form)
    named = ("sql", *(name for name in given if re.search(rf"[:@$]{re.escape(name)}(?!\w)", given["sql"])))
    options = [(name, value) for name, value in pairs if name.startswith("_") and name not in named]
    others = [pair for pair in pairs if pair not in options]
    return check_names(others, named) + check_options(options, "query", form, parameters=named)


async def check_query(
    datasette: Datasette, name: str, pairs: Pairs, values: FilterValues, form: str | None = None
) -> Pairs:
    """The parameters of a table or ready query, with values as the archive writes them; raises BadFilter."""
    query = (datasette.metadata("queries", database=NAME) or {}).get(name)
    if query is not None:
        parameters = query.get("params", ())
        expanded = expand_search(pairs, values) if "without" in parameters else pairs
        checked = check_parameters(expanded, parameters, values, "query", form)
        if may_have_ids(name for name, _ in checked):
            await query_archive(datasette, lambda db: replace_ids(db, dict(checked)))
        if not BRIEF_NAMES.isdisjoint(parameters):
            checked = await query_archive(datasette, partial(replace_brief, pairs=checked))
        return checked
    columns = await query_archive(datasette, partial(read_columns, table=name))
    if not columns:
        return pairs
    own = datasette.table_metadata(NAME, name).get("facets", ())
    facets = {("_facet", facet) for facet in own if isinstance(facet, str)}
    wanted = [pair for pair in dict.fromkeys(pairs) if pair not in facets]  # Datasette would show a facet twice
    wanted = await _check_searches(datasette, name, wanted)
    return _check_table(check_options(wanted, "table", form, columns), columns, values)


async def _check_searches(datasette: Datasette, table: str, pairs: Pairs) -> Pairs:
    """The parameters without empty searches, which find nothing; raises BadFilter for one that is passed over."""
    searches = [(name, value) for name, value in pairs if name.startswith("_search") and name != "_searchmode"]
    names = [name for name, value in searches if value.strip()]
    columns = [name for name in names if name != "_search"]
    if columns and ("_search" in names or table in await query_cached(datasette, read_views)):
        raise BadFilter(f"{columns[0]} is for tables, and alone: _search=title:levy looks into one column too")
    return [pair for pair in pairs if pair not in searches or pair[1].strip()]


def check_parameters(
    pairs: Pairs, parameters: Collection[str], values: FilterValues, kind: str = "page", form: str | None = None
) -> Pairs:
    """The parameters with values as the archive writes them; raises BadFilter for one that there is not."""
    checked = check_names([(name, values.check(name, value)) for name, value in pairs], parameters, kind, form)
    check_ranges(dict(checked))
    return checked


def check_names(pairs: Pairs, parameters: Collection[str], kind: str = "page", form: str | None = None) -> Pairs:
    """The parameters; raises BadFilter for one that there is not, and for one with two values."""
    earlier: dict[str, str] = {}
    for name, value in pairs:
        if name in parameters and earlier.setdefault(name, value) != value:
            both = f"{quote_value(earlier[name])} and {quote_value(value)}"
            raise BadFilter(f"{name} is given twice: {both}; there is one only")
        if name not in parameters and not name.startswith("_") and not is_tracking(name):
            raise BadFilter(_name_near(name, parameters, "knows no parameter"))
    return check_options(pairs, kind, form, parameters=parameters)


def _check_table(pairs: Pairs, columns: dict[str, Column], values: FilterValues) -> Pairs:
    checked: Pairs = []
    for name, value in pairs:
        column, _, comparison = name.rpartition("__") if "__" in name else (name, "", "exact")
        if name.startswith("_search") and "_searchmode" not in dict(pairs):
            _check_words(value)
        if name.startswith("_") or name in ("rowid", "rank") or is_tracking(name):
            checked.append((name, value))
            continue
        if column not in columns:
            raise BadFilter(_name_near(column, columns, "has no column"))
        if comparison not in Filters._filters_by_key:
            raise BadFilter(_name_near(comparison, Filters._filters_by_key, "has no comparison"))
        if Filters._filters_by_key[comparison].no_argument and value not in ("", "1"):
            raise BadFilter(f"{comparison} takes no value but 1, and {quote_value(value)} would mean the same")
        checked.append((name, columns[column].check(comparison, value, values)))
    return checked


def _check_words(typed: str) -> None:
    """Raise BadFilter for a search of a table that FTS5 cannot make."""
    parsed, full = parse_search(typed, has_filters=False), parse_search(typed)
    if full.filters or full.refusals:
        raise BadFilter(
            f"The search of a table knows no filters in {quote_value(typed)}: choose columns, or use the search page"
        )
    if typed.strip() and not parsed.left_out and not parsed.groups:
        raise BadFilter(f"Nothing in {quote_value(typed.strip())} can be searched for: write letters or digits")
    if parsed.left_out and not parsed.groups:
        raise BadFilter(f"Nothing but words to leave out is in {quote_value(typed)}: add one that must be there")


def _name_near(name: str, names: Collection[str], complaint: str) -> str:
    near = find_near(name, names)
    hint = f"did you mean {near}?" if near else f"it has {', '.join(sorted(names)) or 'none'}"
    return f"This page {complaint} {quote_value(name)}: {hint}"
