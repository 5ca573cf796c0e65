"""A saved page that mutations change, with what is true of it afterwards: for each field the values that are right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import unescape
from random import Random
from typing import Any, TypeVar

from scraper.markup.html_page import collapse_spaces
from scraper.records import Capture

T = TypeVar("T")
Value = Any  # of a field, as an expectation in JSON has it
POST = "post"  # whether the page is read as a post at all
_BLOCKS = (
    "address|article|aside|blockquote|body|center|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|head|header|hr|li"
    "|main|nav|ol|p|pre|script|section|style|table|tbody|td|title|th|tr|ul"
)
_LEAF = re.compile(
    rf"<(?P<tag>p|h[1-6]|li|div|figcaption|blockquote)\b(?P<attributes>[^<>]*)>"
    rf"(?P<inner>(?:[^<]|<(?!/?(?:{_BLOCKS})\b))*)</(?P=tag)\s*>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
_LINE = re.compile(r"[^\r\n]+")


class Unfit(Exception):
    """A page that a mutation does not fit."""


def require(found: T | None) -> T:
    """Return what a mutation needs; raises Unfit where the page has nothing of the kind."""
    if not found:
        raise Unfit
    return found


def refuse_if(condition: object) -> None:
    """Raise Unfit where the condition holds."""
    if condition:
        raise Unfit


def read_text(markup: str) -> str:
    """Read the text of a piece of markup, with breaks as spaces."""
    return collapse_spaces(unescape(_TAG.sub("", _BREAK.sub(" ", markup))))


@dataclass(frozen=True, slots=True)
class Block:
    """An element without other blocks in it, one of the lines that `<br>` parts in it, or a line of bare text."""

    tag: str  # "br" for a line of an element, "" for a line of bare text
    attributes: str
    start: int
    inner_start: int
    inner_end: int
    end: int
    text: str

    @property
    def joint(self) -> str:
        """What parts it from a block like it."""
        return {"br": "<br>", "": "\n"}.get(self.tag, "")


@dataclass(frozen=True)
class Specimen:
    """A page with the right values of its fields; no value at all for a field means that it is open what is right."""

    name: str
    capture: Capture
    markup: str
    truth: Mapping[str, tuple[Any, ...]]
    frame: Callable[[str], str] | None = None  # what is around the markup where it is not the whole file
    index: int = 0  # of the post among those of the file
    is_bare: bool = False  # text without markup
    is_doubtful: bool = False  # the saved page itself has something that must be told
    charset: str = "utf-8"

    def build_capture(self) -> Capture:
        """The capture as a program would bring it."""
        text = self.frame(self.markup) if self.frame else self.markup
        return replace(self.capture, body=text.encode(self.charset, "xmlcharrefreplace"))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks of the page in order."""
        if self.is_bare:
            spans = ((m.start(), m.end(), m[0]) for m in _LINE.finditer(self.markup))
            return tuple(Block("", "", s, s, e, e, collapse_spaces(line)) for s, e, line in spans)
        return tuple(block for match in _LEAF.finditer(self.markup) for block in _read_element(match))

    def find_block(self, text: object) -> Block | None:
        """Find the only block with this text; None where there is none or several."""
        found = [block for block in self.blocks if block.text == text]
        lines = [block for block in found if block.tag != "br"] or found
        return lines[0] if len(lines) == 1 else None

    def get_value(self, field: str) -> Value:
        """Get the right value of a field, None where it has none or where several are right."""
        values = self.truth[field]
        return values[0] if len(values) == 1 else None

    def list_paragraphs(self) -> list[Block]:
        """List the blocks that are a whole paragraph of the body, each said once and without links."""
        sections = self.get_value("sections") or []
        said = [paragraph for section in sections for paragraph in section.get("text", "").split("\n\n")]
        blocks = (self.find_block(text) for text in said if text and said.count(text) == 1)
        return [block for block in blocks if block and "<a" not in self.get_source(block) and block.tag != "br"]

    def choose_paragraph(self, random: Random) -> Block:
        """Choose one that is marked up as a paragraph; raises Unfit."""
        refuse_if(self.is_bare)
        return random.choice(require([block for block in self.list_paragraphs() if block.tag == "p"]))

    def get_source(self, block: Block) -> str:
        return self.markup[block.start : block.end]

    def get_inner(self, block: Block) -> str:
        return self.markup[block.inner_start : block.inner_end]

    def edit(self, start: int, end: int, new: str) -> Specimen:
        """Replace characters of the markup."""
        return replace(self, markup=self.markup[:start] + new + self.markup[end:])

    def put(self, block: Block, new: str) -> Specimen:
        """Put other markup in the place of a block."""
        return self.edit(block.start, block.end, new)

    def fill(self, block: Block, inner: str) -> Specimen:
        """Give a block another inside."""
        return self.edit(block.inner_start, block.inner_end, inner)

    def substitute(self, pattern: str, new: str | Callable[[re.Match[str]], str]) -> Specimen | None:
        """Substitute a pattern in the markup; None where that changes nothing."""
        markup = re.sub(pattern, new, self.markup, flags=re.DOTALL)
        return replace(self, markup=markup) if markup != self.markup else None

    def double(self, block: Block) -> Specimen:
        source = self.get_source(block)
        return self.put(block, source + block.joint + source)

    def swap(self, first: Block, second: Block) -> Specimen:
        """Let two blocks change places; `first` stands before `second`."""
        between = self.markup[first.end : second.start]
        return self.edit(first.start, second.end, self.get_source(second) + between + self.get_source(first))

    def add_after(self, block: Block, text: str, *, tag: str | None = None) -> Specimen:
        """Add a block behind another, of the same tag unless `tag` says otherwise."""
        name = tag or block.tag
        new = block.joint + text if name in ("br", "") else f"<{name}>{text}</{name}>"
        return self.edit(block.end, block.end, new)

    def expect(self, **values: object) -> Specimen:
        """The same page where other values are right; None for a field that is empty then."""
        return replace(self, truth={**self.truth, **{field: (value,) for field, value in values.items()}})

    def admit(self, **values: object) -> Specimen:
        """The same page where a value more is right."""
        more = {field: (*self.truth[field], value) for field, value in values.items() if self.truth[field]}
        return replace(self, truth={**self.truth, **more})

    def leave_open(self, *fields: str) -> Specimen:
        """The same page where nobody can say what is right in these fields."""
        return replace(self, truth={**self.truth, **dict.fromkeys(fields, ())})

    def expect_text(self, old: str, *new: str) -> Specimen:
        """The same page where other paragraphs stand in the body in the place of one."""
        if not (body := self.get_value("body")) or not (sections := self.get_value("sections")):
            return self.leave_open("body", "sections")
        changed = [section | {"text": _replace_paragraph(section["text"], old, new)} for section in sections]
        return self.expect(body=_replace_paragraph(body, old, new) or None, sections=changed)


Mutation = Callable[[Specimen, Random], Specimen | None]  # it may raise Unfit in place of None


def _replace_paragraph(text: str, old: str, new: tuple[str, ...]) -> str:
    paragraphs = text.split("\n\n")
    if paragraphs.count(old) != 1:
        return text
    at = paragraphs.index(old)
    return "\n\n".join([*paragraphs[:at], *new, *paragraphs[at + 1 :]])


def _read_element(match: re.Match[str]) -> Iterator[Block]:
    """Read an element, and its lines where breaks part it and no other element goes over them."""
    start, inner = match.start("inner"), match["inner"]
    tag, attributes = match["tag"].lower(), match["attributes"]
    yield Block(tag, attributes, match.start(), start, match.end("inner"), match.end(), read_text(inner))
    breaks = [(m.start(), m.end()) for m in _BREAK.finditer(inner)]
    begins, ends = [0, *(end for _, end in breaks)], [*(begin for begin, _ in breaks), len(inner)]
    for begin, end in zip(begins, ends, strict=True) if breaks else ():
        line = inner[begin:end]
        if line.strip() and line.count("</") * 2 == line.count("<"):
            at = start + begin
            yield Block("br", "", at, at, start + end, start + end, read_text(line))
