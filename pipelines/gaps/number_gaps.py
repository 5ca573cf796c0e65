"""Numbers that no brief of a domain carries, and numbers that several carry."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, takewhile

from pipelines.gaps import next_command
from pipelines.gaps.hints import Hints
from pipelines.gaps.known_posts import Posts, follow_redirects
from pipelines.gaps.records import Gap
from scraper.console.invocation import command_line

_HIGHEST = 9999  # as in the view number_gaps: higher numbers are misprints
_RUN = 25  # more numbers missing in a row, and more than one a day, point to a misprint: one line for all
_SHOWN = 4  # briefs with one number that are listed with their titles
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
class Neighbours:
    """The nearest briefs with a date, below and above the missing numbers."""

    below: Carrier | None
    above: Carrier | None

    @property
    def days(self) -> tuple[str, ...]:
        """Their dates, the earlier first."""
        return tuple(sorted(carrier.published for carrier in (self.below, self.above) if carrier and carrier.published))

    @property
    def span(self) -> int:
        """How many days lie between them, 0 where one date is unknown."""
        if len(self.days) < 2:
            return 0
        first, last = map(date.fromisoformat, self.days)
        return (last - first).days

    def __str__(self) -> str:
        """When the missing briefs were published, in words."""
        if self.below and self.above:
            first, last = self.days
            return f"between {first} and {last}" if first != last else f"about {first}"
        carrier = self.below or self.above
        return "" if carrier is None else f"{'after' if self.below else 'before'} {carrier.published}"


def find_number_gaps(db: sqlite3.Connection, posts: Posts, hints: Hints) -> tuple[list[Gap], list[str]]:
    """Find the gaps and doubles of every domain, the site's own domains first; and say what was left out."""
    series: dict[tuple[str, bool], dict[int, list[Carrier]]] = defaultdict(lambda: defaultdict(list))
    for domain, number, path, published, title, canonical in db.execute(_BRIEFS, (_HIGHEST,)):
        series[domain, bool(canonical)][number].append(Carrier(number, path, published, title))
    gaps: list[Gap] = []
    notes: list[str] = []
    for (domain, canonical), numbers in series.items():
        gaps += _find_doubles(domain, numbers, posts)
        if canonical or is_series(numbers):
            gaps += _find_missing(domain, numbers, hints)
        elif len(numbers) > 1:
            extent = f"{len(numbers)} numbers from {min(numbers)} to {max(numbers)}"
            notes.append(f"{domain}: {extent}, too few to be a series, so its gaps are not listed")
    return gaps, notes


def is_series(numbers: Iterable[int]) -> bool:
    """Whether a label that is no domain of the site, such as TBA, is numbered: at least half of its numbers exist."""
    distinct = set(numbers)
    return 2 * len(distinct) >= max(distinct) - min(distinct) + 1


def _find_missing(domain: str, numbers: Mapping[int, Sequence[Carrier]], hints: Hints) -> Iterator[Gap]:
    # Of several that carry a number one with a date.
    carriers = [min(numbers[number], key=lambda carrier: carrier.published is None) for number in sorted(numbers)]
    for at, (low, high) in enumerate(pairwise(carriers)):
        if high.number - low.number < 2:
            continue
        below = next((carrier for carrier in reversed(carriers[: at + 1]) if carrier.published), None)
        above = next((carrier for carrier in carriers[at + 1 :] if carrier.published), None)
        neighbours = Neighbours(below, above)
        missing = range(low.number + 1, high.number)
        if len(missing) > max(_RUN, neighbours.span):
            yield _build_run_gap(domain, missing, neighbours, high)
        else:
            near = hints.describe_neighbours(domain, neighbours.days)
            yield from (_build_gap(domain, number, neighbours, near, hints) for number in missing)


def _build_gap(domain: str, number: int, neighbours: Neighbours, near: Sequence[str], hints: Hints) -> Gap:
    naming = hints.by_number.get((domain, number), ())
    where = "; ".join(filter(None, (str(neighbours), *(hint.text for hint in naming), *near)))
    return Gap(
        kind="number",
        what=f"{domain} {number}",
        where=where or "no brief near it has a date",
        next=next((hint.next for hint in naming if hint.next), None) or suggest_search(neighbours.days),
        domain=domain,
        paths=tuple(hint.path for hint in naming),
        url=next((hint.url for hint in naming if hint.url), None),
    )


def _build_run_gap(domain: str, missing: range, neighbours: Neighbours, high: Carrier) -> Gap:
    return Gap(
        kind="number",
        what=f"{domain} {missing[0]}–{missing[-1]}",
        where=f"{neighbours}; {len(missing)} in a row: is {high.number} a misprint? {high.path}".removeprefix("; "),
        next=command_line("explain", high.path),
        domain=domain,
        count=len(missing),
        paths=(high.path,),
    )


def suggest_search(days: Sequence[str]) -> str:
    """Suggest to ask for addresses of those months: each holds its day, and no capture is older than that."""
    months = [f"/{day[:4]}/{day[5:7]}/" for day in days] or ["/20"]
    common = takewhile(lambda letters: letters[0] == letters[1], zip(months[0], months[-1], strict=True))
    return next_command.suggest_wayback("".join(letter for letter, _ in common), since=days[0] if days else None)


def _find_doubles(domain: str, numbers: Mapping[int, Sequence[Carrier]], posts: Posts) -> Iterator[Gap]:
    for number in sorted(numbers):
        by_home = {
            follow_redirects(posts.redirects, carrier.path): carrier
            for carrier in numbers[number]
            if carrier.path not in posts.withdrawn
        }
        if len(by_home) > 1:
            several = list(by_home.values())
            descriptions = [
                f"{carrier.published or 'undated'} {carrier.path} {carrier.title or ''}".rstrip()
                for carrier in several[:_SHOWN]
            ]
            more = [f"{len(several) - _SHOWN} more"] if len(several) > _SHOWN else []
            yield Gap(
                kind="double",
                what=f"{domain} {number}",
                where=" | ".join((*descriptions, *more)),
                next=command_line("explain", several[-1].path),
                domain=domain,
                paths=tuple(carrier.path for carrier in several),
            )
