"""CSL-JSON: one array of items, as citeproc, pandoc and Zotero read it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pipelines.exports.briefs import Told
from pipelines.exports.citing import LANGUAGE, key, split_name, whereabouts
from scraper.address import host_of

_TYPES = {"brief": "report", "blog": "post-weblog"}  # all others: webpage


def lines(briefs: Iterable[Told]) -> Iterator[str]:
    """`accessed` is when the cited copy was captured, `archive_location` where a web archive shows it."""
    before = "[\n"
    for told in briefs:
        yield before + json.dumps(_item(told), ensure_ascii=False)
        before = ",\n"
    yield "\n]\n"


def _item(told: Told) -> dict[str, Any]:
    item = {
        "id": key(told["path"]),
        "type": _TYPES.get(told["kind"], "webpage"),
        "title": told["title"] or told["label"],
        "author": [_author(one["name"], one["kind"]) for one in told["authors"]],
        "genre": told["label"] if told["title"] else None,
        "number": None if told["number"] is None else str(told["number"]),
        "issued": _date(told["published"]),
        "accessed": _date(told["capture"]["captured_at"]),
        "publisher": told["publisher"],
        "container-title": told["publisher"],
        "URL": told["url"],
        "language": LANGUAGE,
        **_archived(told),
    }
    return {name: value for name, value in item.items() if value}


def _archived(told: Told) -> dict[str, str]:
    url = (told["archived"] or {}).get("url")
    shown = {"archive": host_of(url), "archive_location": url} if url else {}
    return {**shown, "note": ". ".join(whereabouts(told))}


def _author(name: str, kind: str) -> dict[str, str]:
    parts = split_name(name) if kind == "person" else None
    if parts is None:
        return {"literal": name}
    told = {
        "family": parts.family,
        "given": parts.given,
        "non-dropping-particle": parts.particle,
        "suffix": parts.suffix,
    }
    return {part: value for part, value in told.items() if value}


def _date(day: str | None) -> dict[str, Any] | None:
    return {"date-parts": [[int(part) for part in day[:10].split("-")]]} if day else None
