"""Judges by a few pages whether the rules still hold for the site; pure functions of their extractions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scraper.address import identity, permalink_date, split_part
from scraper.records import Extraction, Reading

SAMPLE = 12  # pages
_MOST = 2 / 3  # of the pages that must be read well
_ENOUGH = 6  # pages; of so many at least one must have the wording of a brief
_GONE = {"missing", "redirect"}  # they say nothing about the rules
# What every post has; many posts have no label, byline, resources or credit.
NEEDED = ("title", "published", "body")
BRIEF_FIELDS = ("label", "number", "domain", "authors", "resources", "photo_credits")  # that op-eds and notices lack
FIELDS = (*NEEDED, *BRIEF_FIELDS, "modified", "wp_id")


@dataclass(frozen=True, slots=True)
class Verdict:
    good: bool
    lines: tuple[str, ...]  # the counts, then each page that does not read well


def choose_sample(urls: Iterable[str], number: int = SAMPLE) -> list[str]:
    """Choose `number` of the addresses, evenly over the dates in their permalinks; those without a date come last."""
    ordered = sorted(set(urls), key=lambda url: (permalink_date(identity(url)) or "9999", url))
    if len(ordered) <= number:
        return ordered
    step = (len(ordered) - 1) / max(1, number - 1)
    return [ordered[round(index * step)] for index in range(number)]


def find_fields(reading: Reading) -> dict[str, bool]:
    """Find for each of FIELDS whether the reading has a value."""
    return {name: bool(getattr(reading.brief, name)) for name in FIELDS}


def is_read_well(extraction: Extraction) -> bool:
    """Whether a known layout gave the post asked for with all NEEDED fields, its title and text not guessed."""
    if extraction.outcome != "brief" or not extraction.readings or shows_other_post(extraction):
        return False
    reading = extraction.readings[0]
    guessed = {item.field for item in reading.evidence if item.chosen and item.confidence == "guessed"}
    return all(getattr(reading.brief, name) for name in NEEDED) and not guessed & {"title", "body"}


def shows_other_post(extraction: Extraction) -> bool:
    """Whether the page names another post's address as its own, as a cache does that serves one page everywhere."""
    path, named = split_part(extraction.path)[0], [reading.brief.path for reading in extraction.readings]
    return extraction.outcome == "brief" and bool(named) and path not in named and not path.startswith("/?")


def judge_pages(pages: Sequence[Extraction]) -> Verdict:
    """Judge whether the rules hold for these pages; pages that are gone do not count.

    They hold if two thirds read well, and of six or more pages at least one has a brief's label or sections.
    """
    present = [page for page in pages if page.outcome not in _GONE]
    if not present:
        return Verdict(False, ("not one post page could be fetched",))
    good_pages = [page for page in present if is_read_well(page)]
    briefs = [page for page in good_pages if page.readings[0].brief.kind == "brief"]
    lines = [f"{len(good_pages)} of {len(present)} pages read well, {len(briefs)} of them as briefs"]
    lines += [f"{page.path}: {_describe_trouble(page)}" for page in present if not is_read_well(page)]
    if len(good_pages) < _MOST * len(present):
        return Verdict(False, tuple(lines))
    if len(present) >= _ENOUGH and not briefs:
        return Verdict(False, (*lines, "no page has a brief's label or sections: the wording has changed"))
    return Verdict(True, tuple(lines))


def count_judged_pages(pages: Sequence[Extraction]) -> int:
    """Count the pages that a verdict rests on; where every one is gone, that is what it says."""
    return sum(page.outcome not in _GONE for page in pages) or len(pages)


def _describe_trouble(page: Extraction) -> str:
    if page.outcome != "brief" or not page.readings:
        return ": ".join((page.outcome, *(problem.message for problem in page.problems[:1])))
    if shows_other_post(page):
        return f"it names {page.readings[0].brief.path} as its address"
    missing = [name for name in NEEDED if not getattr(page.readings[0].brief, name)]
    return f"no {', no '.join(missing)}" if missing else f"title or text only guessed (look: {page.layout})"
