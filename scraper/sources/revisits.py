"""Revisit records: captures that say "as before" and leave their bytes to another record."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from scraper.records import Capture, Source
from scraper.sources import digests
from scraper.sources import provenance as saved
from scraper.sources.events import Unreadable
from scraper.sources.instants import instant
from scraper.sources.warc_records import WarcRecord

_SHA1 = 20  # bytes
_UNMODIFIED = "server-not-modified"
_PROFILES = ("identical-payload-digest", _UNMODIFIED)


@dataclass(frozen=True, slots=True)
class Revisit:
    """A capture whose bytes are in another record, and the names that record may have."""

    url: str  # as captured; no Wayback prefix
    captured_at: str | None
    names: tuple[str, ...]  # of the original, surest first: record id, `INSTANT URL`, payload digest; none: unknown
    source: Source
    name: str  # the file it came in
    own: tuple[str, ...] = ()  # its own names
    status: int | None = None  # None where it is 304: the answer to "has it changed?"
    headers: tuple[tuple[str, str], ...] = ()
    record: bytes = field(default=b"", repr=False)  # its gzip member

    @property
    def key(self) -> tuple[str, str | None, tuple[str, ...]]:
        """What makes two of them one."""
        return self.url, self.captured_at, self.names


def revisit_of(
    record: WarcRecord,
    http: tuple[int | None, tuple[tuple[str, str], ...]],
    verbatim: bytes | None,
    source: Source,
    name: str,
) -> Revisit:
    """The revisit that a record of that type is; `http` are the status and the headers in it."""
    told = saved.of_address(record.url)
    status, headers = http
    modified = status is not None and status != 304
    return Revisit(
        told.url or record.url,
        told.captured_at or instant(record.headers.get("warc-date", "")),
        _names_of_original(record),
        "wayback" if told.wayback else source,
        name,
        _own(record.headers.get("warc-record-id")),
        status if modified else None,
        headers if modified else (),
        verbatim or _member(record),
    )


def names_of(record: WarcRecord) -> tuple[str, ...]:
    """All names by which a revisit may refer to a record."""
    headers = record.headers
    dated = _dated(headers.get("warc-target-uri"), headers.get("warc-date"))
    return _own(headers.get("warc-record-id"), dated, digest_name(headers.get("warc-payload-digest", "")))


def restored(revisit: Revisit, original: Capture) -> Capture:
    """The capture that the revisit stands for: its own address, instant and headers, the bytes of the original."""
    own_type = next((value for name, value in revisit.headers if name.lower() == "content-type"), None)
    return replace(
        original,
        url=revisit.url,
        captured_at=revisit.captured_at,
        source=revisit.source,
        status=revisit.status or original.status,
        headers=revisit.headers if revisit.status else original.headers,
        content_type=own_type or original.content_type,
        name=revisit.name,
        names=revisit.own,
        memento=None,
        record=None,
    )


def unresolved(revisit: Revisit) -> Unreadable:
    """The line that says it waits."""
    what = f"{revisit.url} of {revisit.captured_at or 'an unknown day'} is told to be unchanged"
    if not revisit.names:
        return Unreadable(revisit.name, "revisit", f"{what}, in a way that names no record this program can find; kept")
    why = "and the record it refers to is neither in a file given nor in the archive"
    return Unreadable(revisit.name, "revisit", f"{what}, {why}; it waits: ingest the file that holds it, at any time")


def digest_name(stated: str) -> str:
    """One spelling for a payload digest, SHA-1 as `Capture.payload_sha1` writes it; empty for none."""
    named = digests.parsed(stated)
    if named is None:
        return stated.strip()
    algorithm, value = named
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
    dated = _dated(headers.get("warc-refers-to-target-uri"), headers.get("warc-refers-to-date"))
    # A server that says "not modified" sends no payload: a digest there is that of nothing.
    digest = "" if profile.endswith(_UNMODIFIED) else digest_name(headers.get("warc-payload-digest", ""))
    return _own(headers.get("warc-refers-to"), dated, digest)


def _own(*names: str | None) -> tuple[str, ...]:
    return tuple(name for name in names if name)


def _dated(url: str | None, date: str | None) -> str:
    return f"{instant(date or '') or date} {url.strip('<>')}" if url and date else ""


def _member(record: WarcRecord) -> bytes:
    """The record of a file that is not gzip per record, as a member of its own."""
    headers: Iterable[tuple[str, str]] = (record.headers | {"content-length": str(len(record.block))}).items()
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return gzip.compress(b"WARC/1.1\r\n" + head.encode() + b"\r\n" + record.block + b"\r\n\r\n", mtime=0)
