"""Text behind the early end of the content's element: a stray closing tag cuts the content in two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import cast

from lxml import etree
from lxml.html import Element, HtmlElement

from pipelines.extraction.boilerplate import has_sentence, is_boilerplate, is_of_template
from pipelines.extraction.line_reader import read_lines
from pipelines.extraction.lines import Line
from pipelines.extraction.wording.closing_line import read_closing
from pipelines.extraction.wording.resource_headings import is_certain, read_resource_heading
from pipelines.extraction.wording.sections import is_part, read_heading
from scraper.markup.html_page import Page, class_condition, find_first_element, text_of

# What editors' text is made of; any other element that has a class or an id begins what a template has below it.
_TEXT = frozenset(
    "p ul ol dl h1 h2 h3 h4 h5 h6 blockquote table figure pre hr br a b strong em i u span sup sub font center"
    " img".split()
)
_TYPED = re.compile(r"(?:^|\s)(?:wp-caption|gallery|align(?:left|right|center|none))")
_OUTSIDE = frozenset("header footer aside nav form".split())
_MODULE = re.compile(r"(?:^|\s)et_pb_(?:section|row|column|module)")
_TOKEN = re.compile(rb"<!--|-->|<(?P<end>/?)(?P<name>script|style|textarea|div|section|article|main|body)\b")
_BEGIN = re.compile(rb"<(body|html|div|section|article|main)")
_POSTS = ("entry-content", "wp-block-post-content", "et_pb_post_content")  # classes of the content of a post
_POST_CONTENT = etree.XPath(f"descendant-or-self::*[{' or '.join(map(class_condition, _POSTS))}]")
_NAME = re.compile(r"[\w-]+")
_FEW = 8  # elements in one another that are weighed
_POST = 300  # characters; the content of a teaser is shorter
_VERBATIM = (b"script", b"style", b"textarea")


@dataclass(frozen=True, slots=True)
class Spill:
    """Lines behind the end of the content's element."""

    lines: list[Line]
    is_certain: bool  # that they are the text's
    is_marked: bool  # the theme itself marks where the content ends
    has_others: bool  # the page holds contents of other posts, anywhere


def read_spill(content: HtmlElement, inside: list[Line], base: str | None, page: Page) -> Spill:
    """Read what follows the content's element on the page; `inside` are the lines in it."""
    mark, has_others = _find_end_mark(content, page), _has_other_posts(content, page)
    near = _read_following(content, base, mark, has_others=has_others)
    if mark is not None:
        return Spill(near, is_certain=True, is_marked=True, has_others=has_others)
    is_cut = has_stray_end(page.lower_markup, page.ends, page.tree)
    is_text = any(map(_is_of_brief, near)) or (is_cut and any(has_sentence(line.text) for line in near))
    length = len(near) if is_text else 0
    if not is_cut and (length or any(map(read_closing, reversed(inside)))):
        return Spill(near, is_certain=length > 0, is_marked=False, has_others=has_others)
    lines = _read_following(content, base, None, has_others=has_others, past_template=True)
    length = max(length, _find_end(lines))
    if not length and not is_cut:
        return Spill(near, is_certain=False, is_marked=False, has_others=has_others)
    return Spill(lines[:length] or lines, is_certain=length > 0, is_marked=False, has_others=has_others)


def is_followed_by_post(content: HtmlElement) -> bool:
    """Whether another post follows the content."""
    return any(not isinstance(node, str) and _holds_other_post(node) for node in _iter_following(content))


def _has_other_posts(content: HtmlElement, page: Page) -> bool:
    """Whether other elements of the page are those of a post: a cheap look before each is looked into."""
    return any(element is not content for name in _POSTS for element in page.find_by_class(name))


def _holds_other_post(node: HtmlElement) -> bool:
    """Whether the element is or holds the content of a post, as pages do that load the next one below theirs."""
    return isinstance(node.tag, str) and any(
        len(text_of(inner)) > _POST for inner in cast("list[HtmlElement]", _POST_CONTENT(node))[:_FEW]
    )


def _find_end_mark(content: HtmlElement, page: Page) -> HtmlElement | None:
    """Find the comment, such as `.entry-content`, that a theme has where the element of the content should end."""
    names = list(filter(_NAME.fullmatch, (content.get("class") or "").split()))
    near = content.getnext()
    if near is not None and near.tag is etree.Comment and any(f".{name} " in f"{near.text} " for name in names):
        return near  # which is nearly always the mark
    comments = [*page.comments, *page.tree.itersiblings()]  # those behind the document are in no element
    texts = " ".join([comment.text or "" for comment in comments]) + " "
    if not any(f".{name} " in texts for name in names):  # a cheap look before all that follows is searched
        return None
    named = " or ".join(f"contains(concat(., ' '), '.{name} ')" for name in names)
    mark = find_first_element(content, f"following::comment()[{named}][1]")
    before = mark.getprevious() if mark is not None else None
    is_another = before is not None and before is not content and set(names) & set((before.get("class") or "").split())
    return None if is_another else mark


