"""The records of a file, whether it is WARC or ARC, one by one or by their place."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from scraper.sources import arc, warc_records
from scraper.sources import media_type as media
from scraper.sources.content_coding import GZIP
from scraper.sources.gzip_stream import BEGINNING, Unpacked
from scraper.sources.warc_records import Damage, Place, WarcRecord

_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind of file is read: what begins a record, and the records of one run."""

    begins: re.Pattern[bytes]
    run: Callable[[Unpacked], Iterator[WarcRecord | Damage]]


_WARC = Form(re.compile(re.escape(BEGINNING)), warc_records.run)
_ARC = Form(arc.BEGINS, arc.run)


def records(file: BinaryIO, name: str) -> Iterator[WarcRecord | Damage]:
    """Everything in the file, in its order; reads on behind damage. The file must be able to seek.

    `name` says what a file is whose beginning is damaged.
    """
    form = _form(file, 0, name)
    flow = Unpacked(file, 0, form.begins)
    while True:
        yield from form.run(flow)
        yield from (Damage(message, lost=True) for message in flow.damage)
        flow.damage.clear()
        if not flow.advance():
            return


def record_at(file: BinaryIO, place: Place, name: str) -> WarcRecord | None:
    """The record that begins at `place`, None if there is none any more."""
    form = _form(file, place.run, name)
    found = (item for item in form.run(Unpacked(file, place.run, form.begins)) if isinstance(item, WarcRecord))
    return next((record for record in found if record.place == place), None)


def beginning(head: bytes) -> bytes:
    """The first bytes of a file, unpacked where they are gzip."""
    if not head.startswith(GZIP):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 16 * _HEAD)
    except zlib.error:
        return b""


def is_recorded(head: bytes) -> bool:
    """Whether a file that begins with these bytes is WARC or ARC."""
    begin = beginning(head)
    return re.match(rb"WARC/\d", begin) is not None or begin.startswith(b"filedesc://")


def _form(file: BinaryIO, at: int, name: str) -> Form:
    file.seek(at)
    begin = beginning(file.read(_HEAD))
    if begin.startswith(BEGINNING):
        return _WARC
    named = media.ending(name) in ("arc", "arc.gz")
    return _ARC if named or arc.BEGINS.match(begin) else _WARC
