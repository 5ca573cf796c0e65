"""Which writers may be one person, with what speaks for it and what against; nothing is merged here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

from pipelines.people.name_similarity import Likeness, alike, conflict, neighbourhood, parts
from pipelines.people.records import Proposal, Writer

_SAME_LETTERS = 8  # the score of a likeness that joins collective bylines too
_LONG_PAUSE = 3 * 365  # days between the last brief of one and the first of the other that speak against it
_Pair = tuple[Writer, Writer]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks for two writers being one, what against, and the sum of it."""

    score: int
    evidence: tuple[str, ...]
    against: tuple[str, ...]


def propose(
    writers: Sequence[Writer], apart: Iterable[frozenset[str]], together: Iterable[frozenset[str]]
) -> tuple[Proposal, ...]:
    """Proposals, the likeliest first. `apart`: names rejected; `together`: names that signed one brief; casefolded."""
    never = {*apart, *together}
    users = Counter(contact for writer in writers for contact in set(writer.contacts))
    shared = {contact for contact, count in users.items() if count > 2}  # a mailbox of the house says nothing
    found = (_proposal(pair, never, shared) for pair in _neighbours(writers))
    return tuple(sorted(filter(None, found), key=lambda one: (-one.score, one.author.casefold(), one.name.casefold())))


def _neighbours(writers: Sequence[Writer]) -> Iterator[_Pair]:
    """The pairs that are worth a look, each once."""
    blocks: dict[str, dict[int, Writer]] = defaultdict(dict)
    for writer in writers:
        for name in _names(writer):
            for key in neighbourhood(name):
                blocks[key][writer.id] = writer
    seen = {pair for block in blocks.values() for pair in combinations(sorted(block), 2)}
    by_id = {writer.id: writer for writer in writers}
    yield from ((by_id[one], by_id[other]) for one, other in sorted(seen))


def _names(writer: Writer) -> tuple[str, ...]:
    return tuple(dict.fromkeys((writer.name, *(name for name, _ in writer.spellings))))


def _proposal(pair: _Pair, never: set[frozenset[str]], shared: set[str]) -> Proposal | None:
    one, other = pair
    spelled = list(product(_names(one), _names(other)))
    if one.kind != other.kind or any(frozenset((a.casefold(), b.casefold())) in never for a, b in spelled):
        return None
    if any(conflict(a, b) for a, b in spelled):
        return None
    likeness = max((like for a, b in spelled if (like := alike(a, b))), key=lambda like: like.score, default=None)
    if likeness is None or (one.kind == "collective" and likeness.score < _SAME_LETTERS):
        return None
    weighed = _weigh(one, other, likeness, shared)
    name, author = _direction(one, other, likeness)
    return Proposal(name.name, author.name, weighed.score, weighed.evidence, weighed.against)


def _weigh(one: Writer, other: Writer, likeness: Likeness, shared: set[str]) -> Weighed:
    told: list[tuple[int, str]] = [(likeness.score, likeness.how)]
    told += _roles(one, other)
    told += _contacts(one, other, shared)
    told += _times(one, other)
    if domains := sorted(set(one.domains) & set(other.domains)):
        told.append((1, f"both write on {', '.join(domains)}"))
    if (parts(one.name).generation is None) != (parts(other.name).generation is None):
        told.append((-3, "one is a Jr., Sr. or the like: a parent and a child have one name"))
    evidence = tuple(words for score, words in told if score > 0)
    return Weighed(sum(score for score, _ in told), evidence, tuple(words for score, words in told if score < 0))


def _roles(one: Writer, other: Writer) -> Iterator[tuple[int, str]]:
    if same := sorted(set(one.roles) & set(other.roles)):
        if _pause(one, other) == 0:
            yield 2, f"both are {', '.join(same)} in the same time"
    elif one.roles and other.roles:
        yield -1, f"their roles differ: {', '.join(one.roles)} and {', '.join(other.roles)}"


def _contacts(one: Writer, other: Writer, shared: set[str]) -> Iterator[tuple[int, str]]:
    own, others = set(one.contacts) - shared, set(other.contacts) - shared
    if same := sorted(own & others):
        yield 3, f"both give the address {', '.join(same)}, and nobody else does"
    elif own and others:
        yield -2, "they give different addresses"


def _times(one: Writer, other: Writer) -> Iterator[tuple[int, str]]:
    pause = _pause(one, other)
    if pause == 0:
        yield 1, "they wrote in the same time"
    elif pause is not None and pause > _LONG_PAUSE:
        yield -2, f"{pause // 365} years lie between their briefs"


def _pause(one: Writer, other: Writer) -> int | None:
    """Days between the briefs of the one and those of the other, 0 where they overlap; None where undated."""
    if not (one.first and one.last and other.first and other.last):
        return None
    start, end = max(one.first, other.first), min(one.last, other.last)
    return max(0, (date.fromisoformat(start) - date.fromisoformat(end)).days)


def _direction(one: Writer, other: Writer, likeness: Likeness) -> _Pair:
    """The spelling that would become an alias, and the writer: the fuller name, else that of more briefs."""

    def rank(writer: Writer) -> tuple[int, int, int, str]:
        fullness = 0 if "one letter apart" in likeness.how else len(parts(writer.name).letters)
        return fullness, writer.briefs, len(writer.name), writer.name

    name, author = sorted((one, other), key=rank)
    return name, author
