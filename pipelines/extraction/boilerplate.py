"""Boilerplate: menus, share bars, sign-up forms, related posts, comments; nothing that the editors wrote."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Literal

from lxml.html import HtmlElement

from pipelines.extraction.boilerplate_names import classify_names, has_known_name
from pipelines.extraction.hidden import find_hiding
from pipelines.extraction.page_marks import is_page_mark
from scraper.markup.html_page import join_text, text_of

Standing = Literal["text", "doubtful", "boilerplate"]

# Their words are no text of the page; forms and navigation can be around text.
UNSEEN = frozenset(
    "script style noscript iframe svg button input select textarea template object embed video audio head canvas map"
    " title".split()
)
_ANCHORED = frozenset("h1 h2 h3 h4 h5 h6 p li span strong em b i a sup".split())
_BARE = _ANCHORED | {"div", "section", "ul", "ol", "br", "blockquote", "figure", "table", "tbody", "tr", "td"}
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_VAGUE = frozenset(("aside", "footer", "form"))
_CONTROLS = "form input button select textarea".split()
_TEMPLATE = re.compile(r"_tb_(?:body|header|footer)\b")
_PROSE = 60  # characters outside of links; share bars and menus have no sentence that long
_MUCH = 300  # characters; what a form says of itself is shorter
_DEEP = 8  # weighed elements in one another; what is called as the innermost of them is not weighed once more
_WORDS = 4  # of a line; titles and counts of boilerplate have fewer
_SENTENCE = re.compile(r"[a-z]{2}[”\"’)]*[.!?…](?:[”\"’)]*)(?:\s|$)")

_SHARED = re.compile(
    r"(?:inline|tm|click-to)-?tweet|tweet-?this|-ctt\b", re.IGNORECASE
)  # words that plugins offer to quote
_LOOSE_END = re.compile(r" (?=[”\"’)]*[.!?])")


def is_of_template(element: HtmlElement) -> bool:
    """Whether the element is a module of a template of Divi's Theme Builder, which marks them."""
    return bool(_TEMPLATE.search(element.get("class") or ""))


def is_boilerplate(element: HtmlElement) -> bool:
    """Whether the element is boilerplate by its tag, class, id or style, and by its text where they are no proof."""
    return find_standing(element) == "boilerplate"


def find_standing(element: HtmlElement) -> Standing:
    """Find what an element is by its name; `doubtful` where that says boilerplate and its text does not."""
    tag, attributes = element.tag, element.keys()
    if not attributes and tag in _BARE:
        return "text"
    if tag in UNSEEN or tag == "nav" or "hidden" in attributes:
        return "boilerplate"
    words = element.get("class", "") if "class" in attributes else ""
    identity = element.get("id", "") if "id" in attributes else ""
    if tag in _ANCHORED and identity != "breadcrumbs":  # so Yoast's own instructions call the paragraph
        identity = ""  # ids of headings and paragraphs are made of their words, such as `related`
    kinds = (classify_names(words), classify_names(identity)) if words or identity else ()
    hiding = find_hiding(element) if "style" in attributes else ""
    is_known = "known" in kinds and not (_SHARED.search(words) and stands_amid_words(element))
    if is_known or hiding == "sure" or (tag == "a" and is_page_mark(element)):
        return "boilerplate"
    if hiding or "vague" in kinds or (tag in _VAGUE and _is_vague(element)):
        return "doubtful" if _holds_text(element) else "boilerplate"
    return "doubtful" if len(element) and _stands_beside_button(element) else "text"


def stands_amid_words(element: HtmlElement) -> bool:
    """Whether an element is a part of a sentence, whatever it is dressed as."""
    parent = element.getparent()
    is_inline = element.tag in ("a", "span") and parent is not None and parent.tag == "p"
    return is_inline and bool((parent.text or "").strip() and (element.tail or "").strip(" .!?:\xa0\n"))


def read_shown_text(element: HtmlElement) -> str:
    """Read the text of an element without the words in it that a program hides or adds."""
    if not any(map(_is_added, element.iterdescendants())):
        return text_of(element)
    shown = deepcopy(element)
    shown.tail = None
    for part in [part for part in shown.iterdescendants() if _is_added(part)]:
        part.drop_tree()
    return text_of(shown) or text_of(element)


