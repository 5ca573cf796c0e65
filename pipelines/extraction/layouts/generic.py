"""An unknown look: the metadata of the head, and the element with the densest text. Its readings are guesses."""

from __future__ import annotations

from lxml.html import HtmlElement

from pipelines.extraction.boilerplate import is_boilerplate
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
_LEAST = 80  # characters of text that an article has at least


class GenericLayout(HtmlLayout):
    """Any single page: marked article bodies first, then the densest element."""

    name = "generic"
    fidelity = 2
    headline_confidence = "guessed"

    @classmethod
    def matches(cls, page: Page) -> bool:
        return True

    def find_content(self) -> HtmlElement | None:
        bodies = self.page.find_all("//*[@itemprop='articleBody']")
        for element in (*bodies, *(e for name in _MARKED for e in self.page.find_by_class(name))):
            # Teasers of related posts have the same classes, but stand in boilerplate.
            if len(text_of(element)) > _LEAST and not _is_in_boilerplate(element):
                return element
        return find_densest(self.page.tree)

    def find_headline(self) -> HtmlElement | None:
        heading = next((e for e in self.page.find_by_class("entry-title", "post-title") if e.tag == "h1"), None)
        paths = ("//article//h1", "//main//h1", "//h1")
        return (
            heading if heading is not None else next((e for path in paths for e in self.page.find_all(path)[:1]), None)
        )

    def find_account(self) -> HtmlElement | None:
        return self.page.find_first("//*[" + class_condition("author") + " or @rel='author']")

    def find_date(self) -> HtmlElement | None:
        return self.page.find_first(
            "//article//time[@datetime] | //time[@datetime] | //*[" + class_condition("published") + "]"
        )


def _is_in_boilerplate(element: HtmlElement) -> bool:
    """Whether an ancestor below <body> is boilerplate; the classes of <body> itself only name features of the theme."""
    return any(is_boilerplate(a) or a.tag in ("footer", "header") for a in element.iterancestors() if a.tag != "body")


def _measure_text(element: HtmlElement) -> float:
    """Count the characters of a paragraph, less twice those in links, which menus are made of."""
    text = len("".join(element.itertext()).strip())
    link_text = sum(len("".join(link.itertext())) for link in element.iter("a"))
    return max(0.0, text - 2.0 * link_text)


def find_densest(tree: HtmlElement) -> HtmlElement | None:
    """Find the element whose paragraphs hold most text: a parent counts all of it, a grandparent half of it.

    After Arc90's readability, but with lists and headings, since briefs end in lists of resources.
    """
    scores: dict[HtmlElement, float] = {}
    for paragraph in tree.iter(*_TEXT_TAGS):
        if _is_in_boilerplate(paragraph):
            continue
        length = _measure_text(paragraph)
        parent = paragraph.getparent()
        share = 1.0
        while parent is not None and parent.tag not in ("html", "body") and share > 0.1:
            scores[parent] = scores.get(parent, 0.0) + length * share
            share /= 2
            parent = parent.getparent()
    best = max(scores, key=lambda element: scores[element], default=None)
    if best is None:
        return tree.find("body")
    while best.tag in ("ul", "ol", "blockquote", "li", "p") and best.getparent() is not None:
        best = best.getparent()
    return best
