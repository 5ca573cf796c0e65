"""JSON-LD in the vocabulary of schema.org: one document whose graph has a node for each brief."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pipelines.exports.brief_records import BriefRecord
from pipelines.exports.citation_parts import LANGUAGE, get_site_url

# Written out, so that a reader needs no network to learn what the words mean.
CONTEXT = {
    "@vocab": "https://schema.org/",
    **{name: {"@type": "@id"} for name in ("url", "archivedAt", "mainEntityOfPage")},
    "datePublished": {"@type": "Date"},
    "dateModified": {"@type": "DateTime"},
}
_TYPES = {"brief": "Report", "blog": "BlogPosting"}  # all others: NewsArticle


def format_briefs(briefs: Iterable[BriefRecord]) -> Iterator[str]:
    """Yield one node a line; `archivedAt` only where a web archive shows the page. Unknown values are left out."""
    before = f'{{"@context": {json.dumps(CONTEXT)},\n"@graph": [\n'
    publishers: set[str] = set()
    for brief in briefs:
        nodes = [] if brief["publisher"] in publishers else [*_build_publisher_nodes(brief["publisher"])]
        publishers.add(brief["publisher"])
        for node in (*nodes, _build_brief(brief)):
            yield before + json.dumps(_drop_unknown(node), ensure_ascii=False)
            before = ",\n"
    yield "\n]}\n"


def _build_publisher_nodes(name: str) -> Iterator[dict[str, Any]]:
    """Yield the nodes of the site and its publisher, to which the nodes of the briefs refer."""
    site = get_site_url(name)
    yield {"@id": f"{site}#site", "@type": "WebSite", "name": name, "url": site}
    yield {"@id": f"{site}#publisher", "@type": "NewsMediaOrganization", "name": name, "url": site}


def _build_brief(brief: BriefRecord) -> dict[str, Any]:
    archived = brief["archived"] or {}
    return {
        "@id": brief["url"],
        "@type": _TYPES.get(brief["kind"], "NewsArticle"),
        "identifier": brief["path"],
        "url": brief["url"],
        "headline": brief["title"],
        "alternativeHeadline": brief["label"],
        "reportNumber": brief["number"] if brief["kind"] == "brief" else None,
        "articleSection": brief["domain"],
        "keywords": [category["name"] for category in brief["categories"]],
        "author": [_build_author(author) for author in brief["authors"]],
        "datePublished": brief["published"],
        "dateModified": brief["modified"],
        "publisher": {"@id": f"{get_site_url(brief['publisher'])}#publisher"},
        "isPartOf": {"@id": f"{get_site_url(brief['publisher'])}#site"},
        "inLanguage": LANGUAGE,
        "archivedAt": archived.get("url"),
        "mentions": [_build_resource(resource) for resource in brief["resources"]],
    }


def _build_author(author: dict[str, Any]) -> dict[str, Any]:
    node = {
        "@type": "Person" if author["kind"] == "person" else "Organization",
        "name": author["name"],
        "alternateName": author["name_as_published"] if author["name_as_published"] != author["name"] else None,
    }
    return _drop_unknown(node | {"jobTitle": author["role"] if author["kind"] == "person" else None})


def _build_resource(resource: dict[str, Any]) -> dict[str, Any]:
    values = {name: resource[name] for name in ("description", "url")}
    return _drop_unknown({"@type": "Thing", "name": resource["name_as_published"], **values})


def _drop_unknown(node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value not in (None, [])}
