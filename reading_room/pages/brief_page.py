"""A brief's page: the brief as a document, the evidence for its values, its versions, and how to cite it."""

from __future__ import annotations

import html
import json
import re
import sqlite3
from dataclasses import dataclass
from itertools import count, groupby
from operator import itemgetter
from typing import Any

import nh3
from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils import urlsafe_components  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]
from markupsafe import Markup, escape

from pipelines.exports import jsonld
from pipelines.exports.brief_records import BriefRecord, redact_addresses
from reading_room.citations.brief_citations import (
    BriefVersion,
    RoomUrls,
    find_capture,
    find_showable,
    format_citations,
    read_version,
)
from reading_room.citations.citation_tags import list_citation_tags
from reading_room.pages.related_briefs import find_neighbours, find_related
from reading_room.pages.versions import read_history
from reading_room.query import Row, fetch_rows, query_archive
from reading_room.redact import EMAIL, redact_emails
from reading_room.search.found_passages import find_forms, mark_forms
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
# Problems of captures whose values were replaced since say nothing about the brief of today.
_PROBLEMS = """SELECT DISTINCT field, kind, message FROM problems WHERE (path = :path OR path IS NULL)
    AND capture_id IN (SELECT capture_id FROM evidence WHERE brief_id = :brief
        UNION SELECT capture_id FROM briefs WHERE id = :brief)
    UNION SELECT field, kind, message FROM problems WHERE path = :path AND capture_id IS NULL"""
_CANONICAL = "SELECT 1 FROM domains WHERE name = ? AND canonical = 1"
_TAGS = {"h2", "p", "ul", "li", "a", "strong", "em", "blockquote"}
_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_PARAGRAPH = re.compile(r"<(p|li)>")
_ADDRESS = '<{tag} id="p-{number}"><a class="room-here" href="#p-{number}" aria-label="Paragraph {number}"></a>'
_MARKUP = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Prose:
    """The text of a brief as safe HTML, with an address for each paragraph; the id and the text of each heading."""

    html: Markup
    headings: tuple[tuple[str, str], ...]
    found: int = 0  # passages that are marked


async def load_page(datasette: Datasette, request: Request) -> dict[str, object] | None:
    """What the template shows, read in one transaction; `?version=` is the id of a capture."""
    urls, key = RoomUrls(datasette, request), urlsafe_components(request.url_vars["pks"])[0]
    version, typed = request.args.get("version"), request.args.get("q") or ""
    return await query_archive(datasette, lambda db: _read_page(db, urls, read_version(db, urls, key, version), typed))


def _read_page(db: sqlite3.Connection, urls: RoomUrls, version: BriefVersion, typed: str) -> dict[str, object]:
    brief, brief_id = version.brief, version.brief_id
    capture_id = version.capture["id"] if version.capture else None
    versions = read_history(db, brief_id, brief["path"], version.captures, capture_id)
    brief_with_ids = _add_ids(db, brief_id, brief)
    return {
        "id": brief_id,
        "brief": brief_with_ids,
        "resources": [(key, list(group)) for key, group in groupby(brief_with_ids["resources"], itemgetter("heading"))],
        "related": [] if version.capture else find_related(db, brief_id),
        "neighbours": [] if version.capture else find_neighbours(db, brief_id),
        "prose": render_prose(brief, find_forms(db, brief_id, typed) if typed else []),
        "typed": typed,
        "version": version.capture,
        "today": urls.make_brief_url(brief_id),
        "permalink": brief["permalink"],
        "citation_tags": list_citation_tags(brief),
        "text": urls.make_text_url(brief_id, capture_id),
        "short": urls.make_short_url(brief),
        "at_home": is_loopback(host_of(brief["permalink"])),
        "canonical": db.execute(_CANONICAL, (brief["domain"],)).fetchone() is not None,
        "capture": _find_capture(version),
        "versions": redact_addresses(versions, EMAIL),
        "showable": find_showable(db, [row["id"] for row in version.captures]),
        "links": {row["id"]: redact_addresses(row, EMAIL) for row in fetch_rows(db, _LINKS, (brief_id,))},
        "evidence": _read_evidence(db, brief_id),
        "problems": redact_addresses(fetch_rows(db, _PROBLEMS, {"path": brief["path"], "brief": brief_id}), EMAIL),
        "citations": format_citations(brief),
        "cite": {form: urls.make_citation_url(brief_id, form, capture_id) for form in ("txt", "bib", "json")},
        "jsonld": json.loads("".join(jsonld.format_briefs([brief]))),
    }


def _find_capture(version: BriefVersion) -> Row:
    """The capture that the values are from: the one that was asked for, else the newest good one of the post."""
    if version.capture is not None:
        return version.capture
    return find_capture(version.brief, version.captures) or version.brief["capture"] | {"id": None}


def _add_ids(db: sqlite3.Connection, brief_id: int, brief: BriefRecord) -> BriefRecord:
    """The brief with the ids of its authors, resources and categories, which lead to their pages."""
    brief_with_ids = dict(brief)
    for name, sql, keys in (
        ("authors", _AUTHORS, ("name_as_published",)),
        ("resources", _RESOURCES, ("text", "url")),
        ("categories", _CATEGORIES, ("slug",)),
    ):
        items = fetch_rows(db, sql, (brief_id,))
        ids = {tuple(redact_emails(row[key] or "") for key in keys): row["id"] for row in items}
        brief_with_ids[name] = [{"id": ids.get(tuple(item[key] or "" for key in keys)), **item} for item in brief[name]]
    return brief_with_ids


def render_prose(brief: BriefRecord, forms: list[str]) -> Prose:
    """The text as HTML, with emphasis and links if the archive has them, ids, and marks on what was found."""
    text = brief["body_html"] or "\n".join(_render_section(section) for section in brief["sections"])
    clean = nh3.clean(
        text,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel="nofollow noopener",
    )
    headings: list[tuple[str, str]] = []

    def add_id(heading: re.Match[str]) -> str:
        headings.append((f"part-{len(headings) + 1}", html.unescape(_MARKUP.sub("", heading[1]))))
        return f'<h2 id="{headings[-1][0]}">{heading[1]}</h2>'

    numbers = count(1)
    marked, found = mark_forms(clean, forms)
    with_ids = _PARAGRAPH.sub(lambda tag: _ADDRESS.format(tag=tag[1], number=next(numbers)), marked)
    return Prose(Markup(_HEADING.sub(add_id, with_ids)), tuple(headings), found)  # noqa: S704 - cleaned above


def _render_section(section: BriefRecord) -> str:
    heading = f"<h2>{escape(section['heading'])}</h2>" if section["heading"] else ""
    paragraphs = (part for part in (section["text"] or "").split("\n\n") if part.strip())
    return heading + "".join(f"<p>{escape(part)}</p>" for part in paragraphs)


def _read_evidence(db: sqlite3.Connection, brief_id: int) -> list[dict[str, Any]]:
    """The evidence by field, chosen values first."""
    evidence = redact_addresses(fetch_rows(db, _EVIDENCE, (brief_id,)), EMAIL)
    by_field = groupby(sorted(evidence, key=lambda row: (row["field"], -row["chosen"])), key=lambda row: row["field"])
    return [{"field": field, "rows": list(group)} for field, group in by_field]
