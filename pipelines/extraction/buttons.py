"""Buttons that lead to a recommended page; all others are boilerplate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from lxml.html import HtmlElement

from scraper.address import SITE_HOSTS, host_of, make_absolute

_BUTTON = re.compile(r"(?:^|\s)(?:wp-block-buttons?|et_pb_button(?:_module_wrapper)?)(?![\w-])")
_OWN_CALL = re.compile(r"(?:Donate|Subscribe|Share|Sign up|Newsletter|Read more|Home|Contact us)\b", re.IGNORECASE)
_RESOURCES = re.compile(r"\bre\w*[cs]es?\b", re.IGNORECASE)
_HEADING = 80  # characters
_NEAR = 40  # lines between a heading of resources and a button that belongs to it


class TextLine(Protocol):
    @property
    def text(self) -> str: ...


def is_recommendation(element: HtmlElement, above: Sequence[TextLine], base: str | None) -> bool:
    """Whether the element is a button below a heading of resources that leads to a page of another site."""
    if not _BUTTON.search(element.get("class") or "") or not any(map(_may_head_resources, above[-_NEAR:])):
        return False
    targets = [make_absolute(link.get("href", ""), base) for link in element.iter("a")]
    is_call = _OWN_CALL.match(" ".join(element.text_content().split()))
    return not is_call and any(url.startswith("http") and host_of(url) not in SITE_HOSTS for url in targets)


def _may_head_resources(line: TextLine) -> bool:
    return len(line.text) <= _HEADING and bool(_RESOURCES.search(line.text))
