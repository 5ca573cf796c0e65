"""Page: read-only questions to one HTML document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipelines.extraction.charset import decode_text
from pipelines.extraction.lines import collapse_spaces
from scraper.address import absolute

_ARTICLES = ("Article", "NewsArticle", "BlogPosting", "Report", "OpinionNewsArticle", "AnalysisNewsArticle")
_TOOLBAR_BEGINS, _TOOLBAR_ENDS = "<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->"


def has_class(name: str) -> str:
    """The XPath condition for an element that carries a class."""
    return f"contains(concat(' ',normalize-space(@class),' '),' {name} ')"


def first(element: HtmlElement, path: str) -> HtmlElement | None:
    """The first element an XPath finds, None where it finds none."""
    found = element.xpath(path)
    return found[0] if found else None


def text_of(element: HtmlElement | None) -> str:
    """All text below an element, collapsed."""
    return collapse_spaces("".join(element.itertext())) if element is not None else ""


def _parse(text: str) -> HtmlElement:
    """The document's tree; an empty one where there is nothing to parse."""
    parser = HTMLParser(encoding="utf-8", collect_ids=False, huge_tree=True, remove_pis=True)
    try:
        tree: HtmlElement = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        tree = document_fromstring("<html><body></body></html>")
    return tree


def _without_toolbar(text: str) -> str:
    """The document as it was archived: the Wayback Machine marks where its toolbar begins and ends.

    Cut from the text, for the toolbar's own unclosed tags can take the article in.
    """
    begin, end = text.find(_TOOLBAR_BEGINS), text.find(_TOOLBAR_ENDS)
    return text[:begin] + text[end + len(_TOOLBAR_ENDS) :] if 0 <= begin < end else text


class Page:
    """One HTML document and the address it was captured from."""

    def __init__(self, body: bytes, content_type: str | None, url: str | None) -> None:
        text, self.charset = decode_text(body, content_type)
        self.text = _without_toolbar(text)
        self.url = url
        self.tree = _parse(self.text)

    def lenient(self) -> Page:
        """The same document as BeautifulSoup reads it: for pages whose article lxml loses."""
        again = object.__new__(Page)
        again.text, again.charset, again.url = self.text, self.charset, self.url
        again.tree = _parse(str(BeautifulSoup(self.text, "html.parser")))
        return again

    @cached_property
    def _classed(self) -> dict[str, list[HtmlElement]]:
        # One pass instead of an XPath over the whole document for every question (0.15 ms each on real pages).
        index: dict[str, list[HtmlElement]] = {}
        for element in self.all("//*[@class]"):
            for name in element.get("class", "").split():
                index.setdefault(name, []).append(element)
        return index

    def classed(self, *names: str) -> list[HtmlElement]:
        """The elements that carry the first of the class names which the document knows, in document order."""
        return next((self._classed[name] for name in names if name in self._classed), [])

    def inside(self, outer: str, *names: str) -> HtmlElement | None:
        """The first element of one of the classes that stands in an element of class `outer`."""
        for element in (e for name in names for e in self.classed(name)):
            if any(outer in (a.get("class") or "").split() for a in element.iterancestors()):
                return element
        return None

    @cached_property
    def body_classes(self) -> frozenset[str]:
        body = self.tree.find("body")
        return frozenset((body.get("class") or "").split()) if body is not None else frozenset()

    @cached_property
    def meta(self) -> dict[str, str]:
        """Meta names and properties, lower-case, with their first content."""
        found: dict[str, str] = {}
        for element in self.tree.iter("meta"):
            key, content = element.get("property") or element.get("name"), element.get("content")
            if key and content and content.strip():
                found.setdefault(key.lower(), collapse_spaces(content))
        return found

    @cached_property
    def links(self) -> dict[str, str]:
        """The head's `<link rel href>`, the first of each relation, absolute; JSON alternates as `json`."""
        found: dict[str, str] = {}
        for element in self.tree.iter("link"):
            href = (element.get("href") or "").strip()
            json_alternate = "json" in (element.get("type") or "")
            for stated in (element.get("rel") or "").lower().split() if href else ():
                relation = "json" if stated == "alternate" and json_alternate else stated
                if relation in ("canonical", "shortlink", "json", "amphtml"):
                    found.setdefault(relation, absolute(href, self.url))
        return found

    @cached_property
    def jsonld(self) -> list[dict[str, Any]]:
        """All JSON-LD nodes, graphs opened; a block that is no JSON is left out."""
        nodes: list[dict[str, Any]] = []
        for script in (s for s in self.tree.iter("script") if s.get("type") == "application/ld+json"):
            try:
                nodes += _nodes(json.loads(script.text or "", strict=False))
            except (ValueError, RecursionError):
                continue
        return nodes

    def node(self, *types: str) -> dict[str, Any]:
        """The first JSON-LD node of one of the types, empty without one."""
        for node in self.jsonld:
            kinds = node.get("@type")
            if any(kind in types for kind in (kinds if isinstance(kinds, list) else [kinds])):
                return node
        return {}

    @cached_property
    def article(self) -> dict[str, Any]:
        """The JSON-LD node of the article itself."""
        return self.node(*_ARTICLES)

    @cached_property
    def title(self) -> str:
        """The document's `<title>`, collapsed."""
        return text_of(first(self.tree, "//head/title")) or text_of(first(self.tree, "//title[not(ancestor::svg)]"))

    def first_tag(self, name: str) -> HtmlElement | None:
        """The first element of a tag; far cheaper than an XPath that finds it."""
        return next(self.tree.iter(name), None)

    def one(self, path: str) -> HtmlElement | None:
        """The first element an XPath finds in the document."""
        return first(self.tree, path)

    def all(self, path: str) -> list[HtmlElement]:
        """Every element an XPath finds in the document."""
        found: list[HtmlElement] = self.tree.xpath(path)
        return found

    @cached_property
    def truncated(self) -> bool:
        """Whether a whole document begins but its end is missing."""
        low = self.text[-3000:].lower()
        return bool(re.search(r"<html|<body", self.text[:20000], re.IGNORECASE)) and not (
            "</html" in low or "</body" in low or "</html" in self.text.lower()
        )


def _nodes(data: object) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _nodes(item)
    elif isinstance(data, dict):
        yield data
        yield from _nodes(data.get("@graph"))
