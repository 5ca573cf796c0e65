"""Lines of text with their links, which wording reads whatever the layout was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from scraper.markup.cloudflare import PLACEHOLDER
from scraper.records import make_record

_POINTING = 30  # characters in front of the link to which they point
LineKind = Literal["p", "li", "h", "caption", "quote"]
Mark = Literal["a", "strong", "em", "sup", "hidden"]  # `hidden` is a link to a mailbox that a program hides


@make_record
class Span:
    """Marked-up characters `start:end` of a line; `url` is set on links."""

    tag: Mark
    start: int
    end: int
    url: str | None = None


@make_record
class Line:
    """One line as a reader sees it, with white space collapsed; lines of one `block` are one paragraph or list item."""

    text: str
    kind: LineKind = "p"
    block: int = 0
    spans: tuple[Span, ...] = ()
    is_doubtful: bool = False  # in an element that is called as boilerplate is
    item: int = 0  # the list item around it, which may hold several paragraphs; 0 outside of lists
    is_plain: bool = False  # of a plain text, which can only write a link's address out

    @property
    def links(self) -> tuple[Span, ...]:
        """The links in the line, in order."""
        if len(self.spans) < 2:  # nearly always
            return self.spans if self.spans and self.spans[0].url else ()
        return tuple([span for span in self.spans if span.url])

    @property
    def hides_email(self) -> bool:
        """Whether an e-mail address in the line could not be read: its code is damaged, or a script's."""
        return PLACEHOLDER in self.text or (bool(self.spans) and "hidden" in [span.tag for span in self.spans])

    @property
    def is_bold(self) -> bool:
        """Whether the whole line is strong, in one element or in several with spaces and marks between them."""
        return bool(self.spans) and self._is_marked("strong")

    @property
    def is_italic(self) -> bool:
        """Whether the whole line is emphasised."""
        return bool(self.spans) and self._is_marked("em")

    def _is_marked(self, tag: Mark) -> bool:
        spans = [span for span in self.spans if span.tag == tag]
        if not spans:
            return False
        outside, end = "", 0
        for span in spans:
            outside += self.text[end : span.start]
            end = max(end, span.end)
        return not (outside + self.text[end:]).strip(" :.–—-")

    def put_text(self, text: str, spans: tuple[Span, ...]) -> Line:
        """The line with another text; faster than `dataclasses.replace`, as all that make lines in loops must be."""
        return Line(text, self.kind, self.block, spans, self.is_doubtful, self.item, self.is_plain)

    def drop_start(self, start: int) -> Line:
        """Drop the first `start` characters and the white space after them."""
        rest = self.text[start:]
        start += len(rest) - len(rest.lstrip())
        if not (start or self.spans):
            return self
        spans = tuple(
            Span(span.tag, max(0, span.start - start), span.end - start, span.url)
            for span in self.spans
            if span.end > start
        )
        return self.put_text(self.text[start:], spans)

    def take_range(self, start: int, end: int) -> Line:
        """Take the characters `start:end` alone, without the white space at their ends."""
        text = self.text[:end].rstrip()
        return self.put_text(text, self._cut_spans(len(text))).drop_start(start)

    def cut_range(self, start: int, end: int) -> Line:
        """Cut the characters `start:end` out of the line, and the white space around them but for one space."""
        front = self.put_text(self.text[:start].rstrip(), self._cut_spans(start))
        rest = self.drop_start(end)
        return join_lines([front, rest]) if front.text and rest.text else front if front.text else rest

    def _cut_spans(self, end: int) -> tuple[Span, ...]:
        return tuple(Span(s.tag, s.start, min(s.end, end), s.url) for s in self.spans if s.start < end)


def find_pointer(line: Line) -> Span | None:
    """Find the link that is the whole line, or all of it behind a few words and a colon: `Read also: Harbor Fees`."""
    link = line.links[-1] if line.links else None
    if link is None or link.end < len(line.text.rstrip(" .!»›→")):
        return None
    front = line.text[: link.start].rstrip()
    return link if not front or (front[-1] in ":>»›|–—-" and len(front) <= _POINTING) else None


def find_strong_end(line: Line) -> int:
    """Find where the strong words at the start of a line end, 0 without any; neighbouring spans count as one."""
    end = 0
    for span in line.spans:
        if span.tag == "strong" and span.start <= end + (1 if end else 0):
            end = max(end, span.end)
    return end


def group_blocks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Group lines that are in one paragraph or list item."""
    run: list[Line] = []
    for line in lines:
        if run and run[-1].block != line.block:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def join_lines(run: list[Line]) -> Line:
    """Join lines into one, with spaces between them."""
    if len(run) == 1:
        return run[0]
    text, spans = "", []
    for line in run:
        shift = len(text) + 1 if text else 0
        text = f"{text} {line.text}" if text else line.text
        spans += [Span(span.tag, span.start + shift, span.end + shift, span.url) for span in line.spans]
    return run[0].put_text(text, tuple(spans))
