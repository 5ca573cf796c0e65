"""The third step: values in the one form that the archive keeps; what has no such form is unknown, with a problem."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from scraper.address import split_address
from scraper.archive import CaptureItem
from scraper.records import Brief, Extraction, Problem, Reading

_BIGGEST = 2**63 - 1
_UNSTORABLE = re.compile(r"[\ud800-\udfff\0]")


def plain(text: str | None) -> str | None:
    """The text without characters that no database keeps, such as those of an undecodable file name."""
    return None if text is None else _UNSTORABLE.sub("\ufffd", text)


def instant(text: str | None) -> str | None:
    """An ISO 8601 instant as `YYYY-MM-DDTHH:MM:SSZ`; without an offset it is taken as UTC. None if it is none."""
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text.strip())
        read = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return read.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def day(text: str | None) -> str | None:
    """An ISO 8601 date as `YYYY-MM-DD`, None if it is none."""
    try:
        return None if text is None else date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return None


def brief(published: Brief) -> tuple[Brief, tuple[Problem, ...]]:
    """The brief with dates and numbers that the tables accept, and a problem for each value given up."""
    kept = {
        "published": day(published.published),
        "dateline": day(published.dateline),
        "modified": instant(published.modified),
        "number": _integer(published.number),
        "wp_id": _integer(published.wp_id),
    }
    lost = {name: getattr(published, name) for name, value in kept.items() if getattr(published, name) != value}
    if not lost:
        return published, ()
    problems = [_given_up(name, old) for name, old in lost.items() if kept[name] is None]
    changed: dict[str, Any] = {name: kept[name] for name in lost}
    return replace(published, **changed), tuple(problems)


def _integer(number: int | None) -> int | None:
    return number if number is not None and abs(number) <= _BIGGEST else None


def _given_up(name: str, value: object) -> Problem:
    return Problem(name, "malformed", f"{name} {str(value)[:80]!r} is no value that {name} can have")


@lru_cache(maxsize=4096)
def resource_key(url: str | None, name: str) -> str:
    """What makes two resources one: the address but for scheme, `www.`, last slash, `utm_…`; without one the name."""
    if not url:
        return "name:" + " ".join(name.casefold().split())
    parts = split_address(url)
    if parts.scheme not in ("http", "https", ""):
        return unquote(url).casefold()
    query = urlencode([(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not k.startswith("utm_")])
    host = parts.netloc.lower().removeprefix("www.")
    return host + parts.path.rstrip("/") + (f"?{query}" if query else "")


def normalise(extraction: Extraction) -> Extraction:
    """The extraction with every value as the tables have it."""
    return replace(extraction, readings=tuple(map(_normalise_reading, extraction.readings)))


def _normalise_reading(reading: Reading) -> Reading:
    normal, problems = brief(reading.brief)
    if normal is reading.brief:
        return reading
    return replace(reading, brief=normal, problems=(*reading.problems, *problems))


class NormalisePipeline:
    """Brings the values that were read into the archive's form."""

    def process_item(self, item: object) -> object:
        """The item with normal values."""
        if isinstance(item, CaptureItem) and item.extraction:
            item.extraction = normalise(item.extraction)
        return item
