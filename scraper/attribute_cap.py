"""Tags of very many attributes, of which the parser takes the square in time."""

from __future__ import annotations

import re
from itertools import islice

_SMALL = 200_000  # characters; the worst tag of a shorter page costs seconds, the look at each tag half a millisecond
_START_TAG = re.compile(r"<[a-zA-Z](?:[^>\"']|\"[^\"]*\"|'[^']*')*")
_ATTRIBUTE = re.compile(r"""[^\s"'=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"']+))?""")
_MOST_ATTRIBUTES = 1000  # of one tag: the parser compares each with all before it


def cap_attributes(text: str) -> tuple[str, tuple[str, ...]]:
    """Cut tags behind their first thousand attributes, and say so in a sentence."""
    if len(text) < _SMALL:
        return text, ()
    caps: list[str] = []

    def cut(tag: re.Match[str]) -> str:
        if len(tag[0]) < _MOST_ATTRIBUTES:
            return tag[0]
        last = next(islice(_ATTRIBUTE.finditer(tag[0]), _MOST_ATTRIBUTES, None), None)
        if last is None:
            return tag[0]
        caps.append(f"A tag has more than {_MOST_ATTRIBUTES} attributes: those behind them are not read.")
        return tag[0][: last.start()]

    return _START_TAG.sub(cut, text), tuple(caps[:1])
