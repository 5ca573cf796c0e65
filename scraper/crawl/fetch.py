"""Asking the site for pages and handing over what came: what every spider of this project needs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from scraper.address import identity, is_post
from scraper.archive import CaptureItem
from scraper.crawl.archiving_spider import ArchivingSpider
from scraper.crawl.arguments import Arguments
from scraper.crawl.capture_response import capture_of, seen_of
from scraper.crawl.explore import Seen
from scraper.crawl.run_stats import Tally
from scraper.crawl.site import Doors
from scraper.errors import ArchiveError
from scraper.records import Extraction, Problem

REDIRECTS = 5  # on-site steps from one address
NOT_MODIFIED = 304
_NOT_ANSWERED = {"error", "challenge", "maintenance"}  # outcomes of a post page that another run should ask again


class FetchingSpider(ArchivingSpider):
    """Visits addresses with their redirects, hands over every answer, counts posts."""

    arguments: Arguments
    doors: Doors

    def __init__(self) -> None:
        super().__init__()
        self.tally = Tally()
        self.counts = self.tally.outcomes  # of post pages; failed, refused (by robots.txt)
        self.unanswered: set[str] = set()  # paths that another run should ask again
        self._told: list[str] = []
        self._asked: set[str] = set()  # identities of posts; a redirect to one of them need not be followed
        self._held: list[CaptureItem] | None = []  # their readings wait for the verdict; None after it

    @property
    def is_local(self) -> bool:
        """Whether the site is this machine."""
        return self.doors.loopback

    def has_gaps(self) -> bool:
        """Whether an address did not answer."""
        return bool(self.counts["failed"])

    def parse(self, response: Response) -> AsyncIterator[CaptureItem | Request]:
        """One post's page; see the spider."""
        raise NotImplementedError

    def missed(self, failure: Failure) -> None:
        """Errback of a post's page."""
        self._missed(failure.request.url, failure.value or "no answer")  # type: ignore[attr-defined]

    def _storing(self) -> bool:
        return not self.arguments.probe and self.failure is None

    async def _visit(self, url: str, headers: Mapping[str, str] | None = None) -> Seen | None:
        """The answer at an address of the site after its redirects; None, and a problem, if there is none."""
        target: str | None = self.doors.ask(url)
        for _ in range(REDIRECTS + 1):
            if target is None:
                break
            try:
                response = await self._download(target, headers)
            except Exception as error:  # whatever kept the answer away, the next address may have one
                self._missed(target, error)
                return None
            item, onward = self._item_of(response)
            extraction = await self._hand_over(item, response)
            if onward is None or identity(onward) in self._asked:
                return seen_of(response, item.capture, extraction)
            target = onward
        self._missed(url, "too many redirects")
        return None

    async def _download(self, url: str, headers: Mapping[str, str] | None) -> Response:
        assert self.crawler.engine
        return await self.crawler.engine.download_async(self._request(url, headers=headers))

    def _request(self, url: str, steps: int = 0, headers: Mapping[str, str] | None = None) -> Request:
        # Every answer is evidence, and redirects are judged here: Scrapy is to pass all of them on.
        meta = {"handle_httpstatus_all": True, "steps": steps}
        asked = self.doors.ask(url)
        return Request(asked, self.parse, errback=self.missed, meta=meta, headers=headers, dont_filter=True)

    def _item_of(self, response: Response) -> tuple[CaptureItem, str | None]:
        """The answer as an item, and the address that a redirect on the site leads to."""
        item = CaptureItem(capture_of(response), self.doors.hosts, self._storing(), self._held is not None)
        location = (response.headers.get("Location") or b"").decode("utf-8", "replace")
        if not (300 <= response.status < 400 and location):
            return item, None
        target = self.doors.redirected(response.url, location)
        if target is None or target == response.url:
            what = "leads off the site" if target is None else "leads to itself"
            message = f"The redirect to {location[:200]} {what}: it was not followed."
            item.problems = (Problem("url", "redirect", message),)
            target = None
        return item, target

    async def _hand_over(self, item: CaptureItem, response: Response) -> Extraction:
        """Give an answer to the pipeline; while nobody knows whether the rules hold, its readings are not stored.

        Raises ArchiveError where the archive cannot keep it: the run is ending then, and no request is answered.
        """
        if response.status == NOT_MODIFIED:  # that says nothing of a page, and is not kept
            item.store_readings, item.taken = False, "known"
            return await self._process(item, quietly=True)
        extraction = await self._process(item, response)
        if self._held is not None and extraction.readings:
            self._held.append(item)
        return extraction

    def _stats(self) -> Mapping[str, object]:
        return self.crawler.stats.get_stats() if self.crawler.stats else {}

    def _requests(self) -> int:
        return int(str(self._stats().get("downloader/request_count", 0)))

    def _count(self, extraction: Extraction) -> None:
        if extraction.outcome == "redirect":
            return
        self.done += 1
        self.tally.add(extraction)
        if extraction.outcome in _NOT_ANSWERED:
            self.counts["failed"] += 1
            self.unanswered.add(extraction.path)

    def _missed(self, url: str, error: BaseException | str) -> None:
        refused = isinstance(error, IgnoreRequest) and str(error).startswith("Forbidden by robots.txt")
        reason = "robots.txt forbids it" if refused else _reason(error)
        self._told.append(f"{url}: {reason}")
        self.counts["refused" if refused else "failed"] += 1
        self.unanswered.add(identity(url))
        self.done += is_post(identity(url))
        if self.archive and not self.arguments.probe:
            try:
                self.archive.note("refused" if refused else "unreachable", f"{url}: {reason}", field="url")
                if refused:
                    self.archive.skip(url, "robots")
            except ArchiveError as trouble:
                self.failure = self.failure or trouble

    def _tell_down(self, url: str, seen: Seen | None) -> None:
        if seen is not None:
            self._missed(url, f"HTTP {seen.status}")


def _reason(error: BaseException | str) -> str:
    if isinstance(error, str | IgnoreRequest):
        return str(error)
    return f"{type(error).__name__.removesuffix('Error')}: {error}"
