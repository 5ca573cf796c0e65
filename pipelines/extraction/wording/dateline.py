"""The date line at the head of a text, in the ways editors set it; never a guess at which number is the month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from scraper.dates import parse_iso_date, parse_written_date

_FRONT = re.compile(r"^(?:date|dated|posted|published)(?:\s+on)?\s*:?\s+", re.IGNORECASE)
_LATER = re.compile(r"^(?:updated|revised)(?:\s+on)?\s*:?\s+", re.IGNORECASE)
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d{2}|\d{2})")
# What only a date line looks like and no day is: `Maarch 3, 2021`, `February 30, 2018`, `Summer 2018`.
_LIKE_A_DATE = re.compile(
    r"(?:[A-Z][a-z]{2,9}\.?|[A-Z]{3,10})\s+\d{1,2}(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{1,2})?\s*[,.]?\s*(?:19|20)\d{2}"
    r"|(?:Spring|Summer|Fall|Autumn|Winter),?\s+(?:19|20)\d{2}"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    day: str | None  # None where the line is a date line that does not say for certain which day


def read_dateline(text: str) -> Dateline | None:
    """The date line that a text is: `January 25, 2018`, `— 1/25/18 —`, `Posted: …`; None for any other text.

    `3/4/2018` can be March or April, and the day of an update is not the text's: those lines have no day.
    """
    bare = text.strip(" –—-")
    later = _LATER.match(bare)
    written = later or _FRONT.match(bare)
    rest = bare[written.end() :] if written else bare
    if numeric := _NUMERIC.fullmatch(rest):
        found = Dateline(_numeric(int(numeric[1]), int(numeric[3]), int(numeric[4])))
    elif day := parse_written_date(rest) or parse_iso_date(rest):
        found = Dateline(day)
    elif _LIKE_A_DATE.fullmatch(rest):
        found = Dateline(None)
    else:
        return None
    return Dateline(None) if later else found


def _numeric(one: int, other: int, year: int) -> str | None:
    """The day that two numbers and a year say; None where either can be the month."""
    days: set[date] = set()
    for month, day in ((one, other), (other, one)):
        try:
            days.add(date(year if year > 99 else 2000 + year, month, day))
        except ValueError:
            continue
    return days.pop().isoformat() if len(days) == 1 else None
