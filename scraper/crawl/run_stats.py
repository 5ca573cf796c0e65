"""A run's figures for its row in `crawls`, by flat names such as `look/divi_classic`: for monitors and reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from platform import python_version
from statistics import median

import scrapy
from scrapy.settings import BaseSettings

from scraper import VERSION
from scraper.archive import Known
from scraper.crawl.explore import Way
from scraper.crawl.probe import fields_found
from scraper.records import Extraction, FoundAddress, Reading

# Answers at a post's address that are no post and no honest "missing": they change no value.
FALSE_PAGES = ("challenge", "maintenance", "parked", "soft404", "unreadable", "error", "listing", "page", "other")
_LISTS = ("listing", "feed")  # ways whose pages show posts as readers see them
_STATS = {
    "requests": "downloader/request_count",
    "errors": "log_count/ERROR",
    "captures/new": "archive/new",
    "captures/unchanged": "archive/unchanged",
}
_DECISIVE = (
    *("USER_AGENT", "ROBOTSTXT_OBEY", "DOWNLOAD_DELAY", "AUTOTHROTTLE_ENABLED", "DOWNLOAD_VERIFY_CERTIFICATES"),
    *("DOWNLOAD_MAXSIZE", "NIGHTLY_REQUEST_BUDGET", "FULL_RECHECK_DAYS"),
)
_STATUS = "downloader/response_status_count/"


@dataclass
class Tally:
    """Counts posts as they are read; `figures` then says everything at once."""

    outcomes: Counter[str] = field(default_factory=Counter)  # of posts' addresses; and failed, refused
    skipped: Counter[str] = field(default_factory=Counter)
    _looks: Counter[str] = field(default_factory=Counter)
    _fields: Counter[str] = field(default_factory=Counter)
    _problems: Counter[str] = field(default_factory=Counter)
    _bodies: list[int] = field(default_factory=list)  # characters
    _newest: str = ""

    def add(self, extraction: Extraction) -> None:
        """Count the answer at one post's address."""
        self.outcomes[extraction.outcome] += 1
        self._problems.update(problem.kind for problem in extraction.problems)
        if extraction.outcome in FALSE_PAGES:
            self.skipped[extraction.outcome] += 1
        if extraction.outcome == "brief" and extraction.readings:
            self._looks[extraction.layout or "unknown"] += 1
            self._read(extraction.readings[0])

    def _read(self, reading: Reading) -> None:
        self._fields["read"] += 1
        self._fields.update(f"{name}/found" for name, found in fields_found(reading).items() if found)
        self._problems.update(problem.kind for problem in reading.problems)
        self._bodies.append(len(reading.brief.body or ""))
        self._newest = max(self._newest, reading.brief.published or "")

    def figures(
        self, stats: Mapping[str, object], ways: Iterable[Way], found: Iterable[FoundAddress]
    ) -> dict[str, object]:
        """All figures that need no archive; those with a median or a date only where there is one."""
        lists = [way for way in ways if way.kind in _LISTS and way.state in ("found", "no posts")]
        by_way = Counter(one.finder for one in set(found))
        told: dict[str, object] = {name: stats.get(stat, 0) for name, stat in _STATS.items() if "/" not in name}
        told |= {"listing_pages": len(lists), "listing_items": sum(way.addresses for way in lists)}
        told |= {f"status/{name.removeprefix(_STATUS)}": n for name, n in stats.items() if name.startswith(_STATUS)}
        groups = {"skipped": self.skipped, "look": self._looks, "coverage": self._fields, "problems": self._problems}
        for group, counts in (*groups.items(), ("way", by_way), ("outcome", self.outcomes)):
            told |= {f"{group}/{name}": number for name, number in sorted(counts.items()) if number}
        told["coverage/read"] = self._fields["read"]
        if self._bodies:
            told["body_median"] = round(median(self._bodies))
        return told | ({"newest_published": self._newest} if self._newest else {})


def made_with(settings: BaseSettings) -> dict[str, object]:
    """The versions and settings that decide what a run does, for its row."""
    versions = {"program": VERSION, "scrapy": scrapy.__version__, "python": python_version()}
    return {f"version/{name}": version for name, version in versions.items()} | {
        f"setting/{name}": settings.get(name) for name in _DECISIVE
    }


def changes(before: Mapping[str, Known], after: Mapping[str, Known]) -> dict[str, object]:
    """What a run did to the archive: briefs read for the first time, pages that went missing, gone, or came back."""
    same = [(before[path], known) for path, known in after.items() if path in before]
    fresh = [known for path, known in after.items() if path not in before]
    days = [known.published for known in after.values() if known.published]
    return {
        "briefs_new": sum(bool(k.captured_at) for k in fresh)
        + sum(bool(new.captured_at and not old.captured_at) for old, new in same),
        "missing": sum(k.status == "missing" for k in fresh) + _became(same, "missing"),
        "gone": _became(same, "gone"),
        "back": sum(old.status in ("missing", "gone") and new.status == "live" for old, new in same),
    } | ({"newest_published": max(days)} if days else {})


def _became(same: Iterable[tuple[Known, Known]], status: str) -> int:
    return sum(new.status == status and old.status != status for old, new in same)
