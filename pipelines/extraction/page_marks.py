"""Links that programs print beside headings and paragraphs: to the heading itself, to the top, to the editor."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.html import HtmlElement

from scraper.markup.html_page import join_text

_SIGNS = re.compile(r"[\s#¶§🔗⚓∞↑⇧⬆▲△^↩⤴\ufe0e\ufe0f\[\]()]*")
_TO_PLACE = re.compile(
    r"[\s\[(↑⇧⬆▲^]*(?:(?:back|return|go|jump) )?(?:to )?(?:the )?top(?: of (?:the )?page)?[\s\])↑⇧⬆▲^.]*"
    r"|[\s\[(]*(?:permalink|permanent link|anchor(?: link)?|link to this (?:heading|section)|copy link|edit)[\s\])]*",
    re.IGNORECASE,
)
_TO_EDITOR = re.compile(r"/wp-admin/|[?&]action=edit|[?&]elementor|[?&]et_fb=1", re.IGNORECASE)
_LONGEST = 40  # characters


def is_page_mark(link: HtmlElement) -> bool:
    """Whether a link is a program's: a sign or such words that lead to a place on the page, or to its editor."""
    href = link.get("href") or ""
    if "#" in href:
        words = join_text(link)
        is_mark = len(words) <= _LONGEST and _is_mark(words)
        return is_mark and (href.startswith("#") or bool(words.strip()))
    return _may_lead_to_editor(href.lower()) and bool(_TO_EDITOR.search(href)) and len(join_text(link)) <= _LONGEST


@lru_cache(maxsize=2048)  # `0 comments` stands on all pages of a site
def _is_mark(words: str) -> bool:
    return bool(_SIGNS.fullmatch(words) or _TO_PLACE.fullmatch(words))


def _may_lead_to_editor(href: str) -> bool:
    """Whether an address in lower case may be an editor's: a cheap look."""
    return "wp-adm" in href or "on=ed" in href or "elementor" in href or "et_fb" in href
