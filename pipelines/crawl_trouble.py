"""What the steps do in a crawl whose archive cannot be written to: they end it, in one line."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from pipelines.archive import SqliteArchive
from scraper.crawl.scrapy_internals import count_items_in_pipelines
from scraper.errors import ArchiveError

_closing: set[asyncio.Task[None]] = set()  # a task that nobody holds may be dropped before it has run


def archive_of(crawler: Crawler) -> SqliteArchive | None:
    """The spider's archive, None where it has none or could not have it."""
    archive = getattr(crawler.spider, "archive", None)
    return archive if isinstance(archive, SqliteArchive) else None


@contextmanager
def end_on_trouble(crawler: Crawler) -> Iterator[None]:
    """Have an archive that cannot be written to end the crawl; raises DropItem for the item at hand."""
    try:
        yield
    except ArchiveError as error:
        if note_trouble(crawler, error) and crawler.engine is not None:
            task = asyncio.get_running_loop().create_task(_close(crawler.engine))
            _closing.add(task)
            task.add_done_callback(_closing.discard)
        raise DropItem(str(error)) from error


def note_trouble(crawler: Crawler, error: ArchiveError) -> bool:
    """Write down what ends the crawl; whether it is the first trouble."""
    assert crawler.stats
    is_first = crawler.stats.get_value("archive/error") is None
    crawler.stats.set_value("archive/error", str(error))
    crawler.stats.set_value("archive/exit_code", error.exit_code)
    return is_first


async def _close(engine: ExecutionEngine) -> None:
    """Close the spider when its items are through; Scrapy waits for ever for one that the spider handed over."""
    while count_items_in_pipelines(engine):
        await asyncio.sleep(0)
    await engine.close_spider_async(reason="archive_error")
