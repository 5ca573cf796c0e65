"""From the lines of a post to its parts: head, text with sections, resources, closing author, credits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from html import escape

import nh3

from scraper.candidates import SNIPPET, Candidate
from scraper.lines import Line, blocks, joined
from scraper.records import Author, Link, PhotoCredit, Resource, Section
from scraper.wording.byline import read_byline
from scraper.wording.chrome import without_chrome
from scraper.wording.closing import read_closing, read_contact_line
from scraper.wording.credit import read_credit
from scraper.wording.head import Head, read_head
from scraper.wording.resources import begins_item, is_instruction, items_of, read_item, read_resource_heading
from scraper.wording.sections import read_heading

_CAPTION = 250  # a paragraph that ends in a credit and is no longer than this is a caption


@dataclass
class Parts:
    """What wording read out of the lines of one post."""

    head: Head
    text: list[tuple[str | None, str, Line]] = field(default_factory=list)  # heading or None, its shape, line
    resources: list[Candidate[Resource]] = field(default_factory=list)
    closings: list[Candidate[tuple[Author, ...]]] = field(default_factory=list)
    credits: list[Candidate[PhotoCredit]] = field(default_factory=list)
    empty_headings: list[str] = field(default_factory=list)  # resources headings without an item


@dataclass
class _Resources:
    """The resources part that is being read."""

    heading: str
    lines: list[Line] = field(default_factory=list)
    listed: bool = False

    def goes_on(self, line: Line) -> bool:
        if line.kind == "li":
            self.listed = True
            return True
        if any(link.start == 0 for link in line.links):
            return True
        heading = read_heading(line)
        if heading is not None and (line.kind == "h" or heading.shape in ("known", "inline_colon", "inline_strong")):
            return False
        return begins_item(line) or not self.listed or _describes(self.lines[-1], line)


def _describes(item: Line, line: Line) -> bool:
    """Whether a paragraph behind a list item that is only a linked name is that item's description."""
    alone = len(item.links) == 1 and item.links[0].start == 0 and item.links[0].end >= len(item.text)
    return alone and len(line.text) < 400


def read_parts(lines: Iterable[Line], title: str | None) -> Parts:
    """Sort the lines of a post's content into its parts; `title` is the page's headline where it has one."""
    head, rest = read_head(without_chrome(list(lines)), title)
    parts = Parts(head, credits=list(head.credits))
    open_part: _Resources | None = None
    for line in head.kept + rest:
        if _take_closing(line, parts):
            _file_items(open_part, parts)
            open_part = None
            continue
        if _take_credit(line, parts) or line.kind == "caption":
            continue
        found = read_resource_heading(line) if line.kind != "li" or line.bold else None
        if found is not None:
            _file_items(open_part, parts)
            open_part = _Resources(found.text, [found.rest] if found.rest and found.rest.text else [])
        elif open_part is not None and open_part.goes_on(line):
            open_part.lines += [] if is_instruction(line) else [line]
        else:
            _file_items(open_part, parts)
            open_part = None
            _take_text(line, parts)
    _file_items(open_part, parts)
    _take_tail_byline(parts)
    return parts


def _take_tail_byline(parts: Parts) -> None:
    """A byline that stands as the text's last line, where none stood in front."""
    if not parts.text or parts.head.authors or parts.closings:
        return
    last = parts.text[-1][2]
    byline = read_byline(last.text) if parts.text[-1][0] is None and last.kind == "p" else None
    if byline and byline.shape != "house_name":
        parts.closings.append(Candidate(byline.authors, f"byline.{byline.shape}_at_end", last.text[:SNIPPET]))
        parts.text.pop()


def _file_items(part: _Resources | None, parts: Parts) -> None:
    """File the items of a resources part that ends here."""
    if part is None:
        return
    if not part.lines:
        parts.empty_headings.append(part.heading)
    for item in items_of(part.lines):
        resource, shape = read_item(item, part.heading)
        parts.resources.append(Candidate(resource, f"resources.{shape}", item.text[:SNIPPET]))


