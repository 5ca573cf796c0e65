"""What a running crawl shows: a bar for people at a terminal, and log lines without page bodies in them."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from scrapy import Spider, signals
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from scraper.console.terminal import err
from scraper.errors import ArchiveError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Progress:
    """A bar on standard error while a spider with `expected` and `done` runs (posts, or what it has `counted`).

    Nothing where no terminal is.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._bar = Bar(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=err(), transient=True)
        self._task = self._bar.add_task("looking around", total=None)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not sys.stderr.isatty():
            raise NotConfigured
        progress = cls(crawler)
        crawler.signals.connect(progress._opened, signal=signals.spider_opened)
        crawler.signals.connect(progress._moved, signal=signals.item_scraped)
        crawler.signals.connect(progress._closed, signal=signals.spider_closed)
        return progress

    def _opened(self, spider: Spider) -> None:
        self._bar.start()

    def _moved(self, spider: Spider) -> None:
        expected = getattr(spider, "expected", None)
        if expected:
            self._bar.update(
                self._task,
                description=getattr(spider, "counted", "posts"),
                total=expected,
                completed=getattr(spider, "done", 0),
            )
        else:
            self._bar.advance(self._task)

    def _closed(self, spider: Spider) -> None:
        self._bar.stop()


class QuietFormatter(LogFormatter):
    """Log lines that name a capture rather than print its bytes; errors a user is told about are no tracebacks."""

    def scraped(self, item: object, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        return {"level": logging.DEBUG, "msg": "Took %s", "args": (_name(item),)}

    def dropped(
        self, item: object, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        return {"level": logging.DEBUG, "msg": "Could not store %s", "args": (_name(item),)}

    def item_error(
        self, item: object, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        level = logging.DEBUG if isinstance(exception, ArchiveError) else logging.ERROR
        return {"level": level, "msg": "Could not store %s", "args": (_name(item),)}


def _name(item: object) -> str:
    extraction = getattr(item, "extraction", None)
    return f"{extraction.path} ({extraction.outcome})" if extraction else type(item).__name__
