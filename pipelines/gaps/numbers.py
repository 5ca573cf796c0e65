"""Numbers that no brief of a domain carries, those that several carry, and what hints at where they are."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from pipelines.gaps import next_command
from pipelines.gaps.hints import Hints
from pipelines.gaps.known_posts import Posts
from pipelines.gaps.records import Gap

_HIGHEST = 9999  # as in the view number_gaps: above it are misprints
_RUN = 25  # numbers missing in a row, and more than one a day, tell of a misprint: they are one line
_SHOWN = 4  # briefs of one number that are told with their titles
_BRIEFS = """SELECT briefs.domain, number, path, published, title, canonical FROM briefs
    JOIN domains ON domains.name = briefs.domain WHERE number BETWEEN 0 AND ?
    ORDER BY canonical DESC, domain, number, path"""


@dataclass(frozen=True, slots=True)
class Carrier:
    """A brief that carries a number."""

    number: int
    path: str
    published: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Between:
    """The nearest numbers with a date, below and above those that are missing."""

    below: Carrier | None
    above: Carrier | None

    @property
    def days(self) -> tuple[str, ...]:
        """Their dates, the earlier one first."""
        return tuple(sorted(one.published for one in (self.below, self.above) if one and one.published))

    @property
    def span(self) -> int:
        """How many days that are, 0 where nothing tells it."""
        if len(self.days) < 2:
            return 0
        first, last = map(date.fromisoformat, self.days)
        return (last - first).days

    def __str__(self) -> str:
        """When it was published, in words."""
        if self.below and self.above:
            first, last = self.days
            return f"between {first} and {last}" if first != last else f"about {first}"
        told = self.below or self.above
        return "" if told is None else f"{'after' if self.below else 'before'} {told.published}"


def number_gaps(db: sqlite3.Connection, posts: Posts, hints: Hints) -> tuple[list[Gap], list[str]]:
    """The gaps and doubles of every domain, the site's own domains first; and what was left out, in words."""
    series: dict[tuple[str, bool], dict[int, list[Carrier]]] = defaultdict(lambda: defaultdict(list))
    for domain, number, path, published, title, canonical in db.execute(_BRIEFS, (_HIGHEST,)):
        series[domain, bool(canonical)][number].append(Carrier(number, path, published, title))
    found: list[Gap] = []
    notes: list[str] = []
    for (domain, canonical), numbers in series.items():
        found += _doubles(domain, numbers, posts)
        if canonical or is_series(numbers):
            found += _missing(domain, numbers, posts, hints)
        elif len(numbers) > 1:
            told = f"{len(numbers)} numbers from {min(numbers)} to {max(numbers)}"
            notes.append(f"{domain}: {told}, too few to be a series; no gaps are told")
    return found, notes


def is_series(numbers: Iterable[int]) -> bool:
    """Whether a label that is none of the site's domains, such as TBA, counts on: half of its numbers are there."""
    known = set(numbers)
    return 2 * len(known) >= max(known) - min(known) + 1


def _missing(domain: str, numbers: Mapping[int, Sequence[Carrier]], posts: Posts, hints: Hints) -> Iterator[Gap]:
    carriers = [_dated(numbers[number]) for number in sorted(numbers)]
    for at, (low, high) in enumerate(pairwise(carriers)):
        if high.number - low.number < 2:
            continue
        below = next((one for one in reversed(carriers[: at + 1]) if one.published), None)
        above = next((one for one in carriers[at + 1 :] if one.published), None)
        between = Between(below, above)
        missing = range(low.number + 1, high.number)
        if len(missing) > max(_RUN, between.span):
            yield _run(domain, missing, between, high)
        else:
            near = hints.near(domain, between.days)
            yield from (_one(domain, number, between, near, hints) for number in missing)


def _dated(carriers: Sequence[Carrier]) -> Carrier:
    return next((one for one in carriers if one.published), carriers[0])


def _one(domain: str, number: int, between: Between, near: Sequence[str], hints: Hints) -> Gap:
    named = hints.named(domain, number)
    where = "; ".join(filter(None, (str(between), *(hint.text for hint in named), *near)))
    return Gap(
        kind="number",
        what=f"{domain} {number}",
        where=where or "nothing is dated around it",
        next=next((hint.next for hint in named if hint.next), None) or look_for(between.days),
        domain=domain,
        paths=tuple(hint.path for hint in named),
        url=next((hint.url for hint in named if hint.url), None),
    )


def _run(domain: str, missing: range, between: Between, high: Carrier) -> Gap:
    return Gap(
        kind="number",
        what=f"{domain} {missing[0]}–{missing[-1]}",
        where=f"{between}; {len(missing)} in a row: is {high.number} a misprint? {high.path}".removeprefix("; "),
        next=next_command.explain(high.path),
        domain=domain,
        count=len(missing),
        paths=(high.path,),
    )


def look_for(days: Sequence[str]) -> str:
    """Ask for the addresses of those months: each has its day in it, and no copy is older than that."""
    return next_command.wayback(_months(days), since=days[0] if days else None)


def _months(days: Sequence[str]) -> str:
    """What the addresses from one day to the other have in common."""
    if not days:
        return "/20"
    first, last = (f"/{day[:4]}/{day[5:7]}/" for day in (days[0], days[-1]))
    same = 0
    while same < len(first) and first[same] == last[same]:
        same += 1
    return first[:same]


def _doubles(domain: str, numbers: Mapping[int, Sequence[Carrier]], posts: Posts) -> Iterator[Gap]:
    for number in sorted(numbers):
        shown = {posts.end(one.path): one for one in numbers[number] if one.path not in posts.withdrawn}
        if len(shown) > 1:
            several = list(shown.values())
            told = [f"{one.published or 'undated'} {one.path} {one.title or ''}".rstrip() for one in several[:_SHOWN]]
            more = [f"{len(several) - _SHOWN} more"] if len(several) > _SHOWN else []
            yield Gap(
                kind="double",
                what=f"{domain} {number}",
                where=" | ".join((*told, *more)),
                next=next_command.explain(several[-1].path),
                domain=domain,
                paths=tuple(one.path for one in several),
            )
