"""Ready queries as pages for people: the numbering domain by domain, and how many rows the pages of the newest have."""

from __future__ import annotations

import sqlite3
from urllib.parse import parse_qsl, urlencode

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from reading_room.pages.numbering import read_numbering
from reading_room.pages.text_diff import Piece
from reading_room.pages.text_pairs import find_passage
from reading_room.pages.versions import format_value
from reading_room.query import Row, fetch_rows, query_cached
from reading_room.server.settings import NAME
from reading_room.tables import filter_check
from reading_room.tables.row_window import get_window

_DOMAINS = 25  # on one page
_NEWEST = 50  # rows of one page of the query `newest`
_DATED = "SELECT count(*) FROM briefs WHERE published IS NOT NULL"


async def load_gaps(datasette: Datasette, request: Request) -> dict[str, object]:
    """What the page of gaps shows besides the form."""
    everything = await query_cached(datasette, read_numbering, (request.args.get("domain") or "").strip())
    window = get_window()
    first = (window.page - 1) * _DOMAINS if window else 0
    page = {"domains": everything[first : first + _DOMAINS], "first": first + 1, "total": len(everything)}
    return {**await filter_check.load_choices(datasette, request), **page, "window": window, "size": _DOMAINS}


async def load_newest(datasette: Datasette, request: Request) -> dict[str, object]:
    """The number of all that the pages of the newest show; None where it is not known."""
    filters = {name: value for name in request.args if (value := request.args.get(name)) and not name.startswith("_")}
    typed = filters.pop("page", "")
    total = None
    if not filters:
        total = await query_cached(datasette, _count_dated)
    elif "resource" not in filters:
        query = await datasette.get_canned_query(NAME, "search_by_month", request.actor)
        total = await query_cached(
            datasette, _count_found, query["sql"], tuple(query["params"]), tuple(filters.items())
        )
    number = max(int(typed), 1) if typed.strip("+").isdecimal() else 1
    choices = await filter_check.load_choices(datasette, request)
    return {**choices, "total": total, "number": number, "first": (number - 1) * _NEWEST + 1, "size": _NEWEST}


async def load_changes(datasette: Datasette, request: Request) -> dict[str, object]:
    """What the page of changes shows besides its rows."""
    return {**await filter_check.load_choices(datasette, request), "find_passage": _find_passage}


def _find_passage(row: Row) -> list[Piece]:
    """The passage that a revision changed."""
    change = {"field": row["field"]}
    return find_passage(format_value(row["old"], change), format_value(row["new"], change))


def write_page(request: Request, number: int | None) -> str:
    """The parameters of a request with another page, or with none."""
    pairs = [(name, value) for name, value in parse_qsl(request.query_string) if name != "page"]
    return urlencode([*pairs, *([("page", number)] if number else [])])


def _count_dated(db: sqlite3.Connection) -> int:
    return int(db.execute(_DATED).fetchone()[0])


def _count_found(
    db: sqlite3.Connection, sql: str, parameters: tuple[str, ...], filters: tuple[tuple[str, str], ...]
) -> int:
    rows = fetch_rows(db, sql, dict.fromkeys(parameters, "") | dict(filters))
    return sum(row["briefs"] for row in rows if row["month"])


LOADERS = {
    "query.html": filter_check.load_choices,
    f"query-{NAME}-gaps.html": load_gaps,
    f"query-{NAME}-newest.html": load_newest,
    f"query-{NAME}-changes_since.html": load_changes,
}
