"""The fourth step: values that look wrong in a reading become rows of problems; no value is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from pipelines.faults import run_step
from scraper.archive import CaptureItem
from scraper.markup.charset import find_garbled_words
from scraper.records import Brief, Extraction, Problem, Reading

FIRST_YEAR = "2016"  # the site began to publish in 2017
LAST_NUMBER = 999  # the longest series had reached 225 in 2025
LONGEST_TITLE = 300  # characters


def validate(extraction: Extraction) -> Extraction:
    """The extraction with doubts about each reading, except those that extraction itself raised."""
    doubts = [tuple(_find_doubts(reading, extraction.captured_at)) for reading in extraction.readings]
    if doubts == [reading.doubts for reading in extraction.readings]:  # mostly none
        return extraction
    pairs = zip(extraction.readings, doubts, strict=True)
    return replace(extraction, readings=tuple(replace(reading, doubts=found) for reading, found in pairs))


def _find_doubts(reading: Reading, captured_at: str | None) -> Iterator[Problem]:
    raised = {(problem.field, problem.kind) for problem in reading.problems}
    presence = _check_presence(reading.brief) if reading.part == 1 else ()  # a later page says what the first leaves
    brief = reading.brief
    doubts = (*presence, *_check_dates(brief, captured_at), *_check_sizes(brief), *_check_letters(brief))
    return (doubt for doubt in doubts if (doubt.field, doubt.kind) not in raised)


def _check_presence(brief: Brief) -> Iterator[Problem]:
    wanted = ["title", "published", "body"]
    if brief.kind == "brief":
        wanted.append("number")
    for field in wanted:
        if getattr(brief, field) is None:
            yield Problem(field, "missing", f"a {brief.kind} without {field}")


def _check_dates(brief: Brief, captured_at: str | None) -> Iterator[Problem]:
    for field in ("published", "dateline"):
        value: str | None = getattr(brief, field)
        if value is None:
            continue
        if value < FIRST_YEAR:
            yield Problem(field, "early", f"{field} {value} is before the site began")
        elif captured_at is not None and value > captured_at[:10] and value > _add_day(captured_at):
            yield Problem(field, "future", f"{field} {value} is after the capture of {captured_at}")


def _add_day(instant: str) -> str:
    # The page shows the day of its own time zone, which may be tomorrow in UTC.
    return (date.fromisoformat(instant[:10]) + timedelta(days=1)).isoformat()


def _check_sizes(brief: Brief) -> Iterator[Problem]:
    if brief.number is not None and not 1 <= brief.number <= LAST_NUMBER:
        yield Problem("number", "range", f"number {brief.number} is out of any series")
    if brief.title is not None and len(brief.title) > LONGEST_TITLE:
        yield Problem("title", "long", f"a title of {len(brief.title)} characters")


def _check_letters(brief: Brief) -> Iterator[Problem]:
    texts = {
        "label": brief.label,
        "title": brief.title,
        "body": brief.body,
        "authors": "\n".join(author.name for author in brief.authors),
        "resources": "\n".join(resource.text for resource in brief.resources),
        "photo_credits": "\n".join(credit.text for credit in brief.photo_credits),
    }
    for field, text in texts.items():
        if words := find_garbled_words(text or ""):
            message = f"{words[0]!r} (of {len(words)} such) was read in another charset than it was written in."
            yield Problem(field, "garbled", f"{message} The page may show it so: compare another copy.")


class ValidatePipeline:
    """Adds doubts about impossible or missing values."""

    def process_item(self, item: object) -> object:
        """The item with its doubts."""
        if isinstance(item, CaptureItem) and item.extraction:
            run_step(validate, item)
        return item
