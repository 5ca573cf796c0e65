"""Shows the progress of a crawl: a bar at a terminal, and log lines without page bodies."""

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

from scraper.console.terminal import stderr
from scraper.errors import ArchiveError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Progress:
    """A progress bar on standard error, for spiders with `expected` and `done`; without a terminal it is off.

    They count posts, or what the spider's `counted` names.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._bar = Bar(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=stderr(), transient=True)
        self._task = self._bar.add_task("exploring", total=None)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not sys.stderr.isatty():
            raise NotConfigured
        progress = cls(crawler)
        crawler.signals.connect(progress._bar.start, signal=signals.spider_opened)
        crawler.signals.connect(progress._advance_bar, signal=signals.item_scraped)
        crawler.signals.connect(progress._bar.stop, signal=signals.spider_closed)
        return progress

    def _advance_bar(self, spider: Spider) -> None:
        if expected := getattr(spider, "expected", None):
            counted, done = getattr(spider, "counted", "posts"), getattr(spider, "done", 0)
            self._bar.update(self._task, description=counted, total=expected, completed=done)
        else:
            self._bar.advance(self._task)


class QuietFormatter(LogFormatter):
    """Writes log lines that name a capture instead of its bytes, and no traceback of errors that users see anyway."""

    def scraped(self, item: object, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        return {"level": logging.DEBUG, "msg": "Took %s", "args": (item,)}

    def dropped(
        self, item: object, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        return {"level": logging.DEBUG, "msg": "Could not store %s", "args": (item,)}

    def item_error(
        self, item: object, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        level = logging.DEBUG if isinstance(exception, ArchiveError) else logging.ERROR
        return {"level": level, "msg": "Could not store %s", "args": (item,)}
