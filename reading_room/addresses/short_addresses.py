"""Lasting short addresses: `/b/foreign-policy/209` leads to the brief with this number, or lists all that carry it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from urllib.parse import unquote

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import tilde_encode  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]

from pipelines.extraction.wording.domains import find_nearest_domain
from reading_room.addresses.post_paths import make_absence
from reading_room.query import Row, query_archive, query_cached
from reading_room.search.known_names import NameList, find_domains, find_numbers, read_names
from reading_room.search.name_words import slugify_domain
from reading_room.server.settings import NAME
from reading_room.tables.filter_values import quote_value

_TEMPLATE = "same_number.html"
_SPAN = "SELECT min(number), max(number) FROM briefs WHERE domain = ?"


@dataclass(frozen=True, slots=True)
class ShortAddress:
    """What a short address names: the domains that are called so, none for all, and a number."""

    domains: list[str] | None
    number: int


def make_short_path(domain: str | None, number: int | None) -> str | None:
    """The short path of a brief; None if it has no number, or a domain whose name has no letters."""
    slug = slugify_domain(domain or "")
    return f"b/{slug}/{number}" if slug and number is not None else None


async def serve_number(datasette: Datasette, request: Request) -> Response:
    """Redirect to the one brief with this number, or list those that carry it; raises a DatasetteError of 404."""
    names = await query_cached(datasette, read_names)
    series, number = request.url_vars.get("series"), int(request.url_vars["number"])
    address = ShortAddress(_require_domains(series, names) if series else None, number)
    briefs = await query_archive(datasette, lambda db: _find_briefs(db, address, names))
    if len(briefs) == 1 and series:
        return Response.redirect(datasette.urls.row(NAME, "briefs", str(briefs[0]["id"])))
    page = {"briefs": briefs, "number": number, "domains": address.domains}
    return Response.html(await datasette.render_template(_TEMPLATE, {"page": page}, request=request))


async def lead_to_domain(datasette: Datasette, request: Request) -> Response:
    """Redirect from `/b/foreign-policy` to the domain's page."""
    names = await query_cached(datasette, read_names)
    name = _require_domains(request.url_vars["series"], names)[0]
    return Response.redirect(datasette.urls.row(NAME, "domains", tilde_encode(name)))


def _require_domains(series: str, names: NameList) -> list[str]:
    plain = unquote(series)
    name = (series if "/" in plain else plain).replace("-", " ").replace("+", " ")
    if domains := find_domains(name, names):
        return domains
    near = find_nearest_domain(name)
    hint = f": did you mean {slugify_domain(near)}?" if near else ""
    raise make_absence(f"No policy domain or series has the short name {quote_value(plain)}{hint}")


def _find_briefs(db: sqlite3.Connection, address: ShortAddress, names: NameList) -> list[Row]:
    if briefs := find_numbers(db, address.number, address.domains, names):
        return briefs
    where = " or ".join(address.domains or ["any domain"])
    spans = [db.execute(_SPAN, (name,)).fetchone() for name in address.domains or ()]
    known = [f"{low} to {high}" for low, high in spans if low is not None]
    hint = f"; its numbers here run from {' and '.join(known)}" if known else ""
    raise make_absence(f"No brief of {where} with the number {address.number} is in this archive{hint}")


ROUTES = (
    (r"/b/(?P<number>\d{1,9})/?$", serve_number),
    (r"/b/(?P<series>[^/]+)/(?P<number>\d{1,9})/?$", serve_number),
    (r"/b/(?P<series>[^/]+)/?$", lead_to_domain),
)
