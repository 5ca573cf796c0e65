"""From the lines of a post to its parts: head, text with sections, resources, closing lines, credits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from html import escape

import nh3

from pipelines.extraction.candidates import SNIPPET, Candidate
from pipelines.extraction.lines import Line, find_pointer, group_blocks, join_lines
from pipelines.extraction.wording.boilerplate_phrases import doubt_cut, doubt_headings, split_boilerplate
from pipelines.extraction.wording.broken_headings import join_headings
from pipelines.extraction.wording.byline import read_signature
from pipelines.extraction.wording.closing_line import (
    cut_closing,
    find_words_behind,
    join_broken_closings,
    read_closing,
)
from pipelines.extraction.wording.contact_line import ContactLine, read_contact
from pipelines.extraction.wording.contacts import build_doubt, doubt_contacts, give_contacts, read_contact_urls
from pipelines.extraction.wording.credit import doubt_caption, is_text, read_credits
from pipelines.extraction.wording.credit_leads import says_who
from pipelines.extraction.wording.credit_lines import arrange_credits
from pipelines.extraction.wording.end_notes import is_end_note
from pipelines.extraction.wording.head import Head, read_head
from pipelines.extraction.wording.item_lines import split_items
from pipelines.extraction.wording.linked_byline import read_linked_byline
from pipelines.extraction.wording.lives import read_bio
from pipelines.extraction.wording.odd_items import find_odd_items, is_table_head
from pipelines.extraction.wording.resource_headings import names_resources
from pipelines.extraction.wording.resource_list import ResourceList, open_list
from pipelines.extraction.wording.resources import GUESSES, is_prose, read_item
from pipelines.extraction.wording.sections import join_broken_headings, read_heading
from scraper.records import Author, Confidence, Link, PhotoCredit, Problem, Resource, Section

# Addresses that every program reads alike: a host with letters at its end, and what needs no quotes.
_PLAIN_ADDRESS = re.compile(r"https?://(?!\S*xn--)(?:[a-z0-9-]+\.)+[a-z]{2,20}(?:/[\w./~%+=?#:@!*;&-]*)?", re.ASCII)
_REL = 'rel="noopener noreferrer"'  # as the sanitiser writes it
_SANITISER = nh3.Cleaner(tags={"h2", "p", "ul", "li", "a", "strong", "em", "blockquote"})


@dataclass
class Parts:
    """What wording read out of the lines of one post."""

    head: Head
    text: list[tuple[str | None, str, Line]] = field(default_factory=list)  # heading or None, its shape, line
    resources: list[Candidate[Resource]] = field(default_factory=list)
    closings: list[Candidate[tuple[Author, ...]]] = field(default_factory=list)
    credits: list[Candidate[PhotoCredit]] = field(default_factory=list)
    empty_headings: list[str] = field(default_factory=list)  # resources headings without an item
    doubts: list[Problem] = field(default_factory=list)  # lines that may have been filed under the wrong part


def read_parts(lines: Iterable[Line], title: str | None) -> Parts:
    """Sort the lines of a post's content into its parts; `title` is the page's headline where it has one."""
    written, cut = split_boilerplate(list(lines))
    head, rest = read_head(arrange_credits(written), title)
    parts = Parts(head, credits=list(head.credits), doubts=[*doubt_cut(cut), *doubt_headings(written)])
    current: ResourceList | None = None
    lines = join_broken_headings(head.text_lines + rest, names_resources)
    lines = join_broken_closings(join_headings(lines, names_resources))
    for index, line in enumerate(lines):
        following = lines[index + 1 : index + 3]  # all of the rest, a line at a time, would cost the square of a text
        credits = read_credits(line)
        if _take_closing(line, credits, parts):
            _file_items(current, parts)
            current = None
        elif _take_credit(line, credits, parts):
            continue
        elif line.kind == "caption":
            parts.doubts.extend(filter(None, (doubt_caption(line),)))
        elif new_list := open_list(line, lines, index + 1):
            _file_items(current, parts)
            current = new_list
        elif current is not None and is_end_note(line):
            if line.links:
                parts.doubts.append(Problem("resources", "doubtful", f"{line.text[:80]!r} is taken for text."))
            if not current.goes_on_behind(line, following):
                _file_items(current, parts)
                current = None
            _take_text(line, parts)
        elif current is None or not current.take_line(line, following):
            if current is not None and is_prose(line) and read_heading(line) is None:
                parts.doubts.append(Problem("resources", "doubtful", f"{line.text[:80]!r} is taken for text again."))
            _file_items(current, parts)
            current = None
            _take_text(line, parts)
    _file_items(current, parts)
    _take_tail_byline(parts)
    return parts


def _take_tail_byline(parts: Parts) -> None:
    """File a byline that is the last line of the text, where there was none in front."""
    if not parts.text or parts.head.authors or parts.closings:
        return
    last = parts.text[-1][2]
    is_plain = parts.text[-1][1] in ("", "bold_line") and last.kind == "p"
    byline = (read_linked_byline(last.text, last) or read_signature(last.text.lstrip("–—- "))) if is_plain else None
    if byline and byline.shape != "house_name":
        rule = f"byline.{byline.shape}_at_end"
        parts.closings.append(Candidate(byline.authors, rule, last.text[:SNIPPET], byline.confidence))
        parts.doubts += doubt_contacts(byline.authors, last)
        parts.text.pop()


def _file_items(part: ResourceList | None, parts: Parts) -> None:
    """File the items of a list of resources that ends here."""
    if part is None:
        return
    if not part.lines:
        parts.empty_headings.append(part.heading)
    pieces, doubts = split_items(part.lines)
    parts.doubts += part.doubts + doubts
    items = [(item, *read_item(item, part.heading)) for item in pieces]
    items = items[1:] if is_table_head([resource for _, resource, _ in items]) else items
    parts.doubts += find_odd_items([resource for _, resource, _ in items])
    for item, resource, shape in items:
        _doubt_email(item, "resources", parts)
        how = "guessed" if shape in GUESSES else part.how
        parts.resources.append(Candidate(resource, f"resources.{shape}", item.text[:SNIPPET], how))
        if resource.url is None and item.links:
            message = f"{item.text[:80]!r} has a link amid its words alone, and no address."
            parts.doubts.append(Problem("resources", "doubtful", message))


def _take_closing(line: Line, credits: list[Candidate[PhotoCredit]], parts: Parts) -> bool:
    credit = credits[0] if credits and "hoto" in line.text else None
    if credit and credit.rule == "credit.caption_tail":
        line = replace(line, text=line.text[: line.text.rindex(credit.value.text)].rstrip())
    if closing := read_closing(line):
        parts.credits += [credit] if credit else []
        if behind := read_credits(cut_closing(line)):
            parts.credits += behind
        elif words := find_words_behind(line):
            parts.doubts.append(Problem("body", "doubtful", f"{words[:80]!r} behind a closing line is left out."))
        _doubt_email(line, "authors", parts)
        parts.doubts += doubt_contacts(closing[0], line)
        parts.closings.append(Candidate(closing[0], f"closing.{closing[1]}_by", line.text[:SNIPPET]))
        return True
    if (parts.text or parts.resources) and (writers := read_bio(line)):
        parts.closings.append(Candidate(writers, "closing.bio", line.text[:SNIPPET], "guessed"))
        return True
    if (parts.text or parts.resources) and (contact_line := read_contact(line)):
        _take_contact(contact_line, line, parts)
        return True
    urls = read_contact_urls(line) if parts.closings else ()
    if urls:
        parts.closings[-1], all_given = give_contacts(parts.closings[-1], urls)
        parts.doubts += [] if all_given else [build_doubt(line)]
    return bool(urls)


def _take_contact(found: ContactLine, line: Line, parts: Parts) -> None:
    """File whom a line says to write to: the writer who is known, or a guess where none is."""
    known = [author for candidate in parts.head.authors + parts.closings for author in candidate.value]
    names = {author.name for author in known}
    people = found.authors
    if not people and found.of_author and len(known) == 1:
        people = (Author(known[0].name, known[0].kind, contact=found.contact),)
    is_known = all(author.name in names for author in people)
    if people and (is_known or not known):
        parts.doubts += doubt_contacts(people, line)
        how: Confidence = "read" if is_known else "guessed"
        parts.closings.append(Candidate(people, "closing.contact", line.text[:SNIPPET], how))
    else:
        message = f"{line.text[:80]!r} says whom to write to, and is left out."
        parts.doubts.append(Problem("authors", "doubtful", message))


def _doubt_email(line: Line, field_: str, parts: Parts) -> None:
    if line.hides_email:
        message = f"{line.text[:80]!r} has an e-mail address that is hidden from robots and could not be read."
        parts.doubts.append(Problem(field_, "unread", message))


def _take_credit(line: Line, credits: list[Candidate[PhotoCredit]], parts: Parts) -> bool:
    """File a credit; a caption is dropped with it, a paragraph that only ends in one stays."""
    credit = credits[-1] if credits else None
    is_sure = credit is not None and (credit.value.source or (credit.confidence == "read" and says_who(line.text)))
    if credit is None or (line.kind == "li" and not (is_sure and credit.rule in ("credit.lead", "credit.licence"))):
        return False
    _doubt_email(line, "photo_credits", parts)
    parts.credits += credits
    if credit.rule == "credit.caption_tail" and line.kind != "caption":
        if is_text(line, credit):
            _take_text(replace(line, text=line.text[: line.text.rindex(credit.value.text)].rstrip()), parts)
        elif parts.text:
            parts.doubts.append(Problem("body", "doubtful", f"{line.text[:80]!r} is taken for a caption."))
    return True


def _take_text(line: Line, parts: Parts) -> None:
    _doubt_email(line, "body", parts)
    heading = read_heading(line)
    if heading is None or (heading.shape == "bold_line" and find_pointer(line)):
        parts.text.append((None, "", line))
        return
    parts.text.append((heading.text, heading.shape, line.put_text(heading.text, ())))
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


def compose_text(parts: Parts) -> Text:
    """Compose the text and its sections; the body joins their headings and texts with blank lines."""
    sections: list[tuple[str | None, str, list[Line]]] = [(None, "", [])]
    run: list[Line] = []
    for heading, shape, line in parts.text:
        if heading is None:
            run.append(line)
            continue
        sections[-1][2].extend(map(join_lines, group_blocks(run)))
        sections.append((heading, shape, []))
        run = []
    sections[-1][2].extend(map(join_lines, group_blocks(run)))
    if not sections[0][2]:
        sections.pop(0)
    built_sections = tuple([Section(h, "\n\n".join([line.text for line in lines])) for h, _, lines in sections])
    body = "\n\n".join([part for s in built_sections for part in (s.heading, s.text) if part])
    marked = [line for _, _, lines in sections for line in lines if line.spans]
    links = tuple([Link(line.text[s.start : s.end].strip(), s.url) for line in marked for s in line.spans if s.url])
    shapes = tuple([shape for _, shape, _ in sections])
    return Text(built_sections, shapes, body or None, _build_html(sections) or None, links)


def _build_html(sections: list[tuple[str | None, str, list[Line]]]) -> str:
    pieces: list[str] = []
    for heading, _, lines in sections:
        if heading:
            pieces.append(_build_element("h2", Line(heading)))
        listing = False
        for line in lines:
            if (line.kind == "li") != listing:
                pieces.append("</ul>" if listing else "<ul>")
                listing = not listing
            pieces.append(_build_paragraph(line))
        if listing:
            pieces.append("</ul>")
    return "\n".join(pieces)


def _build_paragraph(line: Line) -> str:
    element = _build_element("li" if line.kind == "li" else "p", line)
    return f"<blockquote>{element}</blockquote>" if line.kind == "quote" else element


def _build_element(tag: str, line: Line) -> str:
    """Build an element; one with plain links and no odd characters is as the sanitiser would leave it."""
    markup = f"<{tag}>{_mark_up(line)}</{tag}>"
    return markup if _is_plain(line) else _SANITISER.clean(markup)


def _is_plain(line: Line) -> bool:
    """Whether the marks of a line stand beside one another, its links lead to hosts, and each character is seen."""
    end = 0
    for span in line.spans:
        if span.start < end or (span.tag == "a" and not _PLAIN_ADDRESS.fullmatch(span.url or "")):
            return False
        end = span.end
    return line.text.isprintable()


def _mark_up(line: Line) -> str:
    """Mark up the line's links and emphasis as HTML; spans come from a tree, so they nest."""
    if not line.spans:
        return escape(line.text, quote=False)
    events: list[tuple[int, int, int, str]] = []
    for span in line.spans:
        start, end = min(span.start, len(line.text)), min(span.end, len(line.text))
        if start < end and span.tag not in ("hidden", "sup"):
            opening = f'<a href="{escape(span.url)}" {_REL}>' if span.url else f"<{span.tag}>"
            events.append((start, 1, -end, opening))
            events.append((end, 0, -start, f"</{span.tag}>"))
    out, at = [], 0
    for position, _, _, tag in sorted(events):
        out += [escape(line.text[at:position], quote=False), tag]
        at = position
    return "".join(out) + escape(line.text[at:], quote=False)
