"""Pieces of HTML as dumps and feeds hold them, and what of a piece cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, fragment_fromstring

from scraper.markup.cloudflare import may_hide_emails, reveal_emails
from scraper.markup.document_parser import gave_up
from scraper.markup.html_page import collapse_spaces, text_of
from scraper.markup.unclosed_element import UnclosedElement, find_unclosed_element
from scraper.records import Problem

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # lxml refuses them
_DOCUMENT = re.compile(r"</?(?:html|body)\b[^>]*>", re.IGNORECASE)  # inside a text they end nothing
_BREAK = re.compile(r"</?(?:br|p|div|h[1-6]|li|hr)\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of HTML as one element."""

    tree: HtmlElement
    is_cut: bool = False  # its elements stand too deep in one another, and the parser gave up in it
    unclosed: UnclosedElement | None = None

    def find_doubts(self) -> Iterator[Problem]:
        """Find what of it is not read."""
        if self.is_cut:
            yield Problem("body", "truncated", "Its elements stand too deep in one another: what follows is not read.")
        if self.unclosed:
            yield doubt_unclosed(self.unclosed)


def parse_fragment(markup: str) -> Fragment:
    """Parse any piece of HTML."""
    parser = HTMLParser(huge_tree=True, collect_ids=False)  # by itself it stops at 256 elements in one another
    whole = f"<div>{_DOCUMENT.sub('', _CONTROLS.sub('', markup))}</div>"
    tree: HtmlElement = fragment_fromstring(whole, create_parent="div", parser=parser)
    if may_hide_emails(markup.encode("utf-8", "replace").lower()):
        reveal_emails(tree)
    return Fragment(tree, gave_up(parser), find_unclosed_element(tree, whole, tree.iter(etree.Comment)))


def strip_markup(markup: str) -> str:
    """Reduce a rendered title to its text: entities resolved, tags dropped, white space collapsed."""
    if may_hide_emails(markup.encode("utf-8", "replace").lower()):
        return text_of(parse_fragment(markup).tree)
    return collapse_spaces(unescape(re.sub(r"<[^>]+>", "", _BREAK.sub(" ", markup))))


def doubt_unclosed(unclosed: UnclosedElement) -> Problem:
    """Doubt the text of a page that lacks what stands in a comment without its end."""
    words = f"{unclosed.words[:80]!r} (of {len(unclosed.words)} characters)"
    return Problem("body", "unread", f"{words} stands in {unclosed.name} without its end: browsers do not show it.")
