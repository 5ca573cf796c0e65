"""What browsers and word processors print on each page around a text: numbers, addresses, time and headline."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.head_lines import have_same_words
from pipelines.extraction.wording.site_name import strip_site_name

_OF = r"\d{1,3}\s?(?:/|of)\s?\d{1,3}"
_NUMBER = re.compile(
    rf"(?:Page )?{_OF}|Page:? \d{{1,3}}|\d{{1,3}} ?\| ?P ?a ?g ?e|(?:[-–—] ?)?\d{{1,3}} ?[-–—]"
    rf"|https?://\S+ (?:Page )?{_OF}|(?:Page )?{_OF} https?://\S+",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}(?P<clock>,? (?:at )?\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]\.?M\.?)?)?"
    r"(?P<rest> .{1,250})?",
    re.IGNORECASE,
)
_LONGEST = 300  # characters


def drop_print_marks(lines: list[Line]) -> list[Line]:
    """Drop the lines that stand on each printed page; a sentence that they part is one paragraph again."""
    kept: list[Line] = []
    joined: dict[int, int] = {}  # blocks that go on with another
    is_parted = False
    for line in lines:
        if _is_mark(line, lines):
            is_parted = True
            continue
        if is_parted and kept and line.text[0].islower() and not kept[-1].text.endswith((".", "!", "?", ":", "”")):
            joined[line.block] = kept[-1].block
        is_parted = False
        kept.append(replace(line, block=joined.get(line.block, line.block)))
    return kept


def _is_mark(line: Line, lines: list[Line]) -> bool:
    text = line.text
    if len(text) > _LONGEST or not (text[0].isdigit() or text[0] in "PphH-–—"):
        return False
    if _NUMBER.fullmatch(text):
        return True
    time = _TIME.fullmatch(text)
    if time is None or time["rest"] is None:
        return time is not None and time["clock"] is not None
    headline = time["rest"].strip()
    bare = strip_site_name(headline)
    return bare != headline or any(other is not line and have_same_words(other.text, headline) for other in lines)