def _take_closing(line: Line, parts: Parts) -> bool:
    if closing := read_closing(line):
        parts.closings.append(Candidate(closing[0], f"closing.{closing[1]}_by", line.text[:SNIPPET]))
        return True
    contact = read_contact_line(line) if parts.closings else None
    if contact:
        last = parts.closings[-1]
        *others, author = last.value
        parts.closings[-1] = replace(last, value=(*others, replace(author, contact=author.contact or contact)))
    return contact is not None


def _take_credit(line: Line, parts: Parts) -> bool:
    """File a credit; a caption goes with it, a paragraph that merely ends in one stays."""
    if line.kind == "li":
        return False
    credit = read_credit(line)
    if credit is None:
        return False
    parts.credits.append(credit)
    if credit.rule == "credit.caption_tail" and line.kind != "caption" and len(line.text) > _CAPTION:
        _take_text(replace(line, text=line.text[: line.text.rindex(credit.value.text)].rstrip()), parts)
    return True


def _take_text(line: Line, parts: Parts) -> None:
    whole_link = any(link.start == 0 and link.end >= len(line.text) for link in line.links)
    heading = read_heading(line)
    if heading is None or (heading.shape == "bold_line" and whole_link):
        parts.text.append((None, "", line))
        return
    parts.text.append((heading.text, heading.shape, replace(line, text=heading.text, spans=())))
    if heading.rest is not None and heading.rest.text:
        parts.text.append((None, "", replace(heading.rest, kind="p")))


@dataclass(frozen=True)
class Text:
    """The body of a post in its forms."""

    sections: tuple[Section, ...]
    shapes: tuple[str, ...]  # of the sections' headings, "" for the opening
    body: str | None
    body_html: str | None
    links: tuple[Link, ...]


def compose(parts: Parts) -> Text:
    """The text with its sections; the sections joined in order, heading and text a blank line apart, are the body."""
    sections: list[tuple[str | None, str, list[Line]]] = [(None, "", [])]
    run: list[Line] = []
    for heading, shape, line in parts.text:
        if heading is None:
            run.append(line)
            continue
        sections[-1][2].extend(joined(r) for r in blocks(run))
        sections.append((heading, shape, []))
        run = []
    sections[-1][2].extend(joined(r) for r in blocks(run))
    if not sections[0][2]:
        sections.pop(0)
    built = tuple(Section(h, "\n\n".join(line.text for line in lines)) for h, _, lines in sections)
    body = "\n\n".join(part for s in built for part in (s.heading, s.text) if part)
    paragraphs = [line for _, _, lines in sections for line in lines]
    links = tuple(Link(line.text[s.start : s.end].strip(), s.url) for line in paragraphs for s in line.links if s.url)
    return Text(built, tuple(shape for _, shape, _ in sections), body or None, _html(sections) or None, links)


def _html(sections: list[tuple[str | None, str, list[Line]]]) -> str:
    pieces: list[str] = []
    for heading, _, lines in sections:
        if heading:
            pieces.append(f"<h2>{escape(heading)}</h2>")
        listing = False
        for line in lines:
            if (line.kind == "li") != listing:
                pieces.append("</ul>" if listing else "<ul>")
                listing = not listing
            pieces.append(_paragraph(line))
        if listing:
            pieces.append("</ul>")
    return nh3.clean("\n".join(pieces), tags={"h2", "p", "ul", "li", "a", "strong", "em", "blockquote"})


def _paragraph(line: Line) -> str:
    marked = _marked(line)
    if line.kind == "li":
        return f"<li>{marked}</li>"
    return f"<blockquote><p>{marked}</p></blockquote>" if line.kind == "quote" else f"<p>{marked}</p>"


def _marked(line: Line) -> str:
    """The line's text with its links and emphasis as HTML; spans come from a tree, so they nest."""
    events: list[tuple[int, int, int, str]] = []
    for span in line.spans:
        start, end = min(span.start, len(line.text)), min(span.end, len(line.text))
        if start < end:
            opening = f'<a href="{escape(span.url)}">' if span.url else f"<{span.tag}>"
            events.append((start, 1, -end, opening))
            events.append((end, 0, -start, f"</{span.tag}>"))
    out, at = [], 0
    for position, _, _, tag in sorted(events):
        out += [escape(line.text[at:position]), tag]
        at = position
    return "".join(out) + escape(line.text[at:])
