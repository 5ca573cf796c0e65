"""Where a web archive has a copy of an address: its index asked for the copy nearest to a day."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import TextResponse
from scrapy.http.request import NO_CALLBACK

from scraper.address import host_of, is_loopback
from scraper.crawl.robots import parse_retry_after
from scraper.dates import parse_instant
from scraper.errors import ArchiveError
from scraper.linkrot.verdict import LinkCheck
from scraper.records import Memento
from scraper.sources import cdx
from scraper.webarchives.rate_limit import RateLimit
from scraper.webarchives.wayback_api import WaybackService, list_services

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_NEAR = 25  # lines that an index is asked for; the nearest may be redirects or errors
_SHAPE = "%Y%m%d%H%M%S"
PAUSE = 60.0  # seconds after a refusal that names no time
# Its robots.txt speaks of the pages that people read there; Budget sets the pace and asks again.
_META = {
    "handle_httpstatus_all": True,
    "dont_obey_robotstxt": True,
    "dont_redirect": True,
    "dont_retry": True,
    "download_slot": "web archive",
}


def query(service: WaybackService, url: str, day: str) -> str:
    """The address of the question; `day` is YYYY-MM-DD."""
    near = {"closest": f"{day.replace('-', '')}120000", "sort": "closest", "limit": str(_NEAR)}
    return f"{service.index}?{urlencode({'url': url.partition('#')[0], 'output': 'json', **near})}"


def nearest(lines: Iterable[Memento], day: str) -> Memento | None:
    """The good copy nearest to the day."""
    noon = datetime.strptime(f"{day} 12", "%Y-%m-%d %H")
    good = [line for line in lines if line.status == 200 and parse_instant(line.timestamp)]
    return min(good, key=lambda line: abs(datetime.strptime(line.timestamp, _SHAPE) - noon), default=None)


class Copies:
    """Asks one web archive, one question after the other; `refusal` is why it stopped asking."""

    def __init__(self, crawler: Crawler, archive: str) -> None:
        self.refusal: ArchiveError | None = None
        self._crawler = crawler
        self._archive = archive.rstrip("/") + "/"
        self._services = list_services(self._archive)  # the first that answers as an index is kept to
        here = is_loopback(host_of(archive))
        most = 0 if here else crawler.settings.getfloat("WAYBACK_INDEX_PER_MINUTE")
        self._rate_limit = RateLimit({"index": most}, pause=0 if here else PAUSE)
        self._one_at_a_time = asyncio.Lock()

    async def of(self, check: LinkCheck, day: str | None) -> LinkCheck | None:
        """The check with the copy nearest to the day (None: to now), or without one if the archive has none.

        None where the archive is to be left alone.
        """
        near = day or check.checked_at[:10]
        async with self._one_at_a_time:
            try:
                found = None if self.refusal else await self._found(check.url, near)
            except ArchiveError as error:
                self.refusal = error
        if self.refusal:
            return None
        if found is None:
            return check
        service, memento = found
        where = service.build_page_url(memento.timestamp, memento.url)
        return replace(check, archived_url=where, archived_at=parse_instant(memento.timestamp))

    async def _found(self, url: str, day: str) -> tuple[WaybackService, Memento] | None:
        for service in list(self._services):
            text = await self._ask(query(service, url, day))
            if text is None:
                continue
            try:
                memento = nearest(cdx.parse_mementos(text, self._archive), day)
            except ValueError:
                continue
            self._services = [service]
            return (service, memento) if memento else None
        return None

    async def _ask(self, url: str) -> str | None:
        """What the index says; None where it is none. Raises what Budget raises once it was patient enough."""
        assert self._crawler.engine
        while True:
            await self._rate_limit.wait_for_turn("index")
            request = Request(url, NO_CALLBACK, meta=dict(_META), dont_filter=True)
            try:
                response = await self._crawler.engine.download_async(request)
            except Exception:  # whatever kept it away
                self._rate_limit.note_answer("index", None)
                continue
            self._rate_limit.note_answer("index", response.status, parse_retry_after(response))
            if response.status == 200 and isinstance(response, TextResponse):
                return response.text
            if response.status < 500 and response.status != 429:
                return None
