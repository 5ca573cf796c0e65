"""The first step: the bytes of a capture are in warcs/ before any rule reads them, whatever the rules make of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Self

from scrapy.crawler import Crawler

from pipelines.archive import SqliteArchive
from pipelines.crawl_trouble import archive_of, end_on_trouble
from pipelines.normalise import instant
from scraper.archive import CaptureItem
from scraper.records import Capture, Problem


def keep(archive: SqliteArchive, item: CaptureItem) -> None:
    """Keep the bytes, unless the archive has this capture. Raises ArchiveError's children."""
    if item.taken is None:
        item.capture, problems = check_instant(item.capture)
        item.problems += problems
        item.place = archive.keep(item.capture)


def check_instant(capture: Capture) -> tuple[Capture, tuple[Problem, ...]]:
    """The capture with its instant in the archive's form, or without one that cannot be true, and what was wrong."""
    stated = capture.captured_at
    if stated is None:
        return capture, ()
    at = instant(stated)
    if at is not None and at < _tomorrow():
        return (capture if at == stated else replace(capture, captured_at=at)), ()
    kind, wrong = ("future", "is still to come") if at else ("malformed", "is no instant")
    problem = Problem("captured_at", kind, f"captured_at {stated[:80]!r} {wrong}: the capture counts as undated")
    return replace(capture, captured_at=None), (problem,)


def _tomorrow() -> str:
    # Clocks differ, and time zones are mistaken: a day's grace.
    return (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


class KeepPipeline:
    """Keeps the bytes of each capture; they are in warcs/ although what follows should fail."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: object) -> object:
        """The item with the place of its bytes; raises DropItem where the archive cannot keep them."""
        if isinstance(item, CaptureItem) and (archive := archive_of(self._crawler)):
            with end_on_trouble(self._crawler):
                keep(archive, item)
        return item
