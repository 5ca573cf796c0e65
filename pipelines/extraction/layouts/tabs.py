"""Tabs of page builders: what a reader clicks on stands apart from what it opens, and is its heading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from scraper.markup.html_page import Page, class_condition, text_of

_DIVI_CONTROLS = "et_pb_tabs_controls"
_CONTROLS = f".//*[{class_condition(_DIVI_CONTROLS)} or @role='tablist']"
_ROLES = etree.XPath("descendant::*/@role", smart_strings=False)
_PANELS = f".//*[{class_condition('et_pb_tab')} or @role='tabpanel']"


def has_tabs(content: HtmlElement, page: Page) -> bool:
    """Whether tabs may stand in the content of a page: a cheap look."""
    return bool(page.find_by_class(_DIVI_CONTROLS)) or "tablist" in cast("list[str]", _ROLES(content))


def move_tab_names(content: HtmlElement) -> None:
    """Move the name of each tab from the bar above all of them into its own panel, as a heading."""
    for bar in content.xpath(_CONTROLS):
        pairs = list(_pair_tabs(bar))
        for name, panel in pairs:
            heading = etree.Element("h4")
            heading.text, heading.tail, panel.text = name, panel.text, None
            panel.insert(0, heading)
        if pairs:
            bar.drop_tree()


def _pair_tabs(bar: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Pair the names in the bar with the panels beside it, in order; nothing where their numbers differ."""
    controls = bar.xpath(".//*[@role='tab']") or bar.xpath(".//li") or [*bar.iterchildren("*")]
    names = [name for control in controls if (name := text_of(control))]
    around = next((a for a in bar.iterancestors() if a.xpath(_PANELS)), None)
    panels = around.xpath(_PANELS) if around is not None else []
    if names and len(names) == len(panels):
        yield from zip(names, panels, strict=True)
