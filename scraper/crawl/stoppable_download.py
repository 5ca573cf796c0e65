"""Downloads that a crawl gives up soon after it was asked to stop, however long the server keeps it waiting."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

_GRACE = 5  # seconds in which requests in flight may still end


class GivenUpDownload(Exception):
    """A request that was in flight when the crawl was asked to stop; it says nothing about the page."""


class StoppableDownloadHandler(HTTP11DownloadHandler):
    """Downloads as Scrapy does; Scrapy itself would wait for DOWNLOAD_TIMEOUT, and then ask again."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._run = crawler

    async def download_request(self, request: Request) -> Response:
        """Download, or raise GivenUpDownload."""
        download = asyncio.ensure_future(super().download_request(request))
        left = _GRACE
        while left and not (await asyncio.wait({download}, timeout=1))[0]:
            left -= not self._run.crawling
        if not download.done():
            download.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await download
            raise GivenUpDownload("the crawl was asked to stop")
        return download.result()
