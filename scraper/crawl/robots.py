"""robots.txt and Retry-After as RFC 9309 and RFC 9110 mean them.

Scrapy 2.14 to 2.19 lets requests through that wait while robots.txt is on its way, takes an unreachable robots.txt
for permission, and does not act on Crawl-delay or Retry-After.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from scrapy import Request, Spider, signals
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler

from scraper.crawl.download_failure import describe_failure
from scraper.dates import parse_mail_date

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_CRAWL_DELAY = 60.0  # seconds; a robots.txt that asks for hours is obeyed as far as a nightly run can
UNREACHABLE = "robotstxt/unreachable"  # stat: hosts that are not asked because their robots.txt cannot be read

logger = logging.getLogger(__name__)


class _DenyAll(RobotParser):
    """The rules of a host whose robots.txt cannot be read: nothing is allowed."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> Self:
        return cls()

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        return False


class StrictRobotsTxtMiddleware(RobotsTxtMiddleware):
    """Every request waits for the rules of its host; an unreachable robots.txt (5xx, 429, none or half) forbids all.

    A request for robots.txt itself is answered with the very file that the rules were read from.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[str, asyncio.Task[RobotParser]] = {}
        self._answers: dict[str, Response | str] = {}  # by netloc; a text says why there is none

    async def process_request(self, request: Request) -> Response | None:  # type: ignore[override]
        if request.meta.get("dont_obey_robotstxt"):
            return None
        rules = await self.robot_parser(request)
        url = urlparse_cached(request)
        if url.path != "/robots.txt":
            self.process_request_2(rules, request)
            return None
        answer = self._answers[url.netloc]
        if isinstance(answer, str):
            raise IgnoreRequest(answer)
        return answer

    async def robot_parser(self, request: Request) -> RobotParser:
        netloc = urlparse_cached(request).netloc
        if netloc not in self._rules:
            self._rules[netloc] = asyncio.create_task(self._read_rules(request))
        return await asyncio.shield(self._rules[netloc])

    async def _read_rules(self, request: Request) -> RobotParser:
        url = urlparse_cached(request)
        robots = Request(
            f"{url.scheme}://{url.netloc}/robots.txt",
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True},
            callback=NO_CALLBACK,
        )
        try:
            response = await self.crawler.engine.download_async(robots)
        except Exception as error:  # whatever the reason, the rules are unknown
            self._answers[url.netloc] = reason = describe_failure(error)
            return self._refuse_host(robots.url, reason)
        if "dataloss" in response.flags:  # the rules that are missing may be those that forbid
            self._answers[url.netloc] = reason = "the connection was cut before its end"
            return self._refuse_host(robots.url, reason)
        self._answers[url.netloc] = response
        if response.status >= 500 or response.status == 429:
            return self._refuse_host(robots.url, f"HTTP {response.status}")
        body = response.body if response.status < 300 else b""  # an error page is no set of rules
        rules: RobotParser = build_from_crawler(self._parserimpl, self.crawler, body)
        await self.crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=rules, request=request)
        return rules

    def _refuse_host(self, url: str, reason: str) -> RobotParser:
        logger.info("%s cannot be read (%s): nothing is requested from this host", url, reason)
        self._stats.inc_value(UNREACHABLE)
        return _DenyAll()


class CrawlDelayThrottle(AutoThrottle):
    """AutoThrottle that never goes below the Crawl-delay of a robots.txt."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._floors: dict[str, float] = {}
        crawler.signals.connect(self._apply_crawl_delay, signal=signals.robots_parsed)

    def _apply_crawl_delay(self, robotparser: RobotParser, request: Request) -> None:
        settings = self.crawler.settings
        delay = robotparser.crawl_delay(settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"])
        if not delay or delay < 0:
            return
        downloader = self.crawler.engine.downloader
        key = downloader.get_slot_key(request)
        self._floors[key] = max(min(delay, MAX_CRAWL_DELAY), self.mindelay)
        downloader.per_slot_settings[key] = {"delay": self._floors[key]}  # for a slot that is made anew
        if key in downloader.slots:
            downloader.slots[key].delay = max(downloader.slots[key].delay, self._floors[key])

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        key, slot = self._get_slot(request, spider)
        if key and slot:
            slot.delay = max(slot.delay, self._floors.get(key, 0.0))


class RetryAfterMiddleware(RetryMiddleware):
    """Waits as long as a 429 or 503 asks and tries again; not if that is longer than RETRY_AFTER_MAX.

    Without a stated time it waits BUSY_PAUSE. A body that was cut off is requested again too; the last try is kept,
    marked as truncated.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Pause a busy host when its answer came: Scrapy asks it for more before a middleware sees that answer."""
        middleware = super().from_crawler(crawler)
        crawler.signals.connect(middleware._pause_busy_host, signal=signals.response_downloaded)
        return middleware

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        if _is_busy(request, response):
            pause, too_long = self._read_pause(response)
            if too_long:
                return response
            await asyncio.sleep(pause)
        if "dataloss" in response.flags:
            return self._retry(request, "dataloss") or response
        return super().process_response(request, response)

    def _retry(self, request: Request, reason: str | Exception | type[Exception]) -> Request | None:
        """Request it once more; the log names a failure in words."""
        return super()._retry(request, describe_failure(reason) if isinstance(reason, Exception) else reason)

    def _read_pause(self, response: Response) -> tuple[float, bool]:
        """The seconds to leave a busy host alone, and whether it asks for longer than this run waits."""
        wait, pause = parse_retry_after(response), self.crawler.settings.getfloat("BUSY_PAUSE")
        too_long = wait is not None and wait > self.crawler.settings.getfloat("RETRY_AFTER_MAX")
        return (pause if wait is None or too_long else wait), too_long

    def _pause_busy_host(self, response: Response, request: Request) -> None:
        """Pause the slot of a busy host, in which other requests already wait."""
        if not _is_busy(request, response):
            return
        seconds, _ = self._read_pause(response)
        downloader = self.crawler.engine.downloader
        slot = downloader.slots.get(downloader.get_slot_key(request))
        if slot and seconds:
            slot.delay = max(slot.delay, 0.001)  # the slot looks at `lastseen` only where it has a delay
            slot.lastseen = max(slot.lastseen, time.monotonic() + seconds)


def _is_busy(request: Request, response: Response) -> bool:
    return response.status in (429, 503) and not request.meta.get("dont_retry")


def parse_retry_after(response: Response, now: datetime | None = None) -> float | None:
    """Parse the `Retry-After` header (a number or an HTTP date) into seconds; None without one."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    instant = parse_mail_date(value)
    if instant is None:
        return None
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return max(0.0, (instant - (now or datetime.now(UTC))).total_seconds())
