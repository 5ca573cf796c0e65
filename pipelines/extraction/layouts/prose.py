"""Where the text of a page in an unknown look is: its blocks are counted once, furniture apart, then one is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from pipelines.extraction.boilerplate import UNSEEN, is_boilerplate

_BLOCKS = frozenset(
    "body p div section article header footer main aside nav form h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table tbody tr "
    "td th blockquote figure figcaption pre address center details fieldset".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_PARTS = frozenset("p ul ol li dl dt dd blockquote pre tr".split()) | _HEADINGS  # of a text, never all of it
_APART = frozenset("header footer nav aside figure figcaption".split())
_MARKED = re.compile(
    r"(?:^|[\s_-])(?:article|story|post|entry|single)[_-]*(?:body|content|text|copy)(?:$|[\s_-])"
    r"|(?:^|\s)body-?(?:copy|text)",
    re.IGNORECASE,
)
# Prose of others, however long it is.
_FOREIGN = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|disqus\w*|respond|replies|onetrust|ot|cookies?|consent|gdpr|privacy"
    r"|newsletter|modal|popup|regwall)(?:$|[\s_-])"
    r"|(?:^|\s)(?:site-|page-|main-|global-)?footer",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:footer|copyright|disclaimer|legal|paywall-?(?:message|offer|prompt)|subscribe|sidebar|related|recirc"
    r"|carousel|slideshow|swiper|cta|popular|factbox|video-?player|sign-?in|log-?in|premium|recommend(?:ed|ations)?|trending|most-?(?:read|popular)|promo|teasers?|(?:image|photo|img)[_-]?(?:source|credits?)|credits?|biography|bio|byline"
    r"|author|share|social|breadcrumbs?|tags|topics)(?:$|[\s_-])"
    r"|captions?(?:$|[\s_-])",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…:][”\"’)]*(?:\s|$)|[。！？]")
_POST = re.compile(r"(?:^|\s)postid-(\d+)(?:\s|$)")
_LEAST = 50  # characters; shorter lines are as often labels as prose
_CARD = 500  # characters that the teaser of another post has at most


@dataclass(slots=True)
class Block:
    """A block-level element: first the text that stands in it and in no block below it, then all that it holds."""

    element: HtmlElement
    parent: int
    names: str  # its classes and its id
    text: int = 0  # characters
    links: int = 0  # characters of them in links
    has_sentence: bool = False
    prose: float = 0.0
    score: float = 0.0  # after Arc90's readability: its children's prose, half of its grandchildren's and so on
    is_furniture: bool = False
    has_head: bool = False  # a headline or an article stands in it

    def measure_prose(self) -> float:
        """Count the characters of its own text, less twice those in links, which menus are made of."""
        return max(0.0, self.text - 2.0 * self.links) if self.has_sentence and self.text >= _LEAST else 0.0

    def add_text(self, text: str, in_link: bool) -> None:
        if not text.isspace():
            length = len(text.strip())
            self.text += length
            self.links += length if in_link else 0
            self.has_sentence = self.has_sentence or bool(_END.search(text))


@dataclass(frozen=True, slots=True)
class Article:
    """The element that holds the text, the elements below it that are no part of the text, and the prose in those."""

    content: HtmlElement | None
    left_out: frozenset[HtmlElement]
    prose_left_out: tuple[HtmlElement, ...] = ()


def find_article(body: HtmlElement) -> Article:
    """Find the text of a page; what is left out are teasers, and what is beside it or called as if it were."""
    blocks = _list_blocks(body)
    own = [block.measure_prose() for block in blocks]
    _mark_furniture(blocks, own)
    _sum_up(blocks, own)
    top, others = _climb(blocks, _find_start(blocks))
    apart = {*others, *_find_named_furniture(blocks, top)}
    left_out = frozenset(blocks[index].element for index in apart.union(_find_cards(blocks, top)))
    apart.update(_find_asides(blocks, top))
    for index in range(1, len(blocks)):
        if blocks[index].parent in apart and index != top:
            apart.add(index)
    return Article(blocks[top].element, left_out, tuple(blocks[index].element for index in sorted(apart) if own[index]))


def _list_blocks(body: HtmlElement) -> list[Block]:
    """List the block-level elements in document order, so that parents come before their children."""
    blocks = [Block(body, -1, _get_names(body))]
    stack, link_depth = [0], 0
    walk = etree.iterwalk(body, events=("start", "end", "comment", "pi"))
    skipped: HtmlElement | None = None
    for event, element in walk:
        if element is body:
            continue
        if event == "start":
            if element.tag in UNSEEN:
                walk.skip_subtree()
                skipped = element
                continue
            if element.tag in _BLOCKS:
                blocks.append(Block(element, stack[-1], _get_names(element)))
                stack.append(len(blocks) - 1)
            link_depth += element.tag == "a"
            if element.text:
                blocks[stack[-1]].add_text(element.text, link_depth > 0)
            continue
        if event == "end" and element is not skipped:
            if element.tag in _BLOCKS:
                stack.pop()
            link_depth -= element.tag == "a"
        skipped = None
        if element.tail:
            blocks[stack[-1]].add_text(element.tail, link_depth > 0)
    return blocks


def _get_names(element: HtmlElement) -> str:
    return f"{element.get(b'class') or ''} {element.get(b'id') or ''}"


@lru_cache(maxsize=2**14)  # the same few stand on all pages of a site
def _holds(pattern: re.Pattern[str], names: str) -> bool:
    return pattern.search(names) is not None


def _mark_furniture(blocks: list[Block], own: list[float]) -> None:
    """Mark the furniture; what holds half of the page's prose is none, whatever it is called."""
    whole = list(own)
    are_foreign = [_holds(_FOREIGN, block.names) for block in blocks]
    for index in range(len(blocks) - 1, 0, -1):
        block = blocks[index]
        block.has_head = block.has_head or block.element.tag in ("h1", "article")
        blocks[block.parent].has_head |= block.has_head
        if block.has_head or not are_foreign[index]:
            whole[block.parent] += whole[index]
    for index, block in enumerate(blocks[1:], 1):
        if blocks[block.parent].is_furniture or (are_foreign[index] and not block.has_head):
            block.is_furniture = True
        elif whole[index] * 2 < whole[0]:
            is_named = are_foreign[index] or _holds(_BESIDE, block.names)
            block.is_furniture = block.element.tag in _APART or is_named or is_boilerplate(block.element)


