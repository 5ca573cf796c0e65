"""Teasers: the beginning of a text, as lists, feeds and some templates show it in place of the whole."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from scraper.markup.html_page import collapse_spaces

_ELLIPSIS = re.compile(r"(?:…|\.\s?\.\s?\.)[”\"’')\s]*$")
_CUT = ("[…]", "[...]")
_LONGEST = 1000  # characters; a longer text that ends in an ellipsis is whole
_LONGEST_WORDS = 120  # characters of the words that lead to the text
_END = 60  # characters that tell the end of a text
_MORE = re.compile(
    r"\(more…?\)$|(?:^|(?<=[….!?\]”]))\s?continue reading\b[^.!?]{0,80}$"
    r"|(?:(?<=[…\]])|(?<=\.\.))\s?\(?(?:read (?:more|on|the rest|the full \w+)|keep reading|more)\)?[\s….»›→>]*$",
    re.IGNORECASE,
)


def breaks_off(body: str, *, has_more: bool) -> bool:
    """Whether a text breaks off as teasers do; `has_more` says that parts of a brief follow it all the same."""
    if body.endswith(_CUT):
        return True
    return not has_more and len(body) <= _LONGEST and bool(_ELLIPSIS.search(body))


def find_more_words(text: str) -> int | None:
    """Find where the words begin with which a teaser leads to its text: `… Read more »`; None without them."""
    end = text[-_LONGEST_WORDS:].lower()
    may_lead = "more" in end or "read" in end  # a cheap look before the careful one
    more = _MORE.search(text, max(0, len(text) - _LONGEST_WORDS)) if may_lead else None
    return more.start() if more else None


def find_teaser_end(content: HtmlElement) -> str | None:
    """Find the words in front of WordPress's own link from a teaser to its text; None without such a link."""
    links = [link for link in content.iter("a") if "more-link" in (link.get("class") or "").split()]
    if not links:
        return None
    words = links[-1].xpath("preceding::text()[normalize-space()][1]")
    return collapse_spaces(words[0])[-_END:] if words else None
