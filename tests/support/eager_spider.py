"""Six requests at once to one host, with the project's settings: what test_robots.py runs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response


class EagerSpider(Spider):
    name = "eager"
    start_url = ""  # -a start_url=

    async def start(self) -> AsyncIterator[Request]:
        for number in range(6):
            yield Request(f"{self.start_url}/page-{number}", self.parse, meta={"handle_httpstatus_all": True})

    def parse(self, response: Response) -> Iterator[dict[str, Any]]:
        assert self.crawler.engine
        delays = {key: slot.delay for key, slot in self.crawler.engine.downloader.slots.items()}
        yield {"url": response.url, "status": response.status, "delay": delays["127.0.0.1"]}

    def closed(self, reason: str) -> None:
        assert self.crawler.stats
        stats = {name: value for name, value in self.crawler.stats.get_stats().items() if name.startswith("robotstxt")}
        print(json.dumps(stats))
