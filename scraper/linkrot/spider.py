"""Looks at every recommended address: several hosts at a time, each host one request after the other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from scrapy import Request, signals
from scrapy.exceptions import CloseSpider, IgnoreRequest, StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import BaseSettings

from scraper.address import SITE_START, host_of, is_loopback
from scraper.crawl import scrapy_internals
from scraper.crawl.archiving_spider import ArchivingSpider
from scraper.crawl.contact import sign_requests
from scraper.errors import ArchiveError, SiteUnavailable
from scraper.linkrot.copies import Copies
from scraper.linkrot.public_addresses import NOT_PUBLIC, leads_inside, online
from scraper.linkrot.verdict import Answer, LinkCheck, Recommended, Trouble, onward, verdict
from scraper.webarchives.wayback_api import WAYBACK

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

HOSTS = 8  # at a time
_META = {"handle_httpstatus_all": True, "dont_redirect": True}
_REFUSED = 400  # a status from here on is asked again with GET: many servers only refuse HEAD
_BUSY = 429
_CUSTOM = {"DOWNLOAD_TIMEOUT": 30, "RETRY_TIMES": 1, "DOWNLOAD_WARNSIZE": 0}  # sizes of what is not read
_MIDDLEWARES = {"scraper.linkrot.public_addresses.PublicOnly": 920}  # behind whatever follows redirects of a robots.txt


class LinksSpider(ArchivingSpider):
    """Checks the addresses `due` and asks the web archive `archive_url` for a copy of those that do not answer."""

    name = "links"
    counted = "addresses"
    custom_settings = _CUSTOM

    def __init__(self, due: Iterable[Recommended], archive_url: str | None, every: bool) -> None:
        super().__init__()
        self.due = list(due)
        self.expected = len(self.due)
        self.inside = frozenset(host for one in self.due if is_loopback(host := host_of(one.url)))
        self.checks: list[LinkCheck] = []
        self.left = 0  # addresses that wait for the web archive
        self._archive_url = archive_url
        self._every = every  # a copy of what answers too
        self._copies: Copies | None = None
        if archive_url:
            self.inside |= {host_of(archive_url)}

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        middlewares = settings.getdict("DOWNLOADER_MIDDLEWARES") | _MIDDLEWARES
        settings.set("DOWNLOADER_MIDDLEWARES", middlewares, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: object, **kwargs: object) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        sign_requests(crawler)
        crawler.signals.connect(spider._headers_came, signal=signals.headers_received)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Look at everything; nothing is left for Scrapy to ask for."""
        try:
            self._begin_run()
            await self._work()
        except ArchiveError as error:
            self.failure = error
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request
        if self.failure:
            raise CloseSpider("failed")  # a run that did not come to its end is not called finished

    @property
    def is_local(self) -> bool:
        """Whether every address is of this machine."""
        return all(host_of(each.url) in self.inside for each in self.due)

    def run_arguments(self) -> Mapping[str, str]:
        """The arguments of the run."""
        return {"archive": self._archive_url or "", "addresses": str(len(self.due))}

    def fill_figures(self, reason: str) -> None:
        """How many addresses came to what."""
        outcomes = Counter(check.outcome for check in self.checks)
        self.figures = {f"links/{outcome}": number for outcome, number in sorted(outcomes.items())}
        self.figures["finish_reason"] = reason

    async def _work(self) -> None:
        if self._archive_url:
            self._copies = Copies(self.crawler, self._archive_url)
        hosts: dict[str, list[Recommended]] = {}
        for one in self.due:
            hosts.setdefault(host_of(one.url), []).append(one)
        room = asyncio.Semaphore(HOSTS)
        await asyncio.gather(*(self._look_at_host(urls, room) for urls in hosts.values()))
        if self._copies and self._copies.refusal:
            raise self._copies.refusal

    async def _look_at_host(self, addresses: Iterable[Recommended], room: asyncio.Semaphore) -> None:
        async with room:
            for one in addresses:
                if self.failure is None and self.crawler.engine and self.crawler.engine.running:
                    await self._look_at(one)

    async def _look_at(self, one: Recommended) -> None:
        assert self.archive
        try:
            check = await self._check(one.url)
            if check.outcome == "unreachable" and host_of(one.url) not in self.inside:
                await self._be_online()
            if self._copies and (self._every or check.outcome != "ok"):
                found = await self._copies.of(check, one.published)
                if found is None:  # due still, so that the next run asks for its copy
                    self.left += 1
                    return
                check = found
            self.archive.add_link_check(check)
            self.archive.commit()
        except ArchiveError as error:
            self.failure = self.failure or error
            return
        self.checks.append(check)
        self.done += 1
        await scrapy_internals.process_item(self.crawler, check, None)  # moves the bar

    async def _be_online(self) -> None:
        """Raise SiteUnavailable where it is not the resource that cannot be reached, but everything."""
        if not await online([*SITE_START, WAYBACK]):
            raise SiteUnavailable("no network: no name has an address from here; what was seen so far is kept")

    async def _check(self, url: str) -> LinkCheck:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        way: list[Answer] = []
        trouble: Trouble | None = None
        target: str | None = url.partition("#")[0]
        try:
            while target is not None:
                way.append(await self._answer(target))
                target = onward(way[-1], way)
        except Trouble as error:
            trouble = error
        return verdict(url, now, way, trouble)

    async def _answer(self, url: str) -> Answer:
        """The answer at one address; raises Trouble if there is none."""
        try:
            response = await self._download(url, "HEAD")
            if response.status >= _REFUSED and response.status != _BUSY:
                response = await self._download(url, "GET")
        except IgnoreRequest as error:
            raise await self._why_not(url) from error
        except ValueError as error:
            raise Trouble("broken", f"no address: {error}") from error
        except Exception as error:  # whatever kept the answer away
            raise await _unanswered(url, error) from error
        location = response.headers.get("Location")
        return Answer(url, response.status, location.decode("utf-8", "replace") if location else None)

    async def _why_not(self, url: str) -> Trouble:
        """Why nobody asked: the host's rules forbid it, or they cannot be had, often because there is no such host."""
        try:
            robots = await self._download("/".join([*url.split("/")[:3], "robots.txt"]), "GET")
        except Exception as error:  # the same that kept robots.txt away
            return await _unanswered(url, error)
        if robots.status >= 500 or robots.status == 429:
            return Trouble("unchecked", f"its robots.txt cannot be read (HTTP {robots.status})")
        return Trouble("unchecked", "its robots.txt forbids it")

    async def _download(self, url: str, method: str) -> Response:
        assert self.crawler.engine
        request = Request(url, NO_CALLBACK, method=method, meta=_META | {"look": True}, dont_filter=True)
        return await self.crawler.engine.download_async(request)

    def _headers_came(self, request: Request) -> None:
        """Leave the body of a recommended page where it is."""
        if request.meta.get("look") and request.method == "GET":
            raise StopDownload(fail=False)


async def _unanswered(url: str, error: Exception) -> Trouble:
    if NOT_PUBLIC in str(error) or await leads_inside(url):
        return Trouble("unchecked", f"{url[:200]} leads to {NOT_PUBLIC}")
    named = isinstance(error, IgnoreRequest)  # robots.txt could not be had; the text says why
    return Trouble("unreachable", str(error) if named else f"{type(error).__name__.removesuffix('Error')}: {error}")
