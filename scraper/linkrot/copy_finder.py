"""Finds the copy of an address in a web archive that is nearest to a day."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from scraper.address import host_of, is_loopback
from scraper.crawl.robots import parse_retry_after
from scraper.dates import now, parse_instant
from scraper.errors import ArchiveError, SiteUnavailable
from scraper.linkrot.link_check import LinkCheck
from scraper.records import Memento
from scraper.sources import cdx
from scraper.webarchives.rate_limit import PATIENCE, RateLimit
from scraper.webarchives.replay import says_excluded
from scraper.webarchives.wayback_api import WaybackService, list_services

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_LINES = 25  # lines requested of an index; the nearest may be redirects or errors
_STAMP = "%Y%m%d%H%M%S"
PAUSE = 60.0  # seconds after a refusal that names no time
# Its robots.txt is about the pages that people read there; RateLimit says when to ask, and when to ask again.
_META = {
    "handle_httpstatus_all": True,
    "dont_obey_robotstxt": True,
    "dont_redirect": True,
    "dont_retry": True,
    "download_slot": "web archive",
}


def build_query_url(service: WaybackService, url: str, day: str) -> str:
    """Build the address of the query; `day` is YYYY-MM-DD."""
    parameters = {"closest": f"{day.replace('-', '')}120000", "sort": "closest", "limit": str(_LINES)}
    return f"{service.index}?{urlencode({'url': url.partition('#')[0], 'output': 'json', **parameters})}"


def find_nearest(lines: Iterable[Memento], url: str, day: str) -> Memento | None:
    """Find the good copy nearest to the day; no index is believed a copy of another host or of a day to come."""
    noon = datetime.strptime(f"{day} 12", "%Y-%m-%d %H")
    mementos = [
        memento
        for memento in lines
        if memento.status == 200
        and (parse_instant(memento.timestamp) or "9") <= now()
        and host_of(memento.url) == host_of(url)
    ]
    return min(mementos, key=lambda memento: abs(datetime.strptime(memento.timestamp, _STAMP) - noon), default=None)


class NoIndex(Exception):
    """The web archive gave no answer of an index, so that nothing is known of its copies."""


class CopyFinder:
    """Asks one web archive, one request after the other; `refusal` is why it stopped asking."""

    def __init__(self, crawler: Crawler, archive: str) -> None:
        self.refusal: ArchiveError | None = None
        self._crawler = crawler
        self._archive = archive.rstrip("/") + "/"
        self._services = list_services(self._archive)  # reduced to the first that answers as an index
        is_local = is_loopback(host_of(archive))
        limit = 0 if is_local else crawler.settings.getfloat("WAYBACK_INDEX_PER_MINUTE")
        self._rate_limit = RateLimit({"index": limit}, pause=0 if is_local else PAUSE)
        self._lock = asyncio.Lock()
        self._odd_in_row = 0

    async def add_copy(self, check: LinkCheck, day: str | None) -> LinkCheck | None:
        """Add to the check the copy nearest to the day (None: to now), if the archive has one.

        Returns None where the archive is to be left alone, or gave no answer of an index.
        """
        nearest_day = day or check.checked_at[:10]
        async with self._lock:
            if self.refusal:
                return None
            try:
                copy = await self._find_copy(check.url, nearest_day)
            except NoIndex as error:
                self._odd_in_row += 1
                if self._odd_in_row >= PATIENCE:
                    what = f"the web archive gives no index again and again: {error}; try later"
                    self.refusal = SiteUnavailable(what)
                return None
            except ArchiveError as error:
                self.refusal = error
                return None
            self._odd_in_row = 0
        if copy is None:
            return check
        service, memento = copy
        page_url = service.build_page_url(memento.timestamp, memento.url)
        return replace(check, archived_url=page_url, archived_at=parse_instant(memento.timestamp))

    async def _find_copy(self, url: str, day: str) -> tuple[WaybackService, Memento] | None:
        """Find the nearest copy in the first index that answers; None if it has none. Raises NoIndex, ArchiveError."""
        reason = ""
        for service in list(self._services):
            response = await self._fetch_index(build_query_url(service, url, day))
            text = response.body.decode("utf-8", "replace")
            if says_excluded(response.status, text):
                return None
            try:
                if response.status != 200:
                    raise ValueError(f"HTTP {response.status}")
                if service.has_resume_keys and not text.strip():
                    raise ValueError("an empty answer")
                memento = find_nearest(cdx.parse_page(text, self._archive).mementos, url, day)
            except ValueError as error:
                reason = f"{service.index}: {error}"
                continue
            if text.strip():  # any server may answer with nothing
                self._services = [service]
            return (service, memento) if memento else None
        raise NoIndex(reason)

    async def _fetch_index(self, url: str) -> Response:
        """Fetch the answer, whatever it says. Raises WebArchiveBusy, SiteUnavailable."""
        assert self._crawler.engine
        while True:
            await self._rate_limit.wait_for_turn("index")
            request = Request(url, NO_CALLBACK, meta=dict(_META), dont_filter=True)
            try:
                response = await self._crawler.engine.download_async(request)
            except Exception:  # of any kind
                self._rate_limit.note_answer("index", None)
                continue
            status = None if "dataloss" in response.flags else response.status
            self._rate_limit.note_answer("index", status, parse_retry_after(response))
            if status is not None and status < 500 and status != 429:
                return response
