"""Signs that turn the direction of writing: they must not reach beyond the text in which they stand."""

from __future__ import annotations

import re

_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ISOLATES = re.compile("[\u2066-\u2068]")
_BEGIN, _END = "\u2068", "\u2069"  # FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE


def isolate_direction(text: str) -> str:
    """The text, closed off where it has such signs; in HTML the style sheet does it for elements."""
    ends = _END * (1 + len(_ISOLATES.findall(text)))
    return f"{_BEGIN}{text}{ends}" if _TURNS.search(text) else text
