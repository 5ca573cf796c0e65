"""What one run over a Wayback is to fetch, read from the words of `-a NAME=VALUE`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from scraper.address import SITE_HOSTS, host_of, identity, is_loopback
from scraper.errors import BadArgument
from scraper.records import Memento
from scraper.webarchives import argument_values as words_of
from scraper.webarchives.wayback_api import WAYBACK

_YES, _NO = ("1", "true", "yes"), ("0", "false", "no", "")


@dataclass(frozen=True, slots=True)
class Selection:
    """What `scrapy crawl wayback` can be told."""

    since: str = ""  # YYYY, YYYYMM or YYYYMMDD; copies from then on
    until: str = ""  # copies up to the end of that time
    match: str = ""  # a part of the path, in small letters
    site: str = ""  # another origin than the site's hosts
    archive: str = WAYBACK
    recheck: bool = False  # read the whole index again, not only what is new in it

    @classmethod
    def read(cls, words: Mapping[str, str]) -> Self:
        """Raises BadArgument for a name nobody knows or a value that does not fit."""
        known = [field.name for field in fields(cls)]
        for name in words:
            if name not in known:
                raise BadArgument(f"-a {name}: the spider knows {', '.join(known)}")
        return cls(
            since=words_of.day("since", words),
            until=words_of.day("until", words),
            match=words.get("match", "").lower(),
            site=words_of.host("site", words),
            archive=words_of.server("archive", words.get("archive") or WAYBACK),
            recheck=_flag("recheck", words),
        )

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts whose pages are fetched."""
        return frozenset({self.site}) if self.site else SITE_HOSTS

    @property
    def loopback(self) -> bool:
        """Whether the web archive is this machine."""
        return is_loopback(host_of(self.archive))

    def takes(self, memento: Memento) -> bool:
        """Whether a line is of the time, the path and the hosts that this run is for."""
        late = memento.timestamp[: len(self.since)] >= self.since
        early = not self.until or memento.timestamp[: len(self.until)] <= self.until
        return late and early and self.match in identity(memento.url) and host_of(memento.url) in self.hosts

    def given(self) -> dict[str, str]:
        """What differs from the defaults, as words."""
        values = ((field.name, getattr(self, field.name), field.default) for field in fields(self))
        return {name: str(value) for name, value, default in values if value != default}


def _flag(name: str, words: Mapping[str, str]) -> bool:
    word = words.get(name, "").lower()
    if word not in _YES + _NO:
        raise BadArgument(f"-a {name}={word}: give 1 or 0")
    return word in _YES
