"""Asks one server cheaply what is new since the last night, and remembers what makes the next night cheap."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from scraper.address import host_of, identity
from scraper.crawl.frontier import parse_aware_time, parse_latest_change
from scraper.crawl.recheck_policy import OVERLAP, SiteNews
from scraper.crawl.site_explorer import FEED, ChannelResult, SiteAnswer, SiteExplorer, describe_state
from scraper.dates import format_utc, parse_mail_date
from scraper.discovery import post_addresses as discovery
from scraper.records import FoundAddress

# All posts, those changed last first. An address of each night's own is in no cache of the site; WordPress ignores `_`.
LATEST = "/wp-json/wp/v2/posts?per_page=100&page={}&orderby=modified&_={}&_fields=id,slug,link,date_gmt,modified_gmt"
# Posts with their text.
TEXTS = "/wp-json/wp/v2/posts?slug={}&per_page=100&_={}&_fields=id,slug,link,date,date_gmt,modified_gmt,title,content"
CHANNELS = ("rest", "feed", "sitemap", "listing")
_GOOD = ("found", "no posts", "not changed")  # states of a channel that answered as it should
_PAGES_MAX = 20  # of one list in one night; after more edits the full recheck finds the rest
VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}

_NO_CACHE = {"Cache-Control": "max-age=0"}

# Visits an address with request headers; a 304 comes back as an answer without a body.
ConditionalVisit = Callable[[str, Mapping[str, str]], Awaitable[SiteAnswer | None]]


@dataclass
class HostMemory:
    """What the last good night left in the archive about a server's host, and what this night will leave."""

    server: str  # its address
    recall: Callable[[str], str | None]
    new: dict[str, str] = field(default_factory=dict)  # saved when the night came to a good end
    shut: dict[str, str] = field(default_factory=dict)  # channels without a good answer tonight, with their last good
    moment: str | None = None  # of the site's state that the feed shows

    def read_value(self, name: str) -> str | None:
        """Read the value of `name` from the last good night; None without one."""
        return self.recall(self._make_key(name)) or None

    def set_value(self, name: str, value: str | None) -> None:
        self.new[self._make_key(name)] = value or ""

    def _make_key(self, name: str) -> str:
        host = host_of(self.server)
        return f"feed:{host}:{name}" if name in (*VALIDATORS, "since") else f"{name}:{host}"

    def build_conditions(self) -> dict[str, str]:
        """Build the headers for which an unchanged feed is a 304; no cache may answer in place of the site."""
        conditions = {header: value for name, header in VALIDATORS.items() if (value := self.read_value(name))}
        return _NO_CACHE | conditions

    def note_feed(self, feed: SiteAnswer | None, elapsed: timedelta = timedelta()) -> None:
        """Note the feed's validators for the next night; `elapsed` is the time since the first request for posts.

        The lists that were read before the feed may lack a change made within that time, or in the second of the
        answer. In that case no validator is noted, only the instant from which to ask for edits.
        """
        headers = feed.headers if feed and feed.is_ok else {}
        date, modified = _parse_date(headers.get("date")), _parse_date(headers.get("last-modified"))
        settled = not (date and modified) or modified + elapsed < date
        for name in VALIDATORS:
            self.set_value(name, headers.get(name) if settled else None)
        if moment := modified or (date and date - elapsed):
            self.moment = format_utc(moment)

    def note_rest(self, now: datetime, answer: SiteAnswer | None = None) -> None:
        """Move the instant from which REST is asked for edits: only its own whole answer does so.

        Of the site's clock and our own the slower one counts, so that no edit falls between them.
        """
        date = _parse_date(answer.headers.get("date")) if answer else None
        self.set_value("since", min(filter(None, (self.moment, format_utc(min(date or now, now))))))

    def has_answered(self, channel: str) -> bool:
        """Whether the channel gave a good answer tonight."""
        return bool(self.new.get(self._make_key(f"mark_{channel}")))

    def note_channels(self, results: Iterable[ChannelResult], now: datetime) -> None:
        """Note of each channel that was asked whether it answered; only its own good answer moves its mark."""
        states = [(result.kind, result.state) for result in results]
        for channel in CHANNELS:
            answers = [state in _GOOD for kind, state in states if kind == channel]
            if any(answers):
                self.set_value(f"mark_{channel}", format_utc(now))
            elif answers and (mark := self.read_value(f"mark_{channel}")):
                self.shut[channel] = mark


