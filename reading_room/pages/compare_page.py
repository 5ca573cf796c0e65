"""`/compare?a=12@345&b=12`: two versions of a brief, or two briefs, side by side, with the words that differ."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import NotFound, Request, Response  # type: ignore[import-untyped]

from reading_room.citations.brief_citations import BriefVersion, RoomUrls, read_version
from reading_room.pages.text_pairs import Pair, count_words, pair_texts, pair_values
from reading_room.pages.tombstone import refuse_withdrawn
from reading_room.query import query_archive, query_cached
from reading_room.search.known_names import NameList, find_known_items, read_names
from reading_room.server.settings import NAME
from reading_room.tables.filter_check import check_names, list_pairs
from reading_room.tables.filter_values import BadFilter, quote_value

_TEMPLATE = "compare.html"
_SIDES = ("a", "b")
_VERSION = re.compile(r"@(\d{1,18})$")
_FIELDS = {
    "title": "Title",
    "label": "Label",
    "number": "Number",
    "domain": "Policy domain",
    "kind": "Kind",
    "authors": "Authors",
    "published": "Published",
    "modified": "Modified (per page)",
    "dateline": "Date line",
    "resources": "Resources",
    "photo_credits": "Photo credits",
    "categories": "Categories",
    "url": "Address",
}
_ITEM_TEXTS = {"authors": "name_as_published", "resources": "text", "photo_credits": "text", "categories": "name"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two briefs or versions, field by field and paragraph by paragraph."""

    a: BriefVersion
    b: BriefVersion
    fields: list[tuple[str, Pair]]
    text: list[Pair]

    @property
    def is_one_brief(self) -> bool:
        """Whether both are versions of the same brief."""
        return self.a.brief_id == self.b.brief_id

    @property
    def words(self) -> tuple[int, int]:
        """The words of the text that were deleted, and those that were inserted."""
        return count_words(self.text)

    @property
    def changes(self) -> int:
        """How many fields differ."""
        return sum(not pair.is_same for _, pair in self.fields)


async def serve_comparison(datasette: Datasette, request: Request) -> Response:
    """The page; a form where two sides are not named, with status 400 where one was not understood."""
    await datasette.ensure_permissions(request.actor, [("view-database", NAME)])
    given = {name: (request.args.get(name) or "").strip() for name in _SIDES}
    page: dict[str, Any] = {"given": given}
    try:
        check_names(list_pairs(request), _SIDES)
        if any(given.values()):
            names = await query_cached(datasette, read_names)
            urls = RoomUrls(datasette, request)
            page["comparison"] = await query_archive(datasette, lambda db: _compare(db, urls, given, names))
    except BadFilter as error:
        page["error"] = str(error)
    text = await datasette.render_template(_TEMPLATE, {"page": page}, request=request)
    return Response.html(text, status=400 if "error" in page else 200)


ROUTES: tuple[tuple[str, Any], ...] = ((r"/compare/?$", serve_comparison),)


def _compare(db: sqlite3.Connection, urls: RoomUrls, given: dict[str, str], names: NameList) -> Comparison | None:
    """Compare the two sides; None where but one is named, which is understood all the same."""
    sides = [_read_side(db, urls, typed, names) for typed in given.values() if typed]
    if len(sides) < len(_SIDES):
        return None
    a, b = sides
    fields = [(title, pair_values(_format_field(a, name), _format_field(b, name))) for name, title in _FIELDS.items()]
    shown = [(title, pair) for title, pair in fields if pair.old or pair.new]
    return Comparison(a, b, shown, pair_texts(a.brief["body"] or "", b.brief["body"] or ""))


def _read_side(db: sqlite3.Connection, urls: RoomUrls, typed: str, names: NameList) -> BriefVersion:
    """The brief that was named, at the version behind `@`; raises BadFilter, WithdrawnBrief."""
    version = _VERSION.search(typed)
    name = typed[: version.start()] if version else typed
    if name.isascii() and name.isdigit() and len(name) <= 18:
        key = name
    else:
        briefs = find_known_items(db, name, names).briefs
        if not briefs:
            refuse_withdrawn(db, name)
        if len(briefs) != 1:
            many = f"{len(briefs)} briefs are called" if briefs else "No brief is called"
            raise BadFilter(f"{many} {quote_value(name)}: write the number of its page, or its address")
        key = str(briefs[0]["id"])
    try:
        return read_version(db, urls, key, version[1] if version else None)
    except NotFound as error:
        refuse_withdrawn(db, key)
        raise BadFilter(str(error)) from None


def _format_field(version: BriefVersion, name: str) -> str:
    value = version.brief[name]
    if name not in _ITEM_TEXTS:
        return "" if value is None else str(value)
    return "; ".join(str(item[_ITEM_TEXTS[name]] or "") for item in value)
