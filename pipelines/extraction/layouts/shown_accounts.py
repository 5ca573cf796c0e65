"""The account as a theme shows it: bylines, links to an author's page, avatars; the headline's own first."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

from lxml import etree
from lxml.html import HtmlElement

from pipelines.extraction.wording.account_names import HELP, may_be_writer, read_account
from scraper.markup.html_page import Page, collapse_spaces, text_of
from scraper.url_reading import split_address

_ATTRIBUTES = (b'="author"', b"='author'", b"=author")
# Far faster than one condition for each element, of which few have such an attribute.
_MARKED_UP = " | ".join(f"descendant::*/@{name}[.='author']/.." for name in ("itemprop", "rel", "property"))
_PAGE = re.compile(r"/authors?/")
_SUBJECT = re.compile(r"/(?:categor(?:y|ies)|tags?|topics?|sections?|series)/")
# What comments, teasers of other posts and columns beside the text are called.
_ELSEWHERE = re.compile(
    r"comment(?!ary)|respond(?!e)|teaser|related|recommend|(?<!elementor-)widget|side-?bar|\bmenu|carousel|recent"
    r"|popular|trending",
    re.IGNORECASE,
)
_BLOCKS = frozenset("div p li ul time section header address h2 h3 h4 h5 h6 br".split())
# Whoever stands behind these is another text's writer, or whom this text is about.
_APART = re.compile(r"\b(?:more|related|follow|from|interview\w*|told|about|read)\b|[.!?]\s", re.IGNORECASE)
_MAILBOX = re.compile(r"(?<![\w.+-])[\w.+-]*@[\w.-]{2,40}")  # or a handle
_PICTURE = re.compile(
    r"^(?:profile )?(?:photo|picture|avatar|headshot|portrait|image) (?:of|for) |['’]s (?:avatar|photo|picture)$",
    re.IGNORECASE,
)
_POSTED = re.compile(
    r"\b(?:posted|published|written) by:?\s(?P<name>[^|•·,/]{2,60}?)(?=\s?[|•·,/]|\s(?:on|in|at)\s|$)", re.IGNORECASE
)
_LINE = 120  # characters of a byline with several names
_GAP = 60  # characters between two of them
_FEW = 6  # elements of one mark that are looked at


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """The text that may be the name of an account, and how it was found."""

    how: str
    text: str


def find_shown_accounts(
    page: Page, headline: HtmlElement | None, surroundings: Collection[HtmlElement]
) -> Iterator[ShownAccount]:
    """Find one text for each kind of mark; `surroundings` are those of the post's text."""
    around = {*surroundings, *(headline.iterancestors() if headline is not None else ())}
    for elements in _list_marks(page):
        own = (element for element in _order_marks(elements, headline) if _is_own(element, around))
        texts = (_read_mark(element, around) for element in islice(own, _FEW))
        if text := next((text for text in texts if len(text) <= _LINE and read_account(text)), None):
            yield ShownAccount("theme", text)
    for element in page.find_by_class_part("meta", "posted")[:_FEW]:
        if posted := _POSTED.search(text_of(element)):
            yield ShownAccount("meta_line", posted["name"])
            return


def _list_marks(page: Page) -> Iterator[list[HtmlElement]]:
    """List the elements of each kind of mark, in document order."""
    yield page.find_all(_MARKED_UP) if any(each in page.lower_markup for each in _ATTRIBUTES) else []
    pages = {address for _, address in page.anchors if "/author" in address and _PAGE.search(address)}
    yield [a for a, address in page.anchors if address in pages or "author" in a.get("rel", "")]
    yield [element for element in page.find_by_class_part("byline", "author") if element.tag != "h1"]
    yield page.find_all("//*[contains(@id, 'author')]") if any("author" in each for each in page.ids) else []


def _order_marks(elements: list[HtmlElement], headline: HtmlElement | None) -> list[HtmlElement]:
    """Order elements: those behind the headline, then those in front of it, the nearest first."""
    if headline is None:
        return elements
    start = bisect_left(elements, True, key=lambda element: _stands_behind(element, headline))
    return elements[start:] + elements[:start][::-1]


