"""The spider of the live site, from robots.txt to the last post."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from scraper.address import identity, is_part
from scraper.archive import CaptureItem
from scraper.console.invocation import command_line
from scraper.crawl.archiving_spider import read_stats
from scraper.crawl.argument_values import list_changed_values
from scraper.crawl.arguments import Arguments
from scraper.crawl.fetching_spider import FetchingSpider
from scraper.crawl.frontier import list_posts_to_request
from scraper.crawl.night_run import NightRun
from scraper.crawl.probe import SAMPLE, Verdict, choose_sample, count_judged_pages, is_read_well, judge_pages
from scraper.crawl.recheck_policy import PROBES, KnownPosts
from scraper.crawl.redirect_chain import RedirectChain
from scraper.crawl.run_stats import count_changes, list_versions_and_settings
from scraper.crawl.site import Site, drop_delays
from scraper.crawl.site_explorer import ChannelResult, SiteAnswer, SiteExplorer, report_cuts
from scraper.errors import OK, PARTLY, ArchiveError, BadArgument, DoubtfulSite, SiteUnavailable
from scraper.records import Extraction, FoundAddress

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

FEW = 3  # pages; fewer new ones are no ground to doubt the rules in an archive that has briefs
_ADVICE = "try later; ingest, explain and serve work without the network"


class BriefsSpider(FetchingSpider):
    """Crawls the posts of usresistnews.org and usrenewnews.org, or of the one host that `start` names."""

    name = "briefs"

    def __init__(self, **arguments: str) -> None:
        super().__init__()
        self.verdict: Verdict | None = None
        self.channel_results: list[ChannelResult] = []
        self.addresses: list[FoundAddress] = []
        self.sampled_pages: list[Extraction] = []
        self.night: NightRun | None = None
        self._known_before: KnownPosts | None = None
        self._linked = self._left_links = 0  # posts that no list names, requested and left
        try:
            self.arguments = Arguments.read(arguments)
            self.site = Site(self.arguments.start)
        except BadArgument as error:
            self.failure, self.arguments, self.site = error, Arguments(), Site()
        self.allowed_domains = self.site.domain_names  # for the redirects of a robots.txt, which Scrapy follows itself

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: object, **kwargs: object) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.site.is_local:
            drop_delays(crawler.settings)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Explore the site, read the first dozen posts and judge them, then request the others."""
        if self.failure:
            return
        try:
            self._begin_run()
            self._read_known_posts()
            await self._explore_sites()
            urls = await self._judge_first_pages()
        except ArchiveError as error:
            self.failure = error
            return
        for url in urls:
            yield self._build_request(url)
        for extraction in self.sampled_pages if self._may_store() else ():
            for request in self._request_linked_posts(extraction):
                yield request

    async def parse(self, response: Response) -> AsyncIterator[CaptureItem | Request]:
        """Process the page of a post; request the posts that it links to, and the target of a redirect."""
        try:
            async for result in self._process_page(response):
                yield result
        except ArchiveError as error:
            self.failure = self.failure or error
            raise CloseSpider("archive_error") from error
        except Exception as error:
            self._note_fault(response.url, error)

    async def _process_page(self, response: Response) -> AsyncIterator[CaptureItem | Request]:
        item, target = self._build_item(response)
        extraction = await self._process_answer(item, response)
        if self.archive is None:  # as in `scrapy parse`, which shows what is yielded
            yield item
        for request in self._request_linked_posts(extraction):
            yield request
        target, chain = target or self._find_refresh(extraction, response), RedirectChain.of(response)
        if target is None or not self._leads_onward(target, chain):
            self._count_post(extraction, chain.start)
        elif reason := chain.explain_end(target):
            self._note_failure(chain.start, reason)
        else:
            self._requested_paths.add(identity(target))
            yield self._build_request(target, chain)

    @property
    def is_dry_run(self) -> bool:
        return self.arguments.dry_run

    def list_arguments(self) -> Mapping[str, str]:
        return list_changed_values(self.arguments)

    def fill_figures(self, reason: str) -> None:
        self.figures |= self.post_counts.compute_figures(read_stats(self.crawler), self.channel_results, self.addresses)
        self.text_lengths = self.post_counts.text_lengths
        if self.archive and not self.arguments.probe:
            report_cuts(self.archive, self.channel_results, self._linked, self._left_links, self.cut_posts)
        self.figures |= list_versions_and_settings(self.settings) | {"finish_reason": reason}
        if self.night:
            self.figures |= self.night.compute_figures(self._count_requests())
        if self.archive and self._known_before:
            known = KnownPosts.collect(self.archive.list_posts(), ())
            self.figures |= count_changes(self._known_before.by_path, known.by_path)
        if self.night and reason == "finished" and self.find_exit_code(reason) in (OK, PARTLY):
            self.night.save_validators(self.failed_paths)

    def _request_linked_posts(self, extraction: Extraction) -> Iterator[Request]:
        """Request the posts that a post links to and that no list named; at night the plan decides on known posts."""
        planned = self._known_before.by_path if self.night and self._known_before else {}
        yield from self._request_parts(extraction)
        for url in self.night.take_old_urls(extraction) if self.night else ():
            self.expected += 1
            yield self._build_request(url)
        for address in extraction.found:
            path = identity(address.url)
            is_new = path not in self._requested_paths and path not in planned and not is_part(path)
            if not is_new or self.expected >= self._find_post_limit():
                continue
            self._requested_paths.add(path)
            if self._linked < self.settings.getint("LINKED_POSTS_MAX"):
                self._linked += 1
                self.expected += 1
                yield self._build_request(address.url)
            else:
                self._left_links += 1

    def _find_post_limit(self) -> int:
        """Find how many posts this run may request."""
        limit = self.arguments.max_pages or sys.maxsize
        if self.night and self.night.budget is not None:
            limit = min(limit, self.done + self.night.budget - self._count_requests())
        return limit

    def _read_known_posts(self) -> None:
        """Read what the archive knows before the run."""
        if self.archive:
            self._known_before = KnownPosts.collect(self.archive.list_posts(), ())
            self.post_counts.known_briefs = self._known_before.briefs
        if self.arguments.nightly:
            start = self.site.start_urls[0]
            self.night = NightRun.begin(self.arguments, self.settings, self.archive, self.view, start)

    async def _explore_sites(self) -> None:
        servers: set[str] = set()
        for start in self.site.start_urls:
            if self.night and self.night.leads_to_visited_server(start, servers):
                continue
            robots = await self._visit_url(start + "robots.txt")
            if robots is None or robots.is_down:
                self._note_server_failure(f"{start}robots.txt", robots)
            elif server := await self._find_news(start, robots) or await self._explore_site(start, robots, servers):
                servers.add(server)
        if self.night and self.night.news:  # a night without a new post is no failure
            return
        if not servers or (self._failures and not self.addresses):
            has_answers = self._read_stat("downloader/response_count")
            problem = "nothing can be fetched from the site" if has_answers else "the site could not be reached"
            self.figures["unreachable"] = "; ".join(self._failures)
            raise SiteUnavailable(f"{problem}: {self.figures['unreachable']}; {_ADVICE}")
        if not self.addresses and not self.arguments.force:
            raise DoubtfulSite("no post was found: not by sitemaps, REST, feeds or listings; --force goes on")

    async def _find_news(self, start: str, robots: SiteAnswer) -> str | None:
        """Find what is new by few requests; the server that was asked, None where the site is to be explored."""
        if self.night is None or self.night.explores_all:
            return None
        count = len(self.channel_results)
        server = await self.night.find_news(start, robots, self._visit_url, self.site, self.channel_results)
        if server is None:
            del self.channel_results[count:]
            return None
        self.addresses += self.night.news[-1].addresses
        return server

    async def _explore_site(self, start: str, robots: SiteAnswer, servers: set[str]) -> str | None:
        """Read every channel; the server that answers for the start page, None if none does."""
        home = await self._visit_url(start)
        if home is None or home.is_down:
            self._note_server_failure(start, home)
            return None
        server = self.site.use_server_of(start, home.url)
        if server not in servers:
            explorer = SiteExplorer(server + "/", self.site.hosts, self._visit_url)
            try:
                await explorer.explore_site(robots, home)
            except ArchiveError:
                raise
            except Exception as error:  # what was found until then is asked for
                self._note_fault(start, error)
            self.addresses += explorer.addresses
            self.channel_results += explorer.results
            if self.night:
                self.night.note_exploration(start, server, explorer)
        if not home.is_ok:  # perhaps a bot wall; the other channels may still be open
            self._failures.append(f"{home.url}: HTTP {home.status} ({home.extraction.outcome})")
        return server

    def _choose_posts(self) -> list[str]:
        """Choose the posts to request, the most important first; return their addresses."""
        self.listed_paths = {identity(found.url) for found in self.addresses}
        if self.night:
            plan = self.night.plan_requests(self.addresses, self._count_requests())
            self.post_counts.named_paths, self.leaves_news = plan.named, plan.leaves_news
            self.news_paths = plan.news_paths if plan.has_all_edits else None
            return list({request.path: self.site.request_url(request.url) for request in plan.requests}.values())
        if self.arguments.probe or self.archive is None:
            return list({identity(found.url): self.site.request_url(found.url) for found in self.addresses}.values())
        self.archive.add_found(self.addresses)
        return list_posts_to_request(self.archive, self.addresses, self.site, recheck=self.arguments.recheck)

    async def _judge_first_pages(self) -> list[str]:
        """Read a dozen posts over the years and judge them; return the addresses that are left to request."""
        posts = self._choose_posts()
        if self.archive is None:
            return []
        if self.night:
            self.announced_texts = await self.night.read_announced_texts(self._visit_url, self.site)
        await self._resume_unread_captures()
        hidden = self.archive.paths_not_to_ask()
        resumed = {extraction.path for extraction in self.sampled_pages}
        posts = [url for url in posts if identity(url) not in resumed | hidden]
        limit = self.arguments.max_pages or len(posts)
        # The plan of a night begins with its probes: they read well before, so that a broken theme shows.
        first = posts[: PROBES if self.night else 0]
        sample = [*first, *choose_sample(posts[len(first) :], max(0, min(SAMPLE - len(resumed), limit) - len(first)))]
        self._requested_paths = {identity(url) for url in posts} | resumed | hidden
        self._requested_parts = set(filter(is_part, self._requested_paths))
        self._requested_paths |= set(self.archive.read_capture_times())
        self.expected = min(limit, len(posts)) + len(resumed)
        await self._read_sample(sample)
        if self.night and (spare := self.night.plan.spare) and not any(map(is_read_well, self.sampled_pages)):
            await self._read_sample([spare.url])
        self._judge_if_enough()
        await self._store_unjudged_items()
        if self.arguments.probe or (self.verdict and not self.verdict.good and not self.arguments.force):
            return []
        return [url for url in posts if url not in sample][: limit - len(sample)]

    async def _read_sample(self, urls: list[str]) -> None:
        for url in urls:
            if answer := await self._visit_url(url):
                self.sampled_pages.append(answer.extraction)
                self._count_post(answer.extraction, url)

    async def _resume_unread_captures(self) -> None:
        """Read what a killed run fetched and did not judge. A night requests it again, for that is held."""
        assert self.archive
        for capture in [] if self.arguments.probe else self.archive.list_unread_captures():
            item = CaptureItem(capture, self.site.hosts, store_readings=False, taken="known")
            extraction = await self._process_item(item, quietly=True)
            if self._unjudged_items is not None:
                self._unjudged_items.append(item)
            if not self.is_judged:
                self.sampled_pages.append(extraction)
                self._count_post(extraction)

    def _judge_if_enough(self) -> None:
        """Judge the first pages if there are enough of them; in a quiet night two that both read badly are enough."""
        assert self.archive
        pages = self.sampled_pages
        is_enough = self.arguments.probe or count_judged_pages(pages) >= FEW or not self.archive.has_briefs()
        if pages and (is_enough or (self.night and len(pages) > 1 and not any(map(is_read_well, pages)))):
            self._judge_pages()

    def _judge_pages(self) -> None:
        self.verdict = judge_pages(self.sampled_pages)
        if not self.verdict.good and not self.arguments.force:
            reasons, advice = "; ".join(self.verdict.lines[:3]), f"see {command_line('probe')}, or --force goes on"
            self.failure = DoubtfulSite(f"the rules do not hold here: {reasons}; {advice}")
