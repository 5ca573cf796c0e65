"""Errors of the archive during a crawl: they end it, with one line that says why."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from pipelines.archive import SqliteArchive
from scraper.archive import CaptureItem
from scraper.crawl.scrapy_internals import count_items_in_pipelines
from scraper.errors import ArchiveError

_closing: set[asyncio.Task[None]] = set()  # a task without a reference may be collected before it has run


class ArchiveStep:
    """A step that uses the archive of the spider, which opens after Scrapy has built the steps."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)


def get_archive(crawler: Crawler) -> SqliteArchive | None:
    """The spider's archive, None if it has none or could not open it."""
    archive = getattr(crawler.spider, "archive", None)
    return archive if isinstance(archive, SqliteArchive) else None


@contextmanager
def guard_crawl(crawler: Crawler, archive: SqliteArchive, item: CaptureItem) -> Iterator[None]:
    """Raise DropItem for any error: one of the archive ends the crawl, any other costs the present item alone."""
    try:
        try:
            yield
        except ArchiveError:
            raise
        except Exception as error:
            archive.add_fault(item, error)
            raise DropItem(str(error)) from error
    except ArchiveError as error:
        if record_error(crawler, error) and crawler.engine is not None:
            task = asyncio.get_running_loop().create_task(_close(crawler.engine))
            _closing.add(task)
            task.add_done_callback(_closing.discard)
        raise DropItem(str(error)) from error


def record_error(crawler: Crawler, error: ArchiveError) -> bool:
    """Record the error that ends the crawl; return whether it is the first."""
    assert crawler.stats
    is_first = crawler.stats.get_value("archive/error") is None
    crawler.stats.set_value("archive/error", str(error))
    crawler.stats.set_value("archive/exit_code", error.exit_code)
    return is_first


async def _close(engine: ExecutionEngine) -> None:
    """Close the spider when its items are through: until then Scrapy would wait forever for an item it handed over."""
    while count_items_in_pipelines(engine):
        await asyncio.sleep(0)
    await engine.close_spider_async(reason="archive_error")
