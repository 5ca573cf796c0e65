"""The `<link>` elements of a document, and which of several canonical addresses is its own."""

from __future__ import annotations

from collections.abc import Iterable

from lxml.html import HtmlElement

from scraper.address import identity, make_absolute

_RELATIONS = frozenset(("canonical", "shortlink", "json", "amphtml", "next"))
_STATED = _RELATIONS | {"alternate"}


def read_relations(elements: Iterable[HtmlElement], base: str | None) -> dict[str, list[str]]:
    """Map relations to the addresses of `<link>` elements, absolute, in their order; JSON alternates as `json`."""
    links: dict[str, list[str]] = {}
    for element in elements:
        all_stated = (element.get("rel") or "").lower().split()
        if _STATED.isdisjoint(all_stated):  # as those of styles and icons
            continue
        href = (element.get("href") or "").strip()
        json_alternate = "json" in (element.get("type") or "")
        for stated in all_stated if href else ():
            relation = "json" if stated == "alternate" and json_alternate else stated
            if relation in _RELATIONS:
                links.setdefault(relation, []).append(make_absolute(href, base))
    return links


def choose_addresses(relations: dict[str, list[str]], witnesses: tuple[str | None, ...]) -> dict[str, str]:
    """Choose one address of each relation: the first, but of several canonical ones that of the best witness."""
    links = {relation: addresses[0] for relation, addresses in relations.items()}
    canonicals = relations.get("canonical", [])
    if len(canonicals) > 1:
        named = {identity(address): address for address in reversed(canonicals)}
        agreed = (named.get(identity(witness)) for witness in witnesses if witness)
        links["canonical"] = next(filter(None, agreed), canonicals[0])
    return links
