"""The names of Scrapy that its documentation does not promise, as seen in release 2.19; a test looks for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem
from scrapy.http import Response

if TYPE_CHECKING:
    from scrapy.core.engine import ExecutionEngine
    from scrapy.crawler import Crawler


async def process_item(crawler: Crawler, item: object, response: Response | None) -> None:
    """Send an item through ITEM_PIPELINES and tell of it as Scrapy does, with item_scraped or item_dropped."""
    assert crawler.engine
    await crawler.engine.scraper.start_itemproc_async(item, response=response)


async def process_quietly(crawler: Crawler, item: object) -> None:
    """Send an item through ITEM_PIPELINES and tell nobody: it was told of before, or there is nothing to tell."""
    assert crawler.engine
    try:
        await crawler.engine.scraper.itemproc.process_item_async(item)
    except DropItem:
        return  # the step that dropped it has asked the crawl to end


def count_items_in_pipelines(engine: ExecutionEngine) -> int:
    """How many items are between the first step and the last."""
    slot = engine.scraper.slot
    return slot.itemproc_size if slot else 0
