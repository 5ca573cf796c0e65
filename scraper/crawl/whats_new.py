"""A night's cheap questions to one server: its feed if it changed, what was edited; and what to remember of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from scraper.address import host_of, identity
from scraper.crawl.explore import FEED, Seen, Way, Ways
from scraper.crawl.frontier import instant
from scraper.crawl.recheck_policy import OVERLAP, Told
from scraper.discovery import post_addresses as discovery
from scraper.records import FoundAddress

EDITED = (
    "/wp-json/wp/v2/posts?per_page=100&page={}&orderby=modified&modified_after={}"
    "&_fields=id,slug,link,date_gmt,modified_gmt"
)
_PAGES_MAX = 20  # of one list in one night; a site that was edited whole is a matter for the full recheck
_NAMES = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}

Ask = Callable[[str, Mapping[str, str]], Awaitable[Seen | None]]  # with headers; a 304 is handed to nobody else


@dataclass
class Marks:
    """What the last good night left in the archive's memory about a host, and what this one will leave."""

    host: str
    recall: Callable[[str], str | None]
    new: dict[str, str] = field(default_factory=dict)  # to be remembered when the night's work is stored

    def get(self, name: str) -> str | None:
        """The value of `name`, None where there is none."""
        return self.recall(self._key(name)) or None

    def put(self, name: str, value: str | None) -> None:
        self.new[self._key(name)] = value or ""

    def _key(self, name: str) -> str:
        return f"feed:{self.host}:{name}" if name in (*_NAMES, "since") else f"{name}:{self.host}"

    def conditions(self) -> dict[str, str]:
        """Headers that make the feed's answer short if nothing changed. No cache may answer in the site's place."""
        asked = {header: value for name, header in _NAMES.items() if (value := self.get(name))}
        return {"Cache-Control": "max-age=0"} | asked

    def note(self, feed: Seen | None, elapsed: timedelta = timedelta()) -> None:
        """Have the feed's validators ready; `elapsed` is the time since the site was first asked for its posts.

        A change within that time, or in the second of the answer, may be one that no list showed: then the validators
        are worth nothing, and only the instant from which on to ask for edits is kept.
        """
        headers = feed.headers if feed and feed.good else {}
        date, modified = _date(headers.get("date")), _date(headers.get("last-modified"))
        settled = not (date and modified) or modified + elapsed < date
        for name in _NAMES:
            self.put(name, headers.get(name) if settled else None)
        since = modified or (date and date - elapsed)
        if since:
            self.put("since", since.strftime("%Y-%m-%dT%H:%M:%SZ"))


@dataclass
class Round:
    """Asks the server at `base` (scheme, host and slash) what is new since the last good night."""

    base: str
    hosts: frozenset[str]
    ask: Ask
    marks: Marks
    known: Collection[str]  # paths
    now: datetime
    ways: list[Way] = field(default_factory=list)
    found: list[FoundAddress] = field(default_factory=list)

    async def explore(self, robots: Seen, feed: Seen | None) -> Told | None:
        """Feed first, then REST, else sitemaps; None if none of them is open."""
        if feed is not None and self._is_quiet(feed):
            self.ways.append(Way("feed", feed.url, "not changed"))
            return Told((), self.marks.get("untold") is None, self.marks.get("untold"))
        self.marks.note(feed)
        has_feed = await self._feed(feed)
        edits = await self._edited()
        if edits is None:
            site = Ways(self.base, self.hosts, self._visit, self.ways)
            listed = await site.sitemaps(robots)
            self.found += site.found
            if not (listed or has_feed):
                return None
            edits = listed and all(one.lastmod for one in site.found)
        # Whoever cannot say what was edited leaves every post open to doubt until it was looked at once more.
        untold = None if edits else self.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.marks.put("untold", untold)
        return Told(tuple(self.found), edits, untold)

    def _is_quiet(self, feed: Seen) -> bool:
        """Not modified, in the server's words or by validators that are the same as before."""
        if feed.status == 304:
            return True
        kept = {name: self.marks.get(name) for name in _NAMES}
        return feed.good and any(kept.values()) and all(feed.headers.get(n) == value for n, value in kept.items())

    async def _visit(self, url: str) -> Seen | None:
        return await self.ask(url, {})

    async def _feed(self, seen: Seen | None) -> bool:
        """Page on while every post is new: scheduled posts carry an old date of modification, so REST hides them."""
        number = 1
        while seen is not None and seen.good and discovery.is_feed(seen.body):
            found = discovery.find_posts_in_feed(seen.body, seen.url, self.hosts)
            self._tell("feed", seen.url, found)
            if not found or any(identity(one.url) in self.known for one in found) or number == _PAGES_MAX:
                return True
            number += 1
            seen = await self._visit(urljoin(self.base, FEED.format(number)))
        if number == 1:
            self.ways.append(Way("feed", urljoin(self.base, "/feed/"), "no feed"))
        return number > 1

    async def _edited(self) -> bool | None:
        """Posts modified since the last good night; None if REST does not tell, False if it told not all of them."""
        since = self.marks.get("since")
        if since is None:
            return None
        after = (instant(since) - OVERLAP).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        number, total = 1, 1
        while number <= min(total, _PAGES_MAX):
            seen = await self._visit(urljoin(self.base, EDITED.format(number, after)))
            if seen is None or not seen.good or not discovery.is_rest_list(seen.body):
                self.ways.append(Way("rest", urljoin(self.base, "/wp-json/"), "no list of posts"))
                return None
            found = discovery.find_posts_in_rest(seen.body, seen.url, self.hosts)
            self._tell("rest", seen.url, found)
            if any(one.lastmod and instant(one.lastmod) < instant(after) for one in found):
                return True  # an old WordPress that knows no modified_after: the newest edits came first
            total = seen.total_pages or (number + (len(found) >= 100))
            number += 1
        return total <= _PAGES_MAX

    def _tell(self, kind: str, url: str, found: tuple[FoundAddress, ...]) -> None:
        new = sum(identity(one.url) not in self.known for one in found)
        self.found += found
        self.ways.append(Way(kind, url, "found" if found else "no posts", len(found), new))


def marks_of(server: str, recall: Callable[[str], str | None]) -> Marks:
    """The marks of the host that a server answers for."""
    return Marks(host_of(server), recall)


def _date(value: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(value or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
