"""CSL-JSON: one array of items, as citeproc, pandoc and Zotero read it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pipelines.exports.brief_records import BriefRecord
from pipelines.exports.citation_parts import LANGUAGE, describe_copies, make_citation_key, split_name
from scraper.address import host_of

_TYPES = {"brief": "report", "blog": "post-weblog"}  # all others: webpage


def format_briefs(briefs: Iterable[BriefRecord]) -> Iterator[str]:
    """Yield the array; `accessed` is when the copy was captured, `archive_location` where a web archive shows it."""
    before = "[\n"
    for brief in briefs:
        yield before + json.dumps(_build_item(brief), ensure_ascii=False)
        before = ",\n"
    yield "\n]\n"


def _build_item(brief: BriefRecord) -> dict[str, Any]:
    url = (brief["archived"] or {}).get("url")
    item = {
        "id": make_citation_key(brief["path"]),
        "type": _TYPES.get(brief["kind"], "webpage"),
        "title": brief["title"] or brief["label"],
        "author": [_build_author(author["name"], author["kind"]) for author in brief["authors"]],
        "genre": brief["label"] if brief["title"] else None,
        "number": None if brief["number"] is None else str(brief["number"]),
        "issued": _build_date(brief["published"]),
        "accessed": _build_date(brief["capture"]["captured_at"]),
        "publisher": brief["publisher"],
        "container-title": brief["publisher"],
        "URL": brief["url"],
        "language": LANGUAGE,
        "archive": host_of(url) if url else None,
        "archive_location": url,
        "note": ". ".join(describe_copies(brief)),
    }
    return {name: value for name, value in item.items() if value}


def _build_author(name: str, kind: str) -> dict[str, str]:
    parts = split_name(name) if kind == "person" else None
    if parts is None:
        return {"literal": name}
    fields = {
        "family": parts.family,
        "given": parts.given,
        "non-dropping-particle": parts.particle,
        "suffix": parts.suffix,
    }
    return {part: value for part, value in fields.items() if value}


def _build_date(day: str | None) -> dict[str, Any] | None:
    return {"date-parts": [[int(part) for part in day[:10].split("-")]]} if day else None
