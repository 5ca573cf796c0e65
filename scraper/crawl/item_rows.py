"""The rows that `-o FILE` and `-O FILE` write: one per capture, with the brief that was read in it, without bytes."""

from __future__ import annotations

from dataclasses import asdict

from itemadapter import ItemAdapter
from itemadapter.adapter import DictAdapter

from scraper.archive import CaptureItem


class CaptureItemAdapter(DictAdapter):
    """A CaptureItem as Scrapy's exporters see items: a row made of it."""

    def __init__(self, item: CaptureItem) -> None:
        capture, extraction = item.capture, item.extraction
        assert extraction  # items are exported after all steps
        briefs = [asdict(reading.brief) for reading in extraction.readings]
        row = {
            "path": extraction.path,
            "url": extraction.url,
            "captured_at": extraction.captured_at,
            "status": capture.status,
            "digest": capture.digest,
            "outcome": extraction.outcome,
            "layout": extraction.layout,
            "brief": briefs[0] if extraction.outcome == "brief" and briefs else None,
        }
        super().__init__(row)

    @classmethod
    def is_item(cls, item: object) -> bool:
        return isinstance(item, CaptureItem)

    @classmethod
    def is_item_class(cls, item_class: type) -> bool:
        return issubclass(item_class, CaptureItem)


def register_item_adapter() -> None:
    """Have Scrapy's exporters use the adapter."""
    if CaptureItemAdapter not in ItemAdapter.ADAPTER_CLASSES:
        ItemAdapter.ADAPTER_CLASSES = (CaptureItemAdapter, *ItemAdapter.ADAPTER_CLASSES)
