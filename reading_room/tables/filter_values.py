"""What the value of a filter can be: a domain of the archive, a kind, a day, a number; what is near if not."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import partial

from pipelines.extraction.wording.domains import find_nearest_domain, to_canonical_domain
from reading_room.search.name_words import slugify_domain, split_words

KINDS = ("brief", "opinion", "blog", "post")
SORTS = ("best", "newest", "oldest")
CHOICES = {
    "kind": KINDS,
    "sort": SORTS,
    "change": ("substantive", "cosmetic"),
    "source": ("live", "wayback", "commoncrawl", "warc", "wacz", "file"),
}
_NEAR = 0.6  # share of equal letters
_LONGEST = 60  # characters of a value that a message repeats
_PREFIX = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
_LOOSE = re.compile(r"(\d{4})[-/. ]?(\d{1,2})(?:[-/. ]?(\d{1,2}))?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,18}", re.ASCII)


class BadFilter(ValueError):
    """A filter that was not understood; its text says what and what is near, in one line."""


@dataclass(frozen=True, slots=True)
class FilterValues:
    """What the values of the archive's filters are checked against."""

    domains: tuple[str, ...]
    authors: tuple[str, ...] = ()  # in each spelling
    author_ids: frozenset[int] = frozenset()

    def check(self, name: str, value: str) -> str:
        """The value as the archive writes it, by the name of its filter; raises BadFilter."""
        checks = {"domain": self.check_domain, "author": self.check_author}
        check = checks.get(name) or _CHECKS.get(name)
        return check(value.strip()) if check and value.strip() else value

    def check_domain(self, value: str) -> str:
        """The domain, whatever its capitals and accents."""
        key = _squeeze_name(value)
        found = [name for name in (value, to_canonical_domain(value)) if name in self.domains]
        found += [name for name in self.domains if key and _squeeze_name(name) == key]
        if found:
            return found[0]
        near = find_nearest_domain(value)
        hint = find_near(value, self.domains) if near is None or near not in self.domains else near
        raise BadFilter(f"There is no domain {quote_value(value)}" + (f": did you mean {hint}?" if hint else ""))

    def check_author(self, value: str) -> str:
        """A part of an author's name, or an id; the name that has these words, whatever their order and accents."""
        if value.isascii() and value.isdecimal():
            if int(value[:18]) not in self.author_ids:
                raise BadFilter(f"There is no author with the id {value[:19]}: its own page gives the id, and the feed")
            return value
        if any(value.lower() in name.lower() for name in self.authors):
            return value
        words = set(split_words(value))
        found = [name for name in self.authors if words and words <= set(split_words(name))]
        if len(found) == 1:
            return found[0]
        names = [*self.authors, *{word for name in self.authors for word in name.split() if len(word) > 2}]
        near = found[0] if found else find_near(value, names)
        raise BadFilter(f"There is no author {quote_value(value)}" + (f": did you mean {near}?" if near else ""))


def _squeeze_name(name: str) -> str:
    """The letters of a domain's name, so that `foreignpolicy` is `Foreign Policy`."""
    return slugify_domain(name).replace("-", "")


def find_near(value: str, values: Collection[str]) -> str | None:
    """The value that is nearest to what was typed; None if none is near."""
    lower = {name.lower(): name for name in values}
    near = get_close_matches(value.lower()[:_LONGEST], lower, n=1, cutoff=_NEAR)
    return lower[near[0]] if near else None


def shorten_value(value: str) -> str:
    """The value for a message: short, on one line."""
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in value)
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"


def quote_value(value: str) -> str:
    """The same in quotation marks."""
    return f"“{shorten_value(value)}”"


def parse_day_prefix(value: str) -> str | None:
    """A year, month or day of the calendar, as the archive writes it; None for anything else."""
    match = _PREFIX.fullmatch(value)
    return value if match and _make_day(*match.groups()) else None


def check_prefix(value: str) -> str:
    """A year, month or day; raises BadFilter."""
    if (prefix := parse_day_prefix(value.removesuffix("-"))) is None:
        near = _suggest_day(value)
        raise BadFilter(f"{quote_value(value)} is no year, month or day{near}: write 2020, 2020-03 or 2020-03-15")
    return prefix


def check_year(value: str) -> str:
    """A year; raises BadFilter."""
    if len(value) != len("2020") or parse_day_prefix(value) is None:
        raise BadFilter(f"{quote_value(value)} is no year: write 2020")
    return value


def check_day(value: str) -> str:
    """A day; raises BadFilter."""
    if len(value) != len("2020-03-15") or parse_day_prefix(value) is None:
        raise BadFilter(f"{quote_value(value)} is no day{_suggest_day(value)}: write 2020-03-15")
    return value


def check_instant(value: str) -> str:
    """An instant or the beginning of one; raises BadFilter."""
    day, _, time = value.partition("T")
    if parse_day_prefix(day) is None or not re.fullmatch(r"[\d:]{0,8}Z?", time, re.ASCII) or (time and len(day) < 10):
        raise BadFilter(
            f"{quote_value(value)} is no instant{_suggest_day(value)}: write 2020-03-15 or 2020-03-15T12:00:00Z"
        )
    return value


def check_number(value: str) -> str:
    """A whole number; raises BadFilter."""
    if not _NUMBER.fullmatch(value):
        is_long = value.lstrip("+-").isdecimal() and value.isascii()
        raise BadFilter(f"{quote_value(value)} is {'too long a' if is_long else 'no whole'} number")
    return value


def check_least(least: int, value: str) -> str:
    """A whole number from `least` on; raises BadFilter."""
    number = int(check_number(value))
    if number < least:
        raise BadFilter(f"{quote_value(value)} is less than {least}")
    return str(number)


def check_ranges(values: Mapping[str, str]) -> None:
    """Raise BadFilter where the first of two ends lies behind the last, which is meant whole: 2019 has its December."""
    for first, last in (("from", "to"), ("after", "before")):
        ends = [values.get(name, "").strip() for name in (first, last)]
        if all(ends) and ends[0] > f"{ends[1]}~":
            raise BadFilter(f"{first} {ends[0]} {last} {ends[1]} is no range: nothing lies in it")


def _make_day(year: str, month: str | None, day: str | None) -> date | None:
    try:
        return date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None


def _suggest_day(value: str) -> str:
    """The day that a date of another form means, if it can mean one only."""
    match = _LOOSE.fullmatch(value)
    day = _make_day(*match.groups()) if match else None
    if match is None or day is None:
        return ""
    meant = day.isoformat() if match[3] else day.isoformat()[:7]
    return "" if meant == value else f" (did you mean {meant}?)"


def check_choice(values: tuple[str, ...], value: str) -> str:
    """The one of these values that is meant, whatever its capitals; raises BadFilter."""
    if value.lower() in values:
        return value.lower()
    near = find_near(value, values)
    hint = f"did you mean {near}? It is" if near else "it is"
    raise BadFilter(f"{quote_value(value)} was not understood: {hint} {', '.join(values[:-1])} or {values[-1]}")


# By the name of a parameter of a ready query or of a column; domains and authors are those of the archive.
_CHECKS: dict[str, Callable[[str], str]] = {
    **{name: partial(check_choice, values) for name, values in CHOICES.items()},
    **dict.fromkeys(("year", "after", "before"), check_prefix),
    **dict.fromkeys(("day", "date"), check_day),
    "instant": check_instant,
    **dict.fromkeys(("from", "to"), check_year),
    "integer": check_number,
    **dict.fromkeys(("number", "resource"), partial(check_least, 0)),
    **dict.fromkeys(("page", "size"), partial(check_least, 1)),
}
