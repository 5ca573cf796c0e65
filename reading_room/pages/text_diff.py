"""The difference of two texts, word by word, at a cost that no text can drive up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "del", "ins", "skip"]
_Run = tuple[str, str, str]  # kind of difflib, old text, new text
# From coarse to fine: sentences are compared only in paragraphs that differ, words only in sentences that do.
UNITS = (
    re.compile(r"[^\n]+(?:\n[^\n]+)*\n*|\n+"),
    re.compile(r"[^.?!\n]*[.?!\n]+\s*|[^.?!\n]+"),
    re.compile(r"\s*\S+|\s+"),
)
_MOST_UNITS = 800  # units of one text that are compared; difflib may take their square in time
_MOST_CHARACTERS = 40_000  # of both texts that are compared by words; what exceeds it counts as replaced
_CONTEXT = 160  # characters of unchanged text that are shown beside a change


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, was deleted or inserted; `skip` replaces an unchanged run too long to show."""

    kind: Kind
    text: str


def diff_texts(old: str, new: str) -> list[Piece]:
    """The pieces of both texts in order: all but `ins` are the old text, all but `del` the new one."""
    return _merge_pieces(_compare_texts(old, new))


def _compare_texts(old: str, new: str) -> Iterator[Piece]:
    characters_left = _MOST_CHARACTERS
    for run in compare_units(old, new, UNITS[0], paired=True):
        for finer, was, now in compare_units(*run[1:], UNITS[1]) if run[0] == "replace" else (run,):
            if finer == "replace" and 0 < len(was) + len(now) <= characters_left:
                characters_left -= len(was) + len(now)
                for word in compare_units(was, now, UNITS[2]):
                    yield from _make_pieces(*word)
            else:
                yield from _make_pieces(finer, was, now)


def shorten_unchanged(pieces: list[Piece]) -> list[Piece]:
    """The pieces, with long unchanged runs shortened to the text beside a change."""
    shortened: list[Piece] = []
    for place, piece in enumerate(pieces):
        if piece.kind != "same" or len(piece.text) <= 3 * _CONTEXT:
            shortened.append(piece)
            continue
        first, last = place == 0, place == len(pieces) - 1
        head, tail = "" if first else _cut_head(piece.text), "" if last else _cut_tail(piece.text)
        words = len(piece.text[len(head) : len(piece.text) - len(tail)].split())
        shortened += [Piece("same", head), Piece("skip", f"{words:,} words unchanged …"), Piece("same", tail)]
    return [piece for piece in shortened if piece.text]


def _cut_head(text: str) -> str:
    return text[:_CONTEXT].rpartition(" ")[0] or text[:_CONTEXT]


def _cut_tail(text: str) -> str:
    return text[-_CONTEXT:].partition(" ")[2] or text[-_CONTEXT:]


def compare_units(before: str, after: str, units: re.Pattern[str], *, paired: bool = False) -> Iterator[_Run]:
    """Runs of both texts; equal ends cost nothing, and a huge difference between them is one run.

    `paired`: if as many units were inserted as deleted, each is taken to be a revision of its counterpart.
    """
    old, new = units.findall(before), units.findall(after)
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    rest = min(len(old), len(new)) - start
    pairs = zip(reversed(old), reversed(new), strict=False)
    end = min(rest, next((n for n, (a, b) in enumerate(pairs) if a != b), rest))
    was, now = old[start : len(old) - end], new[start : len(new) - end]
    yield "equal", "".join(old[:start]), "".join(new[:start])
    huge = max(len(was), len(now)) > _MOST_UNITS
    whole = [("replace", 0, len(was), 0, len(now))]
    for kind, i1, i2, j1, j2 in whole if huge else SequenceMatcher(None, was, now).get_opcodes():
        if paired and kind == "replace" and i2 - i1 == j2 - j1:
            yield from (("replace", *pair) for pair in zip(was[i1:i2], now[j1:j2], strict=True))
        else:
            yield kind, "".join(was[i1:i2]), "".join(now[j1:j2])
    yield "equal", "".join(old[len(old) - end :]), "".join(new[len(new) - end :])


def _make_pieces(kind: str, before: str, after: str) -> tuple[Piece, ...]:
    return (Piece("same", before),) if kind == "equal" else (Piece("del", before), Piece("ins", after))


def _merge_pieces(pieces: Iterator[Piece] | list[Piece]) -> list[Piece]:
    """The pieces without empty ones; neighbours of one kind become one."""
    runs: list[tuple[Kind, list[str]]] = []
    for piece in pieces:
        if runs and runs[-1][0] == piece.kind and piece.text:
            runs[-1][1].append(piece.text)
        elif piece.text:
            runs.append((piece.kind, [piece.text]))
    return [Piece(kind, "".join(texts)) for kind, texts in runs]