def _sum_up(blocks: list[Block], own: list[float]) -> None:
    """Add what is no furniture to the blocks around it."""
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if block.is_furniture:
            continue
        block.prose += own[index]
        if block.parent >= 0:
            parent = blocks[block.parent]
            parent.prose += block.prose
            parent.text += block.text
            parent.links += block.links
        at, share = (block.parent if block.element.tag in _PARTS else index), 1.0
        while own[index] and at > 0 and share > 0.1:
            blocks[at].score += own[index] * share
            at, share = blocks[at].parent, share / 2


def _find_start(blocks: list[Block]) -> int:
    """Find the block that is marked as the text, unless most prose stands elsewhere, else the densest."""
    post = _find_own_post(blocks)
    inside = (
        [index for index in range(post, len(blocks)) if _is_below(blocks, index, post)] if post else range(len(blocks))
    )
    marked = [index for index in inside if not blocks[index].is_furniture and _is_marked(blocks[index])]
    most = max((blocks[index].prose for index in marked), default=0.0)
    if most and _sum_outermost(blocks, marked) >= 0.4 * blocks[post].prose:
        # The first of several articles, but the innermost of blocks that hold the same.
        start, *others = (index for index in marked if blocks[index].prose >= 0.5 * most)
        for index in others:
            if _is_below(blocks, index, start) and blocks[index].prose >= 0.8 * blocks[start].prose:
                start = index
    else:
        start = max(inside, key=lambda index: blocks[index].score)
    while start and blocks[start].element.tag in _PARTS:
        start = blocks[start].parent
    return start


