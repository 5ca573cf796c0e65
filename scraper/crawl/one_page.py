"""Fetches one page of the live site as a capture, by robots.txt and all other settings of the crawl."""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings, Settings
from twisted.python.failure import Failure

from scraper.address import SITE_HOSTS, host_of, is_loopback
from scraper.crawl.capture_response import build_capture
from scraper.crawl.contact import require_contact, sign_requests
from scraper.crawl.robots import UNREACHABLE
from scraper.errors import SiteUnavailable
from scraper.records import Capture
from scraper.url_reading import clean_url, split_address


class OnePageSpider(Spider):
    """Fetches one address into `captures`, or adds the reason why not to `problems`."""

    name = "one-page"

    def __init__(self, url: str, captures: list[Capture], problems: list[str]) -> None:
        super().__init__()
        # A redirect may lead to the site's other name, and nowhere else.
        self.allowed_domains = [split_address(url).hostname or "", *SITE_HOSTS]
        self._url = url
        self._captures = captures
        self._problems = problems

    async def start(self) -> AsyncIterator[Request]:
        """Request the page; error pages are answers too."""
        meta = {"handle_httpstatus_list": list(range(400, 600))}
        yield Request(clean_url(self._url), callback=self.parse, errback=self.handle_failure, meta=meta)

    def parse(self, response: Response) -> None:
        self._captures.append(build_capture(response))

    def handle_failure(self, failure: Failure) -> None:
        """Note why there is no answer."""
        is_refused = isinstance(failure.value, IgnoreRequest)
        is_unreachable = is_refused and self.crawler.stats and self.crawler.stats.get_value(UNREACHABLE)
        reason = "robots.txt forbids it" if is_refused else str(failure.value)
        self._problems.append("the site's robots.txt cannot be reached" if is_unreachable else reason)


def fetch_page(url: str, settings: BaseSettings) -> Capture:
    """Fetch the page at `url` and store nothing. Raises NoContact, SiteUnavailable.

    It runs a reactor, which a process can do only once.
    """
    if not is_loopback(host_of(url)):
        require_contact(settings)
    captures: list[Capture] = []
    problems: list[str] = []
    process = AsyncCrawlerProcess(_silence_settings(settings))
    process.crawl(OnePageSpider, url=url, captures=captures, problems=problems)
    process.start()
    if not captures:
        reason = problems[0] if problems else "no answer"
        raise SiteUnavailable(f"{url} was not fetched: {reason}. Saved pages can be explained without a network")
    return captures[0]


def _silence_settings(settings: BaseSettings) -> Settings:
    """Copy the crawl's settings without everything that stores, counts or logs."""
    quiet = Settings()
    quiet.update(settings)
    quiet.setdict({"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "LOG_LEVEL": "CRITICAL"}, priority="cmdline")
    sign_requests(quiet)
    return quiet
