"""Buttons that editors put into a text, to a recommended page or another one; all others are boilerplate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, Protocol

from lxml.html import HtmlElement

from pipelines.extraction.boilerplate import stands_amid_words
from scraper.address import SITE_HOSTS, host_of, make_absolute

_BUTTON = re.compile(r"(?:^|\s)(?:wp-block-button(?:s|__link)?|et_pb_button(?:_module_wrapper)?)(?![\w-])")
_OWN_CALL = re.compile(
    r"(?:Donate|Subscribe|Share|Sign up|Newsletter|Read more|Home|Contact us|Follow|Like|Tweet|Join us|Support us|Give"
    r"|Print|E-?mail|Get (?:our|the)|View|Next|Previous|Back)\b",
    re.IGNORECASE,
)
ButtonUse = Literal["item", "text"]
_RESOURCES = re.compile(r"\bre\w*[cs]es?\b", re.IGNORECASE)
_HEADING = 80  # characters
_NEAR = 40  # lines between a heading of resources and a button that belongs to it


class TextLine(Protocol):
    @property
    def text(self) -> str: ...


def find_use(element: HtmlElement, above: Sequence[TextLine], base: str | None) -> ButtonUse | None:
    """Find what a button that leads to a page of another site is: below a heading of resources one of them, else text.

    None for all others: the site's own calls, and buttons above the text.
    """
    if not _BUTTON.search(element.get("class") or "") or not (above or stands_amid_words(element)):
        return None
    if stands_amid_words(element):
        return "text"
    targets = [make_absolute(link.get("href", ""), base) for link in element.iter("a")]
    is_call = _OWN_CALL.match(" ".join(element.text_content().split()))
    if is_call or not any(url.startswith("http") and host_of(url) not in SITE_HOSTS for url in targets):
        return None
    is_below_heading = any(len(line.text) <= _HEADING and _RESOURCES.search(line.text) for line in above[-_NEAR:])
    return "item" if is_below_heading else "text"
