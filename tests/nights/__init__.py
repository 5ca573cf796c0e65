"""Invented runs for the tests of scraper/watch."""

from __future__ import annotations

from collections.abc import Mapping

from scrapy.settings import Settings

from scraper.archive import Run
from scraper.monitoring.findings import LEVELS, Finding

FIELDS = ("title", "published", "body", "authors", "resources")


def settings(**changed: object) -> Settings:
    """The project's own settings, some of them changed."""
    known = Settings()
    known.setmodule("scraper.settings")
    known.setdict(changed, priority="cmdline")
    return known


def count_night(read: int, **changed: int) -> dict[str, object]:
    """What an undisturbed night counts that read so many posts."""
    found = {f"coverage/{field}/found": read for field in FIELDS}
    return {
        "argument/nightly": "1",
        "requests": read + 2,
        "requests_saved": 600 - read,
        "briefs_new": max(0, read - 2),
        "briefs_changed": 0,
        "errors": 0,
        "missing": 0,
        "listing_pages": 1,
        "listing_items": 10,
        "status/200": read + 1,
        "status/304": 1,
        "coverage/read": read,
        "look/divi_builder": read,
        "body_median": 4000,
        "newest_published": "2026-03-01",
        **found,
        **changed,
    }


def night(number: int, read: int = 2, counts: Mapping[str, object] | None = None, **changed: object) -> Run:
    """A run that ended well; `counts` are laid over its own."""
    begun = f"2026-03-02T02:17:{number % 60:02}Z"
    known = {
        "outcome": "finished",
        "exit_code": 0,
        "finished_at": "2026-03-02T02:18:30Z",
        "started_at": begun,
    } | changed
    return Run(id=number, spider="briefs", counts=count_night(read) | dict(counts or {}), **known)  # type: ignore[arg-type]


def week(read: int = 2) -> list[Run]:
    return [night(number, read) for number in range(1, 8)]


def levels(findings: tuple[Finding, ...]) -> dict[str, str]:
    """The gravest level of each monitor."""
    graver = sorted(findings, key=lambda finding: LEVELS.index(finding.level))
    return {finding.monitor: finding.level for finding in graver}
