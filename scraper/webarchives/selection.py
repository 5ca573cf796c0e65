"""Which captures of a web archive a run fetches, read from the words of `-a NAME=VALUE`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from scraper.address import SITE_HOSTS, host_of, identity, is_loopback
from scraper.crawl.argument_values import (
    check_names,
    parse_day,
    parse_flag,
    parse_host,
    parse_server,
)
from scraper.records import Memento
from scraper.webarchives.wayback_api import WAYBACK

INDEX, DATA = "https://index.commoncrawl.org/", "https://data.commoncrawl.org/"


@dataclass(frozen=True)
class Selection:
    """What every spider over a web archive can be asked for."""

    since: str = ""  # YYYY, YYYYMM or YYYYMMDD; captures from then on
    until: str = ""  # captures up to the end of that time
    match: str = ""  # a part of the path, in small letters as `identity` writes it
    site: str = ""  # another origin than the site's hosts

    @classmethod
    def read(cls, words: Mapping[str, str]) -> Self:
        """Read the arguments. Raises BadArgument for a name nobody knows or a value that does not fit."""
        check_names(words, (field.name for field in fields(cls)))
        return cls(
            since=parse_day("since", words),
            until=parse_day("until", words),
            match=words.get("match", "").lower(),
            site=parse_host("site", words),
            **cls._read_own(words),
        )

    @classmethod
    def _read_own(cls, words: Mapping[str, str]) -> dict[str, Any]:
        """Read what only this web archive takes."""
        raise NotImplementedError

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

    archive: str = WAYBACK
    recheck: bool = False  # read the whole index again, and ask again for what is not taken

    @classmethod
    def _read_own(cls, words: Mapping[str, str]) -> dict[str, Any]:
        return {
            "archive": parse_server("archive", words, WAYBACK),
            "recheck": parse_flag("recheck", words),
        }

    @property
    def servers(self) -> tuple[str, ...]:
        return (self.archive,)

    def includes(self, memento: Memento) -> bool:
        """Whether a line is for this run; its index may list other hosts, those of a run with another `site`."""
        return super().includes(memento) and host_of(memento.url) in self.hosts


@dataclass(frozen=True)
class CommonCrawlSelection(Selection):
    """What `scrapy crawl commoncrawl` can be asked for."""

    crawls: tuple[str, ...] = ()  # beginnings of crawls' names, such as CC-MAIN-2024; all of them if empty
    index: str = INDEX
    data: str = DATA
    recheck: bool = False  # read all indexes again, and ask again for what is not taken

    @classmethod
    def _read_own(cls, words: Mapping[str, str]) -> dict[str, Any]:
        index = parse_server("index", words, INDEX)
        return {
            "crawls": tuple(name for name in words.get("crawls", "").split(",") if name),
            "index": index,
            "data": parse_server("data", words, DATA if index == INDEX else index),
            "recheck": parse_flag("recheck", words),
        }

    @property
    def servers(self) -> tuple[str, ...]:
        return self.index, self.data

    def includes_crawl(self, name: str) -> bool:
        """Whether a crawl is to be asked."""
        return not self.crawls or name.startswith(self.crawls)
