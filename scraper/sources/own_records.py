"""Reads back what this program's own WARC records state in headers of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import cast, get_args

from scraper.records import Capture, Source
from scraper.sources.warc_records import WarcRecord

_SOURCE, _NAME, _AT, _MEMENTO = (f"brief-archive-{header}" for header in ("source", "name", "captured-at", "memento"))
_NO_ADDRESS = "urn:sha256:"


def is_own(record: WarcRecord) -> bool:
    """Whether this program made the record, of a capture that did not come as a record."""
    return record.headers.get(_SOURCE) in get_args(Source)


def has_no_address(record: WarcRecord) -> bool:
    """Whether it is our own record of a page whose address is unknown."""
    return is_own(record) and record.url.startswith(_NO_ADDRESS)


def restore_capture(capture: Capture, record: WarcRecord) -> Capture:
    """Restore the capture that the record was made of; one from another program's record stays as it is."""
    if not is_own(record):
        return capture
    return replace(
        capture,
        url=None if has_no_address(record) else capture.url,
        captured_at=None if record.headers.get(_AT) == "unknown" else capture.captured_at,
        source=cast(Source, record.headers[_SOURCE]),
        name=record.headers.get(_NAME) or capture.name,
        memento=record.headers.get(_MEMENTO) or capture.memento,
    )
