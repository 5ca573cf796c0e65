"""The figures of a run for its row in `crawls`, by flat names such as `look/divi_classic`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from platform import python_version
from statistics import median

import scrapy
from scrapy.settings import BaseSettings

from scraper import VERSION
from scraper.archive import KnownPost
from scraper.crawl.contact import hide_contact
from scraper.crawl.probe import BRIEF_FIELDS, find_fields, shows_other_post
from scraper.crawl.site_explorer import ChannelResult
from scraper.records import FALSE_PAGES, Extraction, FoundAddress, Reading

_LISTS = ("listing", "feed")  # channels whose pages show posts as readers see them
_CLOSED = ("HTTP 401", "HTTP 403")  # states of channels that are not for everybody
_STATS = {"requests": "downloader/request_count", "errors": "log_count/ERROR"}
_DECISIVE = (
    *("USER_AGENT", "ROBOTSTXT_OBEY", "DOWNLOAD_DELAY", "AUTOTHROTTLE_ENABLED", "DOWNLOAD_VERIFY_CERTIFICATES"),
    *("DOWNLOAD_MAXSIZE", "NIGHTLY_REQUEST_BUDGET", "FULL_RECHECK_DAYS"),
)
_AWAY = ("missing", "gone")
_STATUS = "downloader/response_status_count/"


@dataclass
class PostCounts:
    """Counts posts as they are read, for the figures of the run."""

    outcomes: Counter[str] = field(default_factory=Counter)  # of posts' addresses; and failed, refused
    skipped: Counter[str] = field(default_factory=Counter)
    _looks: Counter[str] = field(default_factory=Counter)
    _fields: Counter[str] = field(default_factory=Counter)
    _problems: Counter[str] = field(default_factory=Counter)
    text_lengths: dict[str, int] = field(default_factory=dict)  # characters, by path, of briefs that have a text
    _newest: str = ""
    named_paths: Collection[str] = ()  # of posts that the night's lists name
    _unfound: int = 0  # of these
    known_briefs: Collection[str] = ()  # paths of posts that were briefs before, whatever is read there now

    def add_post(self, extraction: Extraction) -> None:
        """Count the answer at the address of a post."""
        self.outcomes[extraction.outcome] += 1
        self._problems.update(problem.kind for problem in extraction.problems)
        self._unfound += extraction.outcome == "missing" and extraction.path in self.named_paths
        if extraction.outcome in (*FALSE_PAGES, "error"):
            self.skipped[extraction.outcome] += 1
        if shows_other_post(extraction):
            self.skipped["other_post"] += 1
        elif extraction.outcome == "brief" and extraction.readings:
            self._looks[extraction.layout or "unknown"] += 1
            self._add_reading(extraction.readings[0])

    def _add_reading(self, reading: Reading) -> None:
        is_brief = reading.brief.kind == "brief" or reading.brief.path in self.known_briefs
        names = [name for name, has_value in find_fields(reading).items() if has_value]
        self._fields["read"] += 1
        self._fields["briefs"] += is_brief
        self._fields.update(f"{name}/found" for name in names if is_brief or name not in BRIEF_FIELDS)
        self._problems.update(problem.kind for problem in reading.problems)
        if is_brief and reading.brief.body:  # a notice may be short
            self.text_lengths[reading.brief.path] = len(reading.brief.body)
        self._newest = max(self._newest, reading.brief.published or "")

    def compute_figures(
        self, stats: Mapping[str, object], results: Iterable[ChannelResult], addresses: Iterable[FoundAddress]
    ) -> dict[str, object]:
        """Compute the figures that need no archive."""
        results = list(results)
        lists = [result for result in results if result.kind in _LISTS and result.state in ("found", "no posts")]
        walls = Counter(f"lists/{result.state}" for result in results if result.state in FALSE_PAGES)
        closed = Counter(result.state.removeprefix("HTTP ") for result in results if result.state in _CLOSED)
        by_channel = Counter(address.finder for address in set(addresses))
        figures: dict[str, object] = {name: stats.get(stat, 0) for name, stat in _STATS.items()}
        figures |= {"listing_pages": len(lists), "listing_items": sum(result.addresses for result in lists)}
        figures |= {f"status/{name.removeprefix(_STATUS)}": n for name, n in stats.items() if name.startswith(_STATUS)}
        groups = {"skipped": self.skipped, "look": self._looks, "coverage": self._fields, "problems": self._problems}
        for group, counts in (*groups.items(), ("way", by_channel), ("outcome", self.outcomes), ("closed", closed)):
            figures |= {f"{group}/{name}": number for name, number in sorted(counts.items()) if number}
        figures |= {"unfound": self._unfound} if self._unfound else {}
        figures |= walls | {f"coverage/{name}": self._fields[name] for name in ("read", "briefs")}
        figures |= measure_texts(self.text_lengths.values())
        return figures | ({"newest_published": self._newest} if self._newest else {})


def measure_texts(lengths: Iterable[int]) -> dict[str, object]:
    """The usual length of a text, in characters; empty where there is none."""
    known = list(lengths)
    return {"body_median": round(median(known))} if known else {}


def list_versions_and_settings(settings: BaseSettings) -> dict[str, object]:
    """List the versions and settings that decide what a run does."""
    versions = {"program": VERSION, "scrapy": scrapy.__version__, "python": python_version()}
    decisive = {name: settings.get(name) for name in _DECISIVE} | {"USER_AGENT": hide_contact(settings["USER_AGENT"])}
    return {f"version/{name}": version for name, version in versions.items()} | {
        f"setting/{name}": value for name, value in decisive.items()
    }


def count_changes(before: Mapping[str, KnownPost], after: Mapping[str, KnownPost]) -> dict[str, object]:
    """Count the briefs read for the first time, and the pages that went missing or gone, or came back."""
    pairs = [(before.get(path), post) for path, post in after.items()]
    days = [post.published for post in after.values() if post.published]
    return {
        "briefs_new": sum(bool(new.captured_at and not (old and old.captured_at)) for old, new in pairs),
        "missing": sum(new.status == "missing" and not (old and old.status == "missing") for old, new in pairs),
        "gone": sum(new.status == "gone" and old is not None and old.status != "gone" for old, new in pairs),
        "back": sum(new.status == "live" and old is not None and old.status in _AWAY for old, new in pairs),
    } | ({"newest_published": max(days)} if days else {})
