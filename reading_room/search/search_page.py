"""The search page: the results of the ready query `search`, with fields and counts to narrow them."""

from __future__ import annotations

import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]
from markupsafe import Markup, escape

from reading_room.citations.citation_tags import list_context_objects
from reading_room.query import Row, fetch_rows, query_archive, query_cached
from reading_room.redact import redact_emails
from reading_room.search.known_names import find_known_items, read_names
from reading_room.search.search_request import FILTERS, ReadSearch, SearchRequest, read_search
from reading_room.server.settings import NAME
from reading_room.tables.filter_check import check_names, list_pairs, read_filter_values
from reading_room.tables.filter_values import BadFilter

_QUERIES = ("search", "search_by_month", "search_by_author")
_TEMPLATE = "search.html"
_MOST_AUTHORS = 12  # as facets
_MOST_COUNTED = (
    10_000  # briefs that are counted by domain, year, kind and author: of more it takes longer than the search
)
_MONTH = len("2021-05")  # the counts by month are no finer
_NAME = "SELECT name FROM authors WHERE CAST(id AS TEXT) = ?"
_VALUES = {
    "domain": "SELECT DISTINCT domain AS value FROM briefs WHERE domain IS NOT NULL ORDER BY value",
    "year": """SELECT DISTINCT CAST(substr(published, 1, 4) AS INTEGER) AS value FROM briefs
        WHERE published IS NOT NULL ORDER BY value DESC""",
    "kind": "SELECT DISTINCT kind AS value FROM briefs ORDER BY value",
}
_WRITERS = """SELECT name FROM (
        SELECT author_id, count(*) AS briefs FROM brief_authors GROUP BY author_id ORDER BY briefs DESC LIMIT 200
    ) JOIN authors ON id = author_id ORDER BY name"""
Choices = dict[
    str, list[tuple[str, int | None]]
]  # values of filters and their briefs, None where these are not counted


async def serve_search(datasette: Datasette, request: Request) -> Response:
    """The search page; `.json` and `.csv` at the same address stay with Datasette."""
    await datasette.ensure_permissions(request.actor, [("view-query", (NAME, "search")), ("view-database", NAME)])
    values = await query_cached(datasette, read_filter_values)
    names = await query_cached(datasette, read_names)
    given = {name: request.args.get(name) or "" for name in request.args}
    read = read_search(given, values)
    query = await datasette.get_canned_query(NAME, "search", request.actor)
    try:
        check_names(list_pairs(request), query["params"])
    except BadFilter as error:
        read = replace(read, errors=(str(error), *read.errors))
    queries = tuple([(await datasette.get_canned_query(NAME, name, request.actor))["sql"] for name in _QUERIES])
    page = await _load_page(datasette, read, queries)
    page["writers"] = await query_cached(datasette, _read_writers)
    if read.search.page == 1 and not any(given.get(name) for name in FILTERS if name != "number"):
        typed = f"{given.get('q', '')} {'#' if given.get('number') else ''}{given.get('number', '')}"
        page["known"] = await query_archive(datasette, lambda db: find_known_items(db, typed, names))
    page["contexts"] = await list_context_objects(datasette, request, page.get("rows") or ())
    text = await datasette.render_template(
        _TEMPLATE, {"page": page, "given": given, "typed": given.get("q", "").strip()}, request=request
    )
    headers = {"cache-control": "no-store"} if page.get("slow") else None
    return Response.html(text, status=400 if read.errors else 200, headers=headers)


ROUTES = ((rf"/{NAME}/search$", serve_search),)


def _read_writers(db: sqlite3.Connection) -> list[str]:
    return [row["name"] for row in fetch_rows(db, _WRITERS)]


async def _load_page(datasette: Datasette, read: ReadSearch, queries: tuple[str, ...]) -> dict[str, Any]:
    """What the template shows; only `slow` and the filters if the search exceeds the time limit."""
    page: dict[str, Any] = {"search": read.search, "notes": read.notes, "errors": read.errors}
    try:
        found = await query_cached(datasette, _read_page, read, queries, datasette.setting("sql_time_limit_ms"))
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return page | {"slow": True, "choices": _list_choices(read.search, {}, 0)}
    return page | found


