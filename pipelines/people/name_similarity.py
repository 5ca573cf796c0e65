"""How two spellings of a name resemble each other; never a proof that they are one person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Short forms that are not the beginning of the long one.
_SHORT = """bill william, will william, bob robert, rob robert, dick richard, rick richard, jim james, jack john,
    peggy margaret, maggie margaret, liz elizabeth, beth elizabeth, betty elizabeth, kate katherine, kate catherine,
    katie katherine, rudy rudolph, mike michael, tony anthony, ted theodore, ted edward, ned edward, sasha alexander,
    sasha alexandra, larry lawrence, hank henry, harry henry, chuck charles, charlie charles, andy andrew,
    jenny jennifer, jerry gerald, steve stephen, zack zachary, molly mary, sally sarah, tina christina,
    becky rebecca, mindy melinda"""
_PAIRS = frozenset(frozenset(pair.split()) for pair in _SHORT.split(","))
_TITLES = frozenset(("jd", "phd", "md", "esq", "ma", "mba", "dr", "mr", "mrs", "ms", "prof", "rn"))
_GENERATIONS = frozenset(("jr", "sr", "ii", "iii", "iv"))
_LONG_ENOUGH = 7  # letters; one edit turns a shorter name into another name
_BEGINNING = 3  # letters; a shorter beginning of a first name is no short form of it


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two names resemble each other, with a score from 3 (weak) to 8 (strong)."""

    score: int
    how: str


@dataclass(frozen=True, slots=True)
class NameParts:
    """The words of a name, without accents, capitals, full stops and titles."""

    words: tuple[str, ...]
    generation: str | None  # jr, iii

    @property
    def letters(self) -> str:
        """The name as one word."""
        return "".join(self.words).replace("-", "")


@lru_cache(maxsize=8192)
def parse_name(name: str) -> NameParts:
    """Parse a name into words; `Cart, Katherine` is turned round."""
    plain_name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    sides = [_split_words(side) for side in plain_name.split(",")]
    names = [[word for word in side if word not in _TITLES | _GENERATIONS] for side in sides]
    is_turned = len(names) == 2 and len(names[0]) == 1 and bool(names[1])
    generation = next((word for side in sides for word in side if word in _GENERATIONS), None)
    return NameParts(tuple(word for side in (reversed(names) if is_turned else names) for word in side), generation)


def _split_words(text: str) -> list[str]:
    words = (re.sub(r"[^\w-]|_", "", word).strip("-") for word in text.split())
    return [word for word in words if word]


def are_two_people(left: str, right: str) -> bool:
    """Whether the names must be two people: John A. and John B. Smith, John Smith Jr. and III."""
    a, b = parse_name(left), parse_name(right)
    if a.generation and b.generation and a.generation != b.generation:
        return True
    if min(len(a.words), len(b.words)) < 3 or a.words[-1] != b.words[-1]:
        return False
    if not _is_one_first_name(a.words[0], b.words[0]):
        return False
    return not _are_compatible(a.words[1:-1], b.words[1:-1])


def find_likeness(left: str, right: str) -> Likeness | None:
    """Find how two names resemble each other, in either order; None if they do not."""
    if left == right or are_two_people(left, right):
        return None
    a, b = parse_name(left), parse_name(right)
    if not a.words or not b.words:
        return None
    if a.letters == b.letters:
        return Likeness(8, "the same letters: only accents, capitals, full stops, hyphens or titles differ")
    if sorted(a.words) == sorted(b.words):
        return Likeness(7, "the same words in another order")
    return _compare_words(a.words, b.words) or _compare_letters(a, b)


def list_blocking_keys(name: str) -> Iterator[str]:
    """List keys of which two similar names share at least one, so that few pairs need comparing."""
    parts = parse_name(name)
    yield "words " + " ".join(sorted(parts.words))
    yield from (f"last {part}" for part in (parts.words[-1].split("-") if parts.words else ()))
    letters = parts.letters
    yield f"letters {letters}"
    if len(letters) >= _LONG_ENOUGH:
        yield from (f"letters {letters[:at]}{letters[at + 1 :]}" for at in range(len(letters)))


def _compare_words(a: tuple[str, ...], b: tuple[str, ...]) -> Likeness | None:
    """Compare names that share a family name, or a part of one."""
    if min(len(a), len(b)) < 2:
        return None
    if a[-1] != b[-1]:
        is_part = a[-1] in b[-1].split("-") or b[-1] in a[-1].split("-")
        return Likeness(5, "one family name is a part of the other") if is_part and a[0] == b[0] else None
    if a[0] == b[0]:
        return Likeness(7, "with and without a middle name, or its initial")
    if 1 in (len(a[0]), len(b[0])) and a[0][0] == b[0][0]:
        return Likeness(5, "a first name and its initial")
    return Likeness(6, "a first name and its short form") if _is_short_form(a[0], b[0]) else None


def _compare_letters(a: NameParts, b: NameParts) -> Likeness | None:
    if min(len(a.letters), len(b.letters)) < _LONG_ENOUGH or not is_one_edit(a.letters, b.letters):
        return None
    if len(a.words) == len(b.words):
        left, right = next((x, y) for x, y in zip(a.words, b.words, strict=True) if x != y)
        if len(left) == len(right) == 1:
            return None  # another initial is another person
        if left[0] != right[0]:
            return Likeness(3, "one letter apart, the first of a word")
    return Likeness(5, "one letter apart")


def is_one_edit(left: str, right: str) -> bool:
    """Whether one letter added, left out or replaced, or two letters exchanged, turn one word into the other."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    a, b = left[start:], right[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1:2] + a[:1] == b[:2] and a[2:] == b[2:])


def _is_one_first_name(left: str, right: str) -> bool:
    initial = 1 in (len(left), len(right)) and left[0] == right[0]
    return left == right or initial or _is_short_form(left, right)


def _is_short_form(left: str, right: str) -> bool:
    short, long = sorted((left, right), key=len)
    return frozenset((left, right)) in _PAIRS or (len(short) >= _BEGINNING and long.startswith(short))


def _are_compatible(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether the middle names can be one person's; a missing one fits all."""
    return all(x == y or (1 in (len(x), len(y)) and x[0] == y[0]) for x, y in zip(left, right, strict=False))
