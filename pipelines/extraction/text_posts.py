"""Where one bare text ends and another begins in a file that holds several briefs."""

from __future__ import annotations

import re
from itertools import pairwise

from pipelines.extraction.bullets import find_bullet_end
from pipelines.extraction.lines import Line
from pipelines.extraction.text_lines import read_text_lines
from pipelines.extraction.wording.boilerplate_phrases import is_boilerplate_phrase
from pipelines.extraction.wording.head import is_digest
from pipelines.extraction.wording.label import read_label
from pipelines.extraction.wording.sections import is_part, read_heading
from scraper.address import make_urn
from scraper.discovery.front_matter import split_front_matter

_NEAR = 6  # lines between a label and the first part of its brief
_LONGEST = 160  # characters of a headline


def split_texts(text: str) -> list[str]:
    """Split a text into those of its briefs: each has a label, and the parts of a brief below it."""
    raw_lines = re.split(r"(?<=\n)|(?<=\f)|(?<=\r)(?!\n)", text)
    lines = [_read_line(raw) for raw in raw_lines]
    starts = [index for index, line in enumerate(lines) if line and _begins_brief(lines, index)]
    if len(starts) < 2 or is_digest(next((line.text for line in lines if line), None)):
        return [text]
    starts = [0, *(_find_title(lines, index) for index in starts[1:]), len(lines)]
    return ["".join(raw_lines[start:end]) for start, end in pairwise(starts)]


def lift_title(text: str) -> str:
    """Put the title that stands in fields above a text on its first line, and drop the fields."""
    fields, rest = split_front_matter(text)
    title = fields.get("title", "")
    first = rest.lstrip("# \t\r\n").partition("\n")[0].strip()
    return f"{title}\n\n{rest}" if title and title != first else rest


def make_path(text: str) -> str:
    """Make the path of a text that has no address."""
    return make_urn(text.encode("utf-8", "surrogatepass"))


def _read_line(raw: str) -> Line | None:
    return next(iter(read_text_lines(raw)), None)


def _begins_brief(lines: list[Line | None], index: int) -> bool:
    """Whether the line is a label with the first part of its brief near below it."""
    line = lines[index]
    if line is None or len(line.text) > _LONGEST or not any(read_label(part.strip()) for part in line.text.split("|")):
        return False
    following = [below for below in lines[index + 1 : index + 4 * _NEAR] if below][:_NEAR]
    headings = (read_heading(below) for below in following)
    return any(heading and is_part(heading.text) for heading in headings)


def _find_title(lines: list[Line | None], label: int) -> int:
    """Find the line of the headline above a label, else the label's own."""
    index = next((at for at in range(label - 1, -1, -1) if lines[at]), label)
    line, above = lines[index], lines[index - 1] if index else None
    is_apart = above is None or above.text.endswith((".", "!", "?", "”")) or is_boilerplate_phrase(above.text)
    is_title = line and is_apart and line.kind != "li" and len(line.text) <= _LONGEST
    if not is_title or not line or line.text.endswith((".", ";", ",", ":")) or is_boilerplate_phrase(line.text):
        return label
    return label if find_bullet_end(line.text) or (read_heading(line) and line.kind != "h") else index