def _read_following(
    content: HtmlElement, base: str | None, mark: HtmlElement | None, *, has_others: bool, past_template: bool = False
) -> list[Line]:
    """Read what follows the content up to its end mark, or else to the first element that a template has there."""
    nodes: list[HtmlElement | str] = []
    for node in _iter_following(content):
        if isinstance(node, str):
            nodes += [] if node.isspace() and not nodes else [node]
        elif node is mark:
            break
        elif isinstance(node.tag, str):
            is_furniture = is_boilerplate(node)
            if mark is None and not (past_template or is_furniture) and _begins_template(node, content):
                break
            if is_furniture or node.tag in _OUTSIDE or (has_others and _holds_other_post(node)):
                continue
            nodes.append(node)
            if mark is not None and node in mark.iterancestors():
                break
    return read_lines(_copy_nodes(nodes), base) if nodes else []


def _copy_nodes(nodes: list[HtmlElement | str]) -> HtmlElement:
    spill = Element("div")
    for node in nodes:
        if isinstance(node, str):
            _add_text(spill, node)
        else:
            spill.append(deepcopy(node))
            spill[-1].tail = None
    return spill


def _iter_following(content: HtmlElement) -> Iterator[HtmlElement | str]:
    """Iterate over what follows the content, then over what follows each element around it."""
    for element in (content, *content.iterancestors()):
        if element.tag == "body":
            return
        if element.tail:
            yield element.tail
        for node in element.itersiblings():
            yield node
            if node.tail:
                yield node.tail


def _add_text(spill: HtmlElement, text: str) -> None:
    if len(spill):
        spill[-1].tail = (spill[-1].tail or "") + text
    else:
        spill.text = (spill.text or "") + text


def _begins_template(element: HtmlElement, content: HtmlElement) -> bool:
    """Whether an element is none that text is made of; where a template marks its modules, others are the text's."""
    if element.tag in _TEXT:
        return False
    words = element.get("class") or ""
    if _TYPED.search(words):
        return False
    if _MODULE.search(words):
        return is_of_template(element) or not is_of_template(content)
    return element.tag not in ("div", "section") or bool(words or element.get("id"))


def _find_end(lines: list[Line]) -> int:
    """Find where the last part ends that only a brief has; 0 where there is none."""
    end = max((index for index, line in enumerate(lines, 1) if _is_of_brief_alone(line)), default=0)
    while 0 < end < len(lines) and lines[end].kind == "li":
        end += 1
    return end


def _is_of_brief(line: Line) -> bool:
    heading = read_heading(line)
    return bool((heading and is_part(heading.text)) or read_resource_heading(line) or read_closing(line))


def _is_of_brief_alone(line: Line) -> bool:
    """Whether the line is part of a brief and of no sidebar, where `Policy` and `Resources` are headings too."""
    heading, resources = read_heading(line), read_resource_heading(line)
    has_part = heading and is_part(heading.text) and (" " in heading.text or heading.text == "Analysis")
    return bool(has_part or (resources and is_certain(resources)) or read_closing(line))


def has_stray_end(markup: bytes, ends: Counter[bytes], tree: HtmlElement) -> bool:
    """Whether an element of the document is closed that was not opened, or the document goes on behind its end.

    `markup` is the document in lower case, `ends` are the numbers of its closing tags, and `tree` was parsed of it.
    """
    # Cheap looks before the careful one; the parser opens none of these by itself.
    opened = Counter([element.tag for element in tree.iter("div", "section", "article", "main")])
    if all(ends[name] <= opened[name.decode()] or (ends[name] == 1 and b"<" + name in markup) for name in ends):
        return False
    if ends <= Counter(_BEGIN.findall(markup)):
        return False
    depths: dict[bytes, int] = {}
    closer = b""  # of the comment or the script that is open
    for token in _TOKEN.finditer(markup):
        text, name = token[0], token["name"]
        if closer:
            closer = b"" if text == closer else closer
        elif text == b"<!--":
            closer = b"-->"
        elif name in _VERBATIM:
            closer = b"" if token["end"] else b"</" + name
        elif name:
            depths[name] = depths.get(name, 0) + (-1 if token["end"] else 1)
            if depths[name] < 0:
                return True
    return False
