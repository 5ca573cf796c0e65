"""What became of a text: word by word, at a cost that no text can drive up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "del", "ins", "skip"]
# From the coarse to the fine: only where paragraphs differ are sentences compared, and only there words.
_UNITS = (
    re.compile(r"[^\n]+(?:\n[^\n]+)*\n*|\n+"),
    re.compile(r"[^.?!\n]*[.?!\n]+\s*|[^.?!\n]+"),
    re.compile(r"\s*\S+|\s+"),
)
_MOST = 800  # units of a side that are compared one by one; difflib may take their square
_PATIENCE = 40_000  # characters of both sides in all; what is beyond is told as wholly taken out and put in
_AROUND = 160  # characters of unchanged text that are shown beside a change


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, was taken out, or was put in; `skip` stands for one too long to show."""

    kind: Kind
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """The pieces of both texts in order: all but `ins` are the old text, all but `del` the new one."""
    return _joined(_pieces(old, new))


def _pieces(old: str, new: str) -> Iterator[Piece]:
    patience = _PATIENCE
    for kind, before, after in _compared(old, new, _UNITS[0], paired=True):
        for finer, was, now in _compared(before, after, _UNITS[1]) if kind == "replace" else ((kind, before, after),):
            if finer == "replace" and 0 < len(was) + len(now) <= patience:
                patience -= len(was) + len(now)
                for word in _compared(was, now, _UNITS[2]):
                    yield from _whole(*word)
            else:
                yield from _whole(finer, was, now)


def shown(pieces: list[Piece]) -> list[Piece]:
    """The pieces with long unchanged runs cut down to what stands beside a change."""
    told: list[Piece] = []
    for place, piece in enumerate(pieces):
        if piece.kind != "same" or len(piece.text) <= 3 * _AROUND:
            told.append(piece)
            continue
        first, last = place == 0, place == len(pieces) - 1
        head, tail = "" if first else _head(piece.text), "" if last else _tail(piece.text)
        words = len(piece.text[len(head) : len(piece.text) - len(tail)].split())
        told += [Piece("same", head), Piece("skip", f"{words:,}"), Piece("same", tail)]
    return [piece for piece in told if piece.text]


def _head(text: str) -> str:
    return text[:_AROUND].rpartition(" ")[0] or text[:_AROUND]


def _tail(text: str) -> str:
    return text[-_AROUND:].partition(" ")[2] or text[-_AROUND:]


def _compared(one: str, other: str, units: re.Pattern[str], *, paired: bool = False) -> Iterator[tuple[str, str, str]]:
    """Runs of both sides as (kind, old, new); ends that are alike cost nothing, middles that are huge are one run.

    `paired`: where as many units came as went, each counts as what became of its counterpart.
    """
    old, new = units.findall(one), units.findall(other)
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    rest = min(len(old), len(new)) - start
    pairs = zip(reversed(old), reversed(new), strict=False)
    end = min(rest, next((n for n, (a, b) in enumerate(pairs) if a != b), rest))
    was, is_now = old[start : len(old) - end], new[start : len(new) - end]
    yield "equal", "".join(old[:start]), "".join(new[:start])
    huge = max(len(was), len(is_now)) > _MOST
    whole = [("replace", 0, len(was), 0, len(is_now))]
    for kind, i1, i2, j1, j2 in whole if huge else SequenceMatcher(None, was, is_now).get_opcodes():
        if paired and kind == "replace" and i2 - i1 == j2 - j1:
            yield from (("replace", *pair) for pair in zip(was[i1:i2], is_now[j1:j2], strict=True))
        else:
            yield kind, "".join(was[i1:i2]), "".join(is_now[j1:j2])
    yield "equal", "".join(old[len(old) - end :]), "".join(new[len(new) - end :])


def _whole(kind: str, before: str, after: str) -> tuple[Piece, ...]:
    return (Piece("same", before),) if kind == "equal" else (Piece("del", before), Piece("ins", after))


def _joined(pieces: Iterator[Piece] | list[Piece]) -> list[Piece]:
    """The pieces without empty ones, neighbours of one kind as one."""
    told: list[tuple[Kind, list[str]]] = []
    for piece in pieces:
        if told and told[-1][0] == piece.kind and piece.text:
            told[-1][1].append(piece.text)
        elif piece.text:
            told.append((piece.kind, [piece.text]))
    return [Piece(kind, "".join(texts)) for kind, texts in told]
