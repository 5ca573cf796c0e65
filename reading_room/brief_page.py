"""A brief's page: the brief as a document, why its values are these, its versions, and how to cite it."""

from __future__ import annotations

import html
import json
import re
import sqlite3
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import nh3
from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import urlsafe_components  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]
from markupsafe import Markup, escape

from pipelines.exports import jsonld
from pipelines.exports.briefs import Told, without
from reading_room.citations import Here, Standing, capture_of, citations, shown, standing
from reading_room.query import Row, ask, rows
from reading_room.redact import ADDRESS, hidden
from reading_room.versions import history
from scraper.address import host_of, is_loopback

_AUTHORS = "SELECT author_id AS id, name_as_published FROM brief_authors WHERE brief_id = ?"
_RESOURCES = "SELECT resource_id AS id, text, url FROM brief_resources WHERE brief_id = ?"
_CATEGORIES = (
    "SELECT category_id AS id, slug FROM brief_categories JOIN categories ON id = category_id WHERE brief_id = ?"
)
_LINKS = """SELECT id, outcome, checked_at, final_url, detail, archived_url, archived_at FROM resource_links
    WHERE id IN (SELECT resource_id FROM brief_resources WHERE brief_id = ?) AND outcome IS NOT NULL"""
_EVIDENCE = """SELECT position, capture_id, field, value, rule, snippet, confidence, chosen FROM evidence
    WHERE brief_id = ? ORDER BY position"""
# Those of captures whose values were replaced since do not speak of the brief as it stands.
_PROBLEMS = """SELECT DISTINCT field, kind, message FROM problems WHERE (path = :path OR path IS NULL)
    AND capture_id IN (SELECT capture_id FROM evidence WHERE brief_id = :brief
        UNION SELECT capture_id FROM briefs WHERE id = :brief)
    UNION SELECT field, kind, message FROM problems WHERE path = :path AND capture_id IS NULL"""
_CANONICAL = "SELECT 1 FROM domains WHERE name = ? AND canonical = 1"
_TAGS = {"h2", "p", "ul", "li", "a", "strong", "em", "blockquote"}
_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Prose:
    """The text of a brief as safe HTML, and its headings by the ids one can jump to."""

    html: Markup
    headings: tuple[tuple[str, str], ...]


async def told(datasette: Datasette, request: Request) -> dict[str, object] | None:
    """Everything the page says, of one state of the archive; `?version=` is the number of a capture."""
    here, key = Here(datasette, request), urlsafe_components(request.url_vars["pks"])[0]
    version = request.args.get("version")
    return await ask(datasette, lambda db: _told(db, here, standing(db, here, key, version)))


def _told(db: sqlite3.Connection, here: Here, found: Standing) -> dict[str, object]:
    brief, brief_id = found.told, found.brief_id
    version = found.version["id"] if found.version else None
    versions = history(db, brief_id, brief["path"], found.captures, version)
    numbered = _with_numbers(db, brief_id, brief)
    return {
        "id": brief_id,
        "brief": numbered,
        "resources": [(heading, list(some)) for heading, some in groupby(numbered["resources"], itemgetter("heading"))],
        "prose": prose(brief),
        "version": found.version,
        "today": here.brief(brief_id),
        "permalink": brief["permalink"],
        "at_home": is_loopback(host_of(brief["permalink"])),
        "canonical": db.execute(_CANONICAL, (brief["domain"],)).fetchone() is not None,
        "capture": _capture(found),
        "versions": without(versions, ADDRESS),
        "shown": shown(db, [row["id"] for row in found.captures]),
        "links": {row["id"]: without(row, ADDRESS) for row in rows(db, _LINKS, (brief_id,))},
        "evidence": _evidence(db, brief_id),
        "problems": without(rows(db, _PROBLEMS, {"path": brief["path"], "brief": brief_id}), ADDRESS),
        "citations": citations(brief),
        "cite": {form: here.cite(brief_id, form, version) for form in ("txt", "bib", "json")},
        "jsonld": json.loads("".join(jsonld.lines([brief]))),
    }


def _capture(found: Standing) -> Row:
    """The row of the capture that the shown values are from; a post's newest good one, unless a version was asked."""
    if found.version is not None:
        return found.version
    return capture_of(found.told, found.captures) or found.told["capture"] | {"id": None}


def _with_numbers(db: sqlite3.Connection, brief_id: int, brief: Told) -> Told:
    """The brief, its authors, resources and categories with the numbers under which they have pages."""
    numbered = dict(brief)
    for name, sql, keys in (
        ("authors", _AUTHORS, ("name_as_published",)),
        ("resources", _RESOURCES, ("text", "url")),
        ("categories", _CATEGORIES, ("slug",)),
    ):
        ids = {tuple(hidden(row[key] or "") for key in keys): row["id"] for row in rows(db, sql, (brief_id,))}
        numbered[name] = [{"id": ids.get(tuple(item[key] or "" for key in keys)), **item} for item in brief[name]]
    return numbered


def prose(brief: Told) -> Prose:
    """The text, with emphasis and links where its HTML is known, with ids on its headings."""
    text = brief["body_html"] or "\n".join(_plain(section) for section in brief["sections"])
    clean = nh3.clean(
        text,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel="nofollow noopener",
    )
    headings: list[tuple[str, str]] = []

    def numbered(heading: re.Match[str]) -> str:
        headings.append((f"part-{len(headings) + 1}", html.unescape(_MARKUP.sub("", heading[1]))))
        return f'<h2 id="{headings[-1][0]}">{heading[1]}</h2>'

    return Prose(Markup(_HEADING.sub(numbered, clean)), tuple(headings))  # noqa: S704 - cleaned above


def _plain(section: Told) -> str:
    heading = f"<h2>{escape(section['heading'])}</h2>" if section["heading"] else ""
    paragraphs = (part for part in (section["text"] or "").split("\n\n") if part.strip())
    return heading + "".join(f"<p>{escape(part)}</p>" for part in paragraphs)


def _evidence(db: sqlite3.Connection, brief_id: int) -> list[dict[str, Any]]:
    """Field by field what was found, chosen values first."""
    found = without(rows(db, _EVIDENCE, (brief_id,)), ADDRESS)
    by_field = groupby(sorted(found, key=lambda row: (row["field"], -row["chosen"])), key=lambda row: row["field"])
    return [{"field": field, "rows": list(some)} for field, some in by_field]
