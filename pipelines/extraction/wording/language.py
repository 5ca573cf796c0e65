"""Whether a text is English, by its small words, which no English text can do without."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset(
    "the of and to that is for with by are from this which have has been their they it its be was".split()
)
_LEAST = 40  # words; fewer show nothing
_COMMONEST = (" the ", " of ", " and ", " to ")
_EVIDENT = 0.08  # share of the commonest among the words of a text that needs no counting: half of what English has
_ENGLISH, _FOREIGN = 0.15, 0.06  # share of small words: about a third in English prose, hardly any elsewhere


def is_english(text: str) -> bool | None:
    """Whether a text is English; None where it is too short to tell, or mixed."""
    low = text.casefold()
    if sum(map(low.count, _COMMONEST)) > _EVIDENT * max(low.count(" "), _LEAST):
        return True
    words = _WORD.findall(low)
    letters = sum(map(len, words))
    if letters > 5 * _LEAST and sum(map(str.isascii, "".join(words))) < letters / 2:
        return False  # another script, which may part no words
    if len(words) < _LEAST:
        return None
    share = sum(word in _SMALL for word in words) / len(words)
    return True if share >= _ENGLISH else False if share < _FOREIGN else None
