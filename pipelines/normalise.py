"""The third step: values in the one form that the archive stores; a value without such a form becomes a problem."""

from __future__ import annotations

import operator
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from pipelines.faults import run_step
from scraper.address import replace_unstorable
from scraper.archive import CaptureItem
from scraper.dates import format_utc
from scraper.records import URL_BREAKS, Brief, Capture, Extraction, Problem, Reading
from scraper.url_reading import split_address

_BIGGEST = 2**63 - 1
_STATUSES = range(100, 1000)  # all that three digits can say; no server means another


def make_storable(text: str | None) -> str | None:
    """The text without characters that SQLite cannot store, such as those of an undecodable file name."""
    return None if text is None else replace_unstorable(text)


@lru_cache(maxsize=1024)  # each step asks for the instant of a capture
def normalise_instant(text: str | None) -> str | None:
    """An ISO 8601 instant as `YYYY-MM-DDTHH:MM:SSZ`, in UTC unless it has an offset; None for other texts."""
    if text is None:
        return None
    try:
        return format_utc(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        return None


def normalise_capture(capture: Capture) -> tuple[Capture, tuple[Problem, ...]]:
    """The capture in words that the archive can store, and the problem with a status that no server sends."""
    problems: tuple[Problem, ...] = ()
    if capture.status is not None and capture.status not in _STATUSES:
        problems = (Problem("status", "malformed", "the status is no number of three digits: the capture has none"),)
        capture = replace(capture, status=None)
    if not capture.is_storable:
        capture = replace(
            capture,
            url=capture.url and make_storable(URL_BREAKS.sub("", capture.url)),
            headers=tuple((replace_unstorable(header), replace_unstorable(value)) for header, value in capture.headers),
            content_type=make_storable(capture.content_type),
            name=make_storable(capture.name),
            memento=make_storable(capture.memento),
        )
    return capture, problems


@lru_cache(maxsize=256)
def normalise_day(text: str | None) -> str | None:
    """An ISO 8601 date as `YYYY-MM-DD`, None for other texts."""
    try:
        return None if text is None else date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return None


def normalise_brief(published: Brief) -> tuple[Brief, tuple[Problem, ...]]:
    """The brief with dates and numbers that the tables accept, and a problem for each value that had to go."""
    normal = {
        "published": normalise_day(published.published),
        "dateline": normalise_day(published.dateline),
        "modified": normalise_instant(published.modified),
        "number": _limit_integer(published.number),
        "wp_id": _limit_integer(published.wp_id),
    }
    differing = {name: getattr(published, name) for name, value in normal.items() if getattr(published, name) != value}
    if not differing:
        return published, ()
    problems = [
        Problem(name, "malformed", f"{name} {str(value)[:80]!r} is no value that {name} can have")
        for name, value in differing.items()
        if normal[name] is None
    ]
    changed: dict[str, Any] = {name: normal[name] for name in differing}
    return replace(published, **changed), tuple(problems)


def _limit_integer(number: int | None) -> int | None:
    return number if number is not None and abs(number) <= _BIGGEST else None


@lru_cache(maxsize=4096)
def make_resource_key(url: str | None, name: str) -> str:
    """The key of a resource: its address without scheme, `www.`, last slash and `utm_…`, or its name if it has none."""
    if not url:
        return "name:" + " ".join(name.casefold().split())
    parts = split_address(url)
    if parts.scheme not in ("http", "https", ""):
        return unquote(url).casefold()
    query = urlencode([(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not k.startswith("utm_")])
    host = parts.netloc.lower().removeprefix("www.")
    page = parts.fragment if parts.fragment.startswith(("/", "!/")) else ""  # a page of a script
    return host + parts.path.rstrip("/") + (f"?{query}" if query else "") + (f"#{page.rstrip('/')}" if page else "")


def normalise(extraction: Extraction) -> Extraction:
    """The extraction with every value in the form of the tables."""
    readings = tuple(map(_normalise_reading, extraction.readings))
    has_changed = any(map(operator.is_not, readings, extraction.readings))
    return replace(extraction, readings=readings) if has_changed else extraction


def _normalise_reading(reading: Reading) -> Reading:
    normal, problems = normalise_brief(reading.brief)
    if normal is reading.brief:
        return reading
    return replace(reading, brief=normal, problems=(*reading.problems, *problems))


class NormalisePipeline:
    """Brings extracted values into the archive's form."""

    def process_item(self, item: object) -> object:
        """The item with normal values."""
        if isinstance(item, CaptureItem) and item.extraction:
            run_step(normalise, item)
        return item
