"""JSON-LD in the words of schema.org: one document whose graph has a node a brief."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pipelines.exports.briefs import Told
from pipelines.exports.citing import LANGUAGE, site_of

# Written out here: who reads it asks no network for what the words mean.
CONTEXT = {
    "@vocab": "https://schema.org/",
    **{name: {"@type": "@id"} for name in ("url", "archivedAt", "mainEntityOfPage")},
    **{name: {"@type": "Date"} for name in ("datePublished",)},
    **{name: {"@type": "DateTime"} for name in ("dateModified",)},
}
_TYPES = {"brief": "Report", "blog": "BlogPosting"}  # all others: NewsArticle


def lines(briefs: Iterable[Told]) -> Iterator[str]:
    """A node a line; `archivedAt` only where a web archive is known to show the page. Unknown values are left out."""
    before = f'{{"@context": {json.dumps(CONTEXT)},\n"@graph": [\n'
    published: set[str] = set()
    for told in briefs:
        nodes = [] if told["publisher"] in published else [*_publisher(told["publisher"])]
        published.add(told["publisher"])
        for node in (*nodes, _brief(told)):
            yield before + _node(node)
            before = ",\n"
    yield "\n]}\n"


def _publisher(name: str) -> Iterator[dict[str, Any]]:
    """The site, and who publishes it, on which the nodes of the briefs hang."""
    site = site_of(name)
    yield {"@id": f"{site}#site", "@type": "WebSite", "name": name, "url": site}
    yield {"@id": f"{site}#publisher", "@type": "NewsMediaOrganization", "name": name, "url": site}


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
        "publisher": {"@id": f"{site_of(told['publisher'])}#publisher"},
        "isPartOf": {"@id": f"{site_of(told['publisher'])}#site"},
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
