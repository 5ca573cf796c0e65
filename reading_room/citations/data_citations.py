"""Citations of data: the snapshot as a dataset, a search, a ready query, a chart; with day, count and digest."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]

from pipelines.exports.bibtex import escape_text, escape_url
from pipelines.exports.citation_parts import LANGUAGE, format_day
from reading_room.addresses.public_url import is_tracking, make_url
from reading_room.charts.chart_list import CHARTS, EARLIER
from reading_room.query import fetch_row, query_archive, query_cached, read_state
from reading_room.sample_notes import mark_title
from reading_room.server.settings import NAME
from reading_room.tables.filter_check import check_names, check_query, read_filter_values
from reading_room.tables.filter_values import BadFilter, quote_value, shorten_value


@dataclass(frozen=True, slots=True)
class DataCitation:
    """What is cited, and of which state of the archive."""

    title: str
    archive: str  # the name of the whole
    count: str  # of what, in words
    state: str | None  # the instant of the archive's last change
    digest: str | None  # of the snapshot; None of an archive that grows
    url: str
    accessed: str  # the day

    @property
    def key(self) -> str:
        """A key for citing programs, the same for the same data of the same state."""
        return f"briefs-{hashlib.sha256(f'{self.url} {self.digest or self.state}'.encode()).hexdigest()[:10]}"

    @property
    def note(self) -> str:
        """Count, state and digest in words."""
        state = f"archive as of {format_day(self.state)}" if self.state else ""
        return ", ".join(filter(None, (self.count, state, f"snapshot sha256:{self.digest}" if self.digest else "")))


def format_text(citation: DataCitation) -> str:
    """The citation as one line."""
    name = f"“{citation.title}.” {citation.archive}" if citation.title != citation.archive else citation.title
    return f"{name}. {citation.note}. {citation.url}. Accessed {format_day(citation.accessed)}.\n"


def format_bibtex(citation: DataCitation) -> str:
    """The citation as an entry of BibTeX."""
    fields = {
        "title": f"{{{escape_text(citation.title)}}}",
        "howpublished": escape_text(citation.archive),
        "year": (citation.state or citation.accessed)[:4],
        "url": escape_url(citation.url),
        "urldate": citation.accessed,
        "note": escape_text(citation.note),
        "language": LANGUAGE,
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{citation.key},\n{lines}}}\n"


def format_csl(citation: DataCitation) -> str:
    """The citation as CSL-JSON."""
    item = {
        "id": citation.key,
        "type": "dataset",
        "title": citation.title,
        "container-title": citation.archive,
        "issued": _split_day(citation.state),
        "accessed": _split_day(citation.accessed),
        "version": f"sha256:{citation.digest}" if citation.digest else None,
        "note": citation.note,
        "URL": citation.url,
        "language": LANGUAGE,
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=1) + "\n"


_FORMS: dict[str, tuple[Callable[[DataCitation], str], str]] = {
    "txt": (format_text, "text/plain; charset=utf-8"),
    "bib": (format_bibtex, "application/x-bibtex; charset=utf-8"),
    "json": (format_csl, "application/vnd.citationstyles.csl+json"),
}


async def cite_dataset(datasette: Datasette, request: Request) -> DataCitation:
    """Cite the whole archive."""
    is_snapshot = datasette.get_database(NAME).hash is not None
    path = "download" if is_snapshot else "/"
    return await _cite(datasette, request, _get_archive_title(datasette), path, None)


async def serve_dataset(datasette: Datasette, request: Request) -> Response:
    """The citation of the whole archive."""
    return _answer(request, await cite_dataset(datasette, request))


async def serve_query(datasette: Datasette, request: Request) -> Response:
    """The citation of a search or of another ready query with its parameters."""
    name = request.url_vars["query"]
    pairs = [(key, value) for key, value in parse_qsl(request.query_string) if not is_tracking(key)]
    title, count = await _count_results(datasette, request, name, pairs)
    path = f"{NAME}/{name}" + (f"?{urlencode(pairs)}" if pairs else "")
    return _answer(request, await _cite(datasette, request, title, path, count))


async def serve_chart(datasette: Datasette, request: Request) -> Response:
    """The citation of a chart with its filters; what is counted are the rows that it is drawn from."""
    name = request.url_vars["chart"]
    chart = CHARTS.get(EARLIER.get(name, name))
    query = await datasette.get_canned_query(NAME, chart.query, request.actor) if chart else None
    if chart is None or query is None:
        raise NotFound("There is no such chart")
    pairs = [(key, value) for key, value in parse_qsl(request.query_string) if not is_tracking(key)]
    try:
        check_names(pairs, chart.filters)
    except BadFilter as error:
        raise DatasetteError(str(error), status=400) from error
    _, count = await _count_results(datasette, request, chart.query, pairs)
    path = f"charts/{chart.name}" + (f"?{urlencode(pairs)}" if pairs else "")
    return _answer(request, await _cite(datasette, request, _name_with(chart.title, pairs), path, count))


ROUTES: tuple[tuple[str, Any], ...] = (
    (r"/-/cite/dataset\.(?P<form>txt|bib|json)$", serve_dataset),
    (r"/-/cite/query/(?P<query>\w+)\.(?P<form>txt|bib|json)$", serve_query),
    (r"/-/cite/chart/(?P<chart>[\w-]+(?:/[\w-]+)?)\.(?P<form>txt|bib|json)$", serve_chart),
)


def _get_archive_title(datasette: Datasette) -> str:
    return mark_title(str(datasette.metadata("title")))


def _name_with(title: str, pairs: list[tuple[str, str]]) -> str:
    named = [(name, value) for name, value in pairs if value and name not in ("page", "size", "sort")]
    values = ", ".join(quote_value(value) if name == "q" else f"{name} {shorten_value(value)}" for name, value in named)
    return f"{title}: {values}" if values else title


async def _count_results(
    datasette: Datasette, request: Request, name: str, pairs: list[tuple[str, str]]
) -> tuple[str, str]:
    """The name of a ready query with its values, and how much it finds; raises a DatasetteError of 400 or 404."""
    query = await datasette.get_canned_query(NAME, name, request.actor)
    if query is None:
        raise NotFound("There is no such ready query")
    try:
        checked = dict(await check_query(datasette, name, pairs, await query_cached(datasette, read_filter_values)))
    except BadFilter as error:
        raise DatasetteError(str(error), status=400) from error
    values = {parameter: checked.get(parameter, "") for parameter in query.get("params", ())}
    counting = partial(_count_rows, name=name, sql=query["sql"], values=values)
    count = await query_archive(datasette, partial(counting, limit=datasette.setting("sql_time_limit_ms")))
    return _name_with(query.get("title") or name, pairs), count


def _count_rows(db: sqlite3.Connection, name: str, sql: str, values: dict[str, str], limit: int) -> str:
    with sqlite_timelimit(db, limit):
        if name == "search":
            first = fetch_row(db, sql, {**values, "page": "1", "size": "1"})
            number, thing = (first or {"briefs_found": 0})["briefs_found"], "post"
        else:
            row = fetch_row(db, f"SELECT count(*) AS number FROM ({sql})", values)  # noqa: S608 - a ready query's
            number, thing = (row or {"number": 0})["number"], "row"
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


async def _cite(datasette: Datasette, request: Request, title: str, path: str, count: str | None) -> DataCitation:
    state = await query_archive(datasette, read_state)
    return DataCitation(
        title=title,
        archive=_get_archive_title(datasette),
        count=count or f"{state['briefs']:,} posts",
        state=state["at"],
        digest=datasette.get_database(NAME).hash,
        url=make_url(datasette, request, path),
        accessed=datetime.now(UTC).strftime("%Y-%m-%d"),
    )


def _answer(request: Request, citation: DataCitation) -> Response:
    form = request.url_vars["form"]
    write, media_type = _FORMS[form]
    headers = {"content-disposition": f'attachment; filename="{citation.key}.{form}"', "cache-control": "no-store"}
    return Response(write(citation), headers=headers, content_type=media_type)


def _split_day(instant: str | None) -> dict[str, Any] | None:
    return {"date-parts": [[int(part) for part in instant[:10].split("-")]]} if instant else None
