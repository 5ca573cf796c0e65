"""Dates that people wrote, and dates that machines wrote."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = r"(?P<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|" + "|".join(_MONTHS) + r")\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
# `August 19 , 2020` and `June 10,2020` are both of this site.
MONTH_FIRST = rf"{_WEEKDAY}{_MONTH}\s*{_DAY}\s*,?\s*{_YEAR}"
_DAY_FIRST = rf"{_WEEKDAY}{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}"
_NUMERIC = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>(?:19|20)\d{2})")
_PATTERNS = (re.compile(MONTH_FIRST, re.IGNORECASE), re.compile(_DAY_FIRST, re.IGNORECASE), _NUMERIC)
TRAILING = re.compile(rf"[\s,|–—-]*(?P<date>{MONTH_FIRST})\s*$", re.IGNORECASE)
LEADING = re.compile(rf"^(?P<date>{MONTH_FIRST})(?=[\s|,–—-]|$)", re.IGNORECASE)
# A date line that names no day: `August/September 2017`, `April 2023`.
_NO_DAY = re.compile(rf"(?:(?:{'|'.join(_MONTHS)})\s*[/–-]?\s*)+,?\s*(?:19|20)\d{{2}}", re.IGNORECASE)


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, 1) if month.startswith(name.lower()[:3]))


def human_date(text: str) -> str | None:
    """`YYYY-MM-DD` of a text that is a date and nothing else, None where it is not one or names no day."""
    text = text.strip().rstrip(".")
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(text):
            month = match["month"]
            try:
                return date(
                    int(match["year"]), int(month) if month.isdigit() else _month(month), int(match["day"])
                ).isoformat()
            except ValueError:
                return None
    return None


def is_vague_date(text: str) -> bool:
    """Whether the text is a date line without a day."""
    return bool(_NO_DAY.fullmatch(text.strip()))


_WITH_YEAR = re.compile(r"(?:19|20)\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2}\b")


@lru_cache(maxsize=4096)
def visible_date(text: str) -> str | None:
    """`YYYY-MM-DD` of a theme's visible date; dateparser (English) reads what the cheap patterns do not."""
    text = text.strip()
    if found := human_date(text):
        return found
    if not _WITH_YEAR.search(text) or len(text) > 60:  # `2 days ago` depends on the day it is read
        return None
    import dateparser  # noqa: PLC0415  (its import costs most of a second, and few pages need it)

    parsed = dateparser.parse(text, languages=["en"], settings={"REQUIRE_PARTS": ["day", "month", "year"]})
    return parsed.date().isoformat() if parsed else None


def stated_date(text: str) -> str | None:
    """`YYYY-MM-DD` as a machine-readable date says it, in its own zone."""
    match = re.match(r"(\d{4}-\d{2}-\d{2})(?:$|[T ])", text.strip())
    if not match:
        return None
    try:
        return date.fromisoformat(match[1]).isoformat()
    except ValueError:
        return None


def stated_instant(text: str) -> str | None:
    """UTC `YYYY-MM-DDTHH:MM:SSZ` of an ISO 8601 date and time; without a zone it is taken as UTC."""
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if "T" not in text and " " not in text.strip():
        return None
    return utc(instant)


def utc(instant: datetime) -> str:
    """An instant in the archive's form; a naive one is UTC."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def mail_date(text: str) -> datetime | None:
    """The instant of an RFC 822 date as feeds write it."""
    try:
        return parsedate_to_datetime(text.strip())
    except ValueError:
        return None
