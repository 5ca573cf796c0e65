"""Where one bare text ends and another begins in a file that holds several briefs."""

from __future__ import annotations

import re
from itertools import islice, pairwise

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
    lines = [next(iter(read_text_lines(raw)), None) for raw in raw_lines]
    briefs = {_identify_brief(lines, index): index for index in reversed(range(len(lines)))}
    starts = sorted(index for brief, index in briefs.items() if brief)  # a label that stands twice begins one brief
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


def _identify_brief(lines: list[Line | None], index: int) -> tuple[int, int | None, str | None] | None:
    """Find what tells a brief that a label begins from others: where its first part stands, its number, its domain."""
    line = lines[index]
    parts = line.text.split("|") if line and len(line.text) <= _LONGEST else []
    label = next(filter(None, (read_label(part.strip()) for part in parts)), None)
    if label is None:
        return None
    following = ((at, below) for at, below in enumerate(lines[index + 1 : index + 4 * _NEAR]) if below)
    headings = ((at, read_heading(below)) for at, below in islice(following, _NEAR))
    part = next((index + at for at, heading in headings if heading and is_part(heading.text)), None)
    return None if part is None else (part, label.number, label.domain)


def _find_title(lines: list[Line | None], label: int) -> int:
    """Find the line of the headline above a label, else the label's own."""
    index = next((at for at in range(label - 1, -1, -1) if lines[at]), label)
    line, above = lines[index], lines[index - 1] if index else None
    is_apart = above is None or above.text.endswith((".", "!", "?", "”")) or is_boilerplate_phrase(above.text)
    is_title = line and is_apart and line.kind != "li" and len(line.text) <= _LONGEST
    if not is_title or not line or line.text.endswith((".", ";", ",", ":")) or is_boilerplate_phrase(line.text):
        return label
    return label if find_bullet_end(line.text) or (read_heading(line) and line.kind != "h") else index
