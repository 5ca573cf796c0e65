"""Remove from a kept page everything that would run, load or lead away; its text and styles stay."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Literal

from lxml import etree
from lxml.html import HtmlElement, tostring

from pipelines.maintenance.contacts import LEFT_OUT
from reading_room.redact import EMAIL, redact_emails
from scraper.markup.html_page import Page

_REMOVED_TAGS = "script link meta base template iframe frame frameset noframes noembed svg math".split()
# Their text stays: some of them have no end tag, and the parser puts the rest of the page into them.
_UNWRAPPED_TAGS = (
    "form picture map area object embed applet param video audio source track canvas bgsound portal fencedframe xmp"
    " plaintext listing".split()
)
_ATTRIBUTES = frozenset(
    "class id style title alt dir lang colspan rowspan headers scope span width height align valign bgcolor color face"
    " size border cellpadding cellspacing type start reversed datetime open hidden role value placeholder".split()
)
_IMAGE_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[a-z0-9+/=\s]*", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
_RULE_END = re.compile(r"([;{}])")
# Whatever loads an address from a style sheet; image-set() and src() take bare strings too.
_LOADING = re.compile(r"@import|(?:url|src|image|image-set|cross-fade|expression|element|paint)\s*\(|</", re.IGNORECASE)
_BLOCK_TAGS = frozenset(
    "address article aside blockquote body br caption dd details div dl dt figure figcaption footer h1 h2 h3 h4 h5 h6"
    " head header hr html li main nav ol option p pre section select style summary table tbody td textarea tfoot th"
    " thead title tr ul".split()
)
_TextSlot = tuple[HtmlElement, Literal["text", "tail"]]


def sanitise_page(body: bytes, content_type: str | None, url: str | None) -> str:
    """The page as HTML that sends no request, without e-mail addresses."""
    tree = Page(body, content_type, url).tree
    etree.strip_elements(tree, *_REMOVED_TAGS, with_tail=False)
    etree.strip_tags(tree, *_UNWRAPPED_TAGS, etree.Comment, etree.ProcessingInstruction)
    for element in tree.iter(etree.Element):
        _sanitise_element(element)
    _redact_text(tree)
    return str(tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>"))


def _sanitise_element(element: HtmlElement) -> None:
    href, source = element.get("href"), element.get("src")
    for name in element.attrib:
        if name.lower() not in _ATTRIBUTES and not name.lower().startswith("aria-"):
            del element.attrib[name]
    if element.tag == "style":
        element.text = _sanitise_css(element.text or "")
    if "style" in element.attrib:
        element.set("style", _sanitise_css(element.get("style", "")))
    if element.tag == "img":
        _sanitise_image(element, source or "")
    if element.tag == "a" and href:
        _disable_link(element, href.strip())
    for name in ("title", "alt", "value", "placeholder"):
        if name in element.attrib:
            element.set(name, redact_emails(element.get(name, "")))


def _sanitise_image(image: HtmlElement, source: str) -> None:
    """Keep a picture whose data is in the page itself; replace others by their alternative text."""
    if _IMAGE_DATA.fullmatch(source):
        image.set("src", source)
    elif words := image.get("alt"):
        image.tag, image.text = "span", f"[picture: {words}]"


def _disable_link(link: HtmlElement, href: str) -> None:
    """Keep a link within the page; show the target of any other as its tooltip."""
    if href.startswith("#"):
        link.set("href", href)
    elif href.lower().startswith(("http://", "https://")):
        link.set("title", href)


def _sanitise_css(css: str) -> str:
    """The style sheet without rules that load something, also if escapes hide it."""
    if not _LOADING.search(css) and "\\" not in css:
        return redact_emails(css)
    parts: list[str] = []
    for part in _RULE_END.split(css):
        if _LOADING.search(part) or _LOADING.search(_decode_escapes(part)):
            parts.append("")
        elif part != ";" or parts[-1]:  # a lone semicolon would spoil the next rule
            parts.append(part)
    return redact_emails("".join(parts))


def _decode_escapes(css: str) -> str:
    return _ESCAPE.sub(lambda sign: chr(min(int(sign[1], 16), 0x10FFFF)) if sign[1] else sign[2], css)


def _redact_text(tree: HtmlElement) -> None:
    """Redact e-mail addresses in the text, also across tags: `ada@<b>mail</b>.example`."""
    run: list[_TextSlot] = []
    for slot in _find_slots(tree):
        if slot is None:
            _redact_run(run)
            run = []
        else:
            run.append(slot)
    _redact_run(run)


def _find_slots(tree: HtmlElement) -> Iterator[_TextSlot | None]:
    """The places of text in reading order; None where a block begins or ends."""
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element.tag in _BLOCK_TAGS:
            yield None
        if event == "start" and element.text:
            yield element, "text"
        if event == "end" and element.tail:
            yield element, "tail"


def _redact_run(run: list[_TextSlot]) -> None:
    texts = [getattr(element, where) for element, where in run]
    joined = "".join(texts)
    if "@" not in joined and "%40" not in joined:
        return
    spans = [match.span() for match in EMAIL.finditer(joined)]
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    offset = 0
    for (element, where), text in zip(run, texts, strict=True):
        touching = spans[bisect_right(ends, offset) : bisect_left(starts, offset + len(text))]
        if touching:
            setattr(element, where, _replace_spans(text, [(start - offset, end - offset) for start, end in touching]))
        offset += len(text)


def _replace_spans(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with a placeholder for each span; a span may begin before the text or end after it."""
    pieces, offset = [], 0
    for start, end in spans:
        pieces += [text[offset : max(start, 0)], LEFT_OUT if start >= 0 else ""]
        offset = min(end, len(text))
    return "".join([*pieces, text[offset:]])
