"""Parses dates and instants as people write them and as programs write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = r"(?P<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|" + "|".join(_MONTHS) + r")\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
# The site has both `August 19 , 2020` and `June 10,2020`.
MONTH_FIRST = rf"{_WEEKDAY}{_MONTH}\s*{_DAY}\s*(?:,\s*)?{_YEAR}"
_DAY_FIRST = rf"{_WEEKDAY}{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}"
_NUMERIC = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>(?:19|20)\d{2})")
_PATTERNS = (re.compile(MONTH_FIRST, re.IGNORECASE), re.compile(_DAY_FIRST, re.IGNORECASE), _NUMERIC)
_TRAILING = re.compile(rf"(?<![\s,|–—-])[\s,|–—-]*(?P<date>{MONTH_FIRST})\s*$", re.IGNORECASE)
LEADING = re.compile(rf"^(?P<date>{MONTH_FIRST})(?=[\s|,–—-]|$)", re.IGNORECASE)
# A date line without a day: `August/September 2017`, `April 2023`.
_NO_DAY = re.compile(rf"(?:(?:{'|'.join(_MONTHS)})\s*(?:[/–-]\s*)?)+(?:,\s*)?(?:19|20)\d{{2}}", re.IGNORECASE)
_ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:$|[T ])")
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")
# JavaScript's Date.toString(), as SingleFile writes it.
_SCRIPT = re.compile(r"\w{3} (\w{3}) (\d{1,2}) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4})")
_WAYBACK = re.compile(r"(\d\d:\d\d:\d\d) (\w{3}) (\d{1,2}), (\d{4})")
_GMT = re.compile(r"(\S[^<>]{0,60}?)\s{1,9}(\d\d?:\d\d:\d\d) (?:GMT|UTC)\b")
_WORDED_DAY = re.compile(r"^(?=.*[^\W\d_])(?=.*(?<!\d)\d{1,2}(?!\d))(?=.*\d{4})")
_LANGUAGES = "en de fr es it pt nl pl ru uk sv da fi cs tr id vi ja zh ko ar he hi".split()
_NEAR_LANGUAGES = "de fr es it".split()
_SITE_ZONE = ZoneInfo("America/New_York")  # in winter UTC-5, in summer UTC-4


def count_days(day: str, other: str) -> int:
    """Count the days between two days."""
    return abs((date.fromisoformat(day) - date.fromisoformat(other)).days)


def may_hold_year(text: str) -> bool:
    """A cheap look before the search for a written date."""
    return "20" in text or "19" in text


def find_trailing_date(text: str) -> re.Match[str] | None:
    """Find the written date at the end of a text, with the spaces and dashes in front of it; its words are `date`."""
    return _TRAILING.search(text) if text.rstrip()[-4:-2] in ("19", "20") else None  # a date ends in its year


def _month_number(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, 1) if month.startswith(name.lower()[:3]))


def parse_written_date(text: str) -> str | None:
    """Parse a text that is a date and nothing else into `YYYY-MM-DD`; None if it is not one or has no day."""
    text = text.strip().rstrip(".")
    if not text[-1:].isdecimal():  # the year is always last
        return None
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(text):
            month = match["month"]
            try:
                return date(
                    int(match["year"]), int(month) if month.isdigit() else _month_number(month), int(match["day"])
                ).isoformat()
            except ValueError:
                return None
    return None


def is_vague_date(text: str) -> bool:
    """Whether the text is a date line without a day."""
    bare = text.strip()
    return bare[-1:].isdecimal() and bool(_NO_DAY.fullmatch(bare))


_WITH_YEAR = re.compile(r"(?:19|20)\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2}\b")


@lru_cache(maxsize=4096)
def parse_visible_date(text: str) -> str | None:
    """Parse the date that a theme shows into `YYYY-MM-DD`, by dateparser (English) where the fast patterns fail."""
    text = text.strip()
    if written_date := parse_written_date(text):
        return written_date
    if not _WITH_YEAR.search(text) or len(text) > 60:  # `2 days ago` depends on the day it is read
        return None
    import dateparser  # noqa: PLC0415  (its import costs most of a second, and few pages need it)

    instant = dateparser.parse(text, languages=["en"], settings={"REQUIRE_PARTS": ["day", "month", "year"]})
    return instant.date().isoformat() if instant else None


_YEAR_FIRST = re.compile(r"\d{4}")
_DATE_IN_TEXT = re.compile(
    rf"{MONTH_FIRST}|{_DAY_FIRST.replace('?P<month>', '').replace('?P<day>', '').replace('?P<year>', '')}"
    r"|(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}"
    r"|\d{1,2}(?:\.|er|º)?\s+(?:de\s+)?[^\W\d_]{3,12}\.?,?\s+(?:de[l]?\s+)?(?:19|20)\d{2}"
    r"|[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d{2}|(?:19|20)\d{2}年\d{1,2}月\d{1,2}日",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def find_visible_date(text: str, language: str) -> str | None:
    """Find the first date in a short text of that language or of English: `Posted on 23. Juli 2017 by …`.

    A page in English may be one that does not say its language: a month's name that is not English shows that.
    """
    match = _DATE_IN_TEXT.search(text)
    if not match:
        return None
    if day := parse_written_date(match[0]) if language == "en" or not match[0][0].isdigit() else None:
        return day
    import dateparser  # noqa: PLC0415  (as above)

    # With full stops between them the day comes first in any language, with slashes in all but English.
    order = "MDY" if language == "en" and "." not in match[0] else "DMY"
    settings = {
        "REQUIRE_PARTS": ["day", "month", "year"],
        "DATE_ORDER": "YMD" if _YEAR_FIRST.match(match[0]) else order,
    }
    others = _NEAR_LANGUAGES if language == "en" and re.search(r"[^\W\d_]{3}", match[0]) else ()
    for name in dict.fromkeys((language, "en", *others)):
        try:
            instant = dateparser.parse(match[0], languages=[name], settings=settings)
        except ValueError:  # no language that is known
            continue
        if instant:
            return instant.date().isoformat()
    return None


def parse_iso_date(text: str) -> str | None:
    """Parse the date of an ISO 8601 text, in its own time zone, into `YYYY-MM-DD`."""
    match = _ISO_DAY.match(text.strip())
    if not match:
        return None
    try:
        return date.fromisoformat(match[1]).isoformat()
    except ValueError:
        return None


@lru_cache(maxsize=64)  # the head of a page states it several times
def parse_iso_instant(text: str) -> str | None:
    """Parse an ISO 8601 date and time into UTC `YYYY-MM-DDTHH:MM:SSZ`; without a time zone it is UTC."""
    if "T" not in text and " " not in text.strip():
        return None
    try:
        return format_utc(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=64)  # likewise
def parse_site_day(text: str, *, is_utc: bool = False) -> str | None:
    """Parse an ISO 8601 date, or the day that an instant had at the site, into `YYYY-MM-DD`.

    Programs state instants in UTC, where the site's evening is the next day. An instant without a zone is the site's
    own time unless `is_utc`; one with another zone's offset is of the day that it names.
    """
    day = parse_iso_date(text)
    if day is None:
        return None
    try:
        instant = datetime.fromisoformat(text.strip())
        return day if len(text.strip()) <= len(day) else format_site_day(instant, is_utc=is_utc)
    except (ValueError, OverflowError):  # such as 0001-01-01T00:00:00Z, which programs write for no date
        return day


def format_site_day(instant: datetime, *, is_utc: bool = False) -> str:
    """Format the day that an instant had at the site."""
    if instant.tzinfo is None and is_utc:
        instant = instant.replace(tzinfo=UTC)
    if instant.tzinfo is not None and not instant.utcoffset():
        instant = instant.astimezone(_SITE_ZONE)
    return instant.date().isoformat()


def format_utc(instant: datetime) -> str:
    """Format an instant as the archive writes it; one without a time zone is UTC."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def now() -> str:
    """The present instant, as the archive writes it."""
    return format_utc(datetime.now(UTC))


