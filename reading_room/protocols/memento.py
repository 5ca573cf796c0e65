"""Memento (RFC 7089): which captures of an original address this room shows, and the one nearest to a moment."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]

from pipelines.exports.brief_records import to_citable_url
from reading_room.addresses.post_paths import make_absence
from reading_room.addresses.public_url import make_url
from reading_room.pages.tombstone import refuse_withdrawn
from reading_room.query import Row, fetch_rows, query_archive
from reading_room.redact import EMAIL
from reading_room.server.settings import PLUGIN
from reading_room.showable import SHOWABLE
from scraper.address import SITE_HOSTS, host_of, identity

_CAPTURES = f"""SELECT id, url, captured_at, memento, {SHOWABLE} AS showable FROM captures
    WHERE path = ? AND captured_at IS NOT NULL AND outcome = 'brief'
        AND id NOT IN (SELECT capture_id FROM readings WHERE held = 1) ORDER BY captured_at, id"""  # noqa: S608
_WITHDRAWN = "SELECT 1 FROM pages WHERE path = ? AND status = 'withdrawn'"
_LINKS = "application/link-format"
_FOLDED = re.compile(r"^(https?):/+", re.IGNORECASE)  # some proxies fold the double slash


@dataclass(frozen=True, slots=True)
class Memento:
    """An address that shows the original as it was at an instant."""

    url: str
    at: datetime


def _link_original(datasette: Datasette, request: Request, original: str, mementos: list[Memento]) -> str:
    """The links from an answer to the original address, its TimeGate and its TimeMap."""
    gate, map_ = _make_urls(datasette, request, original)
    return (
        f'<{_quote_original(original)}>; rel="original", <{gate}>; rel="timegate", '
        f'<{map_}>; rel="timemap"; type="{_LINKS}"{_span(mementos)}'
    )


def _make_urls(datasette: Datasette, request: Request, original: str) -> list[str]:
    """The TimeGate and the TimeMap of an original address."""
    paths = ("-/timegate/", "-/timemap/link/")
    return [make_url(datasette, request, path + _quote_original(original)) for path in paths]


async def serve_gate(datasette: Datasette, request: Request) -> Response:
    """Redirect to the memento nearest to Accept-Datetime, the newest without one."""
    original = _read_original(request)
    mementos = await _require_mementos(datasette, request, original)
    wanted = _read_moment(request.headers.get("accept-datetime"))
    nearest = min(mementos, key=lambda memento: abs(memento.at - wanted)) if wanted else mementos[-1]
    link = _link_original(datasette, request, original, mementos)
    headers = {"vary": "accept-datetime", "link": link, "location": nearest.url}
    return Response("", status=302, headers=headers)


async def serve_map(datasette: Datasette, request: Request) -> Response:
    """All mementos of an original address, as links."""
    original = _read_original(request)
    mementos = await _require_mementos(datasette, request, original)
    gate, map_ = _make_urls(datasette, request, original)
    lines = [
        f'<{_quote_original(original)}>; rel="original"',
        f'<{map_}>; rel="self"; type="{_LINKS}"{_span(mementos)}',
        f'<{gate}>; rel="timegate"',
    ]
    last = len(mementos) - 1
    for place, memento in enumerate(mementos):
        names = ["first"] * (place == 0) + ["last"] * (place == last) + ["memento"]
        lines.append(f'<{memento.url}>; rel="{" ".join(names)}"; datetime="{_format(memento.at)}"')
    return Response(",\n".join(lines) + "\n", content_type=_LINKS)


ROUTES: tuple[tuple[str, Any], ...] = (
    (r"/-/timegate/(?P<original>.+)$", serve_gate),
    (r"/-/timemap/link/(?P<original>.+)$", serve_map),
)


def describe_memento(datasette: Datasette, request: Request, capture: Row) -> dict[str, str]:
    """The headers by which an answer says of which address and instant it is a memento."""
    if not capture["captured_at"] or not capture["url"] or EMAIL.search(capture["url"]):
        return {}
    at = _parse(capture["captured_at"])
    link = _link_original(datasette, request, capture["url"], [])
    return {"memento-datetime": _format(at), "link": link}


async def _require_mementos(datasette: Datasette, request: Request, original: str) -> list[Memento]:
    """The mementos of an original address in the order of time; a DatasetteError of 404 if there are none."""
    has_pages = bool((datasette.plugin_config(PLUGIN) or {}).get("warcs"))
    rows = await query_archive(datasette, lambda db: _read_captures(db, original))
    mementos = []
    for row in rows:
        if has_pages and row["showable"]:
            url = make_url(datasette, request, f"-/captured/{row['id']}/page")
        elif row["memento"]:
            url = _quote_original(to_citable_url(row["memento"]))
        else:
            continue
        mementos.append(Memento(url, _parse(row["captured_at"])))
    if not mementos:
        raise make_absence("This room shows no capture of this address")
    return mementos


def _read_captures(db: sqlite3.Connection, original: str) -> list[Row]:
    path = identity(original)
    if host_of(original) in SITE_HOSTS:
        refuse_withdrawn(db, original)
    if db.execute(_WITHDRAWN, (path,)).fetchone():
        return []
    rows = fetch_rows(db, _CAPTURES, (path,))
    hosts = SITE_HOSTS | {host_of(row["url"]) for row in rows if row["url"]}
    return rows if host_of(original) in hosts else []


def _read_original(request: Request) -> str:
    original = _FOLDED.sub(r"\1://", request.url_vars["original"])
    if not original.lower().startswith(("http://", "https://")):
        raise DatasetteError("Give a whole address behind this one, such as https://www.usresistnews.org/", status=400)
    return f"{original}?{request.query_string}" if request.query_string else original


def _read_moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None or not text.rstrip().endswith("GMT"):
        raise DatasetteError("Accept-Datetime is like: Thu, 31 May 2007 20:35:00 GMT", status=400)
    return moment


def _parse(instant: str) -> datetime:
    return datetime.fromisoformat(instant)


def _format(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _span(mementos: list[Memento]) -> str:
    return f'; from="{_format(mementos[0].at)}"; until="{_format(mementos[-1].at)}"' if mementos else ""


def _quote_original(url: str) -> str:
    """The address without signs that would end it in a header."""
    return quote(url, safe=":/?#[]@!$&'()*+,;=%~-._")
