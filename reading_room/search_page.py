"""The search page: the results of the ready queries `search` and `search_by_month`, with filters to narrow them."""

from __future__ import annotations

import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]
from markupsafe import Markup, escape

from reading_room.known_names import KnownItems, NameList, find_known_items, read_names
from reading_room.query import Row, fetch_rows, query_archive, query_cached
from reading_room.redact import redact_emails
from reading_room.settings import NAME
from reading_room.sql_functions import parse_date_prefix

_QUERIES = ("search", "search_by_month")
_TEMPLATE = "search.html"
_PAGE_SIZE = 20
_LAST_PAGE = 10**9  # larger numbers would overflow SQLite's integers
_MONTH = len("2021-05")  # the counts by month are no finer
_AFTER_ALL_DATES = "~"  # sorts after all dates
_FILTERS = ("domain", "author", "year", "kind")
_NAME = "SELECT name FROM authors WHERE CAST(id AS TEXT) = ?"
_WRITERS = """SELECT name FROM (
        SELECT author_id, count(*) AS briefs FROM brief_authors GROUP BY author_id ORDER BY briefs DESC LIMIT 200
    ) JOIN authors ON id = author_id ORDER BY name"""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A reader's search; an unset filter is the empty text."""

    q: str = ""
    domain: str = ""
    author: str = ""
    year: str = ""  # or the beginning of a date, such as 2021-05
    kind: str = ""
    page: int = 1

    @property
    def since(self) -> str:
        """The year as the ready queries expect it; anything that is no date finds no brief."""
        return (parse_date_prefix(self.year) or _AFTER_ALL_DATES) if self.year else ""

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set."""
        return {name: getattr(self, name) for name in _FILTERS if getattr(self, name)}

    def build_query(self, **changes: object) -> str:
        """The query string of this search with some values changed."""
        search = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        parameters = {"q": search.q, **search.filters, **({"page": search.page} if search.page > 1 else {})}
        return urlencode(parameters)


async def serve_search(datasette: Datasette, request: Request) -> Response:
    """The search page; `.json` and `.csv` at the same address stay with Datasette."""
    await datasette.ensure_permissions(request.actor, [("view-query", (NAME, "search")), ("view-database", NAME)])
    search = _parse_request(request)
    queries = [(await datasette.get_canned_query(NAME, name, request.actor))["sql"] for name in _QUERIES]
    limit = datasette.setting("sql_time_limit_ms")
    page = await query_archive(datasette, lambda db: _read_page(db, search, queries, limit))
    page["writers"] = await query_cached(datasette, _read_writers)
    names = await query_cached(datasette, read_names)
    page["known"] = await query_archive(datasette, lambda db: _find_known(db, search, names))
    headers = {"cache-control": "no-store"} if page.get("slow") else None
    return Response.html(await datasette.render_template(_TEMPLATE, {"page": page}, request=request), headers=headers)


ROUTES = ((rf"/{NAME}/search$", serve_search),)


def _read_writers(db: sqlite3.Connection) -> list[str]:
    return [row["name"] for row in fetch_rows(db, _WRITERS)]


def _find_known(db: sqlite3.Connection, search: SearchRequest, names: NameList) -> KnownItems | None:
    """What is called as the reader typed, above the first page of a search without filters."""
    return find_known_items(db, search.q, names) if search.page == 1 and not search.filters else None


def _parse_request(request: Request) -> SearchRequest:
    values = {name: (request.args.get(name) or "").strip() for name in ("q", *_FILTERS, "page")}
    number = values.pop("page")
    page = int(number[:10]) if number.isascii() and number.isdigit() else 1
    return SearchRequest(**values, page=min(max(page, 1), _LAST_PAGE))


def _read_page(db: sqlite3.Connection, search: SearchRequest, queries: list[str], limit: int) -> dict[str, object]:
    """What the template shows; only `slow` and the filters if the search exceeds the time limit, in ms."""
    search_sql, by_month_sql = queries
    page: dict[str, object] = {"search": search}
    try:
        with sqlite_timelimit(db, limit):
            counts = _count_briefs(db, by_month_sql, search)
            briefs, total = _find_briefs(db, search_sql, search)
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return page | {"slow": True, "choices": _list_choices(search, {}, 0)}
    return page | {
        "rows": briefs,
        "total": total,
        "first": (search.page - 1) * _PAGE_SIZE + 1,
        "pages": -(-total // _PAGE_SIZE),
        "choices": _list_choices(search, counts, total),
        "is_bad_year": bool(search.year) and parse_date_prefix(search.year) is None,
        "drops": [
            (name, _name_filter_value(db, name, value), search.build_query(**{name: ""}))
            for name, value in search.filters.items()
        ],
    }


def _count_briefs(db: sqlite3.Connection, sql: str, search: SearchRequest) -> dict[str, list[Row]]:
    """The number of briefs with the words and the author for each filter; of one day if `year` names a day."""
    parameters = {**dict.fromkeys(_FILTERS, ""), "q": search.q, "author": search.author}
    counts = fetch_rows(db, sql, parameters)
    is_finer = len(parse_date_prefix(search.year) or "") > _MONTH
    counts_within = fetch_rows(db, sql, {**parameters, "year": search.since}) if is_finer else counts
    return {"domain": counts_within, "year": counts, "kind": counts_within}


def _name_filter_value(db: sqlite3.Connection, name: str, value: str) -> str:
    """The value of a filter for people: the name of an author, not the id."""
    authors = fetch_rows(db, _NAME, (value,)) if name == "author" and value.isdecimal() else []
    return str(authors[0]["name"]) if authors else value


def _find_briefs(db: sqlite3.Connection, sql: str, search: SearchRequest) -> tuple[list[Row], int]:
    """The briefs of this page of results, and the number of all."""
    # Random marks: no text in the archive can contain them and forge a highlight.
    start, end = secrets.token_hex(8), secrets.token_hex(8)
    parameters = {name: getattr(search, name) for name in ("q", *_FILTERS)}
    parameters |= {"year": search.since, "mark_from": start, "mark_to": end}
    briefs = fetch_rows(db, sql, {**parameters, "page": str(search.page), "size": str(_PAGE_SIZE)})
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
    """Whether the briefs of a row pass the filters; a year that is no date does not filter."""
    since = (parse_date_prefix(filters.get("year", "")) or "")[:_MONTH]
    alike = all(row[name] == filters[name] for name in ("domain", "kind") if name in filters)
    return alike and (row["month"] or "").startswith(since)


def _list_choices(search: SearchRequest, counts: dict[str, list[Row]], total: int) -> dict[str, list[tuple[str, int]]]:
    """The values of each filter, with the number of briefs that each would leave under the other filters."""
    choices = {}
    for name in ("domain", "year", "kind"):
        others = {key: value for key, value in search.filters.items() if key != name}
        sums = _sum_counts(name, (row for row in counts.get(name, ()) if _is_match(row, others)))
        chosen = getattr(search, name)
        choices[name] = sums if not chosen or chosen in dict(sums) else [*sums, (chosen, total)]
    return choices


def _sum_counts(name: str, counts: Iterable[Row]) -> list[tuple[str, int]]:
    sums: Counter[str] = Counter()
    for row in counts:
        value = (row["month"] or "")[:4] if name == "year" else row[name]
        if value:
            sums[value] += row["briefs"]
    return sorted(sums.items(), reverse=name == "year")
