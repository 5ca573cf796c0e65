"""Parses an HTML document as browsers do: one tree, whatever stands in it."""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree
from lxml.html import HtmlComment, HtmlElement, document_fromstring

_ENDS = re.compile(rb"</(body|html|div|section|article|main)")
_END_TAG = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
# One class for all elements: that of lxml.html's parser would be looked up in Python for each of them.
_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment)


def count_ends(lower_markup: bytes) -> Counter[bytes]:
    """Count the closing tags of the document, its body and its divisions by name, in markup in small letters."""
    return Counter(_ENDS.findall(lower_markup))


def parse_document(markup: bytes, ends: Counter[bytes] | None = None) -> tuple[HtmlElement, bool]:
    """Parse the document, which is UTF-8, and say whether the parser gave up in it; without content the tree is empty.

    As in browsers, a document does not end before its last closing tag: `ends` are their numbers, if they are known.
    Elements that are 2048 deep in one another are a fatal error for lxml, and it drops all that follows.
    """
    if ends is None or _has_several(ends):
        markup = _drop_ends(markup)
    parser = etree.HTMLParser(encoding="utf-8", collect_ids=False, huge_tree=True, remove_pis=True)
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        tree: HtmlElement = document_fromstring(markup, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        tree = document_fromstring("<html><body></body></html>")
    return tree, gave_up(parser)


def _drop_ends(markup: bytes) -> bytes:
    """Drop the closing tags of body and document from markup that has several of one kind."""
    return _END_TAG.sub(b"", markup) if _has_several(count_ends(markup)) else markup


def _has_several(ends: Counter[bytes]) -> bool:
    return ends[b"body"] > 1 or ends[b"html"] > 1


def gave_up(parser: etree.HTMLParser) -> bool:
    """Whether the parser met a fatal error, such as elements too deep in one another, and dropped all that follows."""
    error = parser.error_log.last_error
    return error is not None and error.level == etree.ErrorLevels.FATAL
