"""Checks CDX and CDXJ files against the WARC files beside them: is each record where the index says it is?"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from os import SEEK_END
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from scraper.address import host_of, identity, is_ours
from scraper.records import Memento
from scraper.sources import cdx, digests
from scraper.sources import media_type as media
from scraper.sources.arc import RECORD_START
from scraper.sources.archive_records import read_record
from scraper.sources.content_coding import GZIP, decode_payload
from scraper.sources.events import IndexEntry, SourceItem, Unreadable
from scraper.sources.gzip_stream import WARC_MAGIC
from scraper.sources.wacz_package import split_lines
from scraper.sources.warc_records import RecordPosition, WarcRecord, split_http
from scraper.sources.zip_member import RecordFile

_STEP = 2**20
_MAX_RATIO, _MAX_SMALL = 200, 64 * 2**20  # of a compressed index
# The letters of a CDX legend by our names; a file without a legend is recognised by its number of fields.
_LETTERS = {"a": "url", "b": "timestamp", "m": "mime", "s": "status", "k": "digest", "S": "length", "V": "offset"}
_LETTERS["g"] = "filename"
_LEGENDS = {11: "NbamskrMSVg", 10: "NbamskrMVg", 9: "NbamskrVg", 7: "NbamskS"}
_WRONG_DIGEST = "the bytes at its position do not have the digest that the index states"


@dataclass(slots=True)
class _IndexLines:
    """The mementos of an index, and what was wrong with its lines."""

    mementos: dict[str, list[Memento]]  # by the WARC file that the index names
    bad_count: int = 0
    damage: str | None = None


def check_index(index: RecordFile, warcs: Iterable[RecordFile], hosts: Collection[str] | None) -> Iterator[SourceItem]:
    """Yield each capture of `hosts` that the index lists, with whether a WARC holds it, and what does not agree."""
    index_lines = _read_index(index, hosts)
    where = str(index)
    if damage := index_lines.damage:
        yield Unreadable(where, "damaged", f"the index is damaged ({damage}); its beginning was read", lost=False)
    if count := index_lines.bad_count:
        yield Unreadable(where, "damaged", f"{count} lines that are no lines of an index", lost=False)
    by_name: dict[str, list[RecordFile]] = {}
    for warc in warcs:
        by_name.setdefault(PurePosixPath(str(warc)).name, []).append(warc)
    for file, mementos in index_lines.mementos.items():
        candidates = by_name.get(PurePosixPath(file).name, [])
        missing = mementos
        for warc in candidates:
            missing, mismatches = yield from _check_warc(warc, missing)
            yield from (Unreadable(where, "damaged", f"{m.url}: {_WRONG_DIGEST}", lost=False) for m in mismatches)
        if missing:
            yield Unreadable(where, "missing", _describe_missing(missing, file, bool(candidates)), lost=False)
            yield from (IndexEntry(memento, is_held=False) for memento in missing if (memento.status or 0) < 400)


def _describe_missing(missing: list[Memento], file: str, has_file: bool) -> str:
    captures = f"{len(missing)} captures of this site, such as {missing[0].timestamp} {missing[0].url}, are listed"
    if not file:
        return f"{captures} without the name of a file"
    return f"{captures} in {file}{' and are not at their position in it' if has_file else ', which was not given'}"


def _check_warc(
    warc: RecordFile, mementos: list[Memento]
) -> Generator[SourceItem, None, tuple[list[Memento], list[Memento]]]:
    """Yield the captures that the file holds; returns those it does not hold, and those whose bytes differ."""
    missing: list[Memento] = []
    mismatches: list[Memento] = []
    with warc.open("rb") as file:
        for memento in mementos:
            record = _read_record(file, memento, str(warc))
            if record is None:
                missing.append(memento)
                continue
            if not _has_stated_digest(record, memento):
                mismatches.append(memento)
            yield IndexEntry(memento, is_held=True)
    return missing, mismatches


def _read_record(file: BinaryIO, memento: Memento, name: str) -> WarcRecord | None:
    """Return the record that the index means, None if another one or none is at its position."""
    if memento.offset is None or memento.offset > file.seek(0, SEEK_END):
        return None
    file.seek(memento.offset)
    head = file.read(8192)
    if not (head.startswith((GZIP, WARC_MAGIC)) or RECORD_START.match(head)):
        return None
    record = read_record(file, RecordPosition(memento.offset, 0), name)
    return record if record and _is_same_page(record.url, memento.url) else None


def _is_same_page(url: str, other: str) -> bool:
    return url == other or (host_of(url), identity(url)) == (host_of(other), identity(other))


def _has_stated_digest(record: WarcRecord, memento: Memento) -> bool:
    """Whether the record has the digest that the index states; True where that cannot be known."""
    if record.truncated or record.type == "revisit":
        return True
    _, headers, coded = split_http(record.block)
    forms = digests.payload_forms(coded, headers, decode_payload(coded, headers).body)
    return digests.compare_digest(memento.digest, forms) is not False


def _read_index(index: RecordFile, hosts: Collection[str] | None) -> _IndexLines:
    index_lines = _IndexLines({})
    legend = ""
    with index.open("rb") as file:
        for line in split_lines(_unpack_index(file, index_lines)):
            if line.startswith(b" CDX"):
                legend = line[4:].decode("latin-1").replace(" ", "").strip()
            elif line.strip() and line[:1] not in b"!#":
                _add_memento(index_lines, _parse_memento(line, legend, str(index)), hosts)
    return index_lines


def _add_memento(index_lines: _IndexLines, memento: Memento | None, hosts: Collection[str] | None) -> None:
    if memento is None:
        index_lines.bad_count += 1
    elif is_ours(memento.url, hosts) and media.is_page_type(memento.media_type) is not False:
        index_lines.mementos.setdefault(memento.file or "", []).append(memento)


def _unpack_index(file: BinaryIO, index_lines: _IndexLines) -> Iterator[bytes]:
    """Unpack the index; where it is damaged or a bomb, note that in `index_lines` and stop."""
    size = file.seek(0, 2)
    file.seek(0)
    is_gzip = file.read(3) == GZIP
    file.seek(0)
    unpacked_size = 0
    try:
        for piece in _unpack_members(file) if is_gzip else iter(lambda: file.read(_STEP), b""):
            yield piece
            unpacked_size += len(piece)
            if is_gzip and unpacked_size > max(_MAX_SMALL, _MAX_RATIO * size):
                index_lines.damage = f"it unpacks to more than {unpacked_size // 2**20} MiB"
                return
    except zlib.error as error:
        index_lines.damage = str(error)


def _unpack_members(file: BinaryIO) -> Iterator[bytes]:
    """Unpack all gzip members, with a line end after each: some writers leave it out. Raises zlib.error."""
    rest = b""
    while data := rest or file.read(_STEP):
        inflate = zlib.decompressobj(wbits=31)
        while not inflate.eof:
            if not data:
                raise zlib.error("it breaks off")
            yield inflate.decompress(data, _STEP)
            data = inflate.unconsumed_tail or (b"" if inflate.eof else file.read(_STEP))
        yield b"\n"
        rest = inflate.unused_data


def _parse_memento(line: bytes, legend: str, archive: str) -> Memento | None:
    fields = _parse_fields(line.decode("utf-8", "replace").strip(), legend)
    return cdx.parse_memento({**fields, "timestamp": str(fields.get("timestamp", ""))[:14]}, archive)


def _parse_fields(line: str, legend: str) -> Mapping[str, Any]:
    """Map CDXJ names to the line's values; empty if the line is neither CDX nor CDXJ."""
    if (begin := line.find(" {")) > 0:
        return cdx.parse_json_line(line, begin + 1) or {}
    values = line.split(" ")
    letters = legend if len(legend) == len(values) else _LEGENDS.get(len(values), "")
    return {_LETTERS[letter]: value for letter, value in zip(letters, values, strict=False) if letter in _LETTERS}