@dataclass
class NewsSearch:
    """Asks the server at `base` (scheme, host and slash) for what is new since the last good night."""

    base: str
    hosts: frozenset[str]
    visit: ConditionalVisit
    memory: HostMemory
    known: Collection[str]  # paths
    now: datetime
    results: list[ChannelResult] = field(default_factory=list)
    addresses: list[FoundAddress] = field(default_factory=list)
    total: str = ""  # of all posts, as REST says
    named: set[str] = field(default_factory=set)  # paths of posts in tonight's lists, changed or not

    async def find_news(self, robots: SiteAnswer, feed: SiteAnswer | None) -> SiteNews | None:
        """Read the feed and REST, or sitemaps where REST is closed; None if the server offers none of them."""
        is_unchanged = feed is not None and self._is_unchanged(feed)
        if feed is not None and is_unchanged:
            self.results.append(ChannelResult("feed", feed.url, "not changed"))
        else:
            self.memory.note_feed(feed)
        has_feed = is_unchanged or await self._read_feed(feed)
        # Where REST never answered it is asked again when the feed has changed.
        has_answered = self.memory.read_value("mark_rest") is not None
        has_all_edits = await self._read_edits() if has_answered or not is_unchanged else None
        unknown_since = listed = None
        if has_all_edits is None:
            explorer = SiteExplorer(self.base, self.hosts, self._visit_url, self.results)
            has_sitemaps = await explorer.read_sitemaps(robots)
            self.addresses += explorer.addresses
            if not (has_sitemaps or has_feed):
                return None
            listed = frozenset(identity(post.url) for post in self.addresses) if has_sitemaps else None
            has_all_edits = has_sitemaps and all(parse_latest_change(post.lastmod) for post in explorer.addresses)
            if is_unchanged and not has_all_edits:
                unknown_since = self.memory.read_value("untold")
                has_all_edits = unknown_since is None
        # A site that does not list its edits may have changed any post: each is due until it was checked after now.
        if not has_all_edits:
            unknown_since = unknown_since or format_utc(self.now)
        self.memory.set_value("untold", unknown_since)
        news = SiteNews(tuple(self.addresses), has_all_edits, unknown_since, listed, named=frozenset(self.named))
        return await self._compare_total(robots, news)

    async def _compare_total(self, robots: SiteAnswer, news: SiteNews) -> SiteNews:
        """The news with a list of all posts, where there are not as many as the last night and the new ones make."""
        if not self.total.isdecimal():
            return news
        self.memory.set_value("total", self.total)
        before = self.memory.read_value("total")
        new = {identity(address.url) for address in news.addresses} - set(self.known)
        if before is None or int(self.total) == int(before) + len(new):
            return replace(news, has_total=True)
        explorer = SiteExplorer(self.base, self.hosts, self._visit_url, self.results)
        is_whole = await explorer.read_sitemaps(robots)
        addresses = (*news.addresses, *explorer.addresses)
        listed = frozenset(identity(address.url) for address in addresses) if is_whole else None
        return replace(news, addresses=addresses, has_total=True, listed=listed)

    def _is_unchanged(self, feed: SiteAnswer) -> bool:
        """Whether the server says so with a 304, or sends the same validators as before."""
        if feed.status == 304:
            return True
        validators = {name: self.memory.read_value(name) for name in VALIDATORS}
        is_same = all(feed.headers.get(name) == value for name, value in validators.items())
        return feed.is_ok and any(validators.values()) and is_same

    async def _visit_url(self, url: str) -> SiteAnswer | None:
        return await self.visit(url, {})

    async def _read_feed(self, answer: SiteAnswer | None) -> bool:
        """Read the feed page by page while all its posts are new; whether it is a feed.

        REST, asked for edits, leaves out a scheduled post, whose date of modification is before its publication.
        """
        number = 1
        while answer is not None and answer.is_ok and discovery.is_feed(answer.body):
            addresses = discovery.find_posts_in_feed(answer.body, answer.url, self.hosts)
            self._add_result("feed", answer.url, addresses)
            has_known = any(identity(address.url) in self.known for address in addresses)
            if not addresses or has_known or number == _PAGES_MAX:
                return True
            number += 1
            answer = await self._visit_url(urljoin(self.base, FEED.format(number)))
        if number == 1:
            self.results.append(ChannelResult("feed", urljoin(self.base, "/feed/"), "no feed"))
        return number > 1

    async def _read_edits(self) -> bool | None:
        """Read the posts that REST lists as changed last; whether it lists all edits, None if it lists none at all."""
        since = self.memory.read_value("since")
        if since is None:
            return None
        after = (parse_aware_time(since) - OVERLAP).astimezone(UTC)
        mark, first = format_utc(after), None
        for number in range(1, _PAGES_MAX + 1):
            answer = await self.visit(urljoin(self.base, LATEST.format(number, mark)), _NO_CACHE)
            posts = self._find_changed_posts(answer)
            if answer is None or posts is None:
                return None
            first = first or answer
            self.named |= {identity(post.url) for post in posts}
            changed = tuple(post for post in posts if self._is_news(post, after))
            self._add_result("rest", answer.url, changed)
            total = answer.total_pages or (number + (len(posts) >= 100))
            if len(changed) < len(posts) or number >= total:
                self.total = first.headers.get("x-wp-total", "")
                self.memory.note_rest(self.now, first)
                return True
        return False

    def _is_news(self, post: FoundAddress, after: datetime) -> bool:
        return parse_aware_time(post.lastmod or "") >= after or identity(post.url) not in self.known

    def _find_changed_posts(self, answer: SiteAnswer | None) -> tuple[FoundAddress, ...] | None:
        """The posts of a page of REST's list, the last changed first; None, with the reason noted, if it is none."""
        posts: tuple[FoundAddress, ...] = ()
        if answer and answer.is_ok and discovery.is_rest_list(answer.body):
            posts = discovery.find_posts_in_rest(answer.body, answer.url, self.hosts)
        state = describe_state(answer, "no list of posts")
        with suppress(ValueError):
            instants = [parse_aware_time(post.lastmod or "") for post in posts]
            if instants and instants == sorted(instants, reverse=True):
                return posts
            state = "not listed by their last change" if instants else state
        self.results.append(ChannelResult("rest", urljoin(self.base, "/wp-json/"), state))
        return None

    def _add_result(self, kind: str, url: str, addresses: tuple[FoundAddress, ...]) -> None:
        new = sum(identity(address.url) not in self.known for address in addresses)
        self.addresses += addresses
        self.results.append(ChannelResult(kind, url, "found" if addresses else "no posts", len(addresses), new))


def _parse_date(value: str | None) -> datetime | None:
    date = parse_mail_date(value or "")
    return date if date is None or date.tzinfo else date.replace(tzinfo=UTC)
