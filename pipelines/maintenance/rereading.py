"""Captures extracted again from their stored bytes: no network, on all processors, in the order of their rows."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pipelines.captures.balance import Ledger
from pipelines.captures.origins import parse_media_type
from pipelines.captures.read_back import UNREADABLE
from pipelines.faults import has_fault
from pipelines.normalise import normalise
from pipelines.validate import validate
from pipelines.workers import Workers
from scraper.address import SITE_HOSTS, host_of, is_web
from scraper.errors import Imbalance
from scraper.http_headers import find_header
from scraper.records import Capture, Extraction, Source
from scraper.sources.warc import read_capture
from scraper.sources.warc_records import RecordPosition

_RUNS = "SELECT id, arguments FROM crawls"
_COLUMNS = (
    *("id", "path", "url", "captured_at", "source", "status", "media_type", "truncated", "digest", "location"),
    *("name", "memento", "extractor", "read", "warc_file", "warc_offset", "crawl_id"),
)
ROWS = f"SELECT {', '.join(f'captures.{name}' for name in _COLUMNS)} FROM captures"  # noqa: S608 - our own names
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """What the archive knows of a capture besides its bytes, and the site's hosts in its run."""

    id: int
    path: str
    url: str | None
    captured_at: str | None
    source: Source
    status: int | None
    media_type: str | None
    truncated: int
    digest: str
    location: str | None
    name: str | None
    memento: str | None
    extractor: str
    read: int
    file: str
    offset: int
    hosts: frozenset[str]

    @property
    def loss(self) -> str:
        """One line for people about a capture whose bytes are lost."""
        return f"{self.path} of {self.captured_at or 'an unknown day'}: its bytes in {self.file} are damaged or gone"


def select_rows(db: sqlite3.Connection, where: str = "1", values: Sequence[object] = ()) -> list[Row]:
    """The captures that `where` (our own SQL) selects, in the order of their ids."""
    runs = {number: _read_hosts(arguments) for number, arguments in db.execute(_RUNS)}
    chosen = db.execute(f"{ROWS} WHERE {where} ORDER BY captures.id", values).fetchall()
    return [Row(*(*row[:-1], runs.get(row[-1], SITE_HOSTS))) for row in chosen]


def _read_hosts(arguments: str) -> frozenset[str]:
    options = json.loads(arguments)
    values = [*str(options.get("hosts") or "").split(), str(options.get("start") or ""), str(options.get("site") or "")]
    hosts = {host_of(value) if is_web(value) else value.removeprefix("www.") for value in values if value}
    return frozenset(hosts) if options.get("site") else SITE_HOSTS | hosts


def read_stored_capture(warcs: Path, row: Row) -> Capture | None:
    """The capture as it was stored, None if its bytes cannot be read or have changed."""
    try:
        capture = read_capture(warcs / row.file, RecordPosition(row.offset, 0))
    except UNREADABLE:
        return None
    if capture is None or capture.digest != row.digest:
        return None
    headers = capture.headers
    if row.location and find_header(headers, "location") is None:
        headers = (*headers, ("Location", row.location))
    return replace(
        capture,
        url=row.url,
        captured_at=row.captured_at,
        source=row.source,
        status=row.status,
        headers=headers,
        content_type=capture.content_type
        if parse_media_type(capture.content_type) == row.media_type
        else row.media_type,
        truncated=bool(row.truncated),
        name=row.name,
        memento=row.memento,
        record=None,
    )


def extract_row(warcs: Path, row: Row) -> Extraction | None:
    """The extraction of a capture by today's rules, None if its bytes are lost."""
    from pipelines.extract import extract  # noqa: PLC0415 - the rules take longer to load than most verbs without them

    capture = read_stored_capture(warcs, row)
    return None if capture is None else validate(normalise(extract(capture, hosts=row.hosts)))


def extract_rows(
    warcs: Path, rows: Sequence[Row], workers: Workers | None = None
) -> Iterator[tuple[Row, Extraction | None]]:
    """Each row with its extraction, in their order; without `workers` a process a core reads. Raises Imbalance."""
    read = partial(extract_row, warcs)
    workers = workers or Workers(_log.warning)
    ledger = Ledger()
    for row in rows:
        ledger.add(row, row.path)
    with closing(workers.run(read, ((row, row) for row in rows))) as results:
        for row, result in results:
            ledger.settle(row)
            is_told = result is not None and not has_fault(result[0])
            yield row, result[0] if result and is_told else read(row)
    for line in ledger.find_losses("captures that were to be read again never came to the writer"):
        raise Imbalance(f"{warcs}: {line}: please report it")
