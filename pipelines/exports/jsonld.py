"""JSON-LD in the words of schema.org: one document whose graph has a node a brief."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pipelines.exports.briefs import Told
from pipelines.exports.citing import LANGUAGE, PUBLISHER, SITE

# Written out here: who reads it asks no network for what the words mean.
CONTEXT = {
    "@vocab": "https://schema.org/",
    **{name: {"@type": "@id"} for name in ("url", "archivedAt", "mainEntityOfPage")},
    **{name: {"@type": "Date"} for name in ("datePublished",)},
    **{name: {"@type": "DateTime"} for name in ("dateModified",)},
}
_TYPES = {"brief": "Report", "blog": "BlogPosting"}  # all others: NewsArticle
_SITE = f"{SITE}#site"
_PUBLISHER = f"{SITE}#publisher"


def lines(briefs: Iterable[Told]) -> Iterator[str]:
    """A node a line; `archivedAt` only where a web archive is known to show the page. Unknown values are left out."""
    yield f'{{"@context": {json.dumps(CONTEXT)},\n"@graph": [\n'
    yield _node({"@id": _SITE, "@type": "WebSite", "name": PUBLISHER, "url": SITE})
    yield ",\n" + _node({"@id": _PUBLISHER, "@type": "NewsMediaOrganization", "name": PUBLISHER, "url": SITE})
    for told in briefs:
        yield ",\n" + _node(_brief(told))
    yield "\n]}\n"


def _brief(told: Told) -> dict[str, Any]:
    archived = told["archived"] or {}
    return {
        "@id": told["url"],
        "@type": _TYPES.get(told["kind"], "NewsArticle"),
        "identifier": told["path"],
        "url": told["url"],
        "headline": told["title"],
        "alternativeHeadline": told["label"],
        "reportNumber": told["number"] if told["kind"] == "brief" else None,
        "articleSection": told["domain"],
        "keywords": [category["name"] for category in told["categories"]],
        "author": [_author(author) for author in told["authors"]],
        "datePublished": told["published"],
        "dateModified": told["modified"],
        "publisher": {"@id": _PUBLISHER},
        "isPartOf": {"@id": _SITE},
        "inLanguage": LANGUAGE,
        "archivedAt": archived.get("url"),
        "mentions": [_resource(resource) for resource in told["resources"]],
    }


def _author(author: dict[str, Any]) -> dict[str, Any]:
    told = {
        "@type": "Person" if author["kind"] == "person" else "Organization",
        "name": author["name"],
        "alternateName": author["name_as_published"] if author["name_as_published"] != author["name"] else None,
    }
    role = author["role"] if author["kind"] == "person" else None
    return _known(told | {"jobTitle": role})


def _resource(resource: dict[str, Any]) -> dict[str, Any]:
    told = {name: resource[name] for name in ("description", "url")}
    return _known({"@type": "Thing", "name": resource["name_as_published"], **told})


def _known(node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value not in (None, [])}


def _node(node: dict[str, Any]) -> str:
    return json.dumps(_known(node), ensure_ascii=False)
