"""How two spellings of a name resemble each other; never a proof that they are one person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Short forms that are no beginnings of the long ones.
_SHORT = """bill william, will william, bob robert, rob robert, dick richard, rick richard, jim james, jack john,
    peggy margaret, maggie margaret, liz elizabeth, beth elizabeth, betty elizabeth, kate katherine, kate catherine,
    katie katherine, rudy rudolph, mike michael, tony anthony, ted theodore, ted edward, ned edward, sasha alexander,
    sasha alexandra, larry lawrence, hank henry, harry henry, chuck charles, charlie charles, andy andrew,
    jenny jennifer, jerry gerald, steve stephen, zack zachary, molly mary, sally sarah, tina christina,
    becky rebecca, mindy melinda"""
_PAIRS = frozenset(frozenset(pair.split()) for pair in _SHORT.split(","))
_TITLES = frozenset(("jd", "phd", "md", "esq", "ma", "mba", "dr", "mr", "mrs", "ms", "prof", "rn"))
_GENERATIONS = frozenset(("jr", "sr", "ii", "iii", "iv"))
_LONG_ENOUGH = 7  # letters; in a shorter name one edit makes another name
_BEGINNING = 3  # letters of a first name that can be its short form


@dataclass(frozen=True, slots=True)
class Likeness:
    """In what way two names are alike, and how much that says: from 3, little, to 8, much."""

    score: int
    how: str


@dataclass(frozen=True, slots=True)
class Parts:
    """A name in its words, without accents, capitals, full stops and titles."""

    words: tuple[str, ...]
    generation: str | None  # jr, iii

    @property
    def letters(self) -> str:
        """The name in one word."""
        return "".join(self.words).replace("-", "")


@lru_cache(maxsize=8192)
def parts(name: str) -> Parts:
    """The words of a name; `Cart, Katherine` is turned round."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    sides = [_words(side) for side in folded.split(",")]
    named = [[word for word in side if word not in _TITLES | _GENERATIONS] for side in sides]
    turned = len(named) == 2 and len(named[0]) == 1 and bool(named[1])
    generation = next((word for side in sides for word in side if word in _GENERATIONS), None)
    return Parts(tuple(word for side in (reversed(named) if turned else named) for word in side), generation)


def _words(text: str) -> list[str]:
    words = (re.sub(r"[^\w-]|_", "", word).strip("-") for word in text.split())
    return [word for word in words if word]


def conflict(one: str, other: str) -> bool:
    """Whether the two names tell of two people: John A. and John B. Smith, John Smith Jr. and III."""
    a, b = parts(one), parts(other)
    if a.generation and b.generation and a.generation != b.generation:
        return True
    if min(len(a.words), len(b.words)) < 3 or a.words[-1] != b.words[-1] or not _one_first(a.words[0], b.words[0]):
        return False
    return not _fit(a.words[1:-1], b.words[1:-1])


def alike(one: str, other: str) -> Likeness | None:
    """How the names resemble each other, the same both ways round; None if they do not."""
    if one == other or conflict(one, other):
        return None
    a, b = parts(one), parts(other)
    if not a.words or not b.words:
        return None
    if a.letters == b.letters:
        return Likeness(8, "the same letters: only accents, capitals, full stops, hyphens or titles differ")
    if sorted(a.words) == sorted(b.words):
        return Likeness(7, "the same words in another order")
    return _of_words(a.words, b.words) or _misspelt(a, b)


def neighbourhood(name: str) -> Iterator[str]:
    """Keys of which two names that are `alike` share at least one."""
    told = parts(name)
    yield "words " + " ".join(sorted(told.words))
    yield from (f"last {part}" for part in (told.words[-1].split("-") if told.words else ()))
    letters = told.letters
    yield f"letters {letters}"
    if len(letters) >= _LONG_ENOUGH:
        yield from (f"letters {letters[:at]}{letters[at + 1 :]}" for at in range(len(letters)))


def _of_words(a: tuple[str, ...], b: tuple[str, ...]) -> Likeness | None:
    """Names of one family name, or of one and a part of it."""
    if min(len(a), len(b)) < 2:
        return None
    if a[-1] != b[-1]:
        joined = a[-1] in b[-1].split("-") or b[-1] in a[-1].split("-")
        return Likeness(5, "one family name is a part of the other") if joined and a[0] == b[0] else None
    if a[0] == b[0]:
        return Likeness(7, "with and without a middle name, or its initial")
    if 1 in (len(a[0]), len(b[0])) and a[0][0] == b[0][0]:
        return Likeness(5, "a first name and its initial")
    return Likeness(6, "a first name and its short form") if _short_form(a[0], b[0]) else None


def _misspelt(a: Parts, b: Parts) -> Likeness | None:
    if min(len(a.letters), len(b.letters)) < _LONG_ENOUGH or not one_edit(a.letters, b.letters):
        return None
    if len(a.words) == len(b.words):
        one, other = next((x, y) for x, y in zip(a.words, b.words, strict=True) if x != y)
        if len(one) == len(other) == 1:
            return None  # another initial is another person
        if one[0] != other[0]:
            return Likeness(3, "one letter apart, the first of a word")
    return Likeness(5, "one letter apart")


def one_edit(one: str, other: str) -> bool:
    """Whether one letter more, less, other, or two letters exchanged make the one of the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1:2] + a[:1] == b[:2] and a[2:] == b[2:])


def _one_first(one: str, other: str) -> bool:
    initial = 1 in (len(one), len(other)) and one[0] == other[0]
    return one == other or initial or _short_form(one, other)


def _short_form(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return frozenset((one, other)) in _PAIRS or (len(short) >= _BEGINNING and long.startswith(short))


def _fit(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether middle names can be of one person; a missing one fits all."""
    return all(x == y or (1 in (len(x), len(y)) and x[0] == y[0]) for x, y in zip(one, other, strict=False))
