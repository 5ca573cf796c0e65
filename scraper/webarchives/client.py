"""Asking one Wayback within a budget: every answer is handed over as it came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import urljoin

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from scraper.crawl.capture_response import list_headers
from scraper.crawl.robots import UNREACHABLE, parse_retry_after
from scraper.errors import ArchiveError, SiteUnavailable, WebArchiveBusy
from scraper.webarchives.base_spider import LATER, AskingSpider, Stopped
from scraper.webarchives.rate_limit import Budget
from scraper.webarchives.replay import Answer
from scraper.webarchives.selection import WaybackSelection

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

Kind = Literal["index", "replay"]
# Of an index: pywb gives a whole site at once, and web.archive.org looks long through its own.
_LARGE = {"download_maxsize": 256 * 2**20, "download_warnsize": 0, "download_timeout": 300}
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


class TooLarge(Exception):
    """An answer has more bytes than DOWNLOAD_MAXSIZE."""


class PatientSpider(AskingSpider):
    """Asks for one thing after the other, when its budget says so."""

    counted = "copies"
    per_minute = "WAYBACK_INDEX_PER_MINUTE"
    selection_type = WaybackSelection
    selection: WaybackSelection
    budget: Budget

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: str, **kwargs: str) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        # The budget alone says when to ask, and bodies are judged as they came over the wire.
        own = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_START_DELAY": 0, "COMPRESSION_ENABLED": False}
        if spider.is_local:
            own |= {"WAYBACK_INDEX_PER_MINUTE": 0, "WAYBACK_REPLAY_PER_MINUTE": 0}
        for name, value in own.items():
            crawler.settings.set(name, value, priority="spider")
        return spider

    def begin(self) -> None:
        """Make the budget. Raises WebArchiveBusy before the time that the web archive named the last time."""
        assert self.archive
        paces = {kind: self.settings.getfloat(f"WAYBACK_{kind.upper()}_PER_MINUTE") for kind in ("index", "replay")}
        longest = self.settings.getfloat("RETRY_AFTER_MAX")
        self.budget = Budget(paces, pause=self.settings.getfloat("BUSY_PAUSE"), longest=longest)
        until = self.archive.recall(self.key("rest")) or ""
        if until > datetime.now(UTC).strftime(_INSTANT):
            raise WebArchiveBusy(f"{self.selection.archive} asked to be left alone until {until}; nothing was asked")

    def rest(self) -> None:
        """Have the next run know until when the web archive is to be left alone, if it said so."""
        if self.archive and (seconds := self.budget.rest_until):
            until = datetime.now(UTC) + timedelta(seconds=seconds)
            self.archive.remember(self.key("rest"), until.strftime(_INSTANT))

    def key(self, *words: str) -> str:
        """Under which the archive remembers something of this web archive."""
        return " ".join(("wayback", self.selection.archive, *words))

    async def get(self, kind: Kind, url: str) -> Answer | None:
        """The answer, whatever it says; None if none came. Refusals are waited out as the budget says.

        Raises WebArchiveBusy, SiteUnavailable, Stopped, and TooLarge for what is over the size allowed.
        """
        while True:
            await self.budget.wait(kind)
            answer, wait = await self._download(kind, url)
            status = 200 if answer and answer.is_memento else answer.status if answer else None
            if not self.budget.answered(kind, status, wait):
                return answer
            self.counts["refused"] += 1

    async def _download(self, kind: Kind, url: str) -> tuple[Answer | None, float | None]:
        """An answer, and the seconds that it asks us to wait."""
        if not (self.crawler.engine and self.crawler.engine.running) or self._read_stat("archive/error"):
            raise Stopped
        self.counts["requests"] += 1
        try:
            response = await self.crawler.engine.download_async(_request(kind, url))
        except IgnoreRequest as error:
            raise await self._forbidden(url, error) from error
        except DownloadCancelledError as error:
            raise TooLarge(str(error)) from error
        except Exception:  # whatever kept the answer away, another may come
            return None, None
        headers, is_cut = list_headers(response.headers), "dataloss" in response.flags
        answer = Answer(response.url, response.status, headers, response.body, is_cut)
        return answer, None if answer.is_memento else parse_retry_after(response)

    async def _forbidden(self, url: str, error: IgnoreRequest) -> ArchiveError:
        """What stops a run whose requests robots.txt forbids, or that cannot read it."""
        assert self.crawler.engine
        if not self._read_stat(UNREACHABLE):
            return SiteUnavailable(f"{url}: the web archive's robots.txt forbids it")
        try:  # the answer that the rules were to be read from; it is not asked for again
            told = await self.crawler.engine.download_async(_request("index", urljoin(url, "/robots.txt")))
        except IgnoreRequest as reason:
            return SiteUnavailable(f"the web archive does not answer: {reason}; {LATER}")
        if told.status in (429, 503):
            return WebArchiveBusy(f"the web archive refuses its robots.txt (HTTP {told.status}); {LATER}")
        return SiteUnavailable(f"the web archive's robots.txt cannot be read (HTTP {told.status}); {LATER}")


def _request(kind: Kind, url: str) -> Request:
    # Redirects, refusals and errors are judged by the spider: Scrapy is to pass all of them on, at once.
    meta = {"handle_httpstatus_all": True, "dont_redirect": True, "dont_retry": True, "max_retry_times": 0}
    meta |= {"autothrottle_dont_adjust_delay": True} | (_LARGE if kind == "index" else {})
    coding = "identity" if kind == "index" else "gzip, deflate, br"  # a Wayback undoes what we do not take
    return Request(url, NO_CALLBACK, headers={"Accept-Encoding": coding}, meta=meta, dont_filter=True)
