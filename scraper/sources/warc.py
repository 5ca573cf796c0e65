"""Captures out of WARC 1.0 and 1.1 files, plain or gzip, revisit records resolved within what is given."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from scraper.address import host_of, is_ours, is_web
from scraper.records import Capture, Source
from scraper.sources import media, saved
from scraper.sources.instants import instant
from scraper.sources.payload import decoded
from scraper.sources.told import Skipped, Told, Unreadable, Watch
from scraper.sources.warc_records import Damage, Place, WarcRecord, parsed, record_at, records

_BUFFER = 2**20
_SILENT = frozenset({"warcinfo", "request", "metadata", ""})  # they tell of captures and are none
_RESOLVABLE = ("identical-payload-digest", "server-not-modified")


@dataclass(frozen=True, slots=True)
class Revisit:
    """A capture whose bytes are in another record, and the names that record may have."""

    path: Path
    record: WarcRecord
    names: tuple[str, ...]


def captures(path: Path, hosts: Collection[str] | None, watch: Watch, revisits: list[Revisit]) -> Iterator[Told]:
    """Every page of `hosts` in the file (None: of any); its revisits are added to `revisits`, for `resolved`."""
    with path.open("rb", buffering=_BUFFER) as file:
        seen = 0
        for item in records(file):
            watch(max(0, file.tell() - seen))
            seen = max(seen, file.tell())
            if isinstance(item, Damage):
                yield Unreadable(str(path), "damaged", item.message, lost=item.lost)
            elif item.type in _SILENT:
                continue
            elif left_out := _not_ours(path, item, hosts):
                yield left_out
            elif item.type == "revisit":
                revisits.append(Revisit(path, item, _original_names(item)))
            else:
                capture = _capture(path, item, _verbatim(file, item))
                yield _not_page(path, capture) or capture


def capture_at(path: Path, place: Place) -> Capture | None:
    """The capture whose record begins at `place`, None if no record does. Raises OSError."""
    with path.open("rb") as file:
        record = record_at(file, place)
    return _capture(path, record, None) if record else None


def resolved(paths: Iterable[Path], revisits: Collection[Revisit]) -> Iterator[Told]:
    """A capture for each revisit whose original is in one of the files; a line for each other. Reads them again."""
    wanted = {name for revisit in revisits for name in revisit.names}
    known: dict[str, tuple[Path, Place]] = {}
    for path in paths if wanted else ():
        with path.open("rb", buffering=_BUFFER) as file:
            found = (item for item in records(file) if isinstance(item, WarcRecord) and item.type != "revisit")
            known |= {name: (path, item.place) for item in found for name in _own_names(item) if name in wanted}
    for revisit in revisits:
        at = next((known[name] for name in revisit.names if name in known), None)
        yield _revisited(revisit, *at) if at else _unresolved(revisit)


def _not_ours(path: Path, record: WarcRecord, hosts: Collection[str] | None) -> Skipped | None:
    """Why a record is no capture of this site, if it is none."""
    original = saved.of_address(record.url).url or ""
    if not is_web(original):
        return Skipped(str(path), "record", original.partition(":")[0])
    if hosts is not None and not is_ours(original, hosts):
        return Skipped(str(path), "host", host_of(original))
    if record.type not in ("response", "resource", "revisit"):
        return Skipped(str(path), "record", record.type)
    return None


def _not_page(path: Path, capture: Capture) -> Skipped | None:
    stated, file = capture.content_type, (capture.url or "").partition("?")[0]
    if media.is_page_type(stated) is False or (not stated and media.is_asset(file)):
        return Skipped(str(path), "asset", stated.partition(";")[0] if stated else media.ending(file))
    return None


def _http(record: WarcRecord) -> tuple[int | None, tuple[tuple[str, str], ...], bytes]:
    """Status, headers and coded payload of a record; the block itself where it holds no HTTP message."""
    if not record.block.startswith(b"HTTP/"):
        return None, (), record.block
    head, size = parsed(record.block)
    code = head.get_statuscode()
    return int(code) if code.isdecimal() else None, tuple(head.headers), record.block[size:]


def _capture(path: Path, record: WarcRecord, verbatim: bytes | None) -> Capture:
    status, headers, coded = _http(record)
    payload = decoded(coded, headers)
    told = saved.of_address(record.url)
    source: Source = "wayback" if told.wayback else "warc"
    return Capture(
        body=payload.body,
        url=told.url,
        captured_at=told.captured_at or instant(record.headers.get("warc-date", "")),
        source=source,
        status=status,
        headers=headers,
        content_type=_header(headers, "content-type") or _stated(record),
        truncated=record.truncated or not payload.whole,
        name=str(path),
        record=verbatim,
    )


def _header(headers: Iterable[tuple[str, str]], wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted), "")


def _stated(record: WarcRecord) -> str | None:
    """A record's own media type, where it is the payload's and not that of the HTTP message."""
    stated = record.headers.get("content-type")
    return None if stated and stated.startswith("application/http") else stated


def _verbatim(file: BinaryIO, record: WarcRecord) -> bytes | None:
    if record.length is None:
        return None
    return os.pread(file.fileno(), record.length, record.place.run)


def _revisited(revisit: Revisit, path: Path, place: Place) -> Told:
    capture = capture_at(path, place)
    if capture is None:
        return _unresolved(revisit)
    told = saved.of_address(revisit.record.url)
    own_date = instant(revisit.record.headers.get("warc-date", ""))
    status, headers, _ = _http(revisit.record)
    if status == 304:  # the answer to "has it changed?"; the page is the one it had
        status = None
    return replace(
        capture,
        url=told.url,
        captured_at=told.captured_at or own_date,
        status=status or capture.status,
        headers=headers if status else capture.headers,
        name=str(revisit.path),
    )


def _unresolved(revisit: Revisit) -> Unreadable:
    date = revisit.record.headers.get("warc-date", "an unknown day")
    why = f"{revisit.record.url} of {date} is told to be unchanged, and the record it refers to is in no file given"
    return Unreadable(str(revisit.path), "revisit", why + "; ingest both files in one command")


def _original_names(record: WarcRecord) -> tuple[str, ...]:
    """The names of the record that a revisit refers to, surest first; none for a profile unknown to us."""
    headers = record.headers
    if not headers.get("warc-profile", "").rstrip("/").endswith(_RESOLVABLE):
        return ()
    names = [headers.get("warc-refers-to", "")]
    names.append(_dated(headers.get("warc-refers-to-target-uri"), headers.get("warc-refers-to-date")))
    if not headers.get("warc-profile", "").rstrip("/").endswith("server-not-modified"):
        names.append(headers.get("warc-payload-digest", ""))
    return tuple(name for name in names if name)


def _own_names(record: WarcRecord) -> tuple[str, ...]:
    headers = record.headers
    dated = _dated(headers.get("warc-target-uri"), headers.get("warc-date"))
    return tuple(n for n in (headers.get("warc-record-id"), dated, headers.get("warc-payload-digest")) if n)


def _dated(url: str | None, date: str | None) -> str:
    return f"{instant(date or '') or date} {url.strip('<>')}" if url and date else ""
