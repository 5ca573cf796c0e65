"""Which writers may be one person, with the evidence for and against it; nothing is merged here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations, product

from pipelines.people.name_similarity import Likeness, are_two_people, find_likeness, list_blocking_keys, parse_name
from pipelines.people.records import Proposal, Writer

_SAME_LETTERS = 8  # collective bylines need this score of likeness
_LONG_PAUSE = 3 * 365  # days between the briefs of the two; a longer pause is evidence against
_Pair = tuple[Writer, Writer]
_Finding = tuple[int, str]


def propose_merges(
    writers: Sequence[Writer], apart: Iterable[frozenset[str]], together: Iterable[frozenset[str]]
) -> tuple[Proposal, ...]:
    """Propose merges, the likeliest first, but no `apart` (rejected) and no `together` (signed one brief) names."""
    never = {*apart, *together}
    users = Counter(contact for writer in writers for contact in set(writer.contacts))
    house_contacts = {contact for contact, count in users.items() if count > 2}  # a mailbox of the house is no evidence
    proposals = (_build_proposal(pair, never, house_contacts) for pair in _find_pairs(writers))
    return tuple(sorted(filter(None, proposals), key=lambda p: (-p.score, p.author.casefold(), p.name.casefold())))


def _find_pairs(writers: Sequence[Writer]) -> Iterator[_Pair]:
    blocks: dict[str, dict[int, Writer]] = defaultdict(dict)
    for writer in writers:
        for name in _list_names(writer):
            for key in list_blocking_keys(name):
                blocks[key][writer.id] = writer
    pairs = {pair for block in blocks.values() for pair in combinations(sorted(block), 2)}
    by_id = {writer.id: writer for writer in writers}
    yield from ((by_id[left], by_id[right]) for left, right in sorted(pairs))


def _list_names(writer: Writer) -> tuple[str, ...]:
    return tuple(dict.fromkeys((writer.name, *(name for name, _ in writer.spellings))))


def _build_proposal(pair: _Pair, never: set[frozenset[str]], house_contacts: set[str]) -> Proposal | None:
    left, right = pair
    spellings = list(product(_list_names(left), _list_names(right)))
    if left.kind != right.kind or any(frozenset((a.casefold(), b.casefold())) in never for a, b in spellings):
        return None
    if any(are_two_people(a, b) for a, b in spellings):
        return None
    likenesses = [likeness for a, b in spellings if (likeness := find_likeness(a, b))]
    likeness = max(likenesses, key=lambda likeness: likeness.score, default=None)
    if likeness is None or (left.kind == "collective" and likeness.score < _SAME_LETTERS):
        return None
    findings = list(_assess_pair(left, right, likeness, house_contacts))
    evidence = tuple(words for score, words in findings if score > 0)
    against = tuple(words for score, words in findings if score < 0)
    name, author = _choose_direction(left, right, likeness)
    return Proposal(name.name, author.name, sum(score for score, _ in findings), evidence, against)


def _assess_pair(left: Writer, right: Writer, likeness: Likeness, house_contacts: set[str]) -> Iterator[_Finding]:
    """Yield what speaks for the two being one, with a positive score, and what speaks against it."""
    yield likeness.score, likeness.how
    yield from _compare_roles(left, right)
    yield from _compare_contacts(left, right, house_contacts)
    yield from _compare_times(left, right)
    if domains := sorted(set(left.domains) & set(right.domains)):
        yield 1, f"both write on {', '.join(domains)}"
    if (parse_name(left.name).generation is None) != (parse_name(right.name).generation is None):
        yield -3, "one is a Jr., Sr. or the like: a parent and a child have one name"


def _compare_roles(left: Writer, right: Writer) -> Iterator[_Finding]:
    if same := sorted(set(left.roles) & set(right.roles)):
        if _measure_pause(left, right) == 0:
            yield 2, f"both are {', '.join(same)} in the same time"
    elif left.roles and right.roles:
        yield -1, f"their roles differ: {', '.join(left.roles)} and {', '.join(right.roles)}"


def _compare_contacts(left: Writer, right: Writer, house_contacts: set[str]) -> Iterator[_Finding]:
    own, others = set(left.contacts) - house_contacts, set(right.contacts) - house_contacts
    if same := sorted(own & others):
        yield 3, f"both give the address {', '.join(same)}, and nobody else does"
    elif own and others:
        yield -2, "they give different addresses"


def _compare_times(left: Writer, right: Writer) -> Iterator[_Finding]:
    pause = _measure_pause(left, right)
    if pause == 0:
        yield 1, "they wrote in the same time"
    elif pause is not None and pause > _LONG_PAUSE:
        yield -2, f"{pause // 365} years lie between their briefs"


def _measure_pause(left: Writer, right: Writer) -> int | None:
    """Measure the days between the briefs of the two, 0 where they overlap; None where a date is unknown."""
    if not (left.first and left.last and right.first and right.last):
        return None
    start, end = max(left.first, right.first), min(left.last, right.last)
    return max(0, (date.fromisoformat(start) - date.fromisoformat(end)).days)


def _choose_direction(left: Writer, right: Writer, likeness: Likeness) -> _Pair:
    """Choose which name becomes the alias and which stays: the fuller one, else the one with more briefs."""

    def rank(writer: Writer) -> tuple[int, int, int, str]:
        fullness = 0 if "one letter apart" in likeness.how else len(parse_name(writer.name).letters)
        return fullness, writer.briefs, len(writer.name), writer.name

    name, author = sorted((left, right), key=rank)
    return name, author
