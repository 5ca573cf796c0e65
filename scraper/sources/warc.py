"""Captures out of WARC and ARC files, plain or gzip, also inside a WACZ; revisits resolved within what is given."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import BinaryIO

from scraper.address import host_of, is_ours, is_web
from scraper.records import Capture, Source
from scraper.sources import digests
from scraper.sources import media_type as media
from scraper.sources import own_records as own
from scraper.sources import provenance as saved
from scraper.sources.archive_records import record_at, records
from scraper.sources.content_coding import decoded
from scraper.sources.events import Skipped, Told, Unreadable, Watch
from scraper.sources.instants import instant
from scraper.sources.revisits import Revisit, names_of, revisit_of
from scraper.sources.warc_records import Damage, Place, WarcRecord, parsed
from scraper.sources.zip_member import Held, Member

_BUFFER = 2**20
_LEVEL = 6  # of gzip, as for records of our own
_SILENT = frozenset({"warcinfo", "request", "metadata"})  # they tell of captures and are none
_TYPES = frozenset({"response", "resource", "revisit"})
_STATUS = re.compile(r"[1-9][0-9]{2}")


def captures(
    path: Held,
    hosts: Collection[str] | None,
    watch: Watch,
    revisits: list[Revisit],
    met: Callable[[WarcRecord], None] = lambda _: None,
) -> Iterator[Told]:
    """Every page of `hosts` in the file (None: of any); its revisits are added to `revisits`, for `resolved`.

    `met` is called with every record that is a capture, of whatever kind and host.
    """
    with path.open("rb", buffering=_BUFFER) as file:
        seen = 0
        for item in records(file, str(path)):
            watch(max(0, file.tell() - seen))
            seen = max(seen, file.tell())
            if isinstance(item, Damage):
                yield Unreadable(str(path), "damaged", item.message, lost=item.lost)
            elif item.type not in _SILENT or _is_wat(item):
                met(item)
                yield from _told(path, file, item, hosts, revisits)


def capture_at(path: Held, place: Place) -> Capture | None:
    """The capture whose record begins at `place`, None if no record does. Raises OSError."""
    with path.open("rb") as file:
        return _capture_in(file, path, place)


def _capture_in(file: BinaryIO, path: Held, place: Place) -> Capture | None:
    record = record_at(file, place, str(path))
    return _capture(path, record)[0] if record else None


def originals(paths: Iterable[Held], revisits: Collection[Revisit]) -> Iterator[tuple[Revisit, Capture]]:
    """The revisits whose original is in one of the files, each with it. Reads the files again."""
    wanted = {name for revisit in revisits for name in revisit.names}
    known: dict[str, tuple[Held, Place]] = {}
    for path in paths if wanted else ():
        with path.open("rb", buffering=_BUFFER) as file:
            read = records(file, str(path))
            found = (item for item in read if isinstance(item, WarcRecord) and item.type != "revisit")
            known |= {name: (path, item.place) for item in found for name in names_of(item) if name in wanted}
    at = ((next((known[name] for name in revisit.names if name in known), None), revisit) for revisit in revisits)
    places = sorted(((*place, revisit) for place, revisit in at if place), key=lambda found: str(found[0]))
    for path, group in groupby(places, key=lambda found: found[0]):
        with path.open("rb") as file:
            for _, place, revisit in group:
                if original := _capture_in(file, path, place):
                    yield revisit, original


def revisit_at(path: Held, place: Place) -> Revisit | None:
    """The revisit whose record begins at `place`, None if none does. Raises OSError."""
    with path.open("rb") as file:
        record = record_at(file, place, str(path))
        return _revisit(path, file, record) if record and record.type == "revisit" else None


def _told(
    path: Held, file: BinaryIO, record: WarcRecord, hosts: Collection[str] | None, revisits: list[Revisit]
) -> Iterator[Told]:
    if not record.type:
        why = f"a record of {record.url or 'no address'} without a type at byte {record.place.run}"
        yield Unreadable(str(path), "damaged", why)
    elif left_out := _not_ours(path, record, hosts):
        yield left_out
    elif record.type == "revisit":
        revisit = _revisit(path, file, record)
        if left_out := _no_page(path, _header(revisit.headers, "content-type"), revisit.url):
            yield left_out
        else:
            revisits.append(revisit)
    else:
        capture, wrong = _capture(path, record)
        if left_out := _no_page(path, capture.content_type, capture.url):
            yield left_out
            return
        yield from _doubts(path, record, capture, wrong)
        yield replace(capture, record=_verbatim(file, record))


def _doubts(path: Held, record: WarcRecord, capture: Capture, wrong: str | None) -> Iterator[Unreadable]:
    """What is wrong with a capture that is taken all the same."""
    if wrong:
        why = f"the bytes of {record.url} are not those that its digest names ({wrong})"
        yield Unreadable(str(path), "damaged", why, lost=False)
    if capture.captured_at is None and not own.is_own(record):
        date = record.headers.get("warc-date")
        why = f"{record.url} has {f'the date {date[:40]!r}, which is none' if date else 'no date'}"
        yield Unreadable(str(path), "time", f"{why}; taken without", lost=False)


def _is_wat(record: WarcRecord) -> bool:
    """Whether a record is Common Crawl's extract of a page's metadata."""
    return record.type == "metadata" and record.headers.get("content-type", "").startswith("application/json")


def _not_ours(path: Held, record: WarcRecord, hosts: Collection[str] | None) -> Skipped | None:
    """Why a record is no capture of this site, if it is none."""
    if own.has_no_address(record):
        return None
    original = saved.of_address(record.url).url or ""
    if not is_web(original):
        return Skipped(str(path), "record", original.partition(":")[0])
    if hosts is not None and not is_ours(original, hosts):
        return Skipped(str(path), "host", host_of(original))
    if _is_wat(record):
        return Skipped(str(path), "wat")
    text = record.type == "conversion" and record.headers.get("content-type", "").startswith("text/plain")
    return None if record.type in _TYPES or text else Skipped(str(path), "record", record.type)


def _no_page(path: Held, stated: str | None, url: str | None) -> Skipped | None:
    file = (url or "").partition("?")[0]
    if media.is_page_type(stated) is False or (not stated and media.is_asset(file)):
        return Skipped(str(path), "asset", stated.partition(";")[0] if stated else media.ending(file))
    return None


def _revisit(path: Held, file: BinaryIO, record: WarcRecord) -> Revisit:
    source: Source = "wacz" if isinstance(path, Member) else "warc"
    return revisit_of(record, _http(record)[:2], _verbatim(file, record), source, str(path))


def _http(record: WarcRecord) -> tuple[int | None, tuple[tuple[str, str], ...], bytes]:
    """Status, headers and coded payload of a record; the block itself where it holds no HTTP message."""
    is_text = record.type == "resource" and own.is_own(record)  # a saved text may begin like an HTTP message
    if is_text or not record.block.startswith(b"HTTP/"):
        return None, (), record.block
    head, size = parsed(record.block)
    code = head.get_statuscode()
    return int(code) if _STATUS.fullmatch(code) else None, tuple(head.headers), record.block[size:]


def _capture(path: Held, record: WarcRecord) -> tuple[Capture, str | None]:
    """The capture, and the names of the record's digests that its bytes do not have."""
    status, headers, coded = _http(record)
    payload = decoded(coded, headers)
    wire, agrees = digests.wire(coded, headers, payload.body, record.headers.get("warc-payload-digest", ""))
    wrong = None if record.truncated else digests.wrong(record.headers, record.block, agrees)
    told = saved.of_address(record.url)
    source: Source = "wacz" if isinstance(path, Member) else "warc"
    capture = Capture(
        body=payload.body,
        url=told.url,
        captured_at=told.captured_at or instant(record.headers.get("warc-date", "")),
        source="wayback" if told.wayback else source,
        status=status,
        headers=headers,
        content_type=_header(headers, "content-type") or _stated(record),
        truncated=record.truncated or not payload.whole,
        name=str(path),
        wire=None if wire == payload.body else wire,
        names=names_of(record),
    )
    return own.as_told(capture, record), wrong


def _header(headers: Iterable[tuple[str, str]], wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted), "")


def _stated(record: WarcRecord) -> str | None:
    """A record's own media type, where it is the payload's and not that of the HTTP message."""
    stated = record.headers.get("content-type")
    return None if stated and stated.startswith("application/http") else stated


def _verbatim(file: BinaryIO, record: WarcRecord) -> bytes | None:
    """The record to the byte: its own gzip members, or one made of it; None where the file has it not whole.

    The file is left where it was.
    """
    if record.length is None:
        whole = record.head + record.block + b"\r\n\r\n"
        return gzip.compress(whole, _LEVEL, mtime=0) if record.head else None
    at = file.tell()
    file.seek(record.place.run)
    member = file.read(record.length)
    file.seek(at)
    return member
