"""Joins the segments that some recorders split a long record into; what is missing of one is reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from scraper.sources.warc_records import MAX_BLOCK, Damage, WarcRecord

_NUMBER, _ORIGIN, _TOTAL = "warc-segment-number", "warc-segment-origin-id", "warc-segment-total-length"
_MOST = 16  # records that are open at a time; recorders write the segments of one in a row
_OF_A_SEGMENT = frozenset((_NUMBER, "content-length", "warc-block-digest", "warc-truncated"))


def join_segments(items: Iterable[WarcRecord | Damage]) -> Iterator[WarcRecord | Damage]:
    """Yield the records, those in segments as one record where the last of them stands, and cut where none does."""
    begun: dict[str, list[WarcRecord]] = {}
    for item in items:
        if isinstance(item, Damage) or _NUMBER not in item.headers:
            yield item
        elif item.type != "continuation":
            if len(begun) == _MOST:
                yield from _give_up(begun.pop(next(iter(begun))))
            begun[item.headers.get("warc-record-id", "")] = [item]
        elif parts := begun.get(origin := item.headers.get(_ORIGIN, "")):
            is_too_long = sum(len(part.block) for part in parts) > MAX_BLOCK
            parts.append(replace(item, block=b"") if is_too_long else item)
            if _TOTAL in item.headers and _are_all(parts):
                yield _join(begun.pop(origin))
        else:
            yield Damage(f"a segment of {_name(item)} whose beginning is not in the file{_place(item)}", lost=True)
    for parts in begun.values():
        yield from _give_up(parts)


def _give_up(parts: list[WarcRecord]) -> Iterator[WarcRecord | Damage]:
    first = parts[0]
    yield Damage(f"the rest of {_name(first)}, which is in segments, is not in the file{_place(first)}", lost=True)
    yield first


def _are_all(parts: list[WarcRecord]) -> bool:
    return [part.headers[_NUMBER] for part in parts] == [str(number) for number in range(1, len(parts) + 1)]


def _join(parts: list[WarcRecord]) -> WarcRecord:
    block = b"".join(part.block for part in parts)
    headers = {name: value for name, value in parts[0].headers.items() if name not in _OF_A_SEGMENT}
    is_cut = len(block) > MAX_BLOCK or len(block) != _read_number(parts[-1].headers[_TOTAL])
    return replace(parts[0], headers=headers, block=block[:MAX_BLOCK], truncated=is_cut, length=None, head=b"")


def _read_number(text: str) -> int:
    return int(text[:18]) if text.isdecimal() else -1


def _name(record: WarcRecord) -> str:
    return record.url[:200] or "no address"


def _place(record: WarcRecord) -> str:
    return f" near byte {record.position.offset}"
