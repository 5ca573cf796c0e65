"""Finds the element of a document that has lost its end, and so holds what follows it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from scraper.markup.html_page import collapse_spaces

_DOCUMENT_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
# What stands in them is text and no markup, up to their own end.
_VERBATIM = frozenset(("script", "style", "textarea", "title", "iframe", "xmp", "noembed", "noframes", "plaintext"))
_MARKUP = re.compile(r"</?(?:p|br|h[1-6]|li|div|span|article|section|table)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class UnclosedElement:
    """A comment or an element that has lost its end, so that it holds all that follows; browsers show none of it."""

    name: str
    words: str
    surroundings: tuple[HtmlElement, ...]  # all elements around it


def find_unclosed_element(tree: HtmlElement, text: str, comments: Iterable[HtmlElement]) -> UnclosedElement | None:
    """Find the comment or element in the markup `text` that has lost its end and holds some of a page.

    `comments` are those that the tree had when it was parsed.
    """
    begun = (comment for comment in comments if "<!--" in (comment.text or "") and tree in comment.iterancestors())
    node = next(begun, None)
    if node is None or not _has_comment_in_comment(text):
        node = _find_last_node(tree)
        held = _drop_ending(node.text or "")[-40:] if node.tag is etree.Comment or node.tag in _VERBATIM else ""
        if not held or not _drop_ending(text).endswith(held):
            return None
    words = collapse_spaces(_TAG.sub(" ", node.text)) if _MARKUP.search(node.text) else ""
    name = "a comment" if node.tag is etree.Comment else f"<{node.tag}>"
    return UnclosedElement(name, words, tuple(node.iterancestors())) if words else None


def _has_comment_in_comment(text: str) -> bool:
    """Whether a comment begins before the one in front of it has ended, in scripts too."""
    begin = text.find("<!--")
    while begin >= 0:
        following, end = text.find("<!--", begin + 4), text.find("-->", begin + 4)
        if end < 0 or 0 <= following < end:
            return end >= 0
        begin = following
    return False


def _find_last_node(tree: HtmlElement) -> HtmlElement:
    while len(tree):
        tree = tree[-1]
    return tree


def _drop_ending(markup: str) -> str:
    return _DOCUMENT_END.sub("", markup[-400:]).rstrip()
