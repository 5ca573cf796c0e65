"""The elements of a document by their classes: one pass over it in place of an XPath for each question."""

from __future__ import annotations

from functools import cached_property
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

_ELEMENTS = etree.XPath("descendant-or-self::*[@class]")
_ATTRIBUTES = etree.XPath("descendant-or-self::*/@class", smart_strings=False)


class ClassIndex:
    """Finds elements by class; the document is looked through with the first question."""

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree

    def find_elements(self, *names: str) -> list[HtmlElement]:
        """Find the elements of the first of these classes that occurs in the document, in document order."""
        name = next(filter(self._attributes.__contains__, names), None)
        attributes = self._attributes[name] if name is not None else ()
        return [self._elements[place] for place in sorted(p for a in attributes for p in self._places[a])]

    @cached_property
    def _elements(self) -> list[HtmlElement]:
        return cast("list[HtmlElement]", _ELEMENTS(self._tree))

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """The places in `_elements` of those with one and the same attribute, which many share."""
        places: dict[str, list[int]] = {}
        for place, attribute in enumerate(cast("list[str]", _ATTRIBUTES(self._tree))):
            places.setdefault(attribute, []).append(place)
        return places

    @cached_property
    def _attributes(self) -> dict[str, list[str]]:
        """The attributes that name a class, by its name."""
        attributes: dict[str, list[str]] = {}
        for attribute in self._places:
            for name in set(attribute.split()):
                attributes.setdefault(name, []).append(attribute)
        return attributes
