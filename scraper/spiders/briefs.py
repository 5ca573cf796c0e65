"""The live site, from robots.txt to the last post."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from scraper.address import identity, is_post
from scraper.archive import Archive, Summary, Taking, open_archive
from scraper.arguments import Arguments
from scraper.doors import Doors
from scraper.errors import ArchiveError, BadArgument, DoubtfulSite, NoContact, SiteUnavailable
from scraper.exported import register
from scraper.extract import extract
from scraper.frontier import todo
from scraper.probe import SAMPLE, Verdict, judge, spread
from scraper.records import Extraction, Found, Problem
from scraper.ways import Seen, Way, Ways
from scraper.wire import capture_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

REDIRECTS = 5  # on-site steps from one address
FEW = 3  # pages; fewer new ones in an archive that has briefs are no ground to doubt the rules
_NOT_ANSWERED = {"error", "challenge", "maintenance"}  # outcomes of a post page that another run should ask again
_NOW = "try later; ingest, explain and serve work without the network"


class BriefsSpider(Spider):
    """Crawls the posts of usresistnews.org and usrenewnews.org, or of the one host that `start` names."""

    name = "briefs"

    def __init__(self, **arguments: str) -> None:
        super().__init__()
        self.failure: ArchiveError | None = None  # why the crawl stopped short, in a line for people
        self.archive: Archive | None = None
        self.summary: Summary | None = None
        self.verdict: Verdict | None = None
        self.ways: list[Way] = []
        self.found: list[Found] = []
        self.sampled: list[Extraction] = []
        self.counts: Counter[str] = Counter()  # outcomes of post pages; failed, refused (by robots.txt)
        self.expected = self.done = 0  # posts
        self._told: list[str] = []
        self._asked: set[str] = set()  # identities of posts; a redirect to one of them need not be followed
        self._held: list[tuple[Taking, Response]] | None = []  # until the verdict; None after it
        try:
            self.arguments = Arguments.read(arguments)
            self.doors = Doors(self.arguments.start)
        except BadArgument as error:
            self.failure, self.arguments, self.doors = error, Arguments(), Doors()
        self.allowed_domains = self.doors.names  # for the redirects of a robots.txt, which Scrapy follows itself

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: str, **kwargs: str) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        register()
        if contact := crawler.settings["CONTACT"].strip():
            agent = f"{crawler.settings['USER_AGENT']} (+{' '.join(contact.split())})"
            crawler.settings.set("USER_AGENT", agent, priority="spider")
        if spider.doors.loopback:  # nobody's server but our own
            for name in ("DOWNLOAD_DELAY", "AUTOTHROTTLE_START_DELAY"):
                crawler.settings.set(name, 0, priority="spider")
            crawler.settings.set("AUTOTHROTTLE_TARGET_CONCURRENCY", 100, priority="spider")
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Look around, read the first dozen posts and judge them, then ask for the others."""
        if self.failure:
            return
        try:
            await self._begin()
            await self._look_around()
            urls = await self._first_pages()
        except ArchiveError as error:
            self.failure = error
            return
        for url in urls:
            yield self._request(url)
        if self._storing():
            for extraction in self.sampled:
                for request in self._linked(extraction):
                    yield request

    def parse(self, response: Response) -> Iterator[Taking | Request]:
        """One post's page: what was read in it, and where it leads if it is a redirect."""
        taking, target = self._read(response)
        self._count(taking.extraction)
        yield taking
        yield from self._linked(taking.extraction)
        steps = response.meta.get("steps", 0) + 1
        if target and steps > REDIRECTS:
            self._missed(target, "too many redirects")
        elif target and identity(target) not in self._asked:
            self._asked.add(identity(target))
            yield self._request(target, steps=steps)

    def missed(self, failure: Failure) -> None:
        """Errback of a post's page."""
        self._missed(failure.request.url, failure.value or "no answer")  # type: ignore[attr-defined]

    def closed(self, reason: str) -> None:
        """Remember for the last lines what is in the archive; the pipeline closes it afterwards."""
        if self.archive:
            try:
                self.summary = self.archive.summary()
            except ArchiveError as error:
                self.failure = self.failure or error

    def _linked(self, extraction: Extraction) -> Iterator[Request]:
        """Posts that a post links to and that no list named."""
        for found in extraction.found:
            path = identity(found.url)
            if path not in self._asked and self.expected < (self.arguments.max_pages or sys.maxsize):
                self._asked.add(path)
                self.expected += 1
                yield self._request(found.url)

    async def _begin(self) -> None:
        contact = self.settings["CONTACT"]
        if not self.doors.loopback and not ("@" in contact or contact.startswith(("http://", "https://"))):
            if not await self.doors.resolve():
                raise SiteUnavailable(f"no network: none of the site's hosts has an address from here; {_NOW}")
            raise NoContact(
                "no contact: say who is crawling, BRIEFS_CONTACT=you@example.org or -s CONTACT=https://example.org/about"
            )
        self.archive = open_archive(self.settings)
        self.archive.begin(self.name, self.arguments.given())

    async def _look_around(self) -> None:
        servers: set[str] = set()
        for start in self.doors.starts:
            robots = await self._visit(start + "robots.txt")
            if robots is None or _is_down(robots):
                self._tell_down(f"{start}robots.txt", robots)
                continue
            home = await self._visit(start)
            if home is None or _is_down(home):
                self._tell_down(start, home)
                continue
            server = self.doors.moved(start, home.url)
            if server not in servers:
                servers.add(server)
                site = Ways(server + "/", self.doors.hosts, self._visit, self.ways)
                await site.explore(robots, home)
                self.found += site.found
            if not home.good:  # a bot wall, perhaps; the other ways may still be open
                self._told.append(f"{home.url}: HTTP {home.status} ({home.extraction.outcome})")
        if not servers or (self._told and not self.found):
            raise SiteUnavailable(f"nothing can be fetched: {'; '.join(self._told)}; {_NOW}")
        if not self.found and not self.arguments.force:
            raise DoubtfulSite("no post was found: not by sitemaps, REST, feeds or listings; -a force=1 goes on")

    async def _first_pages(self) -> list[str]:
        """Read a dozen posts over the years and judge them; the addresses that are left to ask for."""
        assert self.archive
        if self.arguments.probe:
            posts = list({identity(found.url): self.doors.ask(found.url) for found in self.found}.values())
        else:
            self.archive.add_found(self.found)
            posts = todo(self.archive, self.found, self.doors, recheck=self.arguments.recheck)
        limit = self.arguments.max_pages or len(posts)
        sample = spread(posts, min(SAMPLE, limit))
        self._asked = {identity(url) for url in posts} | set(self.archive.captured())
        self.expected = min(limit, len(posts))
        for url in sample:
            if seen := await self._visit(url):
                self.sampled.append(seen.extraction)
                self._count(seen.extraction)
        if sample and (self.arguments.probe or len(sample) >= FEW or not self.archive.summary().briefs):
            self._judge()
        await self._release()
        if self.arguments.probe or (self.verdict and not self.verdict.good and not self.arguments.force):
            return []
        chosen = set(sample)
        return [url for url in posts if url not in chosen][: limit - len(sample)]

    def _judge(self) -> None:
        self.verdict = judge(self.sampled)
        if not self.verdict.good and not self.arguments.force:
            seen = "; ".join(self.verdict.lines[:3])
            self.failure = DoubtfulSite(
                f"the rules do not hold here: {seen}; see `scrapy probe`, or -a force=1 goes on"
            )

    async def _release(self) -> None:
        """Hand over what was held back; of a doubtful site the captures alone."""
        held, self._held = self._held or [], None
        for taking, response in held:
            await self._hand_over(replace(taking, store_readings=self._storing()), response)

    def _storing(self) -> bool:
        return not self.arguments.probe and self.failure is None

    async def _visit(self, url: str) -> Seen | None:
        """The answer at an address of the site after its redirects; None, and a problem, if there is none."""
        target: str | None = self.doors.ask(url)
        for _ in range(REDIRECTS + 1):
            if target is None:
                break
            try:
                response = await self._download(target)
            except Exception as error:  # whatever kept the answer away, the next address may have one
                self._missed(target, error)
                return None
            taking, onward = self._read(response)
            await self._hand_over(taking, response)
            if onward is None or identity(onward) in self._asked:
                return _seen(response, taking)
            target = onward
        self._missed(url, "too many redirects")
        return None

    async def _download(self, url: str) -> Response:
        assert self.crawler.engine
        return await self.crawler.engine.download_async(self._request(url))

    def _request(self, url: str, steps: int = 0) -> Request:
        # Every answer is evidence, and redirects are judged here: Scrapy is to pass all of them on.
        meta = {"handle_httpstatus_all": True, "steps": steps}
        return Request(self.doors.ask(url), self.parse, errback=self.missed, meta=meta, dont_filter=True)

    def _read(self, response: Response) -> tuple[Taking, str | None]:
        """What the answer tells, and the address that a redirect on the site leads to."""
        capture = capture_of(response)
        extraction = extract(capture, hosts=self.doors.hosts)
        location = (response.headers.get("Location") or b"").decode("utf-8", "replace")
        if not (300 <= response.status < 400 and location):
            return Taking(capture, extraction, self._storing()), None
        target = self.doors.redirected(response.url, location)
        if target is None or target == response.url:
            what = "leads off the site" if target is None else "leads to itself"
            problem = Problem("url", "redirect", f"The redirect to {location[:200]} {what}: it was not followed.")
            extraction = replace(extraction, problems=(*extraction.problems, problem))
            target = None
        return Taking(capture, extraction, self._storing()), target

    async def _hand_over(self, taking: Taking, response: Response) -> None:
        """Give it to the pipeline, or keep it back while nobody knows whether the rules hold."""
        if self._held is not None and taking.extraction.readings:
            self._held.append((taking, response))
            return
        assert self.crawler.engine
        await self.crawler.engine.scraper.start_itemproc_async(taking, response=response)

    def _count(self, extraction: Extraction) -> None:
        if extraction.outcome == "redirect":
            return
        self.done += 1
        self.counts[extraction.outcome] += 1
        self.counts["failed"] += extraction.outcome in _NOT_ANSWERED

    def _missed(self, url: str, error: BaseException | str) -> None:
        refused = isinstance(error, IgnoreRequest) and str(error).startswith("Forbidden by robots.txt")
        reason = "robots.txt forbids it" if refused else _reason(error)
        self._told.append(f"{url}: {reason}")
        self.counts["refused" if refused else "failed"] += 1
        self.done += is_post(identity(url))
        if self.archive and not self.arguments.probe:
            try:
                self.archive.note("refused" if refused else "unreachable", f"{url}: {reason}", field="url")
            except ArchiveError as trouble:
                self.failure = self.failure or trouble

    def _tell_down(self, url: str, seen: Seen | None) -> None:
        if seen is not None:
            self._missed(url, f"HTTP {seen.status}")


def _is_down(seen: Seen) -> bool:
    return seen.status >= 500 or seen.status == 429


def _reason(error: BaseException | str) -> str:
    if isinstance(error, str | IgnoreRequest):
        return str(error)
    return f"{type(error).__name__.removesuffix('Error')}: {error}"


def _seen(response: Response, taking: Taking) -> Seen:
    total = (response.headers.get("X-WP-TotalPages") or b"").decode("latin-1")
    pages = int(total) if total.isascii() and total.isdigit() and len(total) < 6 else None
    capture = taking.capture
    return Seen(response.url, response.status, capture.body, capture.content_type, pages, taking.extraction)