def _is_added(part: HtmlElement) -> bool:
    if not isinstance(part.tag, str) or (not part.keys() and part.tag not in UNSEEN):
        return False
    is_hidden = part.tag in UNSEEN or part.get("hidden") is not None or find_hiding(part) == "sure"
    return is_hidden or has_known_name(part.get("class") or "") or (part.tag == "a" and is_page_mark(part))


def _is_vague(element: HtmlElement) -> bool:
    """Whether an element whose tag may say that it is boilerplate is none of those that hold text."""
    if element.tag == "form":
        return _has_controls(element)
    return element.tag != "footer" or not _is_quoted(element)


def _has_controls(element: HtmlElement) -> bool:
    return any(control is not element for control in element.iter(*_CONTROLS))


def _stands_beside_button(element: HtmlElement) -> bool:
    """Whether the words of a small element stand beside a button that is in no form."""
    has_button = next(element.iterchildren("button"), None) is not None
    return has_button and len(join_text(element)) <= _MUCH


def _is_quoted(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "blockquote"


def _holds_text(element: HtmlElement) -> bool:
    """Whether there is a sentence, or a heading or line of words, that is no link and belongs to no form."""
    text = " ".join(" ".join(element.itertext()).split())  # a sentence ends where its paragraph does
    text = _LOOSE_END.sub("", text)  # and not before the stop behind a link
    linked = sum(len(" ".join(join_text(link).split())) for link in element.iter("a"))
    if _has_controls(element):
        return len(text) - linked > _MUCH and has_sentence(text, linked)
    if element.tag in _HEADINGS:
        return 2 * linked < len(text)
    if not linked:
        return len(text.split()) >= _WORDS
    is_line = len(text.split()) >= _WORDS and 2 * linked < len(text)
    return has_sentence(text, linked) or (is_line and bool(_SENTENCE.search(text)))


def has_sentence(text: str, linked: int = 0) -> bool:
    """Whether a text that is not mostly links (`linked` characters) has a sentence."""
    return len(text) - linked >= _PROSE and bool(_SENTENCE.search(text))


def count_characters(element: HtmlElement, *tags: str) -> int:
    """Count the characters of the paragraphs, or of elements of other tags."""
    return sum(len(join_text(part)) for part in element.iter(*tags or ("p",)))


def measure_content(container: HtmlElement) -> int:
    """Measure what boilerplate in it is compared with: its paragraphs, or text in other elements where that is more."""
    apart = count_characters(container, "a", "script", "style", "noscript")
    return max(count_characters(container), (len(join_text(container)) - apart) // 2)


class StandingJudge:
    """Tells the elements of a content apart, from the outermost inwards, at a cost that no depth drives up."""

    def __init__(self, container: HtmlElement) -> None:
        self._container = container
        self._whole = -1  # characters of the content, counted when an element must be weighed
        self._weighed: list[tuple[HtmlElement, Standing]] = []  # those around the current element

    def enter_element(self, element: HtmlElement) -> Standing:
        """Find the standing of an element inside the one that was entered last."""
        outer = self._weighed[-1] if len(self._weighed) >= _DEEP else None
        if outer and element.tag == outer[0].tag and element.items() == outer[0].items():
            standing = outer[1]
        elif (standing := find_standing(element)) == "text":
            return standing
        elif element.tag not in UNSEEN:
            standing = self._weigh_standing(element, standing)
        if standing != "boilerplate":
            self._weighed.append((element, standing))
        return standing

    def _weigh_standing(self, element: HtmlElement, standing: Standing) -> Standing:
        """Find whether an element of the content is boilerplate, whose name says that it is.

        An element that holds most of the whole content is the text, whatever it is called; one that holds more than
        half of it may be.
        """
        inside = count_characters(element)
        if not inside:
            return standing
        self._whole = measure_content(self._container) if self._whole < 0 else self._whole
        if self._whole >= 2 * inside:
            return standing
        return "text" if self._whole * 3 < inside * 4 else "doubtful"

    def leave_element(self, element: HtmlElement) -> None:
        """Leave an element; one that was boilerplate need not be left."""
        if self._weighed and self._weighed[-1][0] is element:
            self._weighed.pop()
