"""Reads the records of ARC 1.0 and 1.1 files as the WARC records they would be today."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scraper.dates import parse_instant
from scraper.sources.gzip_stream import RecordStream
from scraper.sources.warc_records import MAX_BLOCK, Damage, RecordPosition, WarcRecord

# URL (spaces may stand in it), IP address, date, then type and length; version 2 has six more between the last two.
_LINE = rb"([A-Za-z][\w+.-]{1,30}:[^\r\n]{0,8000}?) ([0-9A-Fa-f.:]{3,45}|-) (\d{8,18}) ([^\r\n]{1,8000})\r?\n"
RECORD_START = re.compile(_LINE)
_NEXT = re.compile(rb"\r?\n(?=" + _LINE + rb")")
_FILE_DESCRIPTION = "filedesc:"  # the first record describes the file itself
_MAX_DESCRIPTION = 64 * 1024
_MAX_DIGITS = 18


def read_arc_record(stream: RecordStream, line: bytes, index: int, at: int) -> Iterator[WarcRecord | Damage]:
    """Read the record that begins with this line, and report what is damaged in it."""
    match = RECORD_START.match(line)
    assert match  # so that it is read
    url, _, date, rest = (group.decode("utf-8", "replace") for group in match.groups())
    block, truncated, damage = _read_block(stream, rest.split()[-1], at)
    if url.startswith(_FILE_DESCRIPTION):
        if len(block) > _MAX_DESCRIPTION:
            yield Damage(f"{len(block)} bytes that belong to no record near byte {at}", lost=True)
        return
    if not block and damage:
        yield Damage(f"of {url} nothing is left; its record says {rest.split()[-1]} bytes, near byte {at}", lost=True)
        return
    yield from damage
    headers = {"warc-type": "response", "warc-target-uri": url, "warc-date": parse_instant(date[:14]) or date}
    media = rest.split()[0]
    if "/" in media:
        headers["content-type"] = media
    yield WarcRecord(headers, block, RecordPosition(stream.start, index), truncated, None)


def _read_block(stream: RecordStream, length_text: str, at: int) -> tuple[bytes, bool, list[Damage]]:
    """Return a record's bytes, whether some are missing, and what is wrong with its length."""
    if not (length_text.isdecimal() and len(length_text) <= _MAX_DIGITS):
        block = stream.read_to_record(MAX_BLOCK).removesuffix(b"\n")
        why = f"a record says {length_text} bytes and has {len(block)} near byte {at}"
        return block, False, [Damage(why, lost=False)]
    size = int(length_text)
    block = stream.read(min(size, MAX_BLOCK))
    over = stream.skip(size - len(block)) if len(block) == MAX_BLOCK < size else 0
    whole = len(block) + over == size
    if whole and stream.is_at_record_end(b"\n"):
        return block, over > 0, []
    if cut := _NEXT.search(block):  # the stated length is too large: the block holds the next record too
        stream.push_back(block[cut.end() :])
        block = block[: cut.start()]
    elif whole:  # the stated length is too small
        block = (block + stream.read_to_record(MAX_BLOCK))[:MAX_BLOCK].removesuffix(b"\n")
    elif stream.gzip and stream.clean:  # the gzip member is complete, so nothing was lost
        block = block.removesuffix(b"\n")
    else:
        why = f"the file breaks off in the middle of a record near byte {at}"
        return block, True, [Damage(why, lost=True)] if stream.clean else []
    return block, False, [Damage(f"a record says {size} bytes and has {len(block)} near byte {at}", lost=False)]
