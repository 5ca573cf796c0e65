"""The spider that checks recommended addresses: several hosts at a time, one request after the other per host."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Self

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Headers, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import BaseSettings

from scraper.address import SITE_START, host_of, is_loopback
from scraper.crawl import scrapy_internals
from scraper.crawl.archiving_spider import DirectSpider
from scraper.crawl.capture_response import list_headers
from scraper.crawl.download_failure import describe_failure
from scraper.crawl.stoppable_download import GivenUpDownload
from scraper.dates import now
from scraper.errors import ArchiveError, SiteUnavailable
from scraper.http_headers import find_header
from scraper.linkrot.copy_finder import CopyFinder
from scraper.linkrot.link_check import LinkAnswer, LinkCheck, LinkProblem, RecommendedLink, build_check, find_next_url
from scraper.linkrot.page_notice import PageNotice, find_notice
from scraper.linkrot.public_addresses import NOT_PUBLIC, is_online, leads_inside
from scraper.url_reading import clean_url
from scraper.webarchives.wayback_api import WAYBACK

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

HOSTS = 8  # at a time
_MOST = 64 * 1024  # bytes of a page that are read: what it says of itself stands at its beginning
_RECEIVED = "received"  # meta key: bytes of the page so far
_META = {"handle_httpstatus_all": True, "dont_redirect": True, "download_maxsize": 0}
_CUSTOM = {"DOWNLOAD_TIMEOUT": 30, "RETRY_TIMES": 1, "DOWNLOAD_WARNSIZE": 0}
_MIDDLEWARES = {"scraper.linkrot.public_addresses.PublicAddressMiddleware": 920}  # behind those that follow redirects


class LinksSpider(DirectSpider):
    """Checks the addresses `due` and asks the web archive `archive_url` for a copy of those that do not answer."""

    name = "links"
    counted = "addresses"
    custom_settings = _CUSTOM

    def __init__(self, due: Iterable[RecommendedLink], archive_url: str | None, all_copies: bool) -> None:
        super().__init__()
        self.due = list(due)
        self.expected = len(self.due)
        self.inside = frozenset(host for link in self.due if is_loopback(host := host_of(link.url)))
        self.checks: list[LinkCheck] = []
        self.left = 0  # addresses that wait for the web archive
        self._archive_url = archive_url
        self._all_copies = all_copies  # find a copy of what answers too
        self._copy_finder: CopyFinder | None = None
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
        crawler.signals.connect(spider._skip_body, signal=signals.headers_received)
        crawler.signals.connect(spider._stop_body, signal=signals.bytes_received)
        return spider

    @property
    def is_local(self) -> bool:
        return all(host_of(link.url) in self.inside for link in self.due)

    def list_arguments(self) -> Mapping[str, str]:
        return {"archive": self._archive_url or "", "addresses": str(len(self.due))}

    def fill_figures(self, reason: str) -> None:
        outcomes = Counter(check.outcome for check in self.checks)
        self.figures = {f"links/{outcome}": number for outcome, number in sorted(outcomes.items())}
        self.figures["finish_reason"] = reason

    def has_gaps(self) -> bool:
        """Whether addresses wait for the web archive, which did not answer."""
        return self.left > 0

    async def fetch_all(self) -> None:
        if self._archive_url:
            self._copy_finder = CopyFinder(self.crawler, self._archive_url)
        hosts: dict[str, list[RecommendedLink]] = {}
        for link in self.due:
            hosts.setdefault(host_of(link.url), []).append(link)
        slots = asyncio.Semaphore(HOSTS)
        await asyncio.gather(*(self._check_host(urls, slots) for urls in hosts.values()))
        if self._copy_finder and self._copy_finder.refusal:
            raise self._copy_finder.refusal

    async def _check_host(self, addresses: Iterable[RecommendedLink], slots: asyncio.Semaphore) -> None:
        async with slots:
            for link in addresses:
                if self.failure is None and self.crawler.engine and self.crawler.engine.running:
                    await self._check_link(link)

    async def _check_link(self, link: RecommendedLink) -> None:
        try:
            check = await self._check_url(link.url)
            is_outside = check.outcome == "unreachable" and host_of(link.url) not in self.inside
            if is_outside and not await is_online([*SITE_START, WAYBACK]):
                raise SiteUnavailable("no network: no name has an address from here; the checks so far are kept")
            if self._copy_finder and (self._all_copies or check.outcome != "ok"):
                with_copy = await self._copy_finder.add_copy(check, link.published)
                if with_copy is None:  # it stays due, so that the next run looks for its copy
                    self.left += 1
                    return
                check = with_copy
            self.archive.add_link_check(check)
            self.archive.commit()
        except ArchiveError as error:
            self.failure = self.failure or error
            return
        except GivenUpDownload:  # it stays due
            return
        self.checks.append(check)
        self.done += 1
        await scrapy_internals.process_item(self.crawler, check, None)  # the progress bar counts items

    async def _check_url(self, url: str) -> LinkCheck:
        checked_at, answers = now(), list[LinkAnswer]()
        problem: LinkProblem | None = None
        target: str | None = url.partition("#")[0]
        try:
            while target is not None:
                answers.append(await self._fetch_answer(target))
                target = find_next_url(answers[-1], answers)
        except LinkProblem as error:
            problem = error
        return build_check(url, checked_at, answers, problem)

    async def _fetch_answer(self, url: str) -> LinkAnswer:
        """Fetch the answer at one address. Raises LinkProblem if there is none."""
        try:
            response = await self._download_response(url)
        except GivenUpDownload:
            raise
        except IgnoreRequest as error:
            raise await self._explain_refusal(url) from error
        except ValueError as error:
            raise LinkProblem("broken", f"no address: {error}") from error
        except Exception as error:  # of any kind
            raise await _explain_failure(url, error) from error
        notice = None if 300 <= response.status < 400 else _find_notice(response)
        return LinkAnswer(url, response.status, find_header(list_headers(response.headers), "location"), notice)

    async def _explain_refusal(self, url: str) -> LinkProblem:
        """Explain why no request was made: robots.txt forbids it, or cannot be read, often because there is no host."""
        try:
            robots = await self._download_response("/".join([*url.split("/")[:3], "robots.txt"]))
        except Exception as error:  # the one that kept robots.txt away
            return await _explain_failure(url, error)
        notice = _find_notice(robots)
        if notice and notice.kind == "challenge":
            return LinkProblem("blocked", f"HTTP {robots.status} for its robots.txt, a bot wall: {notice.words[:200]}")
        if robots.status >= 500 or robots.status == 429:
            return LinkProblem("unchecked", f"its robots.txt cannot be read (HTTP {robots.status})")
        return LinkProblem("unchecked", "its robots.txt forbids it")

    async def _download_response(self, url: str) -> Response:
        return await self._download(Request(clean_url(url), NO_CALLBACK, meta=_META | {_RECEIVED: 0}, dont_filter=True))

    def _skip_body(self, headers: Headers, request: Request) -> None:
        """Stop the download of what is no page: a film, an archive."""
        if _RECEIVED in request.meta and b"html" not in (headers.get("Content-Type") or b"html").lower():
            raise StopDownload(fail=False)

    def _stop_body(self, data: bytes, request: Request) -> None:
        """Stop the download of a page when enough of it is there."""
        if _RECEIVED in request.meta:
            request.meta[_RECEIVED] += len(data)
            if request.meta[_RECEIVED] >= _MOST:
                raise StopDownload(fail=False)


def _find_notice(response: Response) -> PageNotice | None:
    headers = {name.lower(): value for name, value in reversed(list_headers(response.headers))}
    return find_notice(response.status, headers, response.body[: 4 * _MOST])


async def _explain_failure(url: str, error: Exception) -> LinkProblem:
    if NOT_PUBLIC in str(error) or await leads_inside(url):
        return LinkProblem("unchecked", f"{url[:200]} leads to {NOT_PUBLIC}")
    return LinkProblem("unreachable", describe_failure(error))
