"""The elements of a document by tag and by class: a walk over it for all questions in place of one for each."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

_TAGS = ("a", "h1", "link", "meta", "script", "style", "title")  # what nearly every page is asked for
_ELEMENTS = etree.XPath("descendant-or-self::*[@class]")
_IDS = etree.XPath("descendant-or-self::*/@id", smart_strings=False)


class ElementIndex:
    """Finds elements by tag or class, in document order; the document is walked through with the first question."""

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree

    def find_tags(self, name: str) -> list[HtmlElement]:
        """Find the elements of a tag."""
        return self._tags[name] if name in _TAGS else [*self._tree.iter(name)]

    def find_classes(self, *names: str) -> list[HtmlElement]:
        """Find the elements of the first of these classes that occurs in the document."""
        name = next(filter(self._attributes.__contains__, names), None)
        attributes = self._attributes[name] if name is not None else ()
        return [self._elements[place] for place in sorted(p for a in attributes for p in self._places[a])]

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all elements."""
        return frozenset(cast("list[str]", _IDS(self._tree)))

    @cached_property
    def _tags(self) -> dict[str, list[HtmlElement]]:
        tags: dict[str, list[HtmlElement]] = {name: [] for name in _TAGS}
        for element in self._tree.iter(*_TAGS):
            tags[element.tag].append(element)
        return tags

    @cached_property
    def _elements(self) -> list[HtmlElement]:
        return cast("list[HtmlElement]", _ELEMENTS(self._tree))

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """The places in `_elements` of those with one and the same attribute, which many share."""
        places: dict[str, list[int]] = defaultdict(list)
        for place, element in enumerate(self._elements):
            places[element.get("class")].append(place)
        return places

    @cached_property
    def _attributes(self) -> dict[str, list[str]]:
        """The attributes that name a class, by its name."""
        attributes: dict[str, list[str]] = defaultdict(list)
        for attribute in self._places:
            for name in set(attribute.split()):
                attributes[name].append(attribute)
        return attributes
