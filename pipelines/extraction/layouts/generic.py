"""A look nobody has seen: the head's metadata, and the element with the densest text. Its readings are guesses."""

from __future__ import annotations

from lxml.html import HtmlElement

from pipelines.extraction.boilerplate import is_furniture
from pipelines.extraction.layouts.base import HtmlLayout
from scraper.html_page import Page, class_condition, text_of

_MARKED = (
    "entry-content",
    "post-content",
    "article-content",
    "article-body",
    "post-body",
    "single-content",
    "td-post-content",
)
_TEXT_TAGS = ("p", "li", "h2", "h3", "h4", "blockquote")
_LEAST = 80  # characters of text that an element needs to be an article's


class Generic(HtmlLayout):
    """Any single page: marked article bodies first, then the densest element."""

    name = "generic"
    fidelity = 2
    reading = "guessed"

    @classmethod
    def matches(cls, page: Page) -> bool:
        return True

    def content(self) -> HtmlElement | None:
        marked = self.page.find_all("//*[@itemprop='articleBody']")
        for element in (*marked, *(e for name in _MARKED for e in self.page.find_by_class(name))):
            # Teasers of related posts carry the same classes, inside furniture.
            if len(text_of(element)) > _LEAST and not _in_furniture(element):
                return element
        return densest(self.page.tree)

    def headline(self) -> HtmlElement | None:
        named = next((e for e in self.page.find_by_class("entry-title", "post-title") if e.tag == "h1"), None)
        paths = ("//article//h1", "//main//h1", "//h1")
        return named if named is not None else next((e for path in paths for e in self.page.find_all(path)[:1]), None)

    def account(self) -> HtmlElement | None:
        return self.page.find_first("//*[" + class_condition("author") + " or @rel='author']")

    def date(self) -> HtmlElement | None:
        return self.page.find_first(
            "//article//time[@datetime] | //time[@datetime] | //*[" + class_condition("published") + "]"
        )


def _in_furniture(element: HtmlElement) -> bool:
    """Whether an ancestor below <body> is furniture; themes name their features in the body's own classes."""
    return any(is_furniture(a) or a.tag in ("footer", "header") for a in element.iterancestors() if a.tag != "body")


def _inked(element: HtmlElement) -> float:
    """Characters of text in a paragraph less those in links, which menus are made of; a paragraph in a list less."""
    text = len("".join(element.itertext()).strip())
    linked = sum(len("".join(link.itertext())) for link in element.iter("a"))
    return max(0.0, text - 2.0 * linked)


def densest(tree: HtmlElement) -> HtmlElement | None:
    """The element whose own paragraphs hold most text: parents get all of it, grandparents half, as readers' tools do.

    After Arc90's readability, with lists and headings counted since briefs end in lists of resources.
    """
    scores: dict[HtmlElement, float] = {}
    for paragraph in tree.iter(*_TEXT_TAGS):
        if _in_furniture(paragraph):
            continue
        inked = _inked(paragraph)
        parent = paragraph.getparent()
        share = 1.0
        while parent is not None and parent.tag not in ("html", "body") and share > 0.1:
            scores[parent] = scores.get(parent, 0.0) + inked * share
            share /= 2
            parent = parent.getparent()
    best = max(scores, key=lambda element: scores[element], default=None)
    if best is None:
        return tree.find("body")
    while best.tag in ("ul", "ol", "blockquote", "li", "p") and best.getparent() is not None:
        best = best.getparent()
    return best