def _stands_behind(element: HtmlElement, other: HtmlElement) -> bool:
    """Whether an element begins behind another one."""
    chains = ([node, *node.iterancestors()][::-1] for node in (element, other))
    fork = next((pair for pair in zip(*chains, strict=False) if pair[0] is not pair[1]), None)
    if fork is None:
        return other in element.iterancestors()
    parent = fork[0].getparent()
    return parent is not None and parent.index(fork[0]) > parent.index(fork[1])


def _is_own(element: HtmlElement, around: Collection[HtmlElement]) -> bool:
    """Whether an element is of this post: in no comment, teaser, menu, form or column beside the text."""
    is_beside = False
    for node in (element, *element.iterancestors()):
        if node in around:
            return not is_beside or any(a.tag == "article" for a in (node, *node.iterancestors()))
        if node.tag in ("nav", "form", "article") or _ELSEWHERE.search(f"{node.get('class')} {node.get('id')}"):
            return False
        if node.tag in ("ul", "ol") and len([*node.iter("a")]) > _FEW:  # a menu
            return False
        is_beside = is_beside or node.tag in ("aside", "footer")
    return not is_beside


def _read_mark(element: HtmlElement, around: Collection[HtmlElement]) -> str:
    """Read the account in an element and in the line around it; empty for those who only helped."""
    if stated := element.get("content"):
        return collapse_spaces(stated)
    byline = _climb(element, around)
    names = [name for each in _list_bylines(byline) for name in _read_links(each)]
    if len(set(names)) > 1:
        return ", ".join(dict.fromkeys(names))
    line = _read_line(byline)
    links = [*element.iter("a")]  # the first two often lead to one page: a picture and a name
    own = (_read_line(link) for link in links if link.get("href") == links[0].get("href"))
    name = next(filter(None, own), "") or _read_picture(element)
    if _follows_help(line[: line.find(name)]):
        return ""
    part = next((part for part in line.split(" | ") if name in part), "")
    writers = (read_account(part) or "").split(", ")
    return part if name in writers and all(map(may_be_writer, writers)) else name or _read_line(element)


def _climb(element: HtmlElement, around: Collection[HtmlElement]) -> HtmlElement:
    """Climb to the whole line around a name."""
    parent = element.getparent()
    while parent is not None and parent not in around and len(text_of(parent)) <= _LINE:
        element, parent = parent, parent.getparent()
    return element


def _list_bylines(byline: HtmlElement) -> list[HtmlElement]:
    """List a byline with those of its fellows, where each stands in an element of its own."""
    name = byline.get("class")
    siblings = takewhile(lambda sibling: name and sibling.get("class") == name, byline.itersiblings(byline.tag))
    return [byline, *islice(siblings, _FEW)]


def _read_links(byline: HtmlElement) -> Iterator[str]:
    """Read the names of linked writers that stand in one line, and whose pages stand in one folder of the site."""
    line, end, pages = _read_line(byline), 0, set[str]()
    for link in byline.iter("a"):
        name, page = read_account(_read_line(link)) or "", link.get("href", "")
        start = line.find(name, end) if may_be_writer(name) and page not in pages and not _SUBJECT.search(page) else -1
        if start < 0:
            continue
        pages.add(page)
        between = line[end:start]
        is_apart = len(between) > _GAP or _follows_help(between) or _APART.search(between)
        if is_apart or len({split_address(page).path.strip("/").partition("/")[0] for page in pages}) > 1:
            return
        yield name
        end = start + len(name)


def _follows_help(front: str) -> bool:
    """Whether the words in front of a name say that its bearer only helped: `Edited by`, `With contributions from`."""
    helps = list(HELP.finditer(front))
    return bool(helps) and not re.search(r"\bby\b", front[helps[-1].end() :], re.IGNORECASE)


def _read_line(element: HtmlElement) -> str:
    """Read the words of an element without mailboxes; what stands in blocks of its own is parted by bars."""
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        gap = " | " if node.tag in _BLOCKS else " "
        parts += [gap, node.text or ""] if event == "start" else [gap, node.tail or ""] if node is not element else []
    return re.sub(r"\|(?: \|)+", "|", collapse_spaces(_MAILBOX.sub("", "".join(parts)))).strip(" |")


def _read_picture(mark: HtmlElement) -> str:
    """Read whom the picture in a mark shows, if that is a person."""
    names = (_PICTURE.sub("", collapse_spaces(picture.get("alt") or "")) for picture in mark.iter("img"))
    return next(filter(may_be_writer, names), "")
