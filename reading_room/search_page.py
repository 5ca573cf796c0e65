"""The search page: what the ready queries `search` and `search_by_month` answer, as a page to read and narrow down."""

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

from reading_room.query import Row, ask, ask_once, rows
from reading_room.redact import hidden
from reading_room.settings import NAME
from reading_room.sql_functions import beginning

_QUERIES = ("search", "search_by_month")
_TEMPLATE = "search.html"
_ROWS = 20  # a page
_LAST = 10**9  # no page lies beyond; SQLite's integers end somewhere, too
_MONTH = len("2021-05")  # no finer are the counts by month
_NEVER = "~"  # comes after all dates
_FILTERS = ("domain", "author", "year", "kind")
_NAME = "SELECT name FROM authors WHERE CAST(id AS TEXT) = ?"
_WRITERS = """SELECT name FROM (
        SELECT author_id, count(*) AS briefs FROM brief_authors GROUP BY author_id ORDER BY briefs DESC LIMIT 200
    ) JOIN authors ON id = author_id ORDER BY name"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks for; nothing is the empty text."""

    q: str = ""
    domain: str = ""
    author: str = ""
    year: str = ""  # or the beginning of a date, such as 2021-05
    kind: str = ""
    page: int = 1

    @property
    def since(self) -> str:
        """The year as the ready queries understand it; what nobody understands is a year without briefs."""
        return (beginning(self.year) or _NEVER) if self.year else ""

    def filters(self) -> dict[str, str]:
        """The filters that are set."""
        return {name: getattr(self, name) for name in _FILTERS if getattr(self, name)}

    def address(self, **others: object) -> str:
        """The query string of this search, or of one that differs in `others`."""
        asked = replace(self, **{"page": 1, **others})  # type: ignore[arg-type]
        told = {"q": asked.q, **asked.filters(), **({"page": asked.page} if asked.page > 1 else {})}
        return urlencode(told)


async def answer(datasette: Datasette, request: Request) -> Response:
    """The page; `.json` and `.csv` of the same address are Datasette's."""
    await datasette.ensure_permissions(request.actor, [("view-query", (NAME, "search")), ("view-database", NAME)])
    asked = _asked(request)
    queries = [(await datasette.get_canned_query(NAME, name, request.actor))["sql"] for name in _QUERIES]
    limit = datasette.setting("sql_time_limit_ms")
    page = await ask(datasette, lambda db: _told(db, asked, queries, limit))
    page["writers"] = await ask_once(datasette, _writers)
    return Response.html(await datasette.render_template(_TEMPLATE, {"page": page}, request=request))


ROUTES = ((rf"/{NAME}/search$", answer),)


def _writers(db: sqlite3.Connection) -> list[str]:
    return [row["name"] for row in rows(db, _WRITERS)]


def _asked(request: Request) -> Asked:
    given = {name: (request.args.get(name) or "").strip() for name in ("q", *_FILTERS, "page")}
    number = given.pop("page")
    page = int(number[:10]) if number.isascii() and number.isdigit() else 1
    return Asked(**given, page=min(max(page, 1), _LAST))


def _told(db: sqlite3.Connection, asked: Asked, queries: list[str], limit: int) -> dict[str, object]:
    """What the template shows; `slow`, and nothing found, where the time limit, in ms, was too short."""
    search, by_month = queries
    told: dict[str, object] = {"asked": asked}
    try:
        with sqlite_timelimit(db, limit):
            counts = _counts(db, by_month, asked)
            found, total = _found(db, search, asked)
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return told | {"slow": True, "choices": _choices(asked, {}, 0)}
    return told | {
        "rows": found,
        "total": total,
        "first": (asked.page - 1) * _ROWS + 1,
        "pages": -(-total // _ROWS),
        "choices": _choices(asked, counts, total),
        "misread": bool(asked.year) and beginning(asked.year) is None,
        "drops": [
            (name, _in_words(db, name, value), asked.address(**{name: ""})) for name, value in asked.filters().items()
        ],
    }


def _counts(db: sqlite3.Connection, sql: str, asked: Asked) -> dict[str, list[Row]]:
    """How many briefs have the words and the author, for each choice; within a day where a day is asked for."""
    given = {**dict.fromkeys(_FILTERS, ""), "q": asked.q, "author": asked.author}
    every = rows(db, sql, given)
    is_finer = len(beginning(asked.year) or "") > _MONTH
    within = rows(db, sql, {**given, "year": asked.since}) if is_finer else every
    return {"domain": within, "year": every, "kind": within}


def _in_words(db: sqlite3.Connection, name: str, value: str) -> str:
    """The value of a filter as a reader knows it: an author's name, not the number."""
    known = rows(db, _NAME, (value,)) if name == "author" and value.isdecimal() else []
    return str(known[0]["name"]) if known else value


def _found(db: sqlite3.Connection, sql: str, asked: Asked) -> tuple[list[Row], int]:
    """The briefs of the page, and how many there are in all."""
    # No text can have in it what is drawn anew for each search.
    start, end = secrets.token_hex(8), secrets.token_hex(8)
    given = {name: getattr(asked, name) for name in ("q", *_FILTERS)}
    given |= {"year": asked.since, "mark_from": start, "mark_to": end}
    found = rows(db, sql, {**given, "page": str(asked.page), "size": str(_ROWS)})
    first = found or rows(db, sql, {**given, "page": "1", "size": "1"})
    total = first[0]["briefs_found"] if first else 0
    return [{**row, "found_in": marked(row["found_in"] or "", start, end)} for row in found], total


def marked(text: str, start: str, end: str) -> Markup:
    """The text as HTML, with what stands between the two words of letters in <mark>, and without e-mail addresses."""
    before, *pieces = hidden(text).split(start)
    told = [escape(before.replace(end, ""))]
    for piece in pieces:
        words, _, rest = piece.partition(end)
        told.append(Markup("<mark>{}</mark>{}").format(words, rest.replace(end, "")))
    return Markup("").join(told)


def _fits(row: Row, filters: dict[str, str]) -> bool:
    """Whether the briefs of a row pass the filters; a year that nobody understands is none."""
    since = (beginning(filters.get("year", "")) or "")[:_MONTH]
    alike = all(row[name] == filters[name] for name in ("domain", "kind") if name in filters)
    return alike and (row["month"] or "").startswith(since)


def _choices(asked: Asked, counts: dict[str, list[Row]], total: int) -> dict[str, list[tuple[str, int]]]:
    """Per filter its values and how many briefs each would leave, the other filters as they are."""
    told = {}
    for name in ("domain", "year", "kind"):
        others = {key: value for key, value in asked.filters().items() if key != name}
        sums = _sums(name, (row for row in counts.get(name, ()) if _fits(row, others)))
        chosen = getattr(asked, name)
        told[name] = sums if not chosen or chosen in dict(sums) else [*sums, (chosen, total)]
    return told


def _sums(name: str, counts: Iterable[Row]) -> list[tuple[str, int]]:
    sums: Counter[str] = Counter()
    for row in counts:
        value = (row["month"] or "")[:4] if name == "year" else row[name]
        if value:
            sums[value] += row["briefs"]
    return sorted(sums.items(), reverse=name == "year")
