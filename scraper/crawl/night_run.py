"""The state of one night: the posts known before it, the site's news, its plan, and what it saves for the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Self
from urllib.parse import urljoin

from scrapy.settings import BaseSettings

from scraper.address import host_of, identity
from scraper.archive import Archive, ArchiveView
from scraper.crawl.arguments import Arguments
from scraper.crawl.frontier import parse_latest_change
from scraper.crawl.recheck_policy import ONCE_LISTED, KnownPosts, Plan, SiteNews, is_long_ago, make_plan
from scraper.crawl.site import Site
from scraper.crawl.site_explorer import ChannelResult, SiteAnswer, SiteExplorer, Visit
from scraper.crawl.whats_new import TEXTS, ConditionalVisit, HostMemory, NewsSearch
from scraper.dates import format_utc
from scraper.records import Brief, Extraction, FoundAddress

_TEXTS = 50  # posts of which REST is asked for the texts at once


@dataclass
class NightRun:
    """The state of one night; `archive` is None in a dry run, which writes nothing."""

    began: datetime
    full: bool  # every post is to be requested
    explores_all: bool  # every channel is to be read, as by an ordinary crawl
    full_days: int
    budget: int | None  # requests; None: no limit
    posts: KnownPosts
    recall: Callable[[str], str | None]
    archive: Archive | None
    news: list[SiteNews] = field(default_factory=list)
    memories: list[HostMemory] = field(default_factory=list)
    lists: dict[str, frozenset[str]] = field(default_factory=dict)  # of all posts, by host
    old_paths: set[str] = field(default_factory=set)  # requested because their post is at another address now
    plan: Plan = field(default_factory=lambda: Plan(()))
    text_requests: list[list[str]] = field(default_factory=list)  # the addresses of the posts of each

    @classmethod
    def begin(
        cls, arguments: Arguments, settings: BaseSettings, archive: Archive | None, view: ArchiveView, start: str
    ) -> Self:
        """Begin a night over the archive, or over a view of it; every FULL_RECHECK_DAYS it explores the whole site."""
        if archive is None:
            posts = KnownPosts.collect(view.posts, view.waiting)
            recall: Callable[[str], str | None] = view.memory.get
        else:
            posts, recall = KnownPosts.collect(archive.list_posts(), archive.list_waiting_addresses()), archive.recall
        began, days = datetime.now(UTC), settings.getint("FULL_RECHECK_DAYS")
        explores_all = arguments.full or is_long_ago(HostMemory(start, recall).read_value("explored"), began, days)
        # Who asks for a full recheck by hand wants all of it; one that is due may take several nights.
        budget = None if arguments.full else settings.getint("NIGHTLY_REQUEST_BUDGET") or None
        return cls(began, arguments.full, explores_all, days, budget, posts, recall, archive)

    def leads_to_visited_server(self, start: str, servers: set[str]) -> bool:
        """Whether the start page redirected to one of these servers when the site was last explored."""
        return not self.explores_all and HostMemory(start, self.recall).read_value("door") in servers

    async def find_news(
        self, start: str, robots: SiteAnswer, visit: ConditionalVisit, site: Site, results: list[ChannelResult]
    ) -> str | None:
        """Ask the server of `start` for its news; return its scheme and host, None if it lists no news."""
        memory = HostMemory(start, self.recall)
        feed = await visit(start + "feed/", memory.build_conditions())
        server = site.use_server_of(start, feed.url) if feed else start.rstrip("/")
        known_paths = self.posts.by_path.keys()
        count = len(results)
        search = NewsSearch(server + "/", site.hosts, visit, memory, known_paths, self.began, results)
        news = await search.find_news(robots, feed)
        if news is None:
            return None
        memory.note_channels(results[count:], self.began)
        self.news.append(news)
        if news.listed:
            self.lists[host_of(server)] = news.listed
        self.memories.append(memory)
        return server

    def note_exploration(self, start: str, server: str, explorer: SiteExplorer) -> None:
        """Note for the next nights that every channel of a server was read."""
        memory = HostMemory(start, self.recall)
        memory.note_feed(explorer.feed, datetime.now(UTC) - self.began + timedelta(seconds=1))
        memory.note_channels(explorer.results, self.began)
        if "rest" not in memory.shut:
            memory.note_rest(self.began)
            memory.set_value("total", explorer.total)
        if explorer.is_complete:
            self.lists[host_of(start)] = frozenset(identity(address.url) for address in explorer.addresses)
        memory.set_value("explored", format_utc(self.began))
        memory.set_value("door", server)
        memory.set_value("untold", None)
        self.memories.append(memory)

    def plan_requests(self, addresses: list[FoundAddress], requests: int) -> Plan:
        """Plan which posts to request, after `requests` were made to find the news."""
        if self.archive:
            self.archive.add_found(addresses)
            posts = KnownPosts({post.path: post for post in self.archive.list_posts()}, self.posts.waiting)
        else:
            posts = self.posts.with_addresses(addresses)
        changes = [news.changed_at for news in self.news if news.changed_at]
        # An exploration lists every post with its last change, if the site states any.
        has_dates = not self.explores_all or any(parse_latest_change(address.lastmod) for address in addresses)
        has_all_edits = all(news.has_all_edits for news in self.news) and has_dates
        has_total = bool(self.news) and all(news.has_total for news in self.news)
        news = SiteNews(
            tuple(addresses), has_all_edits, max(changes, default=None), self._find_listed(posts), has_total
        )
        budget = None if self.budget is None else self.budget - requests
        plan = make_plan(posts, news, self.began, full=self.full, full_days=self.full_days, budget=budget)
        texts = self._list_text_requests(posts, plan)
        if budget is None or len(plan.requests) + len(texts) <= budget:  # the pages themselves come first
            self.text_requests = texts
        named = frozenset(identity(address.url) for address in addresses).union(*(each.named for each in self.news))
        self.plan = replace(plan, named=named)
        if self.archive:
            for request in self.plan.left:
                self.archive.add_skipped_address(request.path, "budget")
        return self.plan

    def _list_text_requests(self, posts: KnownPosts, plan: Plan) -> list[list[str]]:
        """List by request the addresses of edited posts whose pages do not say when they were changed."""
        if not any(memory.has_answered("rest") for memory in self.memories):
            return []
        known = [(request.reason == "edited", posts.by_path.get(request.path)) for request in plan.requests]
        edited = [post for is_news, post in known if post and (is_news or post.unread_edit)]
        undated = [post for post in edited if post.captured_at and not post.states_change and "?" not in post.path]
        by_host: dict[str, list[str]] = {}
        for post in undated:
            by_host.setdefault(host_of(post.url or ""), []).append(post.url or "")
        return [urls[first : first + _TEXTS] for urls in by_host.values() for first in range(0, len(urls), _TEXTS)]

    async def read_announced_texts(self, visit: Visit, site: Site) -> dict[str, Brief]:
        """Ask REST for the texts that the pages of edited posts should show: a cache may serve older pages."""
        texts: dict[str, Brief] = {}
        mark = format_utc(self.began)
        for urls in self.text_requests:
            slugs = ",".join(identity(url).rstrip("/").rpartition("/")[2] for url in urls)
            answer = await visit(urljoin(site.request_url(urls[0]), TEXTS.format(slugs, mark)))
            if answer and answer.is_ok and answer.extraction.outcome == "rest":
                texts |= {reading.brief.path: reading.brief for reading in answer.extraction.readings}
        return texts

    def _find_listed(self, posts: KnownPosts) -> frozenset[str] | None:
        """The paths of all posts that are in tonight's whole lists, or belong to a server without such a list."""
        is_alone = len(self.memories) < 2
        others = (post.path for post in posts.live if not is_alone and host_of(post.url or "") not in self.lists)
        return frozenset(others).union(*self.lists.values()) if self.lists else None

    def take_old_urls(self, extraction: Extraction) -> list[str]:
        """Take the addresses under which a post that is new tonight was known before, by its number, each once."""
        path, known = extraction.path, self.posts.by_path.get(extraction.path)
        if extraction.outcome != "brief" or (known and known.captured_at):
            return []
        numbers = {reading.brief.wp_id for reading in extraction.readings} - {None}
        others = {path, *self.old_paths, *(request.path for request in self.plan.requests)}
        old = [post for post in self.posts.live if post.wp_id in numbers and post.path not in others and post.url]
        self.old_paths |= {post.path for post in old}
        return [post.url for post in old if post.url]

    def save_validators(self, failed_paths: Collection[str]) -> None:
        """Save the validators and instants of this night, from which the next one asks for news.

        Nothing is saved if an edited post failed or was left by the budget: no list would name it again.
        """
        if self.archive is None or self.plan.leaves_edits:
            return
        if any(request.reason in ONCE_LISTED and request.path in failed_paths for request in self.plan.requests):
            return
        for memory in self.memories:
            for key, value in memory.new.items():
                self.archive.remember(key, value)

    def compute_figures(self, requests: int) -> dict[str, object]:
        """Compute the figures that only a night has."""
        left: dict[str, object] = {"skipped/budget": len(self.plan.left)} if self.plan.left else {}
        reasons = Counter(f"asked/{request.reason}" for request in self.plan.requests)
        for memory in self.memories:
            left |= {f"shut/{host_of(memory.server)}/{channel}": mark for channel, mark in memory.shut.items()}
            if "rest" in memory.shut and not all(news.has_all_edits for news in self.news):
                left["edits_unseen_since"] = memory.shut["rest"]
        if self.news and all(news.has_all_edits for news in self.news):
            left["edits_listed"] = 1  # by REST, whatever feeds and listings show
        full = self.full or 2 * reasons["asked/full"] > len(self.posts.live)
        saved = max(0, len(self.posts.by_path) - requests)  # against one request for every known post
        return {"requests_saved": saved, "full": int(full), **left, **reasons}
