"""Counts of values that the briefs of a page have in common, and of their years."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from reading_room.query import Row

_LONGEST_SPAN = 80  # years


def count_values(briefs: Iterable[Row], column: str) -> list[Row]:
    """Each value of a column with the number and the dates of its briefs, the commonest first.

    The rows have `brief_id` and `published`; a brief counts once for each value, and NULL is no value.
    """
    days: dict[str, dict[int, str | None]] = defaultdict(dict)
    for row in briefs:
        if row[column] is not None:
            days[row[column]][row["brief_id"]] = row["published"]
    counts = [{"name": name, "briefs": len(dates), **_find_span(dates.values())} for name, dates in days.items()]
    return sorted(counts, key=lambda row: (-row["briefs"], row["name"]))


def count_years(briefs: Iterable[Row]) -> list[Row]:
    """The number of briefs of each year, years without briefs too; briefs without a date are left out."""
    dated = {row["brief_id"]: int(row["published"][:4]) for row in briefs if row["published"]}
    counts = Counter(dated.values())
    return [{"name": str(year), "briefs": counts[year]} for year in list_years(counts)]


def list_years(years: Collection[int]) -> Collection[int]:
    """Each year from the first to the last; if a misprint puts them very far apart, only the years themselves."""
    first, last = min(years, default=0), max(years, default=0)
    return range(first, last + 1) if years and last - first < _LONGEST_SPAN else sorted(years)


def _find_span(published: Iterable[str | None]) -> dict[str, str | None]:
    days = [day for day in published if day]
    return {"first": min(days, default=None), "last": max(days, default=None)}
