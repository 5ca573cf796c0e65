"""The base of the Wayback spider: requests within the rate limit, answers as they came over the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import urljoin

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from scraper.crawl.archiving_spider import RunStop
from scraper.crawl.capture_response import list_headers
from scraper.crawl.robots import UNREACHABLE, parse_retry_after
from scraper.crawl.stoppable_download import GivenUpDownload
from scraper.dates import format_utc, now
from scraper.errors import ArchiveError, SiteUnavailable, WebArchiveBusy
from scraper.webarchives.base_spider import LATER, WebArchiveSpider
from scraper.webarchives.rate_limit import RateLimit
from scraper.webarchives.replay import WaybackAnswer
from scraper.webarchives.selection import WaybackSelection

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

Kind = Literal["index", "replay"]
# Of an index: pywb sends a whole site at once, and web.archive.org takes long to search.
_LARGE = {"download_maxsize": 256 * 2**20, "download_warnsize": 0, "download_timeout": 300}
_LONGEST_REST = 86_400  # seconds: whoever names a year, or a date far off, means no time at all


class OversizedAnswer(Exception):
    """An answer has more bytes than DOWNLOAD_MAXSIZE."""


class WaybackClient(WebArchiveSpider):
    """Makes one request after the other, when its rate limit allows it."""

    counted = "copies"
    per_minute = "WAYBACK_INDEX_PER_MINUTE"
    selection_type = WaybackSelection
    selection: WaybackSelection
    rate_limit: RateLimit

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: object, **kwargs: object) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        # The rate limit alone says when to ask, and digests are those of bodies as they came over the wire.
        settings = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_START_DELAY": 0, "COMPRESSION_ENABLED": False}
        if spider.is_local:
            settings |= {"WAYBACK_INDEX_PER_MINUTE": 0, "WAYBACK_REPLAY_PER_MINUTE": 0}
        crawler.settings.setdict(settings, priority="spider")
        return spider

    def start_rate_limit(self) -> None:
        """Make the rate limit. Raises WebArchiveBusy before the time that the web archive named in the last run."""
        limits = {kind: self.settings.getfloat(f"WAYBACK_{kind.upper()}_PER_MINUTE") for kind in ("index", "replay")}
        longest = self.settings.getfloat("RETRY_AFTER_MAX")
        self.rate_limit = RateLimit(limits, pause=self.settings.getfloat("BUSY_PAUSE"), longest=longest)
        until = self.archive.recall(self.make_key("rest")) or ""
        if until > now():
            raise WebArchiveBusy(f"{self.selection.archive} asked to be left alone until {until}; nothing was asked")

    def remember_rest(self) -> None:
        """Remember for the next run until when the web archive is to be left alone, if it said so."""
        if seconds := self.rate_limit.rest_seconds:
            until = datetime.now(UTC) + timedelta(seconds=min(seconds, _LONGEST_REST))
            self.archive.remember(self.make_key("rest"), format_utc(until))

    def make_key(self, *words: str) -> str:
        """Make the key under which the archive remembers something about this web archive."""
        return " ".join(("wayback", self.selection.archive, *words))

    async def fetch_answer(self, kind: Kind, url: str) -> WaybackAnswer | None:
        """Fetch the answer, whatever it says; None if none came. After a refusal it waits and asks again.

        Raises WebArchiveBusy, SiteUnavailable, RunStop, and OversizedAnswer above DOWNLOAD_MAXSIZE.
        """
        while True:
            await self.rate_limit.wait_for_turn(kind)
            answer, wait = await self._download_answer(kind, url)
            status = 200 if answer and answer.is_memento else answer.status if answer else None
            if not self.rate_limit.note_answer(kind, status, wait):
                return answer
            self.counts["refused"] += 1

    async def _download_answer(self, kind: Kind, url: str) -> tuple[WaybackAnswer | None, float | None]:
        """Download an answer; with it the seconds that it asks us to wait."""
        if not (self.crawler.engine and self.crawler.engine.running) or self._read_stat("archive/error"):
            raise RunStop
        self.counts["requests"] += 1
        try:
            response = await self._download(_build_request(kind, url))
        except IgnoreRequest as error:
            raise await self._explain_refusal(url, error) from error
        except DownloadCancelledError as error:
            raise OversizedAnswer(str(error)) from error
        except GivenUpDownload as error:
            raise RunStop from error
        except Exception:  # of any kind: another answer may come
            return None, None
        headers, is_cut = list_headers(response.headers), "dataloss" in response.flags
        answer = WaybackAnswer(response.url, response.status, headers, response.body, is_cut)
        return answer, None if answer.is_memento else parse_retry_after(response)

    async def _explain_refusal(self, url: str, error: IgnoreRequest) -> ArchiveError:
        """Explain what stops a run whose requests robots.txt forbids, or that cannot read it."""
        if not self._read_stat(UNREACHABLE):
            return SiteUnavailable(f"{url}: the web archive's robots.txt forbids it")
        try:  # the answer is remembered, and not requested again
            response = await self._download(_build_request("index", urljoin(url, "/robots.txt")))
        except IgnoreRequest as reason:
            return SiteUnavailable(f"the web archive does not answer: {reason}; {LATER}")
        if response.status in (429, 503):
            return WebArchiveBusy(f"the web archive refuses its robots.txt (HTTP {response.status}); {LATER}")
        return SiteUnavailable(f"the web archive's robots.txt cannot be read (HTTP {response.status}); {LATER}")


def _build_request(kind: Kind, url: str) -> Request:
    # The spider itself handles redirects, refusals and errors: Scrapy has to pass all of them on at once.
    meta = {"handle_httpstatus_all": True, "dont_redirect": True, "dont_retry": True, "max_retry_times": 0}
    meta |= {"autothrottle_dont_adjust_delay": True} | (_LARGE if kind == "index" else {})
    coding = "identity" if kind == "index" else "gzip, deflate, br"  # a Wayback removes a coding that we do not accept
    return Request(url, NO_CALLBACK, headers={"Accept-Encoding": coding}, meta=meta, dont_filter=True)
