"""Takes a page out of the frame in which a web archive or a search engine's cache shows it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from lxml.html import HtmlElement

# Cut from the text, before parsing, because unclosed tags in them may swallow the article.
_BANNERS = (
    ("<!-- BEGIN WAYBACK TOOLBAR INSERT -->", "<!-- END WAYBACK TOOLBAR INSERT -->"),
    ("<!-- Banner:Start -->", "<!-- Banner:End -->"),  # Bing's cache
)
_GOOGLE_BANNER = "google-cache-hdr"
# archive.today prints the page into an element of its frame; the head describes the copy, not the page.
_COPY = re.compile(r"https?://archive\.(?:today|ph|is|li|vn|fo|md)/")
_STATING = ("canonical", "bookmark")
_CONTENT = "//*[@id='CONTENT' and (//*[@id='HEADER'] or ancestor::*[@id='SOLID'] or *[@class='html1'])]"
_OF_COPY = "//head/*[self::meta[@name or @property] or self::link]"


def cut_banners(text: str) -> str:
    """Cut out banners that mark where they begin and end."""
    for begins, ends in _BANNERS:
        if (begin := text.find(begins)) >= 0:
            end = text.find(ends)
            text = text[:begin] + text[end + len(ends) :] if begin < end else text
    return text


def remove_frame(tree: HtmlElement, ids: Collection[str], links: Iterable[HtmlElement]) -> bool:
    """Remove what a frame has around the page from the tree of a document; False without one.

    `ids` are those of its elements, and `links` its elements `<link>`.
    """
    is_cached = _GOOGLE_BANNER in "\0".join(ids)
    if is_cached:
        for banner in tree.xpath(f"//*[contains(@id, '{_GOOGLE_BANNER}')]"):
            banner.drop_tree()
    is_copy = any(_COPY.match(link.get("href") or "") for link in links if link.get("rel") in _STATING)
    if is_copy:
        for element in tree.xpath(_OF_COPY):
            element.drop_tree()
        for content in tree.xpath(_CONTENT)[:1]:
            _remove_surroundings(content)
    return is_cached or is_copy


def _remove_surroundings(content: HtmlElement) -> None:
    """Remove what stands beside the element and beside those around it, but for the head."""
    inner = content
    for parent in content.iterancestors():
        for child in list(parent):
            if child is not inner and child.tag != "head":
                parent.remove(child)
        inner = parent
