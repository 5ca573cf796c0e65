"""WARC files for tests, written by warcio, with pages of invented prose."""

from __future__ import annotations

import gzip
from io import BytesIO
from pathlib import Path
from typing import Literal

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.address import SITE_HOSTS
from scraper.sources.events import SourceItem
from scraper.sources.paths import SourceReader

Form = Literal["plain", "gzip per record", "one gzip stream"]
FORMS: tuple[Form, ...] = ("plain", "gzip per record", "one gzip stream")
DAY = "2019-04-01T10:20:30Z"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


def address(n: int) -> str:
    """The address of the page with that number."""
    return f"https://www.usresistnews.org/2019/03/{n:02}/page-{n}/"


def html(n: int, size: int = 400) -> bytes:
    """An invented page with that number; some of it is noise, so that gzip does not shrink it to nothing."""
    noise = " ".join(str(hash((n, i)) % 10**9) for i in range(size // 10))
    return f"<!doctype html><title>Page {n} - USRESIST NEWS</title><p>The ferry number {n} sails. {noise}</p>".encode()


class Warc:
    """Collects records; `save` writes them in any form a WARC file may have."""

    def __init__(self, version: str = "WARC/1.1") -> None:
        self.records: list[bytes] = []
        self._version = version

    def page(
        self,
        n: int,
        body: bytes | None = None,
        *,
        http: list[tuple[str, str]] | None = None,
        url: str | None = None,
        status: str = "200 OK",
        warc: dict[str, str] | None = None,
        kind: str = "response",
        content_type: str = "text/html; charset=utf-8",
    ) -> Warc:
        """Add one record; `http` are further headers, `warc` those of the record."""
        headers = StatusAndHeaders(status, [("Content-Type", content_type), *(http or [])], protocol="HTTP/1.1")
        out = BytesIO()
        writer = WARCWriter(out, gzip=False, warc_version=self._version)
        payload = html(n) if body is None else body
        record = writer.create_warc_record(
            url or address(n),
            kind,
            payload=BytesIO(payload),
            length=len(payload),
            http_headers=headers if kind in ("response", "revisit") else None,
            warc_content_type=content_type if kind in ("resource", "conversion") else "",
            warc_headers_dict={"WARC-Date": DAY, **(warc or {})},
        )
        writer.write_record(record)
        self.records.append(out.getvalue())
        return self

    def revisit(self, n: int, of: dict[str, str], date: str = "2020-05-05T00:00:00Z", profile: str = IDENTICAL) -> Warc:
        """Add a revisit record of page `n` that points to its original by the headers in `of`."""
        return self.page(n, b"", kind="revisit", warc={"WARC-Date": date, "WARC-Profile": profile, **of})

    def pack_records(self, form: Form) -> list[bytes]:
        """The records as they stand in the file."""
        return [gzip.compress(record, mtime=0) for record in self.records] if "per" in form else self.records

    def save(self, folder: Path, form: Form = "gzip per record", name: str = "crawl") -> Path:
        """Write all records into one file."""
        path = folder / (f"{name}.warc" if form == "plain" else f"{name}.warc.gz")
        data = b"".join(self.pack_records(form))
        path.write_bytes(gzip.compress(data) if form == "one gzip stream" else data)
        return path


def three() -> Warc:
    """A file of three pages."""
    return Warc().page(1).page(2).page(3)


def read(*paths: Path) -> list[SourceItem]:
    """All that the readers tell of some paths that are read in one go."""
    reader = SourceReader(SITE_HOSTS)
    return [capture for path in paths for capture in reader.read(path)] + list(reader.read_deferred())