def parse_mail_date(text: str) -> datetime | None:
    """Parse an RFC 822 date, as feeds and headers write it."""
    try:
        return parsedate_to_datetime(text.strip())
    except (ValueError, OverflowError):  # such as a zone of twenty digits
        return None


@lru_cache(maxsize=1024)  # a record's date is asked for by its names too
def parse_instant(text: str) -> str | None:
    """Parse ISO 8601, 14 digits or a mail date into UTC; without a zone it is UTC. None if it is no instant."""
    text = text.strip()
    try:
        if _STAMP.fullmatch(text):
            return format_utc(datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC))
        try:
            return format_utc(datetime.fromisoformat(text))
        except ValueError:
            return format_utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        return None


def parse_script_instant(text: str) -> str | None:
    """Parse `Tue Mar 05 2019 18:02:11 GMT+0100 (…)`, or anything that `parse_instant` reads."""
    if not (match := _SCRIPT.search(text)):
        return parse_instant(text)
    month, day, year, clock, zone = match.groups()
    return parse_instant(f"{day} {month} {year} {clock} {zone}")


def parse_wayback_instant(text: str) -> str | None:
    """Parse `18:02:11 Mar 05, 2019`, which is always UTC."""
    if not (match := _WAYBACK.search(text)):
        return None
    clock, month, day, year = match.groups()
    return parse_instant(f"{day} {month} {year} {clock} +0000")


def parse_worded_instant(text: str) -> str | None:
    """Parse the first `Jun 20, 2019 07:08:09 GMT` in a text of any language; None without one."""
    if not (match := _GMT.search(text)):
        return None
    import dateparser  # noqa: PLC0415  (as above)

    # The words in front of the clock that are a date: one in Japanese, five in Spanish.
    words = match[1].split()[-6:]
    endings = (" ".join(words[-n:]).strip(" ,.") for n in range(1, len(words) + 1))
    days = (dateparser.parse(text, languages=_LANGUAGES) for text in endings if _WORDED_DAY.match(text))
    day = next(filter(None, days), None)
    return parse_instant(f"{day.date().isoformat()}T{match[2]}Z") if day else None
