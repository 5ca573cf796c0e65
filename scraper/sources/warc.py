"""Reads captures and revisits from WARC and ARC files, plain or gzip, alone or inside a WACZ."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import BinaryIO

from scraper.address import host_of, is_ours, is_web
from scraper.dates import parse_instant
from scraper.http_headers import find_header
from scraper.records import Capture, Source
from scraper.sources import digests, own_records, provenance
from scraper.sources import media_type as media
from scraper.sources.archive_records import RecordSpan, read_record, read_records
from scraper.sources.content_coding import decode_payload
from scraper.sources.events import Omission, ReportProgress, SourceItem, Unreadable, guard_items
from scraper.sources.revisits import Revisit, make_revisit, names_of, normalise_digest
from scraper.sources.segments import join_segments
from scraper.sources.warc_records import Damage, RecordPosition, WarcRecord, split_http
from scraper.sources.zip_member import RecordFile, ZipMember
from scraper.sources.zstd_file import open_unpacked

_BUFFER = 2**20
_LEVEL = 6  # of gzip, as for records of our own
_SILENT = frozenset({"warcinfo", "request", "metadata"})  # they describe captures and are none
_TYPES = frozenset({"response", "resource", "revisit"})
_SHA1 = re.compile(r"sha1:[A-Z2-7]{32}")


def read_captures(
    path: RecordFile,
    hosts: Collection[str] | None,
    report_progress: ReportProgress,
    revisits: list[Revisit],
    on_record: Callable[[WarcRecord], None] = lambda _: None,
    span: RecordSpan | None = None,
) -> Iterator[SourceItem]:
    """Yield every page of `hosts` in the file or the span (None: of any host); its revisits are added to `revisits`.

    `on_record` is called with every record that is a capture, of any kind and host.
    """
    with open_unpacked(path.open("rb", buffering=_BUFFER)) as file:
        position = span.begin if span else 0
        for item in join_segments(read_records(file, str(path), span)):
            report_progress(max(0, file.tell() - position))
            position = max(position, file.tell())
            if isinstance(item, Damage):
                yield Unreadable(str(path), "damaged", item.message, lost=item.lost)
            elif item.type not in _SILENT or _is_wat(item):
                on_record(item)
                where = f"{path}: the record of {item.url[:200] or 'no address'} at byte {item.position.offset}"
                yield from guard_items(where, _read_item(path, file, item, hosts, revisits))


def read_capture(path: RecordFile, position: RecordPosition) -> Capture | None:
    """Return the capture whose record begins at `position`, None if none does. Raises OSError."""
    with open_unpacked(path.open("rb")) as file:
        return _read_capture_from(file, path, position)


def _read_capture_from(file: BinaryIO, path: RecordFile, position: RecordPosition) -> Capture | None:
    record = read_record(file, position, str(path))
    return _make_capture(path, record)[0] if record else None


def find_originals(paths: Iterable[RecordFile], revisits: Collection[Revisit]) -> Iterator[tuple[Revisit, Capture]]:
    """Yield the revisits whose original is in one of the files, with it. Reads the files again."""
    wanted = {name for revisit in revisits for name in revisit.names}
    positions: dict[str, tuple[RecordFile, RecordPosition]] = {}
    for path in paths if wanted else ():
        with open_unpacked(path.open("rb", buffering=_BUFFER)) as file:
            items = read_records(file, str(path))
            records = (item for item in items if isinstance(item, WarcRecord) and item.type != "revisit")
            positions |= {name: (path, item.position) for item in records for name in names_of(item) if name in wanted}
    known = ((next((name for name in revisit.names if name in positions), None), revisit) for revisit in revisits)
    found = sorted(((*positions[name], revisit) for name, revisit in known if name), key=lambda item: str(item[0]))
    for path, group in groupby(found, key=lambda item: item[0]):
        with open_unpacked(path.open("rb")) as file:
            for _, position, revisit in group:
                if original := _read_capture_from(file, path, position):
                    yield revisit, original


def read_revisit(path: RecordFile, position: RecordPosition) -> Revisit | None:
    """Return the revisit whose record begins at `position`, None if none does. Raises OSError."""
    with open_unpacked(path.open("rb")) as file:
        record = read_record(file, position, str(path))
        return _make_revisit(path, file, record) if record and record.type == "revisit" else None


def _read_item(
    path: RecordFile, file: BinaryIO, record: WarcRecord, hosts: Collection[str] | None, revisits: list[Revisit]
) -> Iterator[SourceItem]:
    if not record.type:
        why = f"a record of {record.url or 'no address'} without a type at byte {record.position.offset}"
        yield Unreadable(str(path), "damaged", why)
    elif omission := _find_omission(path, record, hosts):
        yield omission
    elif record.type == "revisit":
        revisit = _make_revisit(path, file, record)
        if omission := _find_asset(path, find_header(revisit.headers, "content-type"), revisit.url):
            yield omission
        else:
            revisits.append(revisit)
    else:
        capture, wrong_digests = _make_capture(path, record)
        if omission := _find_asset(path, capture.content_type, capture.url):
            yield omission
            return
        yield from _find_problems(path, record, capture, wrong_digests)
        yield replace(capture, record=_copy_record(file, record))


def _find_problems(
    path: RecordFile, record: WarcRecord, capture: Capture, wrong_digests: str | None
) -> Iterator[Unreadable]:
    """Find what is wrong with a capture that is taken all the same."""
    if wrong_digests:
        why = f"the bytes of {record.url} do not have the digest that its record states ({wrong_digests})"
        yield Unreadable(str(path), "damaged", why, lost=False)
    if capture.captured_at is None and not own_records.is_own(record):
        date = record.headers.get("warc-date")
        why = f"{record.url} has {f'the invalid date {date[:40]!r}' if date else 'no date'}"
        yield Unreadable(str(path), "time", f"{why}; taken without a date", lost=False)


def _is_wat(record: WarcRecord) -> bool:
    """Whether a record is Common Crawl's extract of a page's metadata."""
    return record.type == "metadata" and record.headers.get("content-type", "").startswith("application/json")


def _find_omission(path: RecordFile, record: WarcRecord, hosts: Collection[str] | None) -> Omission | None:
    """Say why a record is no capture of this site; None if it is one."""
    if own_records.has_no_address(record):
        return None
    original = provenance.origin_of_address(record.url).url or ""
    if not is_web(original):
        return Omission(str(path), "record", original.partition(":")[0])
    if not is_ours(original, hosts):
        return Omission(str(path), "host", host_of(original))
    if _is_wat(record):
        return Omission(str(path), "wat")
    text = record.type == "conversion" and record.headers.get("content-type", "").startswith("text/plain")
    return None if record.type in _TYPES or text else Omission(str(path), "record", record.type)


def _find_asset(path: RecordFile, stated: str | None, url: str | None) -> Omission | None:
    file = (url or "").partition("?")[0]
    if media.is_page_type(stated) is False or (not stated and media.is_asset(file)):
        return Omission(str(path), "asset", stated.partition(";")[0] if stated else media.ending_of(file))
    return None


def _make_revisit(path: RecordFile, file: BinaryIO, record: WarcRecord) -> Revisit:
    source: Source = "wacz" if isinstance(path, ZipMember) else "warc"
    return make_revisit(record, _split_http(record)[:2], _copy_record(file, record), source, str(path))


def _split_http(record: WarcRecord) -> tuple[int | None, tuple[tuple[str, str], ...], bytes]:
    is_text = record.type == "resource" and own_records.is_own(record)  # a saved text may begin like an HTTP message
    return (None, (), record.block) if is_text else split_http(record.block)


def _make_capture(path: RecordFile, record: WarcRecord) -> tuple[Capture, str | None]:
    """Make the capture; returns the names of the record's digests that its bytes do not have as well."""
    status, headers, coded = _split_http(record)
    payload = decode_payload(coded, headers)
    stated = record.headers.get("warc-payload-digest", "")
    wire, agrees = digests.choose_wire_form(coded, headers, payload.body, stated)
    wrong_digests = None if record.truncated else digests.name_wrong_digests(record.headers, record.block, agrees)
    origin = provenance.origin_of_address(record.url)
    source: Source = "wacz" if isinstance(path, ZipMember) else "warc"
    capture = Capture(
        body=payload.body,
        url=origin.url,
        captured_at=origin.captured_at or parse_instant(record.headers.get("warc-date", "")),
        source="wayback" if origin.wayback else source,
        status=status,
        headers=headers,
        content_type=find_header(headers, "content-type") or _payload_type(record),
        truncated=record.truncated or not payload.whole,
        name=str(path),
        wire=None if wire == payload.body else wire,
        names=names_of(record),
        stated_sha1=_find_sha1(stated) if agrees else None,
    )
    return own_records.restore_capture(capture, record), wrong_digests


def _find_sha1(stated: str) -> str | None:
    """Find a stated digest as `Capture.payload_sha1` writes it; None for one of another algorithm or spelling."""
    digest = normalise_digest(stated)
    return digest if _SHA1.fullmatch(digest) else None


def _payload_type(record: WarcRecord) -> str | None:
    """The record's media type, where it is that of the payload and not of the HTTP message."""
    stated = record.headers.get("content-type")
    return None if stated and stated.startswith("application/http") else stated


def _copy_record(file: BinaryIO, record: WarcRecord) -> bytes | None:
    """Copy the record byte for byte as gzip; None if the file does not hold it whole. Keeps the file's position."""
    if record.length is None:
        whole = record.head + record.block + b"\r\n\r\n"
        return gzip.compress(whole, _LEVEL, mtime=0) if record.head else None
    at = file.tell()
    file.seek(record.position.offset)
    member = file.read(record.length)
    file.seek(at)
    return member
