"""Headings that a line break parts: `<h3>What the Rule Means<br>for the Towns</h3>` is one."""

from __future__ import annotations

from collections.abc import Callable

from pipelines.extraction.lines import Line, group_blocks, join_lines
from pipelines.extraction.wording.byline import is_name, read_byline
from pipelines.extraction.wording.closing_line import read_closing
from pipelines.extraction.wording.credit import may_be_credit, read_credit
from pipelines.extraction.wording.dateline import read_dateline
from pipelines.extraction.wording.label import read_label
from pipelines.extraction.wording.sections import is_known_heading

_LONGEST = 120  # characters
_WORDS = 12  # of a line of strong letters that is a heading
_MOST = 3  # lines
_ENDS = (".", ";", "!", "”")


def join_headings(lines: list[Line], ends_text: Callable[[str], bool]) -> list[Line]:
    """Join the lines of headings down to the list of resources, whose lines are items."""
    if not any(map(_is_heading, group_blocks(lines))):
        return lines
    end = next((index for index, line in enumerate(lines) if ends_text(line.text)), len(lines))
    groups = group_blocks(lines[:end])
    joined = [line for group in groups for line in ([join_lines(group)] if _is_heading(group) else group)]
    return joined + lines[end:]


def _is_heading(group: list[Line]) -> bool:
    """Whether several lines of one element are a heading, and none of them is one, or another line, by itself."""
    if not 1 < len(group) <= _MOST:
        return False
    in_tag = all(line.kind == "h" for line in group)
    if not in_tag and not all(line.kind == "p" and line.is_bold and not line.links for line in group):
        return False
    texts = [line.text for line in group]
    if sum(map(len, texts)) > _LONGEST or sum(len(text.split()) for text in texts) > _WORDS:
        return False
    return not any(map(_stands_alone, group)) and (in_tag or not any(is_name(text) for text in texts))


def _stands_alone(line: Line) -> bool:
    text = line.text
    if (text.endswith(_ENDS) and not text[:-1].isdigit()) or is_known_heading(text):
        return True
    if read_byline(text) or read_dateline(text) or read_label(text):
        return True
    return bool(read_credit(line) or may_be_credit(text) or read_closing(line))
