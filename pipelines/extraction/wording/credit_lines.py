"""Credits that a break parts, and those glued to the paragraph behind them, made lines of their own."""

from __future__ import annotations

import re

from pipelines.extraction.lines import Line, join_lines
from pipelines.extraction.wording.credit import read_credit
from pipelines.extraction.wording.credit_leads import begins_like_credit, is_lead
from pipelines.extraction.wording.credit_parts import AGENCY

_LONGEST = 160  # characters
_SENTENCE = 3  # words
_BRACKETS = re.compile(r"[(\[](?P<credit>[^()\[\]]{5,120})[)\]][.:]?\s+(?=[“\"‘'A-Z])")
_LENDER = re.compile(
    rf"(?:\s(?:on|via|from|courtesy of)\s|\s?[/|,]\s?)(?i:{AGENCY})\b(?P<end>(?:\.com)?[.:]?)(?:\s[–—|-])?"
    r"\s(?=[“\"‘'A-Z])"
)
# What goes on with a credit below a break.
_REST = re.compile(r"(?:on|via|from|by|for|courtesy|licen[sc]ed|CC|public domain)\b|[/|(,]", re.IGNORECASE)


def arrange_credits(lines: list[Line]) -> list[Line]:
    """Join the lines of a credit, and split it from the paragraph that it is glued to."""
    arranged: list[Line] = []
    for line in lines:
        above = arranged[-1] if arranged else None
        if above is not None and above.block == line.block and begins_like_credit(above.text) and _goes_on(above, line):
            arranged[-1] = join_lines([above, line])
        elif (line.text[:1] in "([" or begins_like_credit(line.text)) and (end := _find_end(line)):
            arranged += [line.take_range(0, end), line.drop_start(_skip_marks(line.text, end))]
        else:
            arranged.append(line)
    return arranged


def _goes_on(above: Line, line: Line) -> bool:
    if len(above.text) + len(line.text) > _LONGEST or above.kind != line.kind:
        return False
    if not (is_lead(above.text) or (_REST.match(line.text) and read_credit(above))):
        return False
    credit = read_credit(join_lines([above, line]))
    return credit is not None and (credit.confidence == "read" or not line.text.endswith("."))


def _find_end(line: Line) -> int:
    """Find where a credit in front of a sentence ends, 0 without one."""
    if line.kind == "caption" or (len(line.text) <= _LONGEST and read_credit(line)):
        return 0
    found = _BRACKETS.match(line.text) or _LENDER.search(line.text, 0, _LONGEST)
    if found is None:
        return 0
    end = found.end("credit") + 1 if found.re is _BRACKETS else found.end("end")
    rest = line.text[end:]
    credit = read_credit(line.take_range(0, end)) if len(rest.split()) >= _SENTENCE and rest[-1] in ".!?…:”)" else None
    named = credit.value if credit is not None and credit.confidence == "read" else None
    is_sure = named is not None and named.name is not None and (" " in named.name or named.source is not None)
    return end if is_sure and credit is not None and credit.rule in ("credit.lead", "credit.parenthesis") else 0


def _skip_marks(text: str, end: int) -> int:
    return len(text) - len(text[end:].lstrip(" .:–—|-"))