def _read_page(db: sqlite3.Connection, read: ReadSearch, queries: tuple[str, ...], limit: int) -> dict[str, object]:
    search, (search_sql, by_month_sql, by_author_sql) = read.search, queries
    with sqlite_timelimit(db, limit):
        briefs, total = ([], 0) if read.errors else _find_briefs(db, search_sql, search)
        is_counted = total <= _MOST_COUNTED
        choices = (
            _list_choices(search, _count_briefs(db, by_month_sql, search), total)
            if is_counted
            else _list_values(db, search)
        )
        authors = _count_authors(db, by_author_sql, search) if total and is_counted else []
    return {
        "rows": briefs,
        "total": total,
        "most_counted": None if is_counted else _MOST_COUNTED,
        "first": (search.page - 1) * search.rows + 1,
        "pages": -(-total // search.rows),
        "choices": choices,
        "triples": _list_facets(choices, authors),
        "drops": [
            (name, _name_filter_value(db, name, value), search.build_query(**{name: ""}))
            for name, value in search.filters.items()
        ],
    }


def _count_briefs(db: sqlite3.Connection, sql: str, search: SearchRequest) -> dict[str, list[Row]]:
    """The number of briefs with the words and the author for each filter; of one day if `year` names a day."""
    parameters = {**search.parameters, "domain": "", "kind": "", "year": ""}
    counts = fetch_rows(db, sql, parameters)
    is_finer = len(search.year) > _MONTH
    counts_within = fetch_rows(db, sql, {**parameters, "year": search.year}) if is_finer else counts
    return {"domain": counts_within, "year": counts, "kind": counts_within}


def _count_authors(db: sqlite3.Connection, sql: str, search: SearchRequest) -> list[Row]:
    """The authors of most of the briefs found; the author that is chosen is no filter here."""
    return fetch_rows(db, sql, {**search.parameters, "author": ""})[:_MOST_AUTHORS]


def _name_filter_value(db: sqlite3.Connection, name: str, value: str) -> str:
    """The value of a filter for people: the name of an author, not the id."""
    authors = fetch_rows(db, _NAME, (value,)) if name == "author" and value.isdecimal() else []
    return str(authors[0]["name"]) if authors else value


def _find_briefs(db: sqlite3.Connection, sql: str, search: SearchRequest) -> tuple[list[Row], int]:
    """The briefs of this page of results, and the number of all."""
    # Random marks: no text in the archive can contain them and forge a highlight.
    start, end = secrets.token_hex(8), secrets.token_hex(8)
    parameters = {**search.parameters, "sort": search.sort, "mark_from": start, "mark_to": end}
    briefs = fetch_rows(db, sql, {**parameters, "page": str(search.page), "size": str(search.rows)})
    first = briefs or fetch_rows(db, sql, {**parameters, "page": "1", "size": "1"})
    total = first[0]["briefs_found"] if first else 0
    return [{**row, "found_in": mark_words(row["found_in"] or "", start, end)} for row in briefs], total


def mark_words(text: str, start: str, end: str) -> Markup:
    """The text as HTML, with <mark> for the marks `start` and `end`, and without e-mail addresses."""
    before, *pieces = redact_emails(text).split(start)
    marked_text = [escape(before.replace(end, ""))]
    for piece in pieces:
        words, _, rest = piece.partition(end)
        marked_text.append(Markup("<mark>{}</mark>{}").format(words, rest.replace(end, "")))
    return Markup("").join(marked_text)


def _is_match(row: Row, filters: dict[str, str]) -> bool:
    """Whether the briefs of a row pass the filters that the counts leave open."""
    since = filters.get("year", "")[:_MONTH]
    alike = all(row[name] == filters[name] for name in ("domain", "kind") if name in filters)
    return alike and (row["month"] or "").startswith(since)


def _list_values(db: sqlite3.Connection, search: SearchRequest) -> Choices:
    """The values of each filter that any brief has, without numbers."""
    choices: Choices = {}
    for name, sql in _VALUES.items():
        values = [str(row["value"]) for row in fetch_rows(db, sql)]
        chosen = getattr(search, name)
        choices[name] = [(value, None) for value in (*values, *([chosen] if chosen and chosen not in values else ()))]
    return choices


def _list_choices(search: SearchRequest, counts: dict[str, list[Row]], total: int) -> Choices:
    """The values of each filter, with the number of briefs that each would leave under the other filters."""
    choices: Choices = {}
    for name in ("domain", "year", "kind"):
        others = {key: value for key, value in search.filters.items() if key != name}
        sums = _sum_counts(name, (row for row in counts.get(name, ()) if _is_match(row, others)))
        chosen = getattr(search, name)
        choices[name] = sums if not chosen or chosen in dict(sums) else [*sums, (chosen, total)]
    return choices


def _list_facets(choices: Choices, authors: list[Row]) -> dict[str, list[tuple[str, str, int | None]]]:
    """The facets: of each the values, their text and their briefs, the most first, years in their order."""
    facets = {name: [(value, value, briefs) for value, briefs in values] for name, values in choices.items()}
    for name in ("domain", "kind"):
        facets[name].sort(key=lambda item: -(item[2] or 0))
    return facets | {"author": [(str(row["author_id"]), row["name"], row["briefs"]) for row in authors]}


def _sum_counts(name: str, counts: Iterable[Row]) -> list[tuple[str, int | None]]:
    sums: Counter[str] = Counter()
    for row in counts:
        value = (row["month"] or "")[:4] if name == "year" else row[name]
        if value:
            sums[value] += row["briefs"]
    return [*sorted(sums.items(), reverse=name == "year")]
