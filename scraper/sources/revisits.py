"""Revisit records: captures that state "same as before" and leave their bytes to another record."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from scraper.dates import parse_instant
from scraper.http_headers import find_header
from scraper.records import Capture, Source
from scraper.sources import digests, provenance
from scraper.sources.events import Unreadable
from scraper.sources.warc_records import WarcRecord

_SHA1 = 20  # bytes
_UNMODIFIED = "server-not-modified"
_PROFILES = ("identical-payload-digest", _UNMODIFIED)


@dataclass(frozen=True, slots=True)
class Revisit:
    """A capture whose bytes are in another record, and the names by which that record can be found."""

    url: str  # as captured; no Wayback prefix
    captured_at: str | None
    names: tuple[str, ...]  # of the original, surest first: record id, `INSTANT URL`, payload digest; none: unknown
    source: Source
    name: str  # the file it came in
    own_names: tuple[str, ...] = ()  # its own names
    status: int | None = None  # None where it is 304: the answer to "has it changed?"
    headers: tuple[tuple[str, str], ...] = ()
    record: bytes = field(default=b"", repr=False)  # its gzip member

    @property
    def key(self) -> tuple[str, str | None, tuple[str, ...]]:
        """Equal for two copies of the same revisit."""
        return self.url, self.captured_at, self.names


def make_revisit(
    record: WarcRecord,
    http: tuple[int | None, tuple[tuple[str, str], ...]],
    verbatim: bytes | None,
    source: Source,
    name: str,
) -> Revisit:
    """Make a revisit of a record of that type; `http` are the status and the headers in it."""
    origin = provenance.origin_of_address(record.url)
    status, headers = http
    has_own_status = status is not None and status != 304
    return Revisit(
        origin.url or record.url,
        origin.captured_at or parse_instant(record.headers.get("warc-date", "")),
        _names_of_original(record),
        "wayback" if origin.wayback else source,
        name,
        _drop_empty(record.headers.get("warc-record-id")),
        status if has_own_status else None,
        headers if has_own_status else (),
        verbatim or _pack_record(record),
    )


def names_of(record: WarcRecord) -> tuple[str, ...]:
    """All names by which a revisit may refer to a record."""
    headers = record.headers
    instant_name = _instant_name(headers.get("warc-target-uri"), headers.get("warc-date"))
    digest = normalise_digest(headers.get("warc-payload-digest", ""))
    return _drop_empty(headers.get("warc-record-id"), instant_name, digest)


def restore_capture(revisit: Revisit, original: Capture) -> Capture:
    """Make the capture that the revisit stands for: its own address, instant and headers, the original's bytes."""
    own_type = find_header(revisit.headers, "content-type")
    return replace(
        original,
        url=revisit.url,
        captured_at=revisit.captured_at,
        source=revisit.source,
        status=revisit.status or original.status,
        headers=revisit.headers if revisit.status else original.headers,
        content_type=own_type or original.content_type,
        name=revisit.name,
        names=revisit.own_names,
        memento=None,
        record=None,
    )


def report_missing_original(revisit: Revisit) -> Unreadable:
    """Explain that the revisit waits for its original."""
    what = f"{revisit.url} of {revisit.captured_at or 'an unknown day'} is a revisit"
    if not revisit.names:
        return Unreadable(revisit.name, "revisit", f"{what} that names no record this program can find; kept")
    why = "of a record that is neither in a file given nor in the archive"
    return Unreadable(revisit.name, "revisit", f"{what} {why}; it waits: ingest the file that holds it, at any time")


def normalise_digest(stated: str) -> str:
    """Bring a payload digest into one spelling, SHA-1 as `Capture.payload_sha1` writes it; empty for none."""
    digest = digests.parse_digest(stated)
    if digest is None:
        return stated.strip()
    algorithm, value = digest
    if algorithm == "sha1" and len(value) == 2 * _SHA1:
        try:
            value = base64.b32encode(bytes.fromhex(value)).decode()
        except ValueError:
            return f"{algorithm}:{value}"
    return f"{algorithm}:{value.upper() if algorithm == 'sha1' else value}"


def _names_of_original(record: WarcRecord) -> tuple[str, ...]:
    headers = record.headers
    profile = headers.get("warc-profile", "").rstrip("/")
    if not profile.endswith(_PROFILES):
        return ()
    instant_name = _instant_name(headers.get("warc-refers-to-target-uri"), headers.get("warc-refers-to-date"))
    # A server that answers "not modified" sends no payload: the digest is that of zero bytes.
    digest = "" if profile.endswith(_UNMODIFIED) else normalise_digest(headers.get("warc-payload-digest", ""))
    return _drop_empty(headers.get("warc-refers-to"), instant_name, digest)


def _drop_empty(*names: str | None) -> tuple[str, ...]:
    return tuple(name for name in names if name)


def _instant_name(url: str | None, date: str | None) -> str:
    return f"{parse_instant(date or '') or date} {url.strip('<>')}" if url and date else ""


def _pack_record(record: WarcRecord) -> bytes:
    """Pack the record as a gzip member, where its file does not have one gzip member per record."""
    headers: Iterable[tuple[str, str]] = (record.headers | {"content-length": str(len(record.block))}).items()
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return gzip.compress(b"WARC/1.1\r\n" + head.encode() + b"\r\n" + record.block + b"\r\n\r\n", mtime=0)
