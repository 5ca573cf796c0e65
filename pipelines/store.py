"""Scrapy's item pipeline: what the spider yields goes into the archive that the spider has opened."""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import Self

from scrapy import signals
from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from scraper.archive import Archive, Taking
from scraper.errors import ArchiveError

# Columns and counts of the run's row in crawls, by the name of Scrapy's own figure.
_COUNTED = {
    "requests": "downloader/request_count",
    "responses": "downloader/response_count",
    "bytes": "downloader/response_bytes",
    "forbidden": "robotstxt/forbidden",
    "retries": "retry/count",
}


class StorePipeline:
    """Takes each Taking into `spider.archive`; an archive that cannot be written to ends the crawl.

    The spider opens the archive and begins the run's row; this ends the row and closes the archive.
    Stats: `archive/new`, `archive/unchanged`, `archive/known`; after trouble `archive/error` and `archive/exit_code`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._ending: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.spider_closed, signal=signals.spider_closed)
        return pipeline

    @property
    def archive(self) -> Archive | None:
        """The spider's archive, None where it could not be opened."""
        return getattr(self.crawler.spider, "archive", None)

    def process_item(self, item: object) -> object:
        """The item itself; raises DropItem where the archive cannot keep it, after asking the crawl to end."""
        if not isinstance(item, Taking) or self.archive is None:
            return item
        try:
            taken = self.archive.take(
                item.capture, item.extraction, store_readings=item.store_readings, memento=item.memento
            )
        except ArchiveError as error:
            self._tell(error)
            self._end()
            raise DropItem(str(error)) from error
        self._stat(f"archive/{taken}")
        return item

    def spider_closed(self, reason: str) -> None:
        """Write the end of the run's row in crawls, and let the archive go."""
        if self.archive is None:
            return
        stats = self.crawler.stats
        counts = {name: stats.get_value(stat, 0) for name, stat in _COUNTED.items()} if stats else {}
        counts |= getattr(self.crawler.spider, "figures", {})
        code = getattr(self.crawler.spider, "exit_code", None)
        try:
            with closing(self.archive):
                self.archive.finish(reason, counts, code(reason) if code else None)
        except ArchiveError as error:
            self._tell(error)

    def _stat(self, name: str) -> None:
        if self.crawler.stats:
            self.crawler.stats.inc_value(name)

    def _tell(self, error: ArchiveError) -> None:
        if self.crawler.stats:
            self.crawler.stats.set_value("archive/error", str(error))
            self.crawler.stats.set_value("archive/exit_code", error.exit_code)

    def _end(self) -> None:
        if self._ending is None and self.crawler.engine is not None:
            self._ending = asyncio.get_running_loop().create_task(self._close(self.crawler.engine))

    async def _close(self, engine: ExecutionEngine) -> None:
        """Close the spider when this item is through; Scrapy waits for ever for one that the spider handed over."""
        while engine.scraper.slot is not None and engine.scraper.slot.itemproc_size:
            await asyncio.sleep(0)
        await engine.close_spider_async(reason="archive_error")
