"""The headline of a bare text: its first line, or the one below its label."""

from __future__ import annotations

from itertools import takewhile

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.byline import read_byline
from pipelines.extraction.wording.credit import read_credit
from pipelines.extraction.wording.dateline import dates_another, read_dateline
from pipelines.extraction.wording.head import is_head_line
from pipelines.extraction.wording.label import read_closing_label, read_label
from pipelines.extraction.wording.resource_headings import read_resource_heading
from pipelines.extraction.wording.sections import is_part, read_heading

_LONGEST = 180  # characters
_NEAR = 5  # lines of a head


def find_title_line(lines: list[Line]) -> tuple[Line, bool] | None:
    """Find the headline of a bare text, its first line, and say whether a head follows it.

    None where the text begins with its label, a byline, a date, a section heading or prose.
    """
    if not lines:
        return None
    first = lines[0]
    if read_closing_label(first.text):
        return first, True
    if (
        is_head_line(first)
        or dates_another(first.text)
        or len(first.text) > 180
        or first.kind == "li"
        or read_heading(first)
    ):
        return None
    if first.text.endswith((".", ";", ",", ":")) or len(first.text.split()) > 28:
        return None
    has_head = len(lines) > 1 and (is_head_line(lines[1]) or bool(read_heading(lines[1])))
    return first, has_head


def find_title_below(lines: list[Line]) -> tuple[Line, bool] | None:
    """Find the headline below the label, and say whether a byline or a date follows it.

    None where nothing but a byline and a date stands between the label and the text.
    """
    if len(lines) < 3 or not any(map(read_label, _split_parts(lines[0]))):
        return None
    index = 1 + sum(1 for _ in takewhile(_is_of_head, lines[1 : 1 + _NEAR]))
    if index + 1 >= len(lines) or not _may_be_title(lines[index]):
        return None
    has_head = index == 1 and _is_of_head(lines[2])
    heading = read_heading(lines[index + 1])
    return (lines[index], has_head) if has_head or (heading and is_part(heading.text)) else None


def _is_of_head(line: Line) -> bool:
    return any(read_label(part) or read_byline(part) or read_dateline(part) for part in _split_parts(line))


def _split_parts(line: Line) -> list[str]:
    return [part.strip() for part in line.text.split("|")]


def _may_be_title(line: Line) -> bool:
    text = line.text
    if line.kind == "li" or len(text) > _LONGEST or text.endswith((".", ";", ",", ":")) or not text[0].isupper():
        return False
    return not (read_heading(line) or read_credit(line) or read_resource_heading(line))
