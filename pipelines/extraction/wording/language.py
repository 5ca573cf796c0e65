"""Whether a text is English, and no other language beside it, by the small words that no text can do without."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset(
    "the of and to that is for with by are from this which have has been their they it its be was".split()
)
_LEAST = 40  # words; fewer show nothing
_COMMONEST = frozenset(("the", "of", "and", "to"))
_EVIDENT = 0.08  # share of the commonest among the words of a text that needs no counting: half of what English has
# The commonest of other languages, which extensions print below each paragraph.
_ELSEWHERE = frozenset(
    "de la que el en los y les le et des du est und der die den das di il che um uma não os het een"
    " van và của się".split()
)
_MIXED = 0.1  # share of these: a quarter in prose, few among names
_OTHER_SCRIPT = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")
_ANOTHER = 0.1  # share of letters that are not Latin
_ENGLISH, _FOREIGN = 0.15, 0.06  # share of small words: about a third in English prose, hardly any elsewhere


def is_english(text: str) -> bool | None:
    """Whether a text is English, and nothing else; None where it is too short to tell."""
    low = text.casefold()
    parts = low.split(" ")
    inner, spaces = parts[1:-1], len(parts) - 1
    is_mixed = sum(map(_ELSEWHERE.__contains__, inner)) > _MIXED * spaces
    if len(low) >= 5 * _LEAST and (is_mixed or _has_other_script(low)):
        return False
    if sum(map(_COMMONEST.__contains__, inner)) > _EVIDENT * max(spaces, _LEAST):
        return True
    words = _WORD.findall(low)
    letters = sum(map(len, words))
    if letters > 5 * _LEAST and sum(map(str.isascii, "".join(words))) < letters / 2:
        return False  # another script, which may part no words
    if len(words) < _LEAST:
        return None
    share = sum(word in _SMALL for word in words) / len(words)
    return True if share >= _ENGLISH else False if share < _FOREIGN else None


def _has_other_script(low: str) -> bool:
    """Whether another script stands beside Latin; a cheap look first: its letters take more bytes."""
    least = _ANOTHER * len(low)
    return len(low.encode(errors="replace")) - len(low) > least and len(_OTHER_SCRIPT.findall(low)) > least
