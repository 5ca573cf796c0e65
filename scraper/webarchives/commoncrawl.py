"""Common Crawl: its crawls, the addresses of their indexes and records, and the check of a record against its line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import quote, urlencode, urlsplit

from scraper.dates import parse_instant
from scraper.records import Capture, Memento
from scraper.sources import digests
from scraper.sources.events import Omission, Unreadable
from scraper.sources.warc import read_captures
from scraper.sources.warc_records import WarcRecord
from scraper.url_reading import clean_url

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/")
_NO_CAPTURES = ("no captures found", "not found in index")


class IndexMismatch(Exception):
    """A record is not what the index says, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """One crawl, of a month or so."""

    id: str
    index: str  # the address of its index, which names it in the archive
    first: str | None = None  # when it began, YYYYMMDD; not stated for every crawl
    last: str | None = None

    def overlaps(self, since: str | None, until: str | None) -> bool:
        """Whether it may hold captures of this time; YYYY, YYYYMM or YYYYMMDD, both included."""
        is_before = since and self.last and self.last[: len(since)] < since
        is_after = until and self.first and self.first[: len(until)] > until
        return not (is_before or is_after)


def parse_crawls(text: str, server: str) -> tuple[list[Crawl], list[str]]:
    """Parse `collinfo.json` of an index server, the oldest crawl first, and its entries that are none.

    A crawl that is listed twice counts once. Raises ValueError where there is no crawl in it.
    """
    entries = json.loads(text.removeprefix("\ufeff"))
    if not isinstance(entries, list):
        raise ValueError("no list of crawls")
    crawls: dict[str, Crawl] = {}
    bad_entries: list[str] = []
    for entry in reversed(entries):
        try:
            crawl = _parse_crawl(entry, server)
            crawls.setdefault(crawl.index, crawl)
        except (ValueError, KeyError, TypeError, AttributeError):
            bad_entries.append(str(entry)[:100])
    if not crawls:
        raise ValueError(f"no crawl: {bad_entries[0] if bad_entries else text[:100]}")
    return list(crawls.values()), bad_entries


def _parse_crawl(entry: Mapping[str, str], server: str) -> Crawl:
    # The list of a mirror has the addresses of the original; only the given server is asked.
    path = urlsplit(entry["cdx-api"]).path
    if not entry["id"].strip() or not path.strip("/"):
        raise ValueError("a crawl without a name or without an index")
    days = [_parse_day(entry.get(name)) for name in ("from", "to")]
    return Crawl(entry["id"], server + path.lstrip("/"), *days)


def _parse_day(text: str | None) -> str | None:
    moment = parse_instant(text) if text else None
    return moment[:10].replace("-", "") if moment else None


def build_index_url(crawl: Crawl, host: str, **further: str | int) -> str:
    """Build the address of the index on a host and its subdomains; `further` is page=N or showNumPages=true."""
    return f"{crawl.index}?{urlencode({'url': host, 'matchType': 'domain', 'output': 'json', **further})}"


def parse_page_count(text: str) -> int:
    """Parse the index's answer to showNumPages: how many pages it has. Raises ValueError."""
    answer = json.loads(text.removeprefix("\ufeff"))
    pages = answer.get("pages") if isinstance(answer, dict) else answer
    if not isinstance(pages, int) or isinstance(pages, bool) or not 0 <= pages < 100_000:
        raise ValueError(f"no number of pages: {text[:100]}")
    return pages


def says_no_captures(text: str) -> bool:
    """Whether a 404 of an index means that it has no captures, and not that it is no index."""
    return any(words in text[:500].lower() for words in _NO_CAPTURES)


def says_page_is_none(status: int, text: str) -> bool:
    """Whether an index says that it has fewer pages than it said before: `400 Page 1 invalid: First Page is 0, …`."""
    return status == 400 and re.search(r"\bpage \d+ invalid\b", text[:500], re.IGNORECASE) is not None


def says_no_file(status: int, text: str) -> bool:
    """Whether the store of the records says that it has no such file, and not a server in front of it."""
    return status in (404, 410) and re.search(r"NoSuchKey|specified key does not exist", text) is not None


def build_record_url(data: str, memento: Memento) -> str:
    """Build the address of a record's file, always on the server `data`, which ends with a slash."""
    return data + quote((memento.file or "").lstrip("/"))


def build_range_header(memento: Memento) -> str | None:
    """Build the Range header for a record; None where the index states no place."""
    if not memento.file or memento.offset is None or not memento.length or memento.offset < 0:
        return None
    return f"bytes={memento.offset}-{memento.offset + memento.length - 1}"


def is_requested_range(memento: Memento, content_range: str) -> bool:
    """Whether a Content-Range header is that of the request; without a header the record itself is checked."""
    match = _CONTENT_RANGE.match(content_range)
    return match is None or f"bytes={match[1]}-{match[2]}" == build_range_header(memento)


def parse_capture(memento: Memento, member: bytes) -> Capture:
    """Parse the capture in a record; raises IndexMismatch unless address, instant and digest are as the index says."""
    records: list[WarcRecord] = []
    with NamedTemporaryFile(suffix=".warc.gz") as file:  # the reader of WARC files seeks
        file.write(member)
        file.flush()
        events = list(read_captures(Path(file.name), None, lambda _: None, [], records.append))
    captures = [event for event in events if isinstance(event, Capture)]
    damage = [event.why for event in events if isinstance(event, Unreadable)]
    if len(records) != 1 or damage or len(captures) != 1:
        skipped = [f"{event.reason} {event.detail}".strip() for event in events if isinstance(event, Omission)]
        raise IndexMismatch("; ".join(damage or skipped) or f"{len(records)} records where the index lists one")
    capture, record = captures[0], records[0]
    _check_record(memento, capture, record)
    return replace(capture, source="commoncrawl", name=memento.file, record=member)


def _check_record(memento: Memento, capture: Capture, record: WarcRecord) -> None:
    if clean_url(record.url) != clean_url(memento.url):
        raise IndexMismatch(f"the record is of {record.url[:200]}")
    if capture.captured_at != parse_instant(memento.timestamp):
        raise IndexMismatch(f"the record is of {capture.captured_at}")
    payloads = (capture.body, capture.body if capture.wire is None else capture.wire)
    if digests.compare_digest(memento.digest, payloads) is False:
        raise IndexMismatch(f"the payload is {capture.payload_sha1}, the index says {memento.digest}")
