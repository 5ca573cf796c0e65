"""Asks one server cheaply what is new since the last night, and remembers what makes the next night cheap."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from scraper.address import host_of, identity
from scraper.crawl.frontier import parse_aware_time
from scraper.crawl.recheck_policy import OVERLAP, SiteNews
from scraper.crawl.site_explorer import FEED, ChannelResult, SiteAnswer, SiteExplorer
from scraper.dates import parse_mail_date
from scraper.discovery import post_addresses as discovery
from scraper.records import FoundAddress

EDITS = (
    "/wp-json/wp/v2/posts?per_page=100&page={}&orderby=modified&modified_after={}"
    "&_fields=id,slug,link,date_gmt,modified_gmt"
)
CHANNELS = ("rest", "feed", "sitemap", "listing")
_GOOD = ("found", "no posts", "not changed")  # states of a channel that answered as it should
TOTAL = "/wp-json/wp/v2/posts?per_page=1&_fields=id"
_PAGES_MAX = 20  # of one list in one night; after more edits the full recheck finds the rest
_VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}

_INSTANT = "%Y-%m-%dT%H:%M:%SZ"

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
        return f"feed:{host}:{name}" if name in (*_VALIDATORS, "since") else f"{name}:{host}"

    def build_conditions(self) -> dict[str, str]:
        """Build the headers for which an unchanged feed is a 304; no cache may answer in place of the site."""
        conditions = {header: value for name, header in _VALIDATORS.items() if (value := self.read_value(name))}
        return {"Cache-Control": "max-age=0"} | conditions

    def note_feed(self, feed: SiteAnswer | None, elapsed: timedelta = timedelta()) -> None:
        """Note the feed's validators for the next night; `elapsed` is the time since the first request for posts.

        The lists that were read before the feed may lack a change made within that time, or in the second of the
        answer. In that case no validator is noted, only the instant from which to ask for edits.
        """
        headers = feed.headers if feed and feed.is_ok else {}
        date, modified = _parse_date(headers.get("date")), _parse_date(headers.get("last-modified"))
        settled = not (date and modified) or modified + elapsed < date
        for name in _VALIDATORS:
            self.set_value(name, headers.get(name) if settled else None)
        if moment := modified or (date and date - elapsed):
            self.moment = moment.strftime(_INSTANT)

    def note_rest(self, now: datetime) -> None:
        """Move the instant from which REST is asked for edits: only its own whole answer does so."""
        self.set_value("since", self.moment or now.strftime(_INSTANT))

    def is_shut(self, channel: str) -> bool:
        """Whether the channel gave no good answer when it was last asked, and had given one before."""
        return self.read_value(f"shut_{channel}") is not None

    def note_channels(self, results: Iterable[ChannelResult], now: datetime) -> None:
        """Note of each channel that was asked whether it answered; only its own good answer moves its mark."""
        states = [(result.kind, result.state) for result in results]
        for channel in CHANNELS:
            answers = [state in _GOOD for kind, state in states if kind == channel]
            if any(answers):
                self.set_value(f"mark_{channel}", now.strftime(_INSTANT))
                self.set_value(f"shut_{channel}", None)
            elif answers and (mark := self.read_value(f"mark_{channel}")):
                self.shut[channel] = mark
                self.set_value(f"shut_{channel}", mark)


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

    async def find_news(self, robots: SiteAnswer, feed: SiteAnswer | None) -> SiteNews | None:
        """Read the feed, then REST, or sitemaps where REST is closed; None if the server offers none of them."""
        if feed is not None and self._is_unchanged(feed):
            self.results.append(ChannelResult("feed", feed.url, "not changed"))
            # While REST was shut the feed showed new posts and no edits: those wait for REST, changed feed or not.
            is_told = self.memory.is_shut("rest") and await self._read_edits()
            self.memory.set_value("untold", untold := None if is_told else self.memory.read_value("untold"))
            return await self._compare_total(robots, SiteNews(tuple(self.addresses), untold is None, untold))
        self.memory.note_feed(feed)
        has_feed = await self._read_feed(feed)
        has_all_edits = await self._read_edits()
        if has_all_edits is None:
            explorer = SiteExplorer(self.base, self.hosts, self._visit_url, self.results)
            has_sitemaps = await explorer.read_sitemaps(robots)
            self.addresses += explorer.addresses
            if not (has_sitemaps or has_feed):
                return None
            has_all_edits = has_sitemaps and all(address.lastmod for address in explorer.addresses)
        # A site that does not list its edits may have changed any post: each is due until it was checked after now.
        unknown_since = None if has_all_edits else self.now.strftime(_INSTANT)
        self.memory.set_value("untold", unknown_since)
        return await self._compare_total(robots, SiteNews(tuple(self.addresses), has_all_edits, unknown_since))

    async def _compare_total(self, robots: SiteAnswer, news: SiteNews) -> SiteNews:
        """The news with a list of all posts, where there are not as many as the last night and the new ones make."""
        if self.memory.read_value("mark_rest") is None or any(
            r.kind == "rest" and r.state not in _GOOD for r in self.results
        ):
            return news
        answer = await self._visit_url(urljoin(self.base, TOTAL))
        total = answer.headers.get("x-wp-total", "") if answer and answer.is_ok else ""
        if not total.isdecimal():
            return news
        self.memory.set_value("total", total)
        before = self.memory.read_value("total")
        new = {identity(address.url) for address in news.addresses} - set(self.known)
        if before is None or int(total) == int(before) + len(new):
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
        validators = {name: self.memory.read_value(name) for name in _VALIDATORS}
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
        """Read the posts that REST lists as edited; whether it lists them all, None if it lists none at all."""
        since = self.memory.read_value("since")
        if since is None:
            return None
        after = (parse_aware_time(since) - OVERLAP).astimezone(UTC).strftime(_INSTANT)
        number, total = 1, 1
        while number <= min(total, _PAGES_MAX):
            answer = await self._visit_url(urljoin(self.base, EDITS.format(number, after)))
            if answer is None or not answer.is_ok or not discovery.is_rest_list(answer.body):
                self.results.append(ChannelResult("rest", urljoin(self.base, "/wp-json/"), "no list of posts"))
                return None
            addresses = discovery.find_posts_in_rest(answer.body, answer.url, self.hosts)
            self._add_result("rest", answer.url, addresses)
            if any(a.lastmod and parse_aware_time(a.lastmod) < parse_aware_time(after) for a in addresses):
                break  # an old WordPress ignores modified_after, but lists the newest edits first
            total = answer.total_pages or (number + (len(addresses) >= 100))
            number += 1
        else:
            if total > _PAGES_MAX:
                return False
        self.memory.note_rest(self.now)
        return True

    def _add_result(self, kind: str, url: str, addresses: tuple[FoundAddress, ...]) -> None:
        new = sum(identity(address.url) not in self.known for address in addresses)
        self.addresses += addresses
        self.results.append(ChannelResult(kind, url, "found" if addresses else "no posts", len(addresses), new))


def _parse_date(value: str | None) -> datetime | None:
    date = parse_mail_date(value or "")
    return date if date is None or date.tzinfo else date.replace(tzinfo=UTC)
