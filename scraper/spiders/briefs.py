"""The live site, from robots.txt to the last post."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.http import Response

from scraper.address import identity
from scraper.archive import CaptureItem
from scraper.crawl.arguments import Arguments
from scraper.crawl.contact import sign
from scraper.crawl.explore import Seen, Way, Ways
from scraper.crawl.fetch import REDIRECTS, FetchingSpider
from scraper.crawl.frontier import todo
from scraper.crawl.item_rows import register
from scraper.crawl.night_run import NightWork
from scraper.crawl.probe import SAMPLE, Verdict, judge, reads_well, spread
from scraper.crawl.recheck_policy import PROBES, Book
from scraper.crawl.run_stats import changes, made_with
from scraper.crawl.site import Doors
from scraper.errors import OK, PARTLY, ArchiveError, BadArgument, DoubtfulSite, SiteUnavailable
from scraper.invocation import command_line
from scraper.records import Extraction, FoundAddress

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

FEW = 3  # pages; fewer new ones in an archive that has briefs are no ground to doubt the rules
_NOW = "try later; ingest, explain and serve work without the network"


class BriefsSpider(FetchingSpider):
    """Crawls the posts of usresistnews.org and usrenewnews.org, or of the one host that `start` names."""

    name = "briefs"

    def __init__(self, **arguments: str) -> None:
        super().__init__()
        self.verdict: Verdict | None = None
        self.ways: list[Way] = []
        self.found: list[FoundAddress] = []
        self.sampled: list[Extraction] = []
        self.night: NightWork | None = None
        self._before: Book | None = None
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
        sign(crawler)
        if spider.doors.loopback:  # nobody's server but our own
            for name in ("DOWNLOAD_DELAY", "AUTOTHROTTLE_START_DELAY", "BUSY_PAUSE"):
                crawler.settings.set(name, 0, priority="spider")
            crawler.settings.set("AUTOTHROTTLE_TARGET_CONCURRENCY", 100, priority="spider")
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Look around, read the first dozen posts and judge them, then ask for the others."""
        if self.failure:
            return
        try:
            self._begin_run()
            self._look_back()
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

    async def parse(self, response: Response) -> AsyncIterator[CaptureItem | Request]:
        """Hand over one post's page; ask for what it links to, and where it leads if it is a redirect."""
        item, target = self._item_of(response)
        extraction = await self._hand_over(item, response)
        self._count(extraction)
        if self.archive is None:  # as in `scrapy parse`, which shows what is yielded
            yield item
        for request in self._linked(extraction):
            yield request
        steps = response.meta.get("steps", 0) + 1
        if target and steps > REDIRECTS:
            self._missed(target, "too many redirects")
        elif target and identity(target) not in self._asked:
            self._asked.add(identity(target))
            yield self._request(target, steps=steps)

    @property
    def is_dry_run(self) -> bool:
        """Whether the run only looks."""
        return self.arguments.dry_run

    def run_arguments(self) -> Mapping[str, str]:
        """What the run was asked to do."""
        return self.arguments.to_words()

    def sum_up(self, reason: str) -> None:
        """What was done and what became of the archive, in figures."""
        stats = self._stats()
        self.figures |= self.tally.figures(stats, self.ways, self.found) | {"finish_reason": reason}
        self.figures |= made_with(self.settings)
        requests = self._requests()
        if self.night:
            self.figures |= self.night.figures(requests)
        if self.archive is None:
            return
        if self._before:
            self.figures |= changes(self._before.known, Book.of(self.archive.known(), ()).known)
        if self.night:
            good = reason == "finished" and self.exit_code(reason) in (OK, PARTLY)
            self.night.remember(unless=self.unanswered if good else None)

    def _linked(self, extraction: Extraction) -> Iterator[Request]:
        """Posts that a post links to and that no list named; at night, what is known is the plan's affair."""
        planned = self._before.known if self.night and self._before else {}
        for found in extraction.found:
            path = identity(found.url)
            if path not in self._asked and path not in planned and self.expected < self._most():
                self._asked.add(path)
                self.expected += 1
                yield self._request(found.url)

    def _most(self) -> int:
        """Posts that this run may ask for."""
        most = self.arguments.max_pages or sys.maxsize
        if self.night and self.night.budget is not None:
            most = min(most, self.done + self.night.budget - self._requests())
        return most

    def _look_back(self) -> None:
        """What is known before the run."""
        if self.archive:
            self._before = Book.of(self.archive.known(), ())
        if self.arguments.nightly:
            start = self.doors.starts[0]
            self.night = NightWork.begin(self.arguments, self.settings, self.archive, self.view, start)

    async def _look_around(self) -> None:
        servers: set[str] = set()
        for start in self.doors.starts:
            if self.night and self.night.leads_elsewhere(start, servers):
                continue
            robots = await self._visit(start + "robots.txt")
            if robots is None or robots.down:
                self._tell_down(f"{start}robots.txt", robots)
            elif server := await self._look_at_night(start, robots) or await self._look_at_all(start, robots, servers):
                servers.add(server)
        if self.night and self.night.told:
            return
        if not servers or (self._told and not self.found):
            answered = self._stats().get("downloader/response_count")
            what = "nothing can be fetched from the site" if answered else "the site could not be reached"
            self.figures["unreachable"] = "; ".join(self._told)
            raise SiteUnavailable(f"{what}: {self.figures['unreachable']}; {_NOW}")
        if not self.found and not self.arguments.force:
            raise DoubtfulSite("no post was found: not by sitemaps, REST, feeds or listings; --force goes on")

    async def _look_at_night(self, start: str, robots: Seen) -> str | None:
        """What is new, by few requests; None where that cannot be done or everything is to be looked at."""
        if self.night is None or self.night.wide:
            return None
        known = len(self.ways)
        server = await self.night.round(start, robots, self._visit, self.doors, self.ways)
        if server is None:
            del self.ways[known:]
            return None
        self.found += self.night.told[-1].found
        return server

    async def _look_at_all(self, start: str, robots: Seen, servers: set[str]) -> str | None:
        """Every way in; the server that answers for the start page, None if none does."""
        home = await self._visit(start)
        if home is None or home.down:
            self._tell_down(start, home)
            return None
        server = self.doors.moved(start, home.url)
        if server not in servers:
            site = Ways(server + "/", self.doors.hosts, self._visit, self.ways)
            await site.explore(robots, home)
            self.found += site.found
            if self.night:
                self.night.explored(start, server, site.feed)
        if not home.good:  # a bot wall, perhaps; the other ways may still be open
            self._told.append(f"{home.url}: HTTP {home.status} ({home.extraction.outcome})")
        return server

    def _posts(self) -> list[str]:
        """The posts to ask for, the most important first."""
        if self.night:
            asks = self.night.decide(self.found, self._requests()).asks
            return list({ask.path: self.doors.ask(ask.url) for ask in asks}.values())
        if self.arguments.probe or self.archive is None:
            return list({identity(found.url): self.doors.ask(found.url) for found in self.found}.values())
        self.archive.add_found(self.found)
        return todo(self.archive, self.found, self.doors, recheck=self.arguments.recheck)

    async def _first_pages(self) -> list[str]:
        """Read a dozen posts over the years and judge them; the addresses that are left to ask for."""
        posts = self._posts()
        if self.archive is None:
            return []
        await self._take_up()
        hidden = self.archive.paths_not_to_ask()
        there = {extraction.path for extraction in self.sampled}
        posts = [url for url in posts if identity(url) not in there | hidden]
        limit = self.arguments.max_pages or len(posts)
        first = posts[: PROBES if self.night else 0]  # what read well before
        sample = [*first, *spread(posts[len(first) :], max(0, min(SAMPLE - len(there), limit) - len(first)))]
        self._asked = {identity(url) for url in posts} | set(self.archive.captured()) | there | hidden
        self.expected = min(limit, len(posts)) + len(there)
        for url in sample:
            if seen := await self._visit(url):
                self.sampled.append(seen.extraction)
                self._count(seen.extraction)
        self._doubt()
        await self._release()
        if self.arguments.probe or (self.verdict and not self.verdict.good and not self.arguments.force):
            return []
        chosen = set(sample)
        return [url for url in posts if url not in chosen][: limit - len(sample)]

    async def _take_up(self) -> None:
        """Pages that a killed run fetched and had no verdict for: nobody asks for them twice."""
        assert self.archive
        for capture in [] if self.arguments.probe else self.archive.unread():
            item = CaptureItem(capture, self.doors.hosts, store_readings=False, taken="known")
            extraction = await self._process(item, quietly=True)
            self.sampled.append(extraction)
            self._count(extraction)
            if self._held is not None:
                self._held.append(item)

    def _doubt(self) -> None:
        """Judge the first pages, if they are enough to judge by; two of a quiet night are, where both read badly."""
        assert self.archive
        if not self.sampled:
            return
        enough = self.arguments.probe or len(self.sampled) >= FEW or not self.archive.has_briefs()
        if enough or (self.night and len(self.sampled) > 1 and not any(map(reads_well, self.sampled))):
            self._judge()

    def _judge(self) -> None:
        self.verdict = judge(self.sampled)
        if not self.verdict.good and not self.arguments.force:
            seen = "; ".join(self.verdict.lines[:3])
            self.failure = DoubtfulSite(
                f"the rules do not hold here: {seen}; see {command_line('probe')}, or --force goes on"
            )

    async def _release(self) -> None:
        """Have what was read so far stored; of a doubtful site the captures are enough."""
        held, self._held = self._held or [], None
        for item in held if self._storing() else ():
            item.store_readings, item.awaits_verdict = True, False
            await self._process(item, quietly=True)
