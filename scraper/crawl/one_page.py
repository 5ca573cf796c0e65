"""One page from the live site, as a capture; robots.txt and every other setting of the crawl hold."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings, Settings
from twisted.python.failure import Failure

from scraper.address import SITE_HOSTS, host_of, is_loopback
from scraper.crawl.capture_response import capture_of
from scraper.crawl.contact import require_contact, sign
from scraper.crawl.robots import UNREACHABLE
from scraper.errors import SiteUnavailable
from scraper.records import Capture


class OnePage(Spider):
    """Fetches one address into `captures`, or says why not in `troubles`."""

    name = "one-page"

    def __init__(self, url: str, captures: list[Capture], troubles: list[str]) -> None:
        super().__init__()
        # A redirect may lead to the site's other name, and nowhere else.
        self.allowed_domains = [urlsplit(url).hostname or "", *SITE_HOSTS]
        self._url = url
        self._captures = captures
        self._troubles = troubles

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: object, **kwargs: object) -> Self:
        """The page's server is told who asks, as by every crawl."""
        sign(crawler)
        return super().from_crawler(crawler, *args, **kwargs)

    async def start(self) -> AsyncIterator[Request]:
        """The one request; error pages are answers too."""
        meta = {"handle_httpstatus_list": list(range(400, 600))}
        yield Request(self._url, callback=self.parse, errback=self.failed, meta=meta)

    def parse(self, response: Response) -> None:
        """Keep the answer."""
        self._captures.append(capture_of(response))

    def failed(self, failure: Failure) -> None:
        """Say why there is no answer."""
        refused = isinstance(failure.value, IgnoreRequest)
        unread = refused and self.crawler.stats and self.crawler.stats.get_value(UNREACHABLE)
        why = "robots.txt forbids it" if refused else str(failure.value)
        self._troubles.append("the site's robots.txt cannot be reached" if unread else why)


def fetched(url: str, settings: BaseSettings) -> Capture:
    """The page at `url`, nothing of it stored; raises NoContact, SiteUnavailable.

    Only once a process: it runs a reactor.
    """
    if not is_loopback(host_of(url)):
        require_contact(settings)
    captures: list[Capture] = []
    troubles: list[str] = []
    process = AsyncCrawlerProcess(_quiet(settings))
    process.crawl(OnePage, url=url, captures=captures, troubles=troubles)
    process.start()
    if not captures:
        why = troubles[0] if troubles else "no answer"
        raise SiteUnavailable(f"{url} was not fetched: {why}. Saved pages can be explained without a network")
    return captures[0]


def _quiet(settings: BaseSettings) -> Settings:
    """The crawl's settings without all that stores, counts and talks."""
    own = Settings()
    own.update(settings)
    own.setdict({"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "LOG_LEVEL": "CRITICAL"}, priority="cmdline")
    return own
