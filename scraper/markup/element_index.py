"""Indexes the elements of a document by tag and class: one walk over it instead of one for each question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property, lru_cache
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

# What nearly every page is asked for, and whether it has any.
_TAGS = ("a", "font", "h1", "link", "meta", "script", "style", "title", "ya-tr-span", etree.Comment)
_IDS = etree.XPath("descendant-or-self::*/@id", smart_strings=False)


class ElementIndex:
    """Finds elements by tag or class, in document order, as the document was when it was indexed."""

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self._elements: list[HtmlElement] = [*tree.iter()]  # comments too, which have no class
        self._tags: dict[object, list[HtmlElement]] = {name: [] for name in _TAGS}
        for element in tree.iter(*_TAGS):
            self._tags[element.tag].append(element)
        # The places in `_elements` of those with one and the same attribute, which many share.
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, element in enumerate(self._elements):
            if attribute := element.get(b"class"):  # in bytes, which lxml would make of a name each time
                self._places[attribute].append(place)
        self._attributes = _sort_by_name(self._places)
        # The elements `<a>` with their addresses as written, and these in one text, with a zero around each.
        self.anchors = [(a, href) for a in self._tags["a"] if (href := a.get(b"href")) is not None]
        self.addresses = "\0".join(["", *[href for _, href in self.anchors], ""])
        self.lower_addresses = self.addresses.lower()
        self.ids = frozenset(cast("list[str]", _IDS(tree)))  # of all elements

    def find_tags(self, name: str) -> list[HtmlElement]:
        """Find the elements of a tag."""
        return self._tags[name] if name in self._tags else [*self._tree.iter(name)]

    def find_classes(self, *names: str) -> list[HtmlElement]:
        """Find the elements of the first of these classes that occurs in the document."""
        for name in names:
            if attributes := self._attributes.get(name):
                return self._find_elements(attributes)
        return []

    def find_class_parts(self, *parts: str) -> list[HtmlElement]:
        """Find the elements whose attribute `class` holds one of these words anywhere."""
        if not any(part in self._attribute_text for part in parts):
            return []
        return self._find_elements([name for name in self._places if any(part in name for part in parts)])

    @property
    def comments(self) -> list[HtmlElement]:
        """The comments, which are nodes too."""
        return self._tags[etree.Comment]

    @property
    def class_attributes(self) -> Collection[str]:
        """The different class attributes."""
        return self._places.keys()

    def _find_elements(self, attributes: list[str]) -> list[HtmlElement]:
        """Find the elements that have one of these attributes `class`."""
        places = sorted(place for attribute in attributes for place in self._places[attribute])
        return [self._elements[place] for place in places]

    @cached_property
    def _attribute_text(self) -> str:
        return "\n".join(self._places)


def _sort_by_name(class_attributes: Iterable[str]) -> dict[str, list[str]]:
    """Sort the attributes by the classes that they name."""
    attributes: dict[str, list[str]] = {}
    for attribute in class_attributes:
        for name in _split_names(attribute):
            attributes.setdefault(name, []).append(attribute)
    return attributes


@lru_cache(maxsize=4096)  # nearly all stand on every page of a site
def _split_names(attribute: str) -> frozenset[str]:
    return frozenset(attribute.split())
