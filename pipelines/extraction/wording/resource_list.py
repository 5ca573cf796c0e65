"""Where the list of resources begins, which lines continue it, and where it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import takewhile

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.byline import is_name, read_byline, read_signature
from pipelines.extraction.wording.closing_line import read_closing
from pipelines.extraction.wording.credit import read_credit
from pipelines.extraction.wording.end_notes import ends_list, is_end_note
from pipelines.extraction.wording.resource_headings import (
    ResourceHeading,
    begins_certain,
    heads_elsewhere,
    is_call_to_action,
    is_certain,
    is_source_heading,
    may_head_links,
    may_head_list,
    read_long_heading,
    read_resource_heading,
)
from pipelines.extraction.wording.resources import are_links, begins_item, introduces_items, is_instruction, is_prose
from pipelines.extraction.wording.sections import read_heading, strip_end
from scraper.records import Confidence, Problem

_GROUP = 6  # words of a heading within the list


@dataclass
class ResourceList:
    """The list of resources that is being read."""

    heading: str
    lines: list[Line] = field(default_factory=list)
    listed: bool = False
    how: Confidence = "read"
    doubts: list[Problem] = field(default_factory=list)

    def take_line(self, line: Line, following: list[Line]) -> bool:
        """Take the line if it continues the list; False where another part begins."""
        if line.kind == "li":
            self.listed = True
        elif heads_elsewhere(line, following):
            self.doubts.append(
                Problem("resources", "doubtful", f"What stands below {line.text[:80]!r} is taken for text.")
            )
            return False
        elif is_instruction(line) or introduces_items(line, following) or self._heads_a_group(line, following):
            return True
        elif not self._continues_with(line):
            return False
        self._doubt_paragraph(line)
        self.lines.append(line)
        return True

    def goes_on_behind(self, note: Line, following: list[Line]) -> bool:
        """Whether more items stand behind a note amid the list; what else follows it is text again."""
        self.listed = True
        is_heading = note.kind == "h" or (note.is_bold and read_heading(note) is not None)
        return (
            not (is_heading or ends_list(note))
            and bool(following)
            and (following[0].kind == "li" or are_links(following[:1]))
        )

    def _continues_with(self, line: Line) -> bool:
        if read_byline(line.text) or (not line.links and (read_signature(line.text) or self._is_signature(line))):
            return False
        if any(link.start == 0 for link in line.links):
            return True
        heading = read_heading(line)
        if heading is not None and (line.kind == "h" or heading.shape in ("known", "inline_colon", "inline_strong")):
            return False
        if begins_item(line) or (self.lines and _is_description(self.lines[-1], line)):
            return True
        return not self.listed and not is_prose(line)

    def _is_signature(self, line: Line) -> bool:
        """Whether a name behind a dash below list items signs the text: `– Ann Lee`."""
        return self.listed and line.text.startswith(("– ", "— ", "- ")) and is_name(line.text[2:].strip())

    def _heads_a_group(self, line: Line, following: list[Line]) -> bool:
        """Whether the line is a heading within the list, such as `National`, with more items below it."""
        if line.links or not following or following[0].block == line.block:
            return False
        if is_call_to_action(line) or is_source_heading(line.text) or read_resource_heading(line):
            return False
        heading = read_heading(line)
        if heading is not None:
            return heading.shape in ("heading_tag", "bold_line") and are_links(following[:1])
        is_label = len(line.text.split()) <= _GROUP and not line.text.endswith((".", "!", "?", ",", ";"))
        has_items = following[0].kind == "li" or (line.is_italic and are_links(following[:1]))
        return is_label and has_items and not begins_item(line)

    def _doubt_paragraph(self, line: Line) -> None:
        """Doubt a paragraph without a link, or of a link alone, below list items with links: it may be none of them."""
        above = self.lines[-1] if self.lines else None
        is_apart = above is not None and above.kind == "li" and above.links and line.kind == "p"
        if not is_apart or above is None:
            return
        is_mail = all((link.url or "").startswith("mailto:") for link in line.links)
        is_odd = _is_link_alone(line) or is_mail if line.links else not _is_description(above, line)
        if is_odd:
            self.doubts.append(Problem("resources", "doubtful", f"{line.text[:80]!r} is taken for a resource."))


def open_list(line: Line, lines: list[Line], start: int) -> ResourceList | None:
    """Open the list of resources if the line is its heading, with `lines` below it from `start`; None for any other."""
    if (line.kind == "li" and not line.is_bold) or not may_head_list(line):
        return None
    if heading := read_resource_heading(line):
        heads = is_certain(heading) or heading.rest is not None or start >= len(lines) or not is_prose(lines[start])
        return ResourceList(heading.text, _list_rest(heading)) if heads else None
    below = (lines[index] for index in range(start, len(lines)))
    if heading := read_long_heading(line):
        if start < len(lines) and begins_certain(heading) and begins_item(lines[start]):
            return ResourceList(heading.text)
    elif not may_head_links(line):
        return None
    return ResourceList(strip_end(line.text), how="guessed") if are_links(list(takewhile(_is_listed, below))) else None


def _list_rest(heading: ResourceHeading) -> list[Line]:
    """List the first item that stands in the line of the heading, unless that is an instruction."""
    rest = heading.rest
    return [] if rest is None or not rest.text or is_instruction(rest) else [rest]


def _is_listed(line: Line) -> bool:
    return not (read_heading(line) or read_closing(line) or read_credit(line) or is_end_note(line))


def _is_description(item: Line, line: Line) -> bool:
    """Whether a paragraph describes the list item before it, which is only a linked name."""
    return _is_link_alone(item) and len(line.text) < 400


def _is_link_alone(line: Line) -> bool:
    return len(line.links) == 1 and line.links[0].start == 0 and line.links[0].end >= len(line.text)
