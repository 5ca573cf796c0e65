"""Common Crawl: which crawls there are, how their indexes are asked, and what a record must be to be believed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import quote, urlencode, urlsplit

from scraper.dates import parse_instant
from scraper.records import Capture, Memento
from scraper.sources import digests
from scraper.sources.events import Omission, Unreadable
from scraper.sources.revisits import Revisit
from scraper.sources.warc import read_captures
from scraper.sources.warc_records import WarcRecord

_GIVEN = re.compile(r"bytes (\d+)-(\d+)/")
_NONE = ("no captures found", "not found in index")


class NotAsTold(Exception):
    """A record is not what the index tells of it, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """One of the crawls, a month's or so."""

    id: str
    index: str  # the address of its index, which is its name in the ledger
    first: str | None = None  # when it began, YYYYMMDD; not told of every crawl
    last: str | None = None

    def meets(self, since: str | None, until: str | None) -> bool:
        """Whether it may hold captures of this time; YYYY, YYYYMM or YYYYMMDD, both included."""
        over = since and self.last and self.last[: len(since)] < since
        ahead = until and self.first and self.first[: len(until)] > until
        return not (over or ahead)


def crawls(text: str, server: str) -> list[Crawl]:
    """The crawls that `collinfo.json` of an index server lists, the oldest first. Raises ValueError."""
    told = json.loads(text)
    if not isinstance(told, list):
        raise ValueError("no list of crawls")
    return [_crawl(one, server) for one in reversed(told)]


def _crawl(told: Mapping[str, str], server: str) -> Crawl:
    try:
        # A mirror's list names the original's addresses; only the server that was given is asked.
        path = urlsplit(told["cdx-api"]).path
        days = [_day(told.get(name)) for name in ("from", "to")]
        return Crawl(told["id"], server + path.lstrip("/"), *days)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no crawl: {str(told)[:100]}") from error


def _day(told: str | None) -> str | None:
    moment = parse_instant(told) if told else None
    return moment[:10].replace("-", "") if moment else None


def index_query(crawl: Crawl, host: str, **further: str | int) -> str:
    """The address that asks for a host and the hosts below it; `further` are page=N or showNumPages=true."""
    return f"{crawl.index}?{urlencode({'url': host, 'matchType': 'domain', 'output': 'json', **further})}"


def page_count(text: str) -> int:
    """How many pages the index has for a query, as it answers to showNumPages. Raises ValueError."""
    told = json.loads(text)
    pages = told.get("pages") if isinstance(told, dict) else told
    if not isinstance(pages, int) or not 0 <= pages < 100_000:
        raise ValueError(f"no number of pages: {text[:100]}")
    return pages


def says_none(text: str) -> bool:
    """Whether a 404 of an index means that it has no captures, and not that it is no index."""
    return any(words in text[:500].lower() for words in _NONE)


def record_address(data: str, memento: Memento) -> str:
    """Where the file of a record is; always on the server `data`, which ends with a slash."""
    return data + quote((memento.file or "").lstrip("/"))


def byte_range(memento: Memento) -> str | None:
    """The Range header of a record; None where the index tells no place."""
    if not memento.file or memento.offset is None or not memento.length or memento.offset < 0:
        return None
    return f"bytes={memento.offset}-{memento.offset + memento.length - 1}"


def is_that_range(memento: Memento, given: str) -> bool:
    """Whether a Content-Range header gives what was asked for; without one the record itself must tell."""
    told = _GIVEN.match(given)
    return told is None or f"bytes={told[1]}-{told[2]}" == byte_range(memento)


def capture_of(memento: Memento, member: bytes) -> Capture:
    """The capture in a record's bytes. Raises NotAsTold unless address, instant and digest are those of the index."""
    records: list[WarcRecord] = []
    told = list(_told(member, records))
    found = [one for one in told if isinstance(one, Capture)]
    damage = [one.why for one in told if isinstance(one, Unreadable)]
    if len(records) != 1 or damage or len(found) != 1:
        skipped = [f"{one.reason} {one.detail}".strip() for one in told if isinstance(one, Omission)]
        raise NotAsTold("; ".join(damage or skipped) or f"{len(records)} records where one is told")
    capture, record = found[0], records[0]
    _check(memento, capture, record)
    return replace(capture, source="commoncrawl", name=memento.file, record=member)


def _told(member: bytes, records: list[WarcRecord]) -> Iterator[object]:
    revisits: list[Revisit] = []
    with NamedTemporaryFile(suffix=".warc.gz") as file:  # what reads WARC files seeks in them
        file.write(member)
        file.flush()
        yield from read_captures(Path(file.name), None, lambda _: None, revisits, records.append)


def _check(memento: Memento, capture: Capture, record: WarcRecord) -> None:
    if record.url != memento.url:
        raise NotAsTold(f"the record is of {record.url[:200]}")
    if capture.captured_at != parse_instant(memento.timestamp):
        raise NotAsTold(f"the record is of {capture.captured_at}")
    named = digests.parse_digest(memento.digest or "")
    payloads = (capture.body, capture.body if capture.wire is None else capture.wire)
    if named and not any(digests.has_digest(named, payload) for payload in payloads):
        raise NotAsTold(f"the payload is {capture.payload_sha1}, the index says {memento.digest}")
