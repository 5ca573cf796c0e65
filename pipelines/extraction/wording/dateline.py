"""The dateline at the head of a text; which number is the month is never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from scraper.dates import find_trailing_date, parse_iso_date, parse_written_date

_DIGIT = re.compile(r"\d")
_FRONT = re.compile(r"^(?:(?:date|dated|posted|published)(?:\s+on)?(?:\s*:)?\s+)?(?:the\s+(?=\d))?", re.IGNORECASE)
_LATER = re.compile(r"^(?:updated|revised)(?:\s+on)?(?:\s*:)?\s+", re.IGNORECASE)
_TIME = re.compile(
    r"(?<!\s)(?:,\s*|\s+(?:at|@|[–—|-])\s+|\s+)\d{1,2}(?::\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?|\s?[ap]\.?m\.?)(?:\s[A-Z]{1,3}T)?$",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d{2}|\d{2})")
# Looks like a dateline and yet names no day: `Maarch 3, 2021`, `February 30, 2018`, `Summer 2018`.
_LIKE_A_DATE = re.compile(
    r"(?:[A-Z][a-z]{2,9}\.?|[A-Z]{3,10})\s+\d{1,2}(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{1,2})?\s*(?:[,.]\s*)?(?:19|20)\d{2}"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|th)?\s*,\s*\d{3,6}"
    r"|(?:Spring|Summer|Fall|Autumn|Winter),?\s+(?:19|20)\d{2}"
)


# `Letter issued on January 11, 2018`: the day of what the text is about.
_LONGEST = 120  # characters of such a line
_DATES_ANOTHER = re.compile(r"\w\s+(?:\w+ed|sent|made|given|held)(?:\s+on)?$")


@dataclass(frozen=True, slots=True)
class Dateline:
    day: str | None  # None where the line does not say for certain which day


def read_dateline(text: str) -> Dateline | None:
    """Read a dateline: `January 25, 2018`, `— 1/25/18 —`, `Posted: …`; None for any other text.

    `3/4/2018` can be March or April, and the day of an update is not that of the text: such lines have no day.
    """
    bare = text.strip(" –—-:")
    if not _DIGIT.search(bare, 0, _LONGEST):
        return None
    if bare.startswith(("(", "[")) and bare.endswith((")", "]")):
        bare = bare[1:-1].strip()
    later = _LATER.match(bare)
    front = later or _FRONT.match(bare)
    rest = _TIME.sub("", bare[front.end() :] if front else bare)
    if numeric := _NUMERIC.fullmatch(rest):
        dateline = Dateline(_read_numeric_day(int(numeric[1]), int(numeric[3]), int(numeric[4])))
    elif day := parse_written_date(rest) or parse_iso_date(rest):
        dateline = Dateline(day)
    elif _LIKE_A_DATE.fullmatch(rest):
        dateline = Dateline(None)
    else:
        return None
    return Dateline(None) if later else dateline


def dates_another(text: str) -> bool:
    """Whether a line that ends in a date says what was done on that day, as a heading or a caption does."""
    date = find_trailing_date(text) if len(text) <= _LONGEST else None
    return bool(date and _DATES_ANOTHER.search(text[: date.start()]))


def _read_numeric_day(first: int, second: int, year: int) -> str | None:
    """Read the day from two numbers and a year; None where either can be the month."""
    days: set[date] = set()
    for month, day in ((first, second), (second, first)):
        try:
            days.add(date(year if year > 99 else 2000 + year, month, day))
        except ValueError:
            continue
    return days.pop().isoformat() if len(days) == 1 else None
