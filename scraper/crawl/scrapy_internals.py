"""The names of Scrapy that its documentation does not promise, as in release 2.19; a test checks each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem
from scrapy.http import Response

if TYPE_CHECKING:
    from scrapy.core.engine import ExecutionEngine
    from scrapy.crawler import Crawler


async def process_item(crawler: Crawler, item: object, response: Response | None) -> None:
    """Send an item through ITEM_PIPELINES, with the signals of Scrapy, item_scraped or item_dropped."""
    assert crawler.engine
    await crawler.engine.scraper.start_itemproc_async(item, response=response)


async def process_quietly(crawler: Crawler, item: object) -> None:
    """Send an item through ITEM_PIPELINES without a signal: it was counted before, or is not to be counted."""
    assert crawler.engine
    try:
        await crawler.engine.scraper.itemproc.process_item_async(item)
    except DropItem:
        return  # the step that dropped it has ended the crawl


def count_items_in_pipelines(engine: ExecutionEngine) -> int:
    """Count the items that are between the first step and the last."""
    slot = engine.scraper.slot
    return slot.itemproc_size if slot else 0
