"""What this program's own WARC records tell besides the standard's headers, for reading them back."""

from __future__ import annotations

from dataclasses import replace
from typing import cast, get_args

from scraper.records import Capture, Source
from scraper.sources.warc_records import WarcRecord

_SOURCE, _NAME, _AT, _MEMENTO = (f"brief-archive-{header}" for header in ("source", "name", "captured-at", "memento"))
_NO_ADDRESS = "urn:sha256:"


def is_own(record: WarcRecord) -> bool:
    """Whether the record was written by this program, out of a capture that was no record before."""
    return record.headers.get(_SOURCE) in get_args(Source)


def has_no_address(record: WarcRecord) -> bool:
    """Whether it is our record of a page that nobody knows the address of."""
    return is_own(record) and record.url.startswith(_NO_ADDRESS)


def as_told(capture: Capture, record: WarcRecord) -> Capture:
    """The capture as it came in when the record was made; of another program's record, as it is."""
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
