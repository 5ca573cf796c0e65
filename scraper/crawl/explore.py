"""Looking around one site: its ways in, tried in order of cost, until the list of its posts is complete."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from scraper.address import identity
from scraper.discovery import post_addresses as discovery
from scraper.html_page import Page
from scraper.records import Extraction, FoundAddress

SITEMAPS = ("/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap.xml")  # Yoast's, WordPress's own, everybody's
REST = "/wp-json/wp/v2/posts?per_page=100&page={}&_fields=id,slug,link,date_gmt,modified_gmt"
FEED = "/feed/?paged={}"
LISTINGS_MAX = 3000  # pages; the site has a few hundred, so more is a trap of endless addresses
# A sitemap of posts, as against those of pages, categories, tags and users that an index names beside it.
_POSTS = re.compile(r"/post-sitemap\d*\.xml|/wp-sitemap-posts-post-\d+\.xml")


@dataclass(frozen=True, slots=True)
class Seen:
    """One address that answered, after its redirects."""

    url: str
    status: int
    body: bytes
    content_type: str | None
    total_pages: int | None  # of a REST list, by its header
    extraction: Extraction
    headers: Mapping[str, str] = field(default_factory=dict)  # by lower-case name

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def down(self) -> bool:
        """Whether the server, rather than the address, is the trouble."""
        return self.status >= 500 or self.status == 429


@dataclass(frozen=True, slots=True)
class Way:
    """One way in that was tried: `addresses` posts by it, of which `new` were not known by an earlier way."""

    kind: str  # robots, sitemap, rest, feed, listing
    url: str
    state: str  # `found`, or why not
    addresses: int = 0
    new: int = 0


Visit = Callable[[str], Awaitable[Seen | None]]  # None: it could not be fetched, and why has been told


@dataclass
class Ways:
    """Explores the site at `base` (scheme and host); `found` then holds every address by every way."""

    base: str
    hosts: frozenset[str]
    visit: Visit
    ways: list[Way] = field(default_factory=list)
    found: list[FoundAddress] = field(default_factory=list)
    feed: Seen | None = None  # the first page of the feed; its validators speak for the whole site
    _paths: set[str] = field(default_factory=set)

    async def explore(self, robots: Seen, home: Seen) -> None:
        """Sitemaps and REST first; feeds and listings are paged through only while they tell what those did not."""
        complete = await self.sitemaps(robots)
        complete = await self._rest() or complete
        await self._feed(complete)
        await self._listings(home, complete)

    async def sitemaps(self, robots: Seen) -> bool:
        """The sitemaps alone: whether they are whole and name posts."""
        named = discovery.find_sitemaps_in_robots(robots.body, robots.url, self.hosts) if robots.good else ()
        self._tell("robots", robots.url, "found" if robots.good else f"HTTP {robots.status}", len(named), 0)
        return await self._sitemaps(named)

    def _add(self, found: Iterable[FoundAddress]) -> int:
        """How many of the addresses are new."""
        found = tuple(found)
        paths = {identity(one.url) for one in found}
        new = len(paths - self._paths)
        self._paths |= paths
        self.found += found
        return new

    def _tell(self, kind: str, url: str, state: str, addresses: int, new: int) -> None:
        self.ways.append(Way(kind, url, state, addresses, new))

    async def _sitemaps(self, named: tuple[str, ...]) -> bool:
        """Whether the sitemaps are whole and name posts."""
        queue = deque(named or [urljoin(self.base, path) for path in SITEMAPS])
        asked: set[str] = set()
        whole, addresses = True, 0
        while queue:
            url = queue.popleft()
            if url in asked:
                continue
            asked.add(url)
            seen = await self.visit(url)
            if seen is None or not seen.good or not discovery.is_sitemap(seen.body):
                whole = whole and not named  # a guessed address may well be missing
                self._tell("sitemap", url, _state(seen, "no sitemap"), 0, 0)
                continue
            found = discovery.find_posts_in_sitemap(seen.body, url, self.hosts)
            addresses += len(found)
            self._tell("sitemap", url, "found", len(found), self._add(found))
            if not named:
                named, queue = (url,), deque()  # one guess was right: the others are its aliases
            queue.extend(_of_posts(discovery.find_sitemaps_in_index(seen.body, url, self.hosts)))
        return whole and addresses > 0

    async def _rest(self) -> bool:
        """Whether REST gave the whole list of posts."""
        number, total, addresses = 1, 1, 0
        while number <= total:
            url = urljoin(self.base, REST.format(number))
            seen = await self.visit(url)
            if seen is None or not seen.good or not discovery.is_rest_list(seen.body):
                self._tell("rest", url, _state(seen, "no list of posts"), 0, 0)
                return False
            found = discovery.find_posts_in_rest(seen.body, url, self.hosts)
            addresses += len(found)
            self._tell("rest", url, "found", len(found), self._add(found))
            # Some hosts drop the header: then a full page promises another.
            total = seen.total_pages or (number + (len(found) >= 100))
            number += 1
        return addresses > 0

    async def _feed(self, complete: bool) -> None:
        pages: set[frozenset[str]] = set()
        number = 1
        while True:
            url = urljoin(self.base, FEED.format(number) if number > 1 else "/feed/")
            seen = await self.visit(url)
            self.feed = seen if number == 1 else self.feed
            if seen is None or not seen.good or not discovery.is_feed(seen.body):
                if number == 1:
                    self._tell("feed", url, _state(seen, "no feed"), 0, 0)
                return
            found = discovery.find_posts_in_feed(seen.body, url, self.hosts)
            if not self._goes_on("feed", url, found, pages, complete):
                return
            number += 1

    async def _listings(self, home: Seen, complete: bool) -> None:
        """Home first; then, as long as pages tell something, its menus, categories, and their further pages."""
        pages: dict[str, set[frozenset[str]]] = {}
        asked = {identity(home.url)}
        queue: deque[str] = deque()
        seen: Seen | None = home
        while True:
            if seen is not None and seen.good:
                links = self._read_listing(seen, pages, complete)
                queue.extend(link for link in links if identity(link) not in asked)
            while queue and identity(queue[0]) in asked:
                queue.popleft()
            if not queue or len(asked) > LISTINGS_MAX:
                return
            asked.add(identity(queue[0]))
            seen = await self.visit(queue.popleft())

    def _read_listing(self, seen: Seen, pages: dict[str, set[frozenset[str]]], complete: bool) -> list[str]:
        """Note what the page lists; the further listings to ask, none where it is not worth while."""
        tree = Page(seen.body, seen.content_type, seen.url).tree
        items = [f for f in discovery.find_posts_in_listing(tree, seen.url, self.hosts) if f.finder == "listing"]
        base = discovery.listing_base(seen.url)
        goes_on = self._goes_on("listing", seen.url, items, pages.setdefault(base, set()), complete)
        if complete or not (goes_on or base == "/"):
            further = discovery.find_further_listings(tree, seen.url, self.hosts) if goes_on else ()
            return [link for link in further if discovery.listing_base(link) == base]
        at_home = base == "/" and not urlsplit(seen.url).path.startswith("/page/")
        guesses = [urljoin(self.base, path) for path in discovery.LISTINGS] if at_home else []
        menus = discovery.find_menu_pages(tree, seen.url, self.hosts) if at_home else ()
        return [*menus, *guesses, *discovery.find_further_listings(tree, seen.url, self.hosts)]

    def _goes_on(
        self, kind: str, url: str, found: Iterable[FoundAddress], pages: set[frozenset[str]], complete: bool
    ) -> bool:
        """Note a page of a list. Its next page is worth a request unless this one was empty, seen or all known."""
        found = tuple(found)
        paths = frozenset(identity(one.url) for one in found)
        repeated = paths in pages
        pages.add(paths)
        new = self._add(found)
        self._tell(kind, url, "found" if found else "no posts", len(found), new)
        return new > 0 or (not complete and bool(found) and not repeated)


def _of_posts(urls: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(url for url in urls if _POSTS.search(url)) or urls


def _state(seen: Seen | None, otherwise: str) -> str:
    if seen is None:
        return "no answer"
    return otherwise if seen.good else f"HTTP {seen.status}"
