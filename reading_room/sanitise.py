"""A kept page with everything taken out of it that would run, load or lead away; its words and styles stay."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Literal

from lxml import etree
from lxml.html import HtmlElement, tostring

from pipelines.maintenance.contacts import LEFT_OUT
from reading_room.redact import ADDRESS, hidden
from scraper.html_page import Page

_OUT = (
    "script",
    "link",
    "meta",
    "base",
    "template",
    "iframe",
    "frame",
    "frameset",
    "noframes",
    "noembed",
    "svg",
    "math",
)
# Their words stay; and some of them have no end tag, which this parser does not know: all that follows is in them.
_UNWRAPPED = (
    *("form", "picture", "map", "area", "object", "embed", "applet", "param", "video", "audio", "source", "track"),
    *("canvas", "bgsound", "portal", "fencedframe", "xmp", "plaintext", "listing"),
)
_KEPT = frozenset(
    "class id style title alt dir lang colspan rowspan headers scope span width height align valign bgcolor color face"
    " size border cellpadding cellspacing type start reversed datetime open hidden role value placeholder".split()
)
_PIXELS = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[a-z0-9+/=\s]*", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
_RULE_ENDS = re.compile(r"([;{}])")
# Whatever brings an address into a style sheet; image-set() and src() take bare strings too.
_LOADS = re.compile(r"@import|(?:url|src|image|image-set|cross-fade|expression|element|paint)\s*\(|</", re.IGNORECASE)
_BLOCKS = frozenset(
    "address article aside blockquote body br caption dd details div dl dt figure figcaption footer h1 h2 h3 h4 h5 h6"
    " head header hr html li main nav ol option p pre section select style summary table tbody td textarea tfoot th"
    " thead title tr ul".split()
)
_Slot = tuple[HtmlElement, Literal["text", "tail"]]


def defused(body: bytes, content_type: str | None, url: str | None) -> str:
    """The page as HTML in UTF-8 that asks nobody for anything; e-mail addresses are blotted out."""
    tree = Page(body, content_type, url).tree
    etree.strip_elements(tree, *_OUT, with_tail=False)
    etree.strip_tags(tree, *_UNWRAPPED, etree.Comment, etree.ProcessingInstruction)
    for element in tree.iter(etree.Element):
        _disarm(element)
    _blot_out(tree)
    return str(tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>"))


def _disarm(element: HtmlElement) -> None:
    href, source = element.get("href"), element.get("src")
    for name in element.attrib:
        if name.lower() not in _KEPT and not name.lower().startswith("aria-"):
            del element.attrib[name]
    if element.tag == "style":
        element.text = _style(element.text or "")
    if "style" in element.attrib:
        element.set("style", _style(element.get("style", "")))
    if element.tag == "img":
        _picture(element, source or "")
    if element.tag == "a" and href:
        _lead_nowhere(element, href.strip())
    for name in ("title", "alt", "value", "placeholder"):
        if name in element.attrib:
            element.set(name, hidden(element.get(name, "")))


def _picture(image: HtmlElement, source: str) -> None:
    """A picture that the page brings along stays; of others the words that stand for them."""
    if _PIXELS.fullmatch(source):
        image.set("src", source)
    elif words := image.get("alt"):
        image.tag, image.text = "span", f"[picture: {words}]"


def _lead_nowhere(link: HtmlElement, href: str) -> None:
    """Within the page a link still jumps; where another led is told when it is pointed at."""
    if href.startswith("#"):
        link.set("href", href)
    elif href.lower().startswith(("http://", "https://")):
        link.set("title", href)


def _style(css: str) -> str:
    """The style sheet without what loads; a rule in which escapes hide it goes too."""
    if not _LOADS.search(css) and "\\" not in css:
        return hidden(css)
    kept: list[str] = []
    for part in _RULE_ENDS.split(css):
        if _LOADS.search(part) or _LOADS.search(_plain(part)):
            kept.append("")
        elif part != ";" or kept[-1]:  # the end of a rule that is taken out would spoil the next one
            kept.append(part)
    return hidden("".join(kept))


def _plain(css: str) -> str:
    return _ESCAPED.sub(lambda sign: chr(min(int(sign[1], 16), 0x10FFFF)) if sign[1] else sign[2], css)


def _blot_out(tree: HtmlElement) -> None:
    """Blot out addresses in the text, also those that tags part: `ada@<b>mail</b>.example`."""
    run: list[_Slot] = []
    for slot in _slots(tree):
        if slot is None:
            _blot_out_run(run)
            run = []
        else:
            run.append(slot)
    _blot_out_run(run)


def _slots(tree: HtmlElement) -> Iterator[_Slot | None]:
    """Where text stands, in reading order; None where a line ends."""
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element.tag in _BLOCKS:
            yield None
        if event == "start" and element.text:
            yield element, "text"
        if event == "end" and element.tail:
            yield element, "tail"


def _blot_out_run(run: list[_Slot]) -> None:
    texts = [getattr(element, where) for element, where in run]
    joined = "".join(texts)
    if "@" not in joined and "%40" not in joined:
        return
    out = [match.span() for match in ADDRESS.finditer(joined)]
    starts, ends = [start for start, _ in out], [end for _, end in out]
    at = 0
    for (element, where), text in zip(run, texts, strict=True):
        touching = out[bisect_right(ends, at) : bisect_left(starts, at + len(text))]
        if touching:
            setattr(element, where, _without(text, [(start - at, end - at) for start, end in touching]))
        at += len(text)


def _without(text: str, out: list[tuple[int, int]]) -> str:
    """The text without the spans, which may begin before it or end after it; each is told where it begins."""
    told, done = [], 0
    for start, end in out:
        told += [text[done : max(start, 0)], LEFT_OUT if start >= 0 else ""]
        done = min(end, len(text))
    return "".join([*told, text[done:]])
