"""What one run over Common Crawl is to fetch, read from the words of `-a NAME=VALUE`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from scraper.address import SITE_HOSTS, host_of, identity, is_loopback
from scraper.errors import BadArgument
from scraper.records import Memento
from scraper.webarchives import argument_values as words_of

INDEX, DATA = "https://index.commoncrawl.org/", "https://data.commoncrawl.org/"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `scrapy crawl commoncrawl` can be told."""

    since: str = ""  # YYYY, YYYYMM or YYYYMMDD; captures from then on
    until: str = ""  # captures up to the end of that time
    match: str = ""  # a part of the path
    site: str = ""  # another origin than the site's hosts
    crawls: tuple[str, ...] = ()  # beginnings of crawls' names, such as CC-MAIN-2024; all of them if empty
    index: str = INDEX
    data: str = DATA

    @classmethod
    def read(cls, words: Mapping[str, str]) -> Self:
        """Raises BadArgument for a name nobody knows or a value that does not fit."""
        known = [field.name for field in fields(cls)]
        for name in words:
            if name not in known:
                raise BadArgument(f"-a {name}: the spider knows {', '.join(known)}")
        index = words_of.server("index", words.get("index") or INDEX)
        return cls(
            since=words_of.day("since", words),
            until=words_of.day("until", words),
            match=words.get("match", ""),
            site=words_of.host("site", words),
            crawls=tuple(name for name in words.get("crawls", "").split(",") if name),
            index=index,
            data=words_of.server("data", words.get("data") or (DATA if index == INDEX else index)),
        )

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts whose pages are fetched."""
        return frozenset({self.site}) if self.site else SITE_HOSTS

    @property
    def loopback(self) -> bool:
        """Whether every server that is asked is this machine."""
        return all(is_loopback(host_of(url)) for url in (self.index, self.data))

    def is_crawl(self, name: str) -> bool:
        """Whether a crawl is to be asked."""
        return not self.crawls or name.startswith(self.crawls)

    def takes(self, memento: Memento) -> bool:
        """Whether a line is of the time and the path that this run is for."""
        late = memento.timestamp[: len(self.since)] >= self.since
        early = not self.until or memento.timestamp[: len(self.until)] <= self.until
        return late and early and self.match.lower() in identity(memento.url)

    def given(self) -> dict[str, str]:
        """What differs from the defaults, as words."""
        values = ((field.name, getattr(self, field.name), field.default) for field in fields(self))
        return {
            name: value if isinstance(value, str) else ",".join(value)
            for name, value, default in values
            if value != default
        }
