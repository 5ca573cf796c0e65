"""First contact: does what the rules know of this site still hold? Pure functions over a few pages' extractions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scraper.address import identity, permalink_date
from scraper.records import Extraction, Reading

SAMPLE = 12  # pages
_MOST = 2 / 3  # of the pages that must be read well
_ENOUGH = 6  # pages from which on at least one must carry the wording of a brief
_GONE = {"missing", "redirect"}  # say nothing about the rules
# What every post has; the rest (label, byline, resources, credit) is missing from many by nature.
NEEDED = ("title", "published", "body")
FIELDS = (*NEEDED, "label", "number", "domain", "authors", "resources", "photo_credits", "modified", "wp_id")


@dataclass(frozen=True, slots=True)
class Verdict:
    good: bool
    lines: tuple[str, ...]  # for people: what was seen, worst first


def spread(urls: Iterable[str], number: int = SAMPLE) -> list[str]:
    """`number` of the addresses, evenly over the dates in their permalinks; those without a date come last."""
    ordered = sorted(set(urls), key=lambda url: (permalink_date(identity(url)) or "9999", url))
    if len(ordered) <= number:
        return ordered
    step = (len(ordered) - 1) / max(1, number - 1)
    return [ordered[round(index * step)] for index in range(number)]


def fields_found(reading: Reading) -> dict[str, bool]:
    """For each of FIELDS, whether the reading has a value."""
    return {name: bool(getattr(reading.brief, name)) for name in FIELDS}


def shapes(reading: Reading) -> dict[str, str]:
    """Field to the rule that gave its value, one rule a field."""
    return {item.field: item.rule for item in reversed(reading.evidence) if item.chosen}


def reads_well(extraction: Extraction) -> bool:
    """Whether a known look gave a post with all that every post has, none of it guessed."""
    if extraction.outcome != "brief" or not extraction.readings:
        return False
    reading = extraction.readings[0]
    guessed = {item.field for item in reading.evidence if item.chosen and item.confidence == "guessed"}
    return all(getattr(reading.brief, name) for name in NEEDED) and not guessed & {"title", "body"}


def judge(pages: Sequence[Extraction]) -> Verdict:
    """Whether the rules hold for these pages; pages that are gone do not count.

    Good: two thirds read well, and of six or more at least one has a brief's label or sections.
    """
    seen = [page for page in pages if page.outcome not in _GONE]
    if not seen:
        return Verdict(False, ("not one post page could be fetched",))
    well = [page for page in seen if reads_well(page)]
    briefs = [page for page in well if page.readings[0].brief.kind == "brief"]
    lines = [f"{len(well)} of {len(seen)} pages read well, {len(briefs)} of them as briefs"]
    lines += [f"{page.path}: {_trouble(page)}" for page in seen if not reads_well(page)]
    if len(well) < _MOST * len(seen):
        return Verdict(False, tuple(lines))
    if len(seen) >= _ENOUGH and not briefs:
        return Verdict(False, (*lines, "no page has a brief's label or sections: the wording has changed"))
    return Verdict(True, tuple(lines))


def _trouble(page: Extraction) -> str:
    if page.outcome != "brief" or not page.readings:
        return ": ".join((page.outcome, *(problem.message for problem in page.problems[:1])))
    missing = [name for name in NEEDED if not getattr(page.readings[0].brief, name)]
    return f"no {', no '.join(missing)}" if missing else f"title or text only guessed (look: {page.layout})"
