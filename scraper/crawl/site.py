"""At which address a page is asked for: the hosts that are the site, and which server answers for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from scraper.address import SAMPLE_HOST, SITE_HOSTS, SITE_START, host_of, is_web
from scraper.errors import BadArgument

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass
class Doors:
    """The site's hosts and their servers. With `start` its host is the site, and answers for the real hosts too."""

    start: str | None = None
    _servers: dict[str, str] = field(default_factory=dict)  # host -> scheme and netloc, where home moved it

    def __post_init__(self) -> None:
        if self.start is None:
            self._servers = {host_of(url): _server(url) for url in SITE_START}
        elif not _usable(self.start):
            raise BadArgument(f"start={self.start}: give the address of a site, such as https://www.usresistnews.org/")

    @property
    def starts(self) -> tuple[str, ...]:
        return (_server(self.start) + "/",) if self.start else SITE_START

    @property
    def own(self) -> frozenset[str]:
        """The hosts that requests go to."""
        return frozenset({host_of(self.start)}) if self.start else SITE_HOSTS

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts whose addresses are the site's own: a mirror still names the real ones, the sample site its own."""
        return SITE_HOSTS | self.own | (frozenset({SAMPLE_HOST}) if self.loopback else frozenset())

    @property
    def names(self) -> list[str]:
        """The hosts' names without ports and `www.`, as Scrapy's `allowed_domains` has them."""
        return sorted((urlsplit(start).hostname or "").removeprefix("www.") for start in self.starts)

    @property
    def loopback(self) -> bool:
        return bool(self.start) and urlsplit(self.start or "").hostname in _LOOPBACK

    def ask(self, url: str) -> str:
        """The address to request for `url`, on the server that answers for its host."""
        server = _server(self.start) if self.start else self._servers.get(host_of(url), _server(url))
        parts = urlsplit(url)
        return f"{server}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")

    def redirected(self, url: str, location: str) -> str | None:
        """Where a redirect leads, None if that is off the site."""
        try:
            target = urljoin(url, location)
            if not is_web(target) or host_of(target) not in self.hosts:
                return None
        except ValueError:
            return None
        return self.ask(target) if self.start else target.partition("#")[0]

    def moved(self, start: str, home: str) -> str:
        """Have the server that the start page led to answer for the start's host from now on; returns it."""
        server = _server(home)
        if not self.start:
            self._servers[host_of(start)] = server
        return server


def _server(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _usable(start: str) -> bool:
    try:
        return is_web(start) and bool(urlsplit(start).hostname) and urlsplit(start).port != 0
    except ValueError:
        return False
