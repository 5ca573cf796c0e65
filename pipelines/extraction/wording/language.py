"""Whether a text is English, and no other language beside it, by the small words that no text can do without."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset(
    "the of and to that is for with by are from this which have has been their they it its be was".split()
)
_LEAST = 40  # words; fewer show nothing
_COMMONEST = frozenset((b"the", b"of", b"and", b"to"))
_EVIDENT = 0.08  # share of the commonest among the words of a text that needs no counting: half of what English has
# The commonest of other languages, which extensions print below each paragraph.
_ELSEWHERE = frozenset(
    form.encode().lower()
    for word in (
        "de la que el en los y les le et des du est und der die den das di il che um uma não os het een van và của się"
    ).split()
    for form in (word, word.upper())  # bytes keep the capitals with accents
)
_MIXED = 0.1  # share of these: a quarter in prose, few among names
_OTHER_SCRIPT = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")
_FOLDED = 3  # letters at most that one becomes when its case is folded
_ANOTHER = 0.1  # share of letters that are not Latin
_ENGLISH, _FOREIGN = 0.15, 0.06  # share of small words: about a third in English prose, hardly any elsewhere


def is_english(text: str) -> bool | None:
    """Whether a text is English, and nothing else; None where it is too short to tell."""
    is_short = len(text) < 5 * _LEAST and len(text.casefold()) < 5 * _LEAST
    # Bytes have small letters twenty times as fast as a text with a curly quote.
    parts = text.encode(errors="replace").lower().split(b" ")
    inner, spaces = parts[1:-1], len(parts) - 1
    if not is_short and (_is_mixed(inner, spaces) or _has_other_script(text)):
        return False
    if sum(map(_COMMONEST.__contains__, inner)) > _EVIDENT * max(spaces, _LEAST):
        return True
    words = _WORD.findall(text.casefold())
    letters = sum(map(len, words))
    if letters > 5 * _LEAST and sum(map(str.isascii, "".join(words))) < letters / 2:
        return False  # another script, which may part no words
    if len(words) < _LEAST:
        return None
    share = sum(word in _SMALL for word in words) / len(words)
    return True if share >= _ENGLISH else False if share < _FOREIGN else None


def _is_mixed(words: list[bytes], spaces: int) -> bool:
    return not _ELSEWHERE.isdisjoint(words) and sum(map(_ELSEWHERE.__contains__, words)) > _MIXED * spaces


def _has_other_script(text: str) -> bool:
    """Whether another script stands beside Latin; a cheap look first: its letters take more bytes."""
    if len(text.encode(errors="replace")) - len(text) <= _ANOTHER * len(text) / _FOLDED:
        return False
    low = text.casefold()
    return len(_OTHER_SCRIPT.findall(low)) > _ANOTHER * len(low)
