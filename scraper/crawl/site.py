"""The hosts of the site, and the server that answers for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin

from scrapy.settings import BaseSettings

from scraper.address import SAMPLE_HOST, SITE_HOSTS, SITE_START, host_of, is_loopback, is_server, is_web
from scraper.errors import BadArgument
from scraper.url_reading import clean_url, split_address

_DELAYS = ("DOWNLOAD_DELAY", "AUTOTHROTTLE_START_DELAY", "BUSY_PAUSE")


def drop_delays(settings: BaseSettings) -> None:
    """Have a crawl ask without a pause: the server is our own, and politeness would only take time."""
    settings.setdict(dict.fromkeys(_DELAYS, 0) | {"AUTOTHROTTLE_TARGET_CONCURRENCY": 100}, priority="spider")


@dataclass
class Site:
    """The site's hosts and their servers; with `start` its host is the site and answers for the real hosts too."""

    start: str | None = None
    _servers: dict[str, str] = field(default_factory=dict)  # scheme and netloc by host: where its start page led

    def __post_init__(self) -> None:
        if self.start is None:
            self._servers = {host_of(url): _find_server(url) for url in SITE_START}
        elif not is_server(self.start):
            raise BadArgument(f"start={self.start}: give the address of a site, such as https://www.usresistnews.org/")

    @property
    def start_urls(self) -> tuple[str, ...]:
        return (_find_server(self.start) + "/",) if self.start else SITE_START

    @property
    def request_hosts(self) -> frozenset[str]:
        """The hosts that requests go to."""
        return frozenset({host_of(self.start)}) if self.start else SITE_HOSTS

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts whose addresses belong to the site; pages of a mirror name the real ones."""
        return SITE_HOSTS | self.request_hosts | (frozenset({SAMPLE_HOST}) if self.is_local else frozenset())

    @property
    def domain_names(self) -> list[str]:
        """The hosts' names without ports and `www.`, as Scrapy's `allowed_domains` has them."""
        return sorted((split_address(start).hostname or "").removeprefix("www.") for start in self.start_urls)

    @property
    def is_local(self) -> bool:
        return is_loopback(host_of(self.start or ""))

    def request_url(self, url: str) -> str:
        """Return the address to request for `url`, on the server that answers for its host."""
        server = _find_server(self.start) if self.start else self._servers.get(host_of(url), _find_server(url))
        parts = split_address(url)
        return f"{server}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")

    def resolve_redirect(self, url: str, location: str) -> str | None:
        """Resolve where a redirect leads; None if that is off the site."""
        try:
            target = clean_url(urljoin(url, clean_url(location)))
            if not is_web(target) or host_of(target) not in self.hosts:
                return None
        except ValueError:
            return None
        return self.request_url(target) if self.start else target.partition("#")[0]

    def use_server_of(self, start: str, home: str) -> str:
        """Use the server that `start` redirected to, that of `home`, for the start's host from now on; return it."""
        server = _find_server(home)
        if not self.start:
            self._servers[host_of(start)] = server
        return server


def _find_server(url: str) -> str:
    parts = split_address(url)
    return f"{parts.scheme}://{parts.netloc}"
