"""The records of an ARC 1.0 or 1.1 file, as the WARC records they would be today."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scraper.sources.gzip_stream import Unpacked
from scraper.sources.instants import instant
from scraper.sources.warc_records import MAX_BLOCK, Damage, Place, WarcRecord

# URL (spaces may stand in it), IP address, date, then type and length; version 2 has six more between the last two.
_LINE = rb"([A-Za-z][\w+.-]{1,30}:[^\r\n]{0,8000}?) ([0-9A-Fa-f.:]{3,45}|-) (\d{8,18}) ([^\r\n]{1,8000})\r?\n"
BEGINS = re.compile(_LINE)
_NEXT = re.compile(rb"\r?\n(?=" + _LINE + rb")")
_ABOUT = "filedesc:"  # the first record tells of the file itself
_MAX_ABOUT = 64 * 1024
_MAX_DIGITS = 18


def run(flow: Unpacked) -> Iterator[WarcRecord | Damage]:
    """The records of one run of an ARC file, and what is damaged in it."""
    nth = 0
    at = flow.tell()
    while (line := flow.first_line()) is not None:
        if match := BEGINS.fullmatch(line):
            yield from _record(flow, match, Place(flow.start, nth), at)
            nth += 1
        else:
            yield Damage(f"bytes that belong to no record near byte {at}", lost=True)
            _up_to_next(flow, keep=0)
        at = flow.tell()


def _up_to_next(flow: Unpacked, keep: int = MAX_BLOCK) -> bytes:
    """Everything before the next line that begins a record, the first `keep` bytes of it."""
    passed = bytearray()
    while line := flow.readline():
        if BEGINS.fullmatch(line):
            flow.push(line)
            break
        passed += line[: max(0, keep - len(passed))]
    return bytes(passed)


def _record(flow: Unpacked, line: re.Match[bytes], place: Place, at: int) -> Iterator[WarcRecord | Damage]:
    url, _, date, rest = (group.decode("utf-8", "replace") for group in line.groups())
    block, truncated, damage = _block(flow, rest.split()[-1], at)
    if url.startswith(_ABOUT):
        if len(block) > _MAX_ABOUT:
            yield Damage(f"{len(block)} bytes that belong to no record near byte {at}", lost=True)
        return
    if not block and damage:
        yield Damage(f"of {url} nothing is left; its record says {rest.split()[-1]} bytes, near byte {at}", lost=True)
        return
    yield from damage
    headers = {"warc-type": "response", "warc-target-uri": url, "warc-date": instant(date[:14]) or date}
    media = rest.split()[0]
    if "/" in media:
        headers["content-type"] = media
    yield WarcRecord(headers, block, place, truncated, None)


def _block(flow: Unpacked, stated: str, at: int) -> tuple[bytes, bool, list[Damage]]:
    """A record's bytes, whether some are missing, and what is wrong with its length."""
    if not (stated.isdecimal() and len(stated) <= _MAX_DIGITS):
        block = _up_to_next(flow).removesuffix(b"\n")
        return block, False, [Damage(f"a record says {stated} bytes and has {len(block)} near byte {at}", lost=False)]
    size = int(stated)
    block = flow.read(min(size, MAX_BLOCK))
    over = flow.skip(size - len(block)) if len(block) == MAX_BLOCK < size else 0
    whole = len(block) + over == size
    if whole and _ended(flow):
        return block, over > 0, []
    if cut := _NEXT.search(block):  # it says too much, and ran over its neighbour
        flow.push(block[cut.end() :])
        block = block[: cut.start()]
    elif whole:  # it says too little
        block = (block + _up_to_next(flow))[:MAX_BLOCK].removesuffix(b"\n")
    elif flow.gzip and flow.clean:  # its gzip member is whole
        block = block.removesuffix(b"\n")
    else:
        why = f"the file breaks off in the middle of a record near byte {at}"
        return block, True, [Damage(why, lost=True)] if flow.clean else []
    return block, False, [Damage(f"a record says {size} bytes and has {len(block)} near byte {at}", lost=False)]


def _ended(flow: Unpacked) -> bool:
    """Whether a record ends here: a line end of ARC's own, or nothing but another record."""
    blank = b""
    while (line := flow.readline()) and not line.strip():
        blank += line
    ended = not line or blank.startswith(b"\n") or (bool(blank) and BEGINS.fullmatch(line) is not None)
    flow.push(line if ended else blank + line)
    return ended
