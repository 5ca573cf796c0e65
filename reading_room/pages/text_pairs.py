"""Two texts side by side: paragraphs in pairs with the words that differ, and the passage at which two values part."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reading_room.pages.text_diff import UNITS, Piece, compare_units, diff_texts

_LEAST_ALIKE = 0.3  # share of two paragraphs that must be the same for words of them to be compared
_LONGEST = 8_000  # characters of one side of a pair that are shown
_CONTEXT = 60  # characters before and after a passage
_PASSAGE = 300  # characters of it
_FIRST_WORD, _LAST_WORD = re.compile(r"^\S+"), re.compile(r"\S*$")


@dataclass(frozen=True, slots=True)
class Pair:
    """A part of two texts: the same in both, or what each has in its place."""

    is_same: bool
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]

    @property
    def words(self) -> int:
        """How many words the old text has here."""
        return sum(len(piece.text.split()) for piece in self.old)


def pair_texts(old: str, new: str) -> list[Pair]:
    """The parts of both texts in order."""
    was, now = (f"{text}\n\n" if text else "" for text in (old, new))  # the last paragraph is one like the others
    pairs = (_make_pair(*run) for run in compare_units(was, now, UNITS[0], paired=True))
    return [pair for pair in pairs if pair.old or pair.new]


def pair_values(old: str, new: str) -> Pair:
    """Two short values, word by word."""
    return _make_pair("equal" if old == new else "replace", old, new)


def count_words(pairs: Iterable[Pair]) -> tuple[int, int]:
    """How many words were deleted and how many inserted."""
    listed = list(pairs)
    return (
        sum(len(piece.text.split()) for pair in listed for piece in pair.old if piece.kind == "del"),
        sum(len(piece.text.split()) for pair in listed for piece in pair.new if piece.kind == "ins"),
    )


def _make_pair(kind: str, old: str, new: str) -> Pair:
    if kind == "equal":
        same = _cut_pieces([Piece("same", old.strip("\n"))])
        return Pair(True, same, same)
    pieces = _diff_alike(old.strip("\n"), new.strip("\n"))
    sides = ([piece for piece in pieces if piece.kind in ("same", side)] for side in ("del", "ins"))
    return Pair(False, *(_cut_pieces(side) for side in sides))


def _diff_alike(old: str, new: str) -> list[Piece]:
    """The difference by words; of texts that have little in common one is deleted and the other inserted."""
    pieces = diff_texts(old, new)
    same = sum(len(piece.text.strip()) for piece in pieces if piece.kind == "same")
    if 2 * same >= _LEAST_ALIKE * (len(old) + len(new)):
        return pieces
    return [Piece("del", old), Piece("ins", new)]


def _cut_pieces(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces as far as they are shown."""
    left, kept = _LONGEST, list[Piece]()
    for piece in (piece for piece in pieces if piece.text):
        if len(piece.text) > left:
            rest = len(piece.text) - left
            return (*kept, Piece(piece.kind, piece.text[:left]), Piece("skip", f"{rest:,} more characters"))
        kept.append(piece)
        left -= len(piece.text)
    return tuple(kept)


def find_passage(old: str, new: str) -> list[Piece]:
    """Where two values differ: from the first word that is another one to the last, with a few words around."""
    same = old[: _measure_start(old, new)]
    start = len(same) - len(_LAST_WORD.findall(same)[0])
    shared = max(start - 1, 0)  # the space before, which may be the one behind, too
    end = _measure_start(old[shared:][::-1], new[shared:][::-1])
    tail = _FIRST_WORD.sub("", old[len(old) - end :])
    before = old[max(start - _CONTEXT, 0) : start]
    head = before if start <= _CONTEXT else "…" + _FIRST_WORD.sub("", before).lstrip()
    pieces = [
        Piece("same", head),
        Piece("del", _cut_text(old[start : len(old) - len(tail)], _PASSAGE)),
        Piece("ins", _cut_text(new[start : len(new) - len(tail)], _PASSAGE)),
        Piece("same", _cut_text(tail, _CONTEXT)),
    ]
    return [piece for piece in pieces if piece.text]


def _cut_text(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rpartition(" ")[0] + "…"


def _measure_start(old: str, new: str) -> int:
    """The number of characters with which both begin."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if old[low:middle] == new[low:middle] else (low, middle - 1)
    return low
