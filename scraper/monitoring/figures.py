"""What a run's counts say, by name; a figure that is not there is 0 or None."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal

from scraper.archive import Run
from scraper.errors import OK

Mode = Literal["night", "full", "crawl"]
UNKNOWN_LOOKS = ("generic", "none", "unknown")  # read by guessing, or not at all
# Outcomes that come instead of a post; `error` is told by its status, `missing` may be the truth.
FALSE_PAGES = ("challenge", "maintenance", "parked", "soft404", "unreadable", "listing", "page", "other")
_FLAG = {"1", "true", "yes", "True"}
_ABSURD = 1e9  # a count from here on is none
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def known(run: Run, name: str) -> int | None:
    """A figure, None where the run did not count it, or what stands there cannot be a count."""
    value = run.counts.get(name)
    return int(value) if isinstance(value, int | float) and 0 <= value < _ABSURD else None


def number(run: Run, name: str) -> int:
    """A figure, 0 where there is none."""
    return known(run, name) or 0


def group(run: Run, prefix: str) -> dict[str, int]:
    """Figures that share a prefix, by the rest of their names, the largest first: `look/` gives {"divi_classic": 2}."""
    start = f"{prefix}/"
    found = {name.removeprefix(start): number(run, name) for name in run.counts if name.startswith(start)}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def mode(run: Run) -> Mode:
    """What was asked of it: an ordinary night, a recheck of everything, or a crawl by hand."""
    asked = {name for name in ("nightly", "full", "recheck") if str(run.counts.get(f"argument/{name}")) in _FLAG}
    if asked & {"full", "recheck"} or number(run, "full"):
        return "full"
    return "night" if "nightly" in asked else "crawl"


def posts(run: Run) -> int:
    """Single posts that were read."""
    told = known(run, "coverage/read")
    return sum(group(run, "look").values()) if told is None else told


def coverage(run: Run) -> dict[str, int]:
    """In how many of the posts each field was found."""
    ending = "/found"
    return {name.removesuffix(ending): found for name, found in group(run, "coverage").items() if name.endswith(ending)}


def unknown_looks(run: Run) -> int:
    """Posts whose look nobody knows."""
    return sum(number(run, f"look/{look}") for look in UNKNOWN_LOOKS)


def false_pages(run: Run) -> dict[str, int]:
    """What came where a post was expected: bot walls, maintenance, not-found pages, pages nothing was read in."""
    counted = {name: max(number(run, f"{way}/{name}") for way in ("outcome", "skipped")) for name in FALSE_PAGES}
    return {name: count for name, count in counted.items() if count}


def day(text: object) -> date | None:
    """The day at the beginning of an ISO 8601 text."""
    if not (isinstance(text, str) and (found := _DATE.match(text))):
        return None
    try:
        return date.fromisoformat(found[0])
    except ValueError:
        return None


def seconds(run: Run) -> int | None:
    """How long it took, None if it never ended."""
    try:
        took = datetime.fromisoformat(run.finished_at or "") - datetime.fromisoformat(run.started_at)
        return int(took.total_seconds())
    except (ValueError, TypeError):
        return None


def good(history: Iterable[Run], run: Run, reasons: Sequence[str]) -> list[Run]:
    """Earlier runs of that spider to compare with, newest first: they ended well, without alarm, and read posts."""
    return sorted(
        (
            past
            for past in history
            if past.id < run.id
            and past.spider == run.spider
            and past.outcome in reasons
            and past.exit_code in (None, OK)
            and posts(past)
        ),
        key=lambda past: past.id,
        reverse=True,
    )
