"""Links that programs print beside headings and paragraphs: to the heading itself, to the top, to the editor."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

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
        words = link.text_content()
        is_mark = len(words) <= _LONGEST and bool(_SIGNS.fullmatch(words) or _TO_PLACE.fullmatch(words))
        return is_mark and (href.startswith("#") or bool(words.strip()))
    may_lead_to_editor = "?" in href or "&" in href or "wp-" in href.lower()
    return may_lead_to_editor and bool(_TO_EDITOR.search(href)) and len(link.text_content()) <= _LONGEST