def _find_own_post(blocks: list[Block]) -> int:
    """Find the block that WordPress gave the number that `<body>` says is this one; 0 without it."""
    match = _POST.search(blocks[0].names)
    own = f"post-{match[1]}" if match else None
    found = (index for index, block in enumerate(blocks) if own in block.names.split() and not block.is_furniture)
    return next((index for index in found if blocks[index].prose), 0) if own else 0


def _sum_outermost(blocks: list[Block], indexes: list[int]) -> float:
    """Sum the prose of blocks, each counted once where one stands in another."""
    held, outer = 0.0, -1
    for index in indexes:
        if outer < 0 or not _is_below(blocks, index, outer):
            held, outer = held + blocks[index].prose, index
    return held


def _is_marked(block: Block) -> bool:
    return block.element.get("itemprop") == "articleBody" or _holds(_MARKED, block.names)


def _is_below(blocks: list[Block], index: int, top: int) -> bool:
    while index > top:
        index = blocks[index].parent
    return index == top


def _climb(blocks: list[Block], start: int) -> tuple[int, list[int]]:
    """Climb to the block around `start` that holds the rest of the text; returns it with its children that do not."""
    children: dict[int, list[int]] = {}
    for index, block in enumerate(blocks):
        if not block.is_furniture:
            children.setdefault(block.parent, []).append(index)
    top, held = start, blocks[start].prose
    left_out: list[int] = []
    passed: list[int] = []
    at = start
    while blocks[at].parent > 0:
        parent = blocks[at].parent
        siblings = [index for index in children[parent] if index != at]
        gain = sum(blocks[index].prose for index in siblings if _continues_text(blocks[index]))
        passed += [i for i in siblings if not _continues_text(blocks[i]) and not _is_plain(blocks[i])]
        plain = sum(blocks[i].prose for i in siblings if blocks[i].element.tag == "p" and _continues_text(blocks[i]))
        if gain > 0.15 * held or plain > 0.05 * held:
            top, held = parent, held + gain
            left_out += passed
            passed = []
        else:
            passed += [index for index in siblings if _continues_text(blocks[index])]
        at = parent
    return top, left_out


def _continues_text(block: Block) -> bool:
    """Whether a block beside the text is mostly prose and no article of its own."""
    return 0 < 0.5 * block.text <= block.prose and block.links < 0.3 * block.text and not block.has_head


def _is_plain(block: Block) -> bool:
    return block.element.tag in _PARTS and block.element.tag != "h1" and block.links < 0.5 * block.text


def _find_asides(blocks: list[Block], top: int) -> Iterator[int]:
    """Find the furniture beside `top`, in the article or element that both stand in, that is such by its tag alone."""
    around = top
    while around > 0 and blocks[around].element.tag not in ("article", "main"):
        around = blocks[around].parent
    around = around or blocks[top].parent
    inside = {around} if around > 0 else set()
    for index in range(around + 1, len(blocks)):
        if blocks[index].parent in inside and index != top:
            inside.add(index)
            names = blocks[index].names
            if blocks[index].element.tag in ("aside", "header") and not (
                _holds(_FOREIGN, names) or _holds(_BESIDE, names)
            ):
                yield index


def _find_cards(blocks: list[Block], top: int) -> Iterator[int]:
    """Find the small blocks below `top` whose heading is a link: teasers of other posts."""

    def is_card(index: int) -> bool:
        return index > top and blocks[index].text <= _CARD and blocks[index].links >= 0.2 * blocks[index].text

    for block in blocks[top + 1 :]:
        is_link = block.element.tag in _HEADINGS and 0 < 0.8 * block.text <= block.links
        if is_link and not block.is_furniture and is_card(block.parent):
            outer = blocks[block.parent].parent
            yield outer if is_card(outer) else block.parent


def _find_named_furniture(blocks: list[Block], top: int) -> Iterator[int]:
    """Find the outermost furniture below `top` that is called so by words which `boilerplate` does not know."""
    for index in range(top + 1, len(blocks)):
        block = blocks[index]
        is_outermost = block.is_furniture and not blocks[block.parent].is_furniture
        if is_outermost and (_holds(_FOREIGN, block.names) or _holds(_BESIDE, block.names)):
            yield index
