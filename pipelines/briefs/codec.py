"""A reading as bytes and back, so that a brief can be merged again from all its captures."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any

from scraper.records import (
    Author,
    Brief,
    Category,
    Evidence,
    Extraction,
    Link,
    PhotoCredit,
    Problem,
    Reading,
    Resource,
    Section,
)

LISTS: dict[str, type] = {
    "authors": Author,
    "resources": Resource,
    "photo_credits": PhotoCredit,
    "sections": Section,
    "links": Link,
    "categories": Category,
}
_NAMES = {noun: tuple(each.name for each in fields(noun)) for noun in (Brief, Evidence, Problem, *LISTS.values())}
_READERS: dict[type, tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]]]] = {
    noun: (names, attrgetter(*names)) for noun, names in _NAMES.items()
}
_UNTRACKED = ("url", "modified", "posted_by", "body_html", "links")
# SQLite's functions stop at U+0000, and half a surrogate pair is no character at all.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")  # as JSON writes it, behind no odd backslash
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")


def dump_reading(reading: Reading) -> str:
    """The reading as JSON, without its fidelity; equal readings give equal text."""
    brief = _get_fields(reading.brief)
    if brief["body"] == _join_sections(reading.brief.sections):
        brief["body"] = True  # the sections hold it: half the size
    evidence = ",".join([_dump_evidence(item) for item in reading.evidence])
    dump = _COMPACT.encode
    part = f',"part":{dump((reading.part, reading.parts))}' if reading.parts > 1 else ""
    return f'{{"brief":{dump(brief)},"evidence":[{evidence}],"problems":{dump(reading.problems)}{part}}}'


def _dump_evidence(item: Evidence) -> str:
    # Most of a record is evidence: to write it so takes a fifth of the time.
    text = encode_basestring
    return (
        f'{{"field":{text(item.field)},"value":{text(item.value)},"rule":{text(item.rule)},'
        f'"snippet":{text(item.snippet)},"confidence":{text(item.confidence)},'
        f'"chosen":{"true" if item.chosen else "false"}}}'
    )


def digest_published_values(reading: Reading) -> bytes:
    """A digest of the published values: equal for readings that merging does not tell apart, except in markup.

    Of the values that no revision records (addresses, times of change, HTML) it only covers whether they are there.
    """
    values = _get_fields(reading.brief)
    values |= {name: bool(values[name]) for name in _UNTRACKED}
    values |= {"part": (reading.part, reading.parts)} if reading.parts > 1 else {}
    values["resources"] = [(item.heading, item.name, item.text) for item in reading.brief.resources]
    return hashlib.sha256(_SPACED.encode(values).encode()).digest()


def load_reading(text: str, fidelity: int) -> Reading:
    """The reading that `dump_reading` wrote."""
    record = json.loads(text)
    brief: dict[str, Any] = record["brief"]
    for name, noun in LISTS.items():
        brief[name] = tuple(noun(**item) for item in brief[name])
    if brief["body"] is True:
        brief["body"] = _join_sections(brief["sections"])
    return Reading(
        Brief(**brief),
        tuple(Evidence(**item) for item in record["evidence"]),
        tuple(Problem(**item) for item in record["problems"]),
        fidelity,
        (),
        *record.get("part", (1, 1)),
    )


def _join_sections(sections: Iterable[Section]) -> str:
    return "\n\n".join(part for section in sections for part in (section.heading, section.text) if part)


@dataclass(frozen=True, slots=True)
class PackedReading:
    """A reading as its rows hold it."""

    reading: Reading  # without characters that SQLite cannot store
    digest: bytes  # of its record
    record: bytes
    shown: bytes  # the digest of its published values


def pack_reading(reading: Reading) -> PackedReading:
    """Pack a reading, unless that was done ahead and nothing has changed since."""
    packed = reading.packed
    if isinstance(packed, PackedReading) and _has_same_parts(packed.reading, reading):
        return packed
    storable, raw = dump_storable(reading)
    return PackedReading(storable, digest_record(raw), compress_record(raw), digest_published_values(storable))


def _has_same_parts(first: Reading, second: Reading) -> bool:
    return first.brief is second.brief and first.evidence is second.evidence and first.problems is second.problems


def pack_ahead(extraction: Extraction) -> Extraction:
    """The extraction with its readings packed: many in a row take half the time of one before each is stored."""
    readings = tuple(replace(reading, packed=pack_reading(reading)) for reading in extraction.readings)
    return replace(extraction, readings=readings) if readings else extraction


def dump_storable(reading: Reading) -> tuple[Reading, bytes]:
    """The reading without characters that SQLite cannot store, and its JSON."""
    text = dump_reading(reading)
    if (raw := _encode_storable(text)) is not None:
        return reading, raw
    text = _HALF_PAIR.sub("\ufffd", _NUL.sub("\\1\ufffd", text))
    return load_reading(text, reading.fidelity), text.encode()


def _encode_storable(text: str) -> bytes | None:
    # Two scans in C: the pattern alone would take longer than everything else here.
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        return None
    return None if b"\\u0000" in raw else raw


def digest_record(raw: bytes) -> bytes:
    """The digest by which a record is found again."""
    return hashlib.sha256(raw).digest()


def compress_record(raw: bytes) -> bytes:
    """The record as its row holds it."""
    return zlib.compress(raw, 1)


def pack_text(text: str) -> tuple[bytes, bytes]:
    """The digest of a record's text, and the text compressed."""
    raw = text.encode()
    return digest_record(raw), compress_record(raw)


def unpack_text(record: bytes) -> str:
    """The text of a compressed record."""
    return zlib.decompress(record).decode()


def load_record(record: bytes, fidelity: int) -> Reading:
    """The reading that a row of records holds."""
    return load_reading(unpack_text(record), fidelity)


def _get_fields(noun: object) -> dict[str, Any]:
    names, values = _READERS[type(noun)]
    return dict(zip(names, values(noun), strict=True))


_COMPACT = json.JSONEncoder(default=_get_fields, ensure_ascii=False, check_circular=False, separators=(",", ":"))
_SPACED = json.JSONEncoder(default=_get_fields, ensure_ascii=False, check_circular=False)
