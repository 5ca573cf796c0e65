"""Reads figures from the counts of a run; a figure that is missing is 0 or None."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal

from scraper.archive import Run
from scraper.crawl.probe import BRIEF_FIELDS
from scraper.dates import parse_iso_date
from scraper.errors import OK
from scraper.records import FALSE_PAGES

Mode = Literal["night", "full", "crawl"]
UNKNOWN_LOOKS = ("generic", "none", "unknown")  # read by guessing, or not at all
_FLAG = {"1", "true", "yes", "True"}
_MAX_COUNT = 1e9  # a larger number cannot be a count


def find_count(run: Run, name: str) -> int | None:
    """Return a count, None if the run did not record it or if it cannot be a count."""
    value = run.counts.get(name)
    return int(value) if isinstance(value, int | float) and 0 <= value < _MAX_COUNT else None


def get_count(run: Run, name: str) -> int:
    """Return a count, 0 if there is none."""
    return find_count(run, name) or 0


def group_counts(run: Run, prefix: str) -> dict[str, int]:
    """Return the counts that share a prefix, without it and the largest first: `look` gives {"divi_classic": 2}."""
    start = f"{prefix}/"
    found = {name.removeprefix(start): get_count(run, name) for name in run.counts if name.startswith(start)}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def get_mode(run: Run) -> Mode:
    """Return the kind of run: an ordinary night, a recheck of everything, or a crawl by hand."""
    arguments = {name for name in ("nightly", "full", "recheck") if str(run.counts.get(f"argument/{name}")) in _FLAG}
    if arguments & {"full", "recheck"} or get_count(run, "full"):
        return "full"
    return "night" if "nightly" in arguments else "crawl"


def count_posts(run: Run) -> int:
    """Count the single posts that were read."""
    count = find_count(run, "coverage/read")
    return sum(group_counts(run, "look").values()) if count is None else count


def count_read(run: Run, name: str) -> int:
    """Count the posts that were read and may have the field: only briefs have a label, resources and the like."""
    count = find_count(run, "coverage/briefs") if name in BRIEF_FIELDS else None
    return count_posts(run) if count is None else count


def count_judged(run: Run, name: str) -> int:
    """Count the posts that were read and may have the field, but for those that never had it."""
    return max(count_read(run, name) - get_count(run, f"coverage/{name}/lacked"), 0)


def count_fields(run: Run) -> dict[str, int]:
    """Count the posts in which each field was found."""
    ending = "/found"
    counts = group_counts(run, "coverage")
    return {name.removesuffix(ending): count for name, count in counts.items() if name.endswith(ending)}


def count_unknown_looks(run: Run) -> int:
    """Count the posts whose look has no layout of its own."""
    return sum(get_count(run, f"look/{look}") for look in UNKNOWN_LOOKS)


def count_false_pages(run: Run) -> dict[str, int]:
    """Count what came instead of posts, by kind: bot walls, maintenance, not-found pages, unreadable pages."""
    counted = {
        name: max(get_count(run, f"{group}/{name}") for group in ("outcome", "skipped"))
        for name in (*FALSE_PAGES, "other_post")
    }
    return {name: count for name, count in counted.items() if count}


def parse_day(text: object) -> date | None:
    """Parse the day at the beginning of an ISO 8601 text."""
    day = parse_iso_date(text) if isinstance(text, str) else None
    return date.fromisoformat(day) if day else None


def get_seconds(run: Run) -> int | None:
    """Return how long the run took, None if it never ended."""
    try:
        took = datetime.fromisoformat(run.finished_at or "") - datetime.fromisoformat(run.started_at)
        return int(took.total_seconds())
    except (ValueError, TypeError):
        return None


def select_good_runs(history: Iterable[Run], run: Run, reasons: Sequence[str]) -> list[Run]:
    """Select earlier runs of the same spider that ended well, without an alarm, and read posts; newest first."""
    return sorted(
        (
            past
            for past in history
            if past.id < run.id
            and past.spider == run.spider
            and past.outcome in reasons
            and (past.verdict == "accepted" or (past.exit_code in (None, OK) and past.verdict is None))
            and count_posts(past)
        ),
        key=lambda past: past.id,
        reverse=True,
    )
