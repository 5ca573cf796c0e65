"""The sitemap: every brief, author and domain for search engines, in files of bounded size."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from urllib.parse import urljoin
from xml.sax.saxutils import escape

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import tilde_encode  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]

from reading_room.addresses.post_paths import make_absence
from reading_room.query import query_archive
from reading_room.server.settings import NAME

_PART = 10_000  # briefs; a sitemap may have 50,000 addresses
_LAST = "SELECT ifnull(max(id), 0) FROM briefs"
_BRIEFS = """SELECT briefs.id, max(ifnull(captured_at, ''), ifnull(modified, '')) FROM briefs
    JOIN captures ON captures.id = capture_id WHERE briefs.id > ? AND briefs.id <= ? ORDER BY briefs.id"""
_AUTHORS, _DOMAINS = "SELECT id FROM authors ORDER BY id LIMIT 50000", "SELECT name FROM domains ORDER BY name"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_TYPE = "application/xml; charset=utf-8"
Entries = list[tuple[str, str | None]]  # path and time of the last change


async def serve_index(datasette: Datasette, request: Request) -> Response:
    """The list of sitemaps."""
    last = await query_archive(datasette, lambda db: db.execute(_LAST).fetchone()[0])
    paths = [f"sitemap-{part}.xml" for part in ("lists", *range(1, -(-last // _PART) + 1))]
    entries = [(datasette.urls.path(path), None) for path in paths]
    return _write_entries(datasette, request, "sitemapindex", "sitemap", entries)


async def serve_part(datasette: Datasette, request: Request) -> Response:
    """A sitemap: the authors and domains, or ten thousand briefs."""
    part = request.url_vars["part"]
    find = _list_lists if part == "lists" else _list_briefs
    entries = await query_archive(datasette, lambda db: find(datasette, db, part))
    if not entries:
        raise make_absence("There is no such sitemap; /sitemap.xml lists all")
    return _write_entries(datasette, request, "urlset", "url", entries)


ROUTES = ((r"/sitemap\.xml$", serve_index), (r"/sitemap-(?P<part>lists|[1-9]\d{0,8})\.xml$", serve_part))


def _list_briefs(datasette: Datasette, db: sqlite3.Connection, part: str) -> Entries:
    first = (int(part) - 1) * _PART
    rows = db.execute(_BRIEFS, (first, first + _PART))
    return [(datasette.urls.row(NAME, "briefs", brief_id), changed_at) for brief_id, changed_at in rows]


def _list_lists(datasette: Datasette, db: sqlite3.Connection, _part: str) -> Entries:
    entries: Entries = [(datasette.urls.instance(), None)]
    entries += [(datasette.urls.row(NAME, "domains", tilde_encode(name)), None) for (name,) in db.execute(_DOMAINS)]
    return entries + [(datasette.urls.row(NAME, "authors", number), None) for (number,) in db.execute(_AUTHORS)]


def _write_entries(
    datasette: Datasette, request: Request, root: str, name: str, entries: Iterable[tuple[str, str | None]]
) -> Response:
    base = datasette.absolute_url(request, "/")
    lines = []
    for path, changed_at in entries:
        changed = f"<lastmod>{escape(changed_at)}</lastmod>" if changed_at else ""
        lines.append(f"<{name}><loc>{escape(urljoin(base, str(path)))}</loc>{changed}</{name}>\n")
    return Response(f"{_HEAD}<{root} {_NAMESPACE}>\n{''.join(lines)}</{root}>\n", content_type=_TYPE)
