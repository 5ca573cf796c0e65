"""What a template has above the text: labels and bylines in elements of their own, the picture with its caption."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from pipelines.extraction.line_reader import read_lines
from pipelines.extraction.lines import Line

_APART = frozenset("nav aside footer form script style noscript".split())
_WHOLE = frozenset("article main body".split())
_LISTS = frozenset("et_pb_posts wp-block-query wp-block-latest-posts wp-block-template-part".split())


def find_elements_above(content: HtmlElement | None) -> list[HtmlElement]:
    """Find the elements between the beginning of the article, or of the page's main part, and its content."""
    levels: list[list[HtmlElement]] = []
    for element in (content, *content.iterancestors()) if content is not None else ():
        is_whole = element.tag in _WHOLE or "wp-site-blocks" in (element.get("class") or "")
        if is_whole and element is not content:
            break
        before = [e for e in element.itersiblings(preceding=True) if isinstance(e.tag, str)]
        levels.append([e for e in before[::-1] if e.tag not in _APART and not _lists_posts(e)])
    return [element for level in levels[::-1] for element in level]


def read_front_captions(elements: Sequence[HtmlElement], base: str | None) -> Iterator[Line]:
    """Read the captions in the elements that stand above the text, but for those of lists of other posts."""
    for element in elements:
        for inner in element.iter("*"):
            if _is_caption(inner) and not any(_lists_posts(outer) for outer in inner.iterancestors()):
                yield from (Line(line.text, "caption", 0, line.spans) for line in read_lines(inner, base))


def _is_caption(element: HtmlElement) -> bool:
    classes = element.get("class") or ""
    return element.tag == "figcaption" or ("wp-caption-text" in classes and "wp-caption-text" in classes.split())


def _lists_posts(element: HtmlElement) -> bool:
    return element.tag == "aside" or not _LISTS.isdisjoint((element.get("class") or "").split())
