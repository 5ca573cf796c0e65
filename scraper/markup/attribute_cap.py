"""Caps tags with so many attributes that the parser would take time by the square of their number."""

from __future__ import annotations

import re
from itertools import islice

_SMALL = 200_000  # characters; the worst tag of a shorter page costs seconds, the look at each tag a millisecond
_MOST_ATTRIBUTES = 1000  # of one tag: the parser compares each with all before it
# As the parser reads them: a quote begins a value only behind an equals sign, and a value without its end is a word.
_ATTRIBUTE = r"""[^\s/>][^\s/>=]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?"""
_ATTRIBUTES = re.compile(_ATTRIBUTE)
# What looks like a tag in a comment or a script is none. Nothing here can fail behind the repeated part. Letters of any
# case are allowed for where they matter alone: as a flag of the whole that makes the search thirty times as slow.
_START_TAG = re.compile(
    rf"<!--(?:[^-]+|-(?!->))*"
    rf"|<(?P<raw>(?i:script|style|textarea|title|xmp|iframe|noembed|noframes))(?=[\s/>])"
    rf"(?P<of_raw>(?:[\s/]*{_ATTRIBUTE})*)(?:[^<]+|<(?!/(?i:(?P=raw))))*"
    rf"|<(?i:[a-z])[^\s/>]*(?P<others>(?:[\s/]*{_ATTRIBUTE})*)"
)


def cap_attributes(text: str) -> tuple[str, tuple[str, ...]]:
    """Cut tags behind their first thousand attributes, and say so in a sentence."""
    if len(text) < _SMALL:
        return text, ()
    kept: list[str] = []
    end = 0
    for tag in _START_TAG.finditer(text):
        group = "of_raw" if tag["raw"] else "others"
        first, last = tag.span(group)
        if last - first > _MOST_ATTRIBUTES and (cut := _find_excess(text, first, last)) is not None:
            kept.append(text[end:cut])
            end = last
    caps = (f"A tag has more than {_MOST_ATTRIBUTES} attributes: those behind them are not read.",) if kept else ()
    return "".join([*kept, text[end:]]), caps


def _find_excess(text: str, first: int, last: int) -> int | None:
    """Where the attributes of a tag begin that are too many; None if they are not."""
    excess = next(islice(_ATTRIBUTES.finditer(text, first, last), _MOST_ATTRIBUTES, None), None)
    return excess.start() if excess else None
