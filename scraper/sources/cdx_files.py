"""CDX and CDXJ files beside WARCs: do the files hold, where the index says, what the index says?"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from scraper.address import host_of, identity, is_ours
from scraper.records import Memento
from scraper.sources import cdx, digests
from scraper.sources import media_type as media
from scraper.sources.arc import BEGINS
from scraper.sources.archive_records import record_at
from scraper.sources.content_coding import GZIP, decoded
from scraper.sources.events import Indexed, Told, Unreadable
from scraper.sources.gzip_stream import BEGINNING
from scraper.sources.wacz_package import lines
from scraper.sources.warc_records import Place, WarcRecord, parsed
from scraper.sources.zip_member import Held

_STEP = 2**20
_MAX_RATIO, _FREE = 200, 64 * 2**20  # of a compressed index
# What the letters of a CDX legend are called here; files without a legend are told apart by their number of fields.
_LETTERS = {"a": "url", "b": "timestamp", "m": "mime", "s": "status", "k": "digest", "S": "length", "V": "offset"}
_LETTERS["g"] = "filename"
_LEGENDS = {11: "NbamskrMSVg", 10: "NbamskrMVg", 9: "NbamskrVg", 7: "NbamskS"}
_ANOTHER = "the bytes at its place are not those of the digest that the index has"


@dataclass(slots=True)
class _Lines:
    """What came of the lines of an index."""

    ours: dict[str, list[Memento]]  # by the file they are said to be in
    bad: int = 0
    damage: str | None = None


def checked(index: Held, warcs: Iterable[Held], hosts: Collection[str] | None) -> Iterator[Told]:
    """Every capture of a page of `hosts` that the index tells of, held or not, and lines for what does not agree."""
    read = _read(index, hosts)
    where = str(index)
    if read.damage:
        yield Unreadable(where, "damaged", f"the index is damaged ({read.damage}); its beginning was read", lost=False)
    if read.bad:
        yield Unreadable(where, "damaged", f"{read.bad} lines that are no lines of an index", lost=False)
    by_name: dict[str, list[Held]] = {}
    for warc in warcs:
        by_name.setdefault(PurePosixPath(str(warc)).name, []).append(warc)
    for file, told in read.ours.items():
        given = by_name.get(PurePosixPath(file).name, [])
        left = told
        for warc in given:
            left, wrong = yield from _held(warc, left)
            yield from (Unreadable(where, "damaged", f"{m.url}: {_ANOTHER}", lost=False) for m in wrong)
        if left:
            yield Unreadable(where, "missing", _absent(left, file, bool(given)), lost=False)
            yield from (Indexed(memento, held=False) for memento in left if (memento.status or 0) < 400)


def _absent(left: list[Memento], file: str, given: bool) -> str:
    some = f"{len(left)} captures of ours, such as {left[0].timestamp} {left[0].url}, are told of"
    if not file:
        return f"{some} and no file is named for them"
    return f"{some} in {file} and are not at their place in it" if given else f"{some} in {file}, which was not given"


def _held(warc: Held, told: list[Memento]) -> Generator[Told, None, tuple[list[Memento], list[Memento]]]:
    """Those of the captures that are not in the file, and those that are there with other bytes."""
    absent: list[Memento] = []
    wrong: list[Memento] = []
    with warc.open("rb") as file:
        for memento in told:
            record = _record(file, memento, str(warc))
            if record is None:
                absent.append(memento)
                continue
            if not _agrees(record, memento):
                wrong.append(memento)
            yield Indexed(memento, held=True)
    return absent, wrong


def _record(file: BinaryIO, memento: Memento, name: str) -> WarcRecord | None:
    """The record that the index means, None if another or none is at its place."""
    if memento.offset is None:
        return None
    file.seek(memento.offset)
    head = file.read(8192)
    if not (head.startswith((GZIP, BEGINNING)) or BEGINS.match(head)):
        return None
    record = record_at(file, Place(memento.offset, 0), name)
    return record if record and _same(record.url, memento.url) else None


def _same(one: str, other: str) -> bool:
    return one == other or (host_of(one), identity(one)) == (host_of(other), identity(other))


def _agrees(record: WarcRecord, memento: Memento) -> bool:
    """Whether the record has the digest of the index; True where that cannot be known."""
    named = digests.parsed(memento.digest or "")
    if named is None or record.truncated or record.type == "revisit":
        return True
    headers: tuple[tuple[str, str], ...] = ()
    coded = record.block
    if coded.startswith(b"HTTP/"):
        head, size = parsed(coded)
        headers, coded = tuple(head.headers), coded[size:]
    return any(digests.agrees(named, form) for form in digests.forms(coded, headers, decoded(coded, headers).body))


def _read(index: Held, hosts: Collection[str] | None) -> _Lines:
    read = _Lines({})
    legend = ""
    with index.open("rb") as file:
        for line in lines(_pieces(file, read)):
            if line.startswith(b" CDX"):
                legend = line[4:].decode("latin-1").replace(" ", "").strip()
            elif line.strip() and line[:1] not in b"!#":
                _sort(read, _memento(line, legend, str(index)), hosts)
    return read


def _sort(read: _Lines, memento: Memento | None, hosts: Collection[str] | None) -> None:
    if memento is None:
        read.bad += 1
    elif (hosts is None or is_ours(memento.url, hosts)) and media.is_page_type(memento.media_type) is not False:
        read.ours.setdefault(memento.file or "", []).append(memento)


def _pieces(file: BinaryIO, read: _Lines) -> Iterator[bytes]:
    """The index unpacked; where it is damaged or a bomb, that is told in `read` and its beginning is all there is."""
    size = file.seek(0, 2)
    file.seek(0)
    packed = file.read(3) == GZIP
    file.seek(0)
    given = 0
    try:
        for piece in _unpacked(file) if packed else iter(lambda: file.read(_STEP), b""):
            yield piece
            given += len(piece)
            if packed and given > max(_FREE, _MAX_RATIO * size):
                read.damage = f"it unpacks to more than {given // 2**20} MiB"
                return
    except zlib.error as error:
        read.damage = str(error)


def _unpacked(file: BinaryIO) -> Iterator[bytes]:
    """All gzip members, a line end behind each: not every writer of blocks ends their last line. Raises zlib.error."""
    left = b""
    while data := left or file.read(_STEP):
        inflate = zlib.decompressobj(wbits=31)
        while not inflate.eof:
            if not data:
                raise zlib.error("it breaks off")
            yield inflate.decompress(data, _STEP)
            data = inflate.unconsumed_tail or (b"" if inflate.eof else file.read(_STEP))
        yield b"\n"
        left = inflate.unused_data


def _memento(line: bytes, legend: str, archive: str) -> Memento | None:
    told = _fields(line.decode("utf-8", "replace").strip(), legend)
    return cdx.memento(told | {"timestamp": str(told.get("timestamp", ""))[:14]}, archive)


def _fields(line: str, legend: str) -> dict[str, Any]:
    """A line's values by their CDXJ names; empty for a line of neither form."""
    if (begin := line.find(" {")) > 0:
        try:
            told = json.loads(line[begin:])
        except (ValueError, RecursionError):
            return {}
        return {"timestamp": line[:begin].rpartition(" ")[2], **told} if isinstance(told, dict) else {}
    values = line.split(" ")
    letters = legend if len(legend) == len(values) else _LEGENDS.get(len(values), "")
    return {_LETTERS[letter]: value for letter, value in zip(letters, values, strict=False) if letter in _LETTERS}
