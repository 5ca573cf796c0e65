"""Explores one site: tries the channels that list its posts in order of cost until the list is complete."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from scraper.address import identity
from scraper.archive import Archive
from scraper.crawl.frontier import parse_latest_change
from scraper.discovery import post_addresses as discovery
from scraper.markup.html_page import Page
from scraper.records import Extraction, FoundAddress

SITEMAPS = ("/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap.xml")  # Yoast's, WordPress's own, everybody's
REST = "/wp-json/wp/v2/posts?per_page=100&page={}&_fields=id,slug,link,date_gmt,modified_gmt"
FEED = "/feed/?paged={}"
# Pages of each channel, and posts of all. The site has some 1,500 posts and a few hundred listings, so more is a trap
# of endless addresses.
PAGES_MAX = {"sitemap": 500, "rest": 500, "feed": 500, "listing": 3000}
POSTS_MAX = 8000
PARTS_MAX = 20  # pages of one post; LINKED_POSTS_MAX is the limit of all of them
_MADE, _MANY = timedelta(hours=1), 10  # posts
# A sitemap of posts, as against those of pages, categories, tags and users that an index names beside it.
_POSTS = re.compile(r"/post-sitemap\d*\.xml|/wp-sitemap-posts-post-\d+\.xml")


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """The answer to a request to the site, after its redirects."""

    url: str
    status: int
    body: bytes
    content_type: str | None
    total_pages: int | None  # of a REST list, by its header
    extraction: Extraction
    headers: Mapping[str, str] = field(default_factory=dict)  # by lower-case name

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_down(self) -> bool:
        """Whether the server has a problem, rather than the address."""
        return self.status >= 500 or self.status == 429


@dataclass(frozen=True, slots=True)
class ChannelResult:
    """What one address of a channel listed: `addresses` posts, of which `new` were in no earlier list."""

    kind: str  # robots, sitemap, rest, feed, listing
    url: str
    state: str  # `found`, or why not
    addresses: int = 0
    new: int = 0
    is_cut: bool = False  # whether the channel was left before its end; `state` says what was left


def report_cuts(
    archive: Archive, results: Iterable[ChannelResult], linked: int, left: int, posts: Iterable[str]
) -> None:
    """Add a problem for each channel and each of these posts that was left before its end, and for posts of links."""
    lines = [f"{result.url}: {result.state}" for result in results if result.is_cut]
    lines += [f"{post}: stopped after some pages of this post, with more left" for post in sorted(posts)]
    if left:
        lines.append(f"links: stopped after {linked} posts that no list names, with {left} left")
    for line in lines:
        archive.add_problem("cut", line, field="url")


_ListPages = set[frozenset[str]]  # the paths of the posts on each page of a list
Visit = Callable[[str], Awaitable[SiteAnswer | None]]  # None: there was no answer, and the reason is noted


@dataclass
class SiteExplorer:
    """Explores the site at `base` (scheme and host); `addresses` then holds every post of every channel."""

    base: str
    hosts: frozenset[str]
    visit: Visit
    results: list[ChannelResult] = field(default_factory=list)
    addresses: list[FoundAddress] = field(default_factory=list)
    feed: SiteAnswer | None = None  # the first page of the feed; its validators speak for the whole site
    is_complete: bool = False  # whether sitemaps or REST list all posts
    total: str | None = None  # posts that there are, as REST says
    _paths: set[str] = field(default_factory=set)
    _pages: Counter[str] = field(default_factory=Counter)  # requested so far, by channel

    async def explore_site(self, robots: SiteAnswer, home: SiteAnswer) -> None:
        """Read sitemaps and REST first; feeds and listings are paged through while they list posts that those lack."""
        self.is_complete = await self.read_sitemaps(robots)
        self.is_complete = await self._read_rest() or self.is_complete
        await self._read_feed()
        await self._read_listings(home)

    async def read_sitemaps(self, robots: SiteAnswer) -> bool:
        """Read the sitemaps alone; whether they are whole and list posts."""
        named = discovery.find_sitemaps_in_robots(robots.body, robots.url, self.hosts) if robots.is_ok else ()
        state = "found" if robots.is_ok else f"HTTP {robots.status}"
        self.results.append(ChannelResult("robots", robots.url, state, len(named)))
        return await self._follow_sitemaps(named)

    def _add_list(self, kind: str, url: str, addresses: Iterable[FoundAddress], empty: str = "found") -> int:
        """Add the posts of a page of a list and its result; return how many are new."""
        listed = [(identity(address.url), address) for address in addresses]
        fresh = list(dict.fromkeys(path for path, _ in listed if path not in self._paths))
        room = max(0, POSTS_MAX - len(self._paths))
        self._paths.update(fresh[:room])
        self.addresses += [address for path, address in listed if path in self._paths]
        state, left = "found" if listed else empty, len(fresh[room:])
        state = f"stopped at {POSTS_MAX} posts, with {left} of this list left" if left else state
        self.results.append(ChannelResult(kind, url, state, len(listed), len(fresh[:room]), is_cut=left > 0))
        return len(fresh[:room])

    def _may_request(self, kind: str, url: str, left: str) -> bool:
        """Whether another page of a channel may be requested; if not, that is a result, with what is `left`."""
        if self._pages[kind] < PAGES_MAX[kind] and len(self._paths) < POSTS_MAX:
            self._pages[kind] += 1
            return True
        why = f"stopped after {self._pages[kind]} requests and {len(self._paths)} posts, {left}"
        self.results.append(ChannelResult(kind, url, why, is_cut=True))
        return False

    async def _follow_sitemaps(self, named: tuple[str, ...]) -> bool:
        """Read these sitemaps, or guessed ones, and those that they name; whether they are whole and list posts."""
        queue = deque(named or [urljoin(self.base, path) for path in SITEMAPS])
        visited: set[str] = set()
        is_whole, count = True, 0
        while queue:
            url = queue.popleft()
            if url in visited:
                continue
            if not self._may_request("sitemap", url, f"with {len({url, *queue} - visited)} known sitemaps left"):
                return False
            visited.add(url)
            answer = await self.visit(url)
            if answer is None or not answer.is_ok or not discovery.is_sitemap(answer.body):
                is_whole = is_whole and not named  # a guessed address may well be missing
                self.results.append(ChannelResult("sitemap", url, describe_state(answer, "no sitemap")))
                continue
            posts = drop_made_dates(discovery.find_posts_in_sitemap(answer.body, url, self.hosts), datetime.now(UTC))
            count += len(posts)
            self._add_list("sitemap", url, posts)
            if not named:
                named, queue = (url,), deque()  # the other guesses redirect to this one
            sitemaps = discovery.find_sitemaps_in_index(answer.body, url, self.hosts)
            queue.extend(tuple(filter(_POSTS.search, sitemaps)) or sitemaps)
        return is_whole and count > 0

    async def _read_rest(self) -> bool:
        """Read the posts that REST lists; whether it lists them all."""
        number, total, paths = 1, 1, set[str]()
        while number <= total:
            url = urljoin(self.base, REST.format(number))
            if not self._may_request("rest", url, f"with {total - number + 1} of {total} pages left"):
                return False
            answer = await self.visit(url)
            if answer is None or not answer.is_ok or not discovery.is_rest_list(answer.body):
                self.results.append(ChannelResult("rest", url, describe_state(answer, "no list of posts")))
                return False
            self.total = answer.headers.get("x-wp-total")
            posts = discovery.find_posts_in_rest(answer.body, url, self.hosts)
            seen = len(paths)
            paths |= {identity(post.url) for post in posts}
            self._add_list("rest", url, posts)
            # Some hosts drop the header: then a full page promises another.
            total = answer.total_pages or (number + (len(posts) >= 100))
            if len(paths) == seen and number < total:
                state = f"stopped, for page {number} of {total} lists nothing that the pages before it lack"
                self.results.append(ChannelResult("rest", url, state, is_cut=True))
                return False
            number += 1
        return bool(paths)

    async def _read_feed(self) -> None:
        pages: _ListPages = set()
        number = 1
        while True:
            url = urljoin(self.base, FEED.format(number) if number > 1 else "/feed/")
            if not self._may_request("feed", url, "with all further pages left"):
                return
            answer = await self.visit(url)
            self.feed = answer if number == 1 else self.feed
            if answer is None or not answer.is_ok or not discovery.is_feed(answer.body):
                if number == 1:
                    self.results.append(ChannelResult("feed", url, describe_state(answer, "no feed")))
                return
            posts = discovery.find_posts_in_feed(answer.body, url, self.hosts)
            if not self._note_list_page("feed", url, posts, pages):
                return
            number += 1

    async def _read_listings(self, home: SiteAnswer) -> None:
        """Read the home page, then its menus, categories and their further pages while they list something new."""
        pages: dict[str, _ListPages] = {}
        visited = {identity(home.url)}
        queue: deque[str] = deque()
        answer: SiteAnswer | None = home
        while True:
            if answer is not None and answer.is_ok:
                links = self._read_listing(answer, pages)
                queue.extend(link for link in links if identity(link) not in visited)
            while queue and identity(queue[0]) in visited:
                queue.popleft()
            left = {identity(link) for link in queue} - visited
            if not queue or not self._may_request("listing", queue[0], f"with {len(left)} known listings left"):
                return
            visited.add(identity(queue[0]))
            answer = await self.visit(queue.popleft())

    def _read_listing(self, answer: SiteAnswer, pages: dict[str, _ListPages]) -> list[str]:
        """Note what a listing lists; return the listings to visit next, none if they would list nothing new."""
        tree = Page(answer.body, answer.content_type, answer.url).tree
        posts = discovery.find_posts_in_listing(discovery.list_links(tree), answer.url, self.hosts)
        items = tuple(post for post in posts if post.finder == "listing")
        base = discovery.listing_base(answer.url)
        outcome = answer.extraction.outcome
        empty = outcome if outcome in ("challenge", "maintenance", "parked") else "no posts"
        has_next = self._note_list_page("listing", answer.url, items, pages.setdefault(base, set()), empty)
        if self.is_complete or not (has_next or base == "/"):
            further = discovery.find_further_listings(tree, answer.url, self.hosts) if has_next else ()
            return [link for link in further if discovery.listing_base(link) == base]
        at_home = base == "/" and not urlsplit(answer.url).path.startswith("/page/")
        guesses = [urljoin(self.base, path) for path in discovery.LISTINGS] if at_home else []
        menus = discovery.find_menu_pages(tree, answer.url, self.hosts) if at_home else ()
        return [*menus, *guesses, *discovery.find_further_listings(tree, answer.url, self.hosts)]

    def _note_list_page(
        self, kind: str, url: str, addresses: tuple[FoundAddress, ...], pages: _ListPages, empty: str = "no posts"
    ) -> bool:
        """Note a page of a list; whether the next one is worth a request: not after an empty, repeated or known."""
        paths = frozenset(identity(address.url) for address in addresses)
        is_repeated = paths in pages
        pages.add(paths)
        new = self._add_list(kind, url, addresses, empty)
        return new > 0 or (not self.is_complete and bool(addresses) and not is_repeated)


def drop_made_dates(posts: tuple[FoundAddress, ...], now: datetime) -> tuple[FoundAddress, ...]:
    """The posts, without their dates of change where all of many state the hour, or the day, of the list itself.

    Some plugins write it so for every post, each night anew. After a real edit of all, the next night's dates count.
    """
    changes = [parse_latest_change(post.lastmod) for post in posts]
    is_made = all(change and change > now - _MADE for change in changes)
    return tuple(replace(post, lastmod=None) for post in posts) if is_made and len(posts) >= _MANY else posts


def describe_state(answer: SiteAnswer | None, otherwise: str) -> str:
    """Describe an answer that is no list of posts; `otherwise` where it is a page as it should be."""
    if answer is None:
        return "no answer"
    return otherwise if answer.is_ok else f"HTTP {answer.status}"
