"""From an element to lines of text in reading order."""

from __future__ import annotations

from collections.abc import Collection

from lxml import etree
from lxml.html import HtmlElement

from pipelines.extraction.boilerplate import UNSEEN, StandingJudge, is_of_template
from pipelines.extraction.bullets import strip_list_sign
from pipelines.extraction.buttons import ButtonUse, find_use
from pipelines.extraction.emoji import find_character
from pipelines.extraction.lines import Line, LineKind, Mark, Span
from pipelines.extraction.link_slips import mend_link
from scraper.address import make_absolute
from scraper.markup.cloudflare import hides_email
from scraper.markup.html_page import drop_invisible

_BLOCKS = frozenset(
    "p div section article header footer main aside h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tr caption "
    "blockquote figure figcaption pre hr address center details summary fieldset".split()
)
_KINDS: dict[str, LineKind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "h"),
    **dict.fromkeys(("li", "dt", "dd"), "li"),
    **{"figcaption": "caption", "blockquote": "quote"},
}
_WORD_ITEM = "MsoList"  # Word writes list items as paragraphs, with a bullet or a number of text in front
_MARKS: dict[str, Mark] = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "sup": "sup"}


class _LineWriter:
    """Collects the characters of one line after another."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.block = 0
        self._has_kind: list[bool] = []  # of the open blocks
        self.kinds: list[LineKind] = []
        self.doubtful: list[HtmlElement] = []  # the open elements that may be boilerplate
        self.items: list[int] = []  # the open list items
        self.item_count = 0
        self._words: list[str] = []
        self._length = 0
        self._gap = False
        self._spans: list[Span] = []
        self._open: list[tuple[Mark, int, str | None] | None] = []  # None for a link that another one has ended
        self.has_typed_sign = False  # the open list item is Word's, and begins with its bullet
        self.verbatim = 0  # the open elements whose lines end where those of the source do

    def open_block(self, kind: LineKind | None, *, is_new: bool = True) -> None:
        """Open a block; of list items each is `is_new` but the description of the term before it."""
        self.end_block()
        self._has_kind.append(kind is not None)
        if kind is not None:
            self.item_count += kind == "li" and (is_new or not self.item_count)
            self.items.append(self.item_count if kind == "li" else self.items[-1] if self.items else 0)
            self.kinds.append(kind)

    def close_block(self) -> None:
        self.end_block()
        if self._has_kind.pop():
            self.kinds.pop()
            self.items.pop()
            self.has_typed_sign = False

    def _add_source_lines(self, text: str) -> None:
        first, *others = text.split("\n")
        self.add_text(first)
        for line in others:
            self.end_line()
            self.add_text(line)

    def add_text(self, text: str) -> None:
        if text.isspace() and not self.verbatim:  # every second one
            self._gap = self._gap or self._length > 0
            return
        if not text.isascii():
            text = drop_invisible(text)
            if not text:
                return
        if self.verbatim and "\n" in text:
            self._add_source_lines(text)
            return
        # Most is one line; that it holds no other white space than single spaces is known faster than it is split.
        is_even = "  " not in text and text.isprintable()
        addition = text.strip() if is_even else " ".join(text.split())
        if not addition:
            self._gap = self._gap or self._length > 0
            return
        if (self._gap or text[0].isspace()) and self._length:
            self._words.append(" ")
            self._length += 1
        self._words.append(addition)
        self._length += len(addition)
        self._gap = text[-1].isspace()

    def open_span(self, tag: Mark, url: str | None) -> None:
        """Open a span; as in browsers, a link that was not closed ends where the next one begins."""
        if url is not None:
            for index, span in enumerate(self._open):
                if span is not None and span[2] is not None:
                    self._end_span(span)
                    self._open[index] = None
        self._open.append((tag, self._length + (1 if self._gap and self._length else 0), url))

    def close_span(self) -> None:
        self._end_span(self._open.pop())

    def _end_span(self, span: tuple[Mark, int, str | None] | None) -> None:
        if span is not None and self._length > span[1]:
            self._spans.append(Span(span[0], span[1], self._length, span[2]))

    def end_line(self) -> None:
        """End the line, as a <br> does; two in a row end the paragraph."""
        if self._length:
            self._finish_line()
        else:
            self.block += 1

    def end_block(self) -> None:
        if self._length or self._open:
            self._finish_line()
        self._gap = False
        self.block += 1

    def _finish_line(self) -> None:
        if self._open:
            for span in self._open:
                self._end_span(span)
            self._open = [(span[0], 0, span[2]) if span else None for span in self._open]
        if self._length:
            self.lines.append(self._build_line())
            self._words, self._spans, self._length = [], [], 0
        self._gap = False

    def _build_line(self) -> Line:
        text = "".join(self._words)
        spans = self._spans
        if spans:
            spans = [_skip_spaces(span, text) if text[span.start] == " " else span for span in spans]
            spans.sort(key=lambda span: (span.start, -span.end))
        kind = self.kinds[-1] if self.kinds else "p"
        line = Line(text, kind, self.block, tuple(spans), bool(self.doubtful), self.items[-1] if self.items else 0)
        has_sign, self.has_typed_sign = self.has_typed_sign, False
        return strip_list_sign(line) if has_sign else line


def _skip_spaces(span: Span, text: str) -> Span:
    inner = text[span.start : span.end]
    return Span(span.tag, span.start + len(inner) - len(inner.lstrip()), span.end, span.url)


def _get_kind(element: HtmlElement, tag: str) -> LineKind | None:
    kind, names = _KINDS.get(tag), element.get(b"class")
    if names and kind not in ("h", "caption"):
        if "wp-caption-text" in names:
            return "caption"
        if _WORD_ITEM in names:
            return "li"
    return kind


def _open_element(element: HtmlElement, writer: _LineWriter, base: str | None, *, is_doubtful: bool) -> None:
    """Open an element with its first text."""
    tag = element.tag
    if tag in _BLOCKS:
        kind = _get_kind(element, tag)
        writer.open_block(kind, is_new=tag != "dd")
        if tag == "pre":
            writer.verbatim += 1
        if kind:
            writer.has_typed_sign = kind == "li" and tag == "p"
    elif tag == "br":
        writer.end_line()
    elif tag == "a" and (href := element.get(b"href")):
        hidden, is_script = hides_email(href), href.lstrip()[:11].lower() == "javascript:"
        url = None if hidden or is_script else mend_link(make_absolute(href, base))
        writer.open_span("hidden" if hidden else "a", url)
    elif tag in _MARKS:
        writer.open_span(_MARKS[tag], None)
    elif tag == "img" and (character := find_character(element)):
        writer.add_text(character)
    elif tag in ("td", "th"):
        writer.add_text(" ")
    if is_doubtful:
        writer.doubtful.append(element)
    if text := element.text:
        writer.add_text(text)


def _close_element(element: HtmlElement, writer: _LineWriter) -> None:
    tag = element.tag
    if tag in _BLOCKS:
        writer.close_block()
        if tag == "pre":
            writer.verbatim -= 1
    elif tag in _MARKS or (tag == "a" and element.get(b"href")):
        writer.close_span()
    if writer.doubtful and writer.doubtful[-1] is element:
        writer.doubtful.pop()


def read_lines(container: HtmlElement, base: str | None, left_out: Collection[HtmlElement] = ()) -> list[Line]:
    """Read the lines below `container` without boilerplate and `left_out`; links are absolute, without the Wayback."""
    writer = _LineWriter()
    walk = etree.iterwalk(container, events=("start", "end", "comment", "pi"))
    button: HtmlElement | None = None  # of several, one within another, the outermost
    use: ButtonUse | None = None
    skipped_element: HtmlElement | None = None
    judge, is_module = StandingJudge(container), is_of_template(container)
    for event, element in walk:
        if event == "start":
            standing = judge.enter_element(element) if element is not container else "text"
            is_button = is_left_out = False
            if standing == "boilerplate":
                use = find_use(element, writer.lines, base) if button is None else use
                is_button = button is None and use is not None
                is_left_out = not is_button and (button is None or element.tag in UNSEEN)
            is_template = is_module and element is not container and is_of_template(element)
            if is_left_out or is_template or element in left_out:
                walk.skip_subtree()
                skipped_element = element
                if element.tag in _BLOCKS:
                    writer.end_block()
                continue
            if is_button:
                button = element
                if use == "item":
                    writer.open_block("li")
            _open_element(element, writer, base, is_doubtful=is_button or standing == "doubtful")
            continue
        if event == "end" and element is not skipped_element:
            _close_element(element, writer)
            judge.leave_element(element)
            if element is button:
                button = None
                if use == "item":
                    writer.close_block()
        if element is not container and (tail := element.tail):
            writer.add_text(tail)
    writer.end_block()
    return writer.lines
