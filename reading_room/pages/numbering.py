"""The numbers of policy domains and series: which are here, which are missing, which several posts carry."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

# The view number_gaps has the same, but makes a row for each gap.
_NUMBERS = """SELECT domain, number, count(*) AS briefs FROM briefs
    WHERE {domain} AND number BETWEEN 0 AND 9999 GROUP BY domain, number
    ORDER BY domain IN (SELECT name FROM domains WHERE canonical = 1) DESC, domain, number"""


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbers of one policy domain or series in order, each with how many posts carry it."""

    domain: str
    numbers: tuple[tuple[int, int], ...]

    @property
    def first(self) -> int:
        """The first number that is here."""
        return self.numbers[0][0]

    @property
    def last(self) -> int:
        """The last number that is here."""
        return self.numbers[-1][0]

    @property
    def missing(self) -> int:
        """How many numbers between the first and the last are missing."""
        return self.last - self.first + 1 - len(self.numbers)

    @property
    def gaps(self) -> list[str]:
        """The missing numbers as ranges: `7`, `9–12`."""
        spans = [(low + 1, high - 1) for (low, _), (high, _) in pairwise(self.numbers) if high - low > 1]
        return [str(low) if low == high else f"{low}–{high}" for low, high in spans]

    @property
    def doubles(self) -> list[tuple[int, int]]:
        """The numbers that several posts carry, and how many do."""
        return [(number, briefs) for number, briefs in self.numbers if briefs > 1]


def read_numbering(db: sqlite3.Connection, domain: str) -> list[Numbering]:
    """The numbering of a domain or series, of each if none is named; without those that have no number."""
    sql = _NUMBERS.format(domain="domain = :domain" if domain else "domain IS NOT NULL")
    rows = groupby(db.execute(sql, {"domain": domain}), itemgetter(0))
    return [Numbering(name, tuple((number, briefs) for _, number, briefs in group)) for name, group in rows]
