"""Which captures of a web archive a run fetches, read from the words of `-a NAME=VALUE`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from scraper.address import SITE_HOSTS, host_of, identity, is_loopback
from scraper.crawl.argument_values import argument, parse_day, parse_flag, parse_host, parse_server, read_arguments
from scraper.records import Memento
from scraper.webarchives.wayback_api import WAYBACK

INDEX, DATA = "https://index.commoncrawl.org/", "https://data.commoncrawl.org/"


def _lower(_: str, word: str) -> str:
    return word.lower()  # as `identity` writes a path


def _split(_: str, word: str) -> tuple[str, ...]:
    return tuple(filter(None, word.split(",")))


@dataclass(frozen=True)
class Selection:
    """What every spider over a web archive can be asked for."""

    since: str = argument(parse_day, "", "only captures of then or later: 2019, 2019-03 or 2019-03-10", "DAY")
    until: str = argument(parse_day, "", "only captures of then or earlier, all of that year, month or day", "DAY")
    match: str = argument(_lower, "", "only pages with this in their path, such as /2019/03/", "TEXT")
    site: str = argument(parse_host, "", "the captures of another host", "HOST")

    @classmethod
    def read(cls, words: Mapping[str, str]) -> Self:
        """Read the arguments. Raises BadArgument."""
        return read_arguments(cls, words)

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts whose pages are fetched."""
        return frozenset({self.site}) if self.site else SITE_HOSTS

    @property
    def servers(self) -> tuple[str, ...]:
        """The addresses of the web archive's servers."""
        raise NotImplementedError

    @property
    def is_local(self) -> bool:
        """Whether every server of the web archive is this machine."""
        return all(is_loopback(host_of(url)) for url in self.servers)

    def includes(self, memento: Memento) -> bool:
        """Whether a line of the index is of the time and the path that this run is for."""
        late = memento.timestamp[: len(self.since)] >= self.since
        early = not self.until or memento.timestamp[: len(self.until)] <= self.until
        return late and early and self.match in identity(memento.url)


@dataclass(frozen=True)
class WaybackSelection(Selection):
    """What `scrapy crawl wayback` can be asked for."""

    archive: str = argument(parse_server, WAYBACK, "another Wayback than web.archive.org", "URL")
    recheck: bool = argument(
        parse_flag, False, "read the whole index again, and ask again for all copies that are not taken"
    )

    @property
    def servers(self) -> tuple[str, ...]:
        return (self.archive,)

    def includes(self, memento: Memento) -> bool:
        """Whether a line is for this run; its index may list other hosts, those of a run with another `site`."""
        return super().includes(memento) and host_of(memento.url) in self.hosts


@dataclass(frozen=True)
class CommonCrawlSelection(Selection):
    """What `scrapy crawl commoncrawl` can be asked for."""

    crawls: tuple[str, ...] = argument(
        _split, (), "only crawls whose names begin so, with commas between: CC-MAIN-2024", "NAMES"
    )
    index: str = argument(parse_server, INDEX, "another index server", "URL")
    data: str = argument(parse_server, DATA, "where the records are, if not at the index server", "URL")
    recheck: bool = argument(
        parse_flag, False, "read all indexes again, and ask again for all records that are not taken"
    )

    @classmethod
    def read(cls, words: Mapping[str, str]) -> Self:
        """Read the arguments. Raises BadArgument."""
        index = words.get("index", "")
        data = words.get("data") or ("" if f"{index.rstrip('/')}/" == INDEX else index)
        return super().read({**words, "data": data})

    @property
    def servers(self) -> tuple[str, ...]:
        return self.index, self.data
