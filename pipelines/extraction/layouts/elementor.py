"""Posts that are built of widgets of Elementor, where no element of a theme holds the text."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from pipelines.extraction.boilerplate import count_characters
from scraper.markup.html_page import Page

_TEXT = "elementor-widget-text-editor"
_LEAST = 2  # widgets of text; with one of them it is the densest element, and found as such
# Widgets that hold what editors write; all others print something of their own.
_WRITTEN = re.compile(
    r"elementor-widget-(?:text-editor|heading|image|image-box|icon-box|icon-list|html|shortcode|blockquote|toggle"
    r"|accordion|n-accordion|tabs|n-tabs|theme-post-content|video|divider|spacer|container|wp-widget-text)(?![\w-])"
)
_WIDGET = re.compile(r"(?:^|\s)elementor-widget(?:\s|$)")


def find_elementor(page: Page) -> tuple[HtmlElement, frozenset[HtmlElement]] | None:
    """Find the element around the widgets that hold the text, and the widgets in it that hold none."""
    documents: dict[HtmlElement, int] = {}
    for widget in page.find_by_class(_TEXT):
        around = (outer for outer in widget.iterancestors() if "elementor" in (outer.get("class") or "").split())
        document = next(around, None)
        if document is not None and "elementor-location-" not in (document.get("class") or ""):
            documents[document] = documents.get(document, 0) + 1
    best = max(documents, key=lambda document: documents[document], default=None)
    if best is None or documents[best] < _LEAST or 2 * count_characters(best) < count_characters(page.tree):
        return None  # half of the page's paragraphs stand elsewhere
    widgets = (element for element in best.iterdescendants() if _WIDGET.search(element.get("class") or ""))
    return best, frozenset(widget for widget in widgets if not _WRITTEN.search(widget.get("class") or ""))
