"""Counting what the briefs of a page have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from reading_room.query import Row

_LIFETIME = 80  # years


def tallied(found: Iterable[Row], column: str) -> list[Row]:
    """Each value of a column with how many briefs have it and from when to when, the commonest first.

    `found` tells of briefs by `brief_id` and `published`; a brief counts once a value, and NULL is no value.
    """
    days: dict[str, dict[int, str | None]] = defaultdict(dict)
    for row in found:
        if row[column] is not None:
            days[row[column]][row["brief_id"]] = row["published"]
    told = [{"name": name, "briefs": len(of_it), **_span(of_it.values())} for name, of_it in days.items()]
    return sorted(told, key=lambda one: (-one["briefs"], one["name"]))


def years(found: Iterable[Row]) -> list[Row]:
    """The briefs of each year, years without any too; those without a day are left out."""
    with_years = ({**row, "year": row["published"] and row["published"][:4]} for row in found)
    told = {int(one["name"]): one for one in tallied(with_years, "year")}
    return [told.get(year) or {"name": str(year), "briefs": 0, **_span(())} for year in spanned(told)]


def spanned(told: Collection[int]) -> Collection[int]:
    """Each year from the first to the last; of years a lifetime apart, some of them misprints, only those there are."""
    first, last = min(told, default=0), max(told, default=0)
    return range(first, last + 1) if told and last - first < _LIFETIME else sorted(told)


def _span(published: Iterable[str | None]) -> dict[str, str | None]:
    days = [day for day in published if day]
    return {"first": min(days, default=None), "last": max(days, default=None)}
