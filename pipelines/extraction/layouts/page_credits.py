"""Photo credits on a page in an unknown look: beside the pictures of the post, in captions or elements of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from pipelines.extraction.candidates import SNIPPET, Candidate
from pipelines.extraction.lines import Line
from pipelines.extraction.wording.credit import BADGE, read_credit
from pipelines.extraction.wording.credit_parts import read_credit_parts
from scraper.markup.html_page import text_of
from scraper.records import Confidence, PhotoCredit

_NAMED = re.compile(
    r"credit|photographer|attribution|(?:image|photo|caption|media)[\w-]{0,60}(?:source|copyright)", re.IGNORECASE
)
_UNNAMED = re.compile(r"credit-?(?:card|s?-?list)|footer|disclaimer|author-credit|byline", re.IGNORECASE)
_CAPTION = re.compile(r"caption|image-?info|figure-?text|photo-?text", re.IGNORECASE)
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:related|sidebar|widget|footer|recirc|recommend\w*|promo|teaser|card|trending|comments?|menu"
    r"|newsletter|author|bio)(?:$|[\s_-])",
    re.IGNORECASE,
)
_APART = frozenset("aside nav footer".split())
_PICTURE = r"(?:photo(?:graph)?s?|image|picture|pic|illustration|video|graphic)"
_LEAD = re.compile(
    rf"[\s(\[|–—-]*(?:(?:{_PICTURE}\s+)?(?:credits?|source|courtesy(?: of)?|copyright)\b\s*(?:by|of)?\s*[:©]?"
    rf"|{_PICTURE}\s*(?:by\b|:)|by\b|©(?:\s*\d{{4}})?)\s*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    rf"(?:^|[.!?”\")|\s]\s?)(?P<lead>(?:{_PICTURE}\s+)?(?:credit|source)\s*:|{_PICTURE}\s*:|{_PICTURE} by\b)"
    r"\s*(?P<who>[^():]{2,90})$",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"[(\[](?P<who>[^()\[\]]{2,90})[)\]]\W*$")
_CAPITALS = re.compile(
    r"(?:[A-Z][\w.’'&/-]*|of|the|for|via|and|/|-)(?:\s+(?:[A-Z/][\w.’'&/-]*|of|the|for|via|and|/|-)){0,7}"
)
_LONGEST = 90  # characters of who took a picture and who lends it


def find_credits(content: HtmlElement) -> Iterator[Candidate[PhotoCredit]]:
    """Find the credits of the pictures in the content and in the article around it."""
    article = next(content.iterancestors("article", "main"), content)
    around = frozenset((content, *content.iterancestors()))
    read: set[HtmlElement] = set()
    for element in article.iter("*"):
        is_named = element not in around and _is_named(element)
        if not is_named and (element in around or not _is_lone_caption(element)):
            continue
        if read.isdisjoint(element.iterancestors()) and not _is_beside(element, around):
            read.add(element)
            text = BADGE.sub("", text_of(element))
            credit = _read_named(text, text, "read") if is_named else read_caption(text)
            if credit is not None:
                yield credit


def _get_names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"


def _is_named(element: HtmlElement) -> bool:
    names = _get_names(element)
    return bool(_NAMED.search(names)) and not _UNNAMED.search(names)


def _is_lone_caption(element: HtmlElement) -> bool:
    """Whether the element is a caption whose credit has no element of its own."""
    is_caption = element.tag == "figcaption" or bool(_CAPTION.search(_get_names(element)))
    return is_caption and not any(_is_named(inner) for inner in element.iterdescendants("*"))


def _is_beside(element: HtmlElement, around: frozenset[HtmlElement]) -> bool:
    """Whether the element stands in something beside the post."""
    outers = (outer for outer in element.iterancestors() if outer not in around)
    return any(outer.tag in _APART or _BESIDE.search(_get_names(outer)) for outer in outers)


def read_caption(text: str) -> Candidate[PhotoCredit] | None:
    """Read the credit that a caption is or ends with."""
    credit = read_credit(Line(text, "caption"))
    if credit and credit.rule in ("credit.lead", "credit.badge") and credit.confidence == "read":
        return credit
    text = BADGE.sub("", text)
    if match := _IN_BRACKETS.search(text):
        who = match["who"]
        if _LEAD.match(who) or _CAPITALS.fullmatch(who):
            return _read_named(who, text, "read" if _LEAD.match(who) else "guessed")
    if match := _TAIL.search(text):
        return _read_named(text[match.start("lead") :], text, "read")
    return credit


def _read_named(words: str, text: str, confidence: Confidence) -> Candidate[PhotoCredit] | None:
    """Read the credit that the words are, such as `Photo: NAME/Agency`."""
    words = words.strip(" ()[]|,–—-")
    who = words
    while (match := _LEAD.match(who)) and match[0]:
        who = who[match.end() :]
    who = who.strip(" ()[]|.,–—-")
    if not 2 <= len(who) <= _LONGEST or not re.search(r"[^\W\d_]", who):
        return None
    parts = read_credit_parts(who)
    return Candidate(PhotoCredit(words, parts.name, parts.source, None), "credit.caption", text[:SNIPPET], confidence)
