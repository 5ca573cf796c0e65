"""The rows that `-o FILE` and `-O FILE` write: one per capture, with the brief that was read in it, without bytes."""

from __future__ import annotations

from collections.abc import Iterator, KeysView
from dataclasses import asdict
from typing import Any

from itemadapter import ItemAdapter
from itemadapter.adapter import AdapterInterface

from scraper.archive import CaptureItem


class CaptureItemAdapter(AdapterInterface):
    """A read-only view of a CaptureItem as Scrapy's exporters see items."""

    def __init__(self, item: CaptureItem) -> None:
        super().__init__(item)
        capture, extraction = item.capture, item.extraction
        assert extraction  # items are exported after all steps
        briefs = [asdict(reading.brief) for reading in extraction.readings]
        self._row: dict[str, Any] = {
            "path": extraction.path,
            "url": extraction.url,
            "captured_at": extraction.captured_at,
            "status": capture.status,
            "digest": capture.digest,
            "outcome": extraction.outcome,
            "layout": extraction.layout,
            "brief": briefs[0] if extraction.outcome == "brief" and briefs else None,
        }

    @classmethod
    def is_item_class(cls, item_class: type) -> bool:
        return issubclass(item_class, CaptureItem)

    def field_names(self) -> KeysView[str]:
        return self._row.keys()

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401
        return self._row[name]

    def __setitem__(self, name: str, value: object) -> None:
        raise TypeError("a capture is evidence: it is not changed")

    def __delitem__(self, name: str) -> None:
        raise TypeError("a capture is evidence: it is not changed")

    def __iter__(self) -> Iterator[str]:
        return iter(self._row)

    def __len__(self) -> int:
        return len(self._row)


def register_item_adapter() -> None:
    """Have Scrapy's exporters use the adapter."""
    if CaptureItemAdapter not in ItemAdapter.ADAPTER_CLASSES:
        ItemAdapter.ADAPTER_CLASSES = (CaptureItemAdapter, *ItemAdapter.ADAPTER_CLASSES)
