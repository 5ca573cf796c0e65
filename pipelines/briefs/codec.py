"""A reading as bytes, so that a brief can be folded again from all its captures, and back."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any

from scraper.records import (
    Author,
    Brief,
    Category,
    Evidence,
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


def dumped(reading: Reading) -> str:
    """The reading but for its fidelity, as JSON; equal readings give equal text."""
    brief = _fields(reading.brief)
    if brief["body"] == _joined(reading.brief.sections):
        brief["body"] = True  # half of the text, twice: the sections have it
    told = {"brief": brief, "evidence": reading.evidence, "problems": reading.problems}
    return json.dumps(told, default=_fields, ensure_ascii=False, separators=(",", ":"))


def shown(reading: Reading) -> bytes:
    """A digest of what is published in the reading: equal where a fold cannot tell two readings apart but by dress.

    Of the values that no revision tells of (addresses, times of change, HTML) it only knows whether they are there.
    """
    told = _fields(reading.brief)
    told |= {name: bool(told[name]) for name in _UNTRACKED}
    told["resources"] = [(item.heading, item.name, item.text) for item in reading.brief.resources]
    return hashlib.sha256(json.dumps(told, default=_fields, ensure_ascii=False).encode()).digest()


def loaded(text: str, fidelity: int) -> Reading:
    """The reading that `dumped` wrote."""
    told = json.loads(text)
    brief: dict[str, Any] = told["brief"]
    for name, noun in LISTS.items():
        brief[name] = tuple(noun(**item) for item in brief[name])
    if brief["body"] is True:
        brief["body"] = _joined(brief["sections"])
    return Reading(
        Brief(**brief),
        tuple(Evidence(**item) for item in told["evidence"]),
        tuple(Problem(**item) for item in told["problems"]),
        fidelity,
    )


def _joined(sections: Iterable[Section]) -> str:
    return "\n\n".join(part for section in sections for part in (section.heading, section.text) if part)


def storable(reading: Reading) -> tuple[Reading, str]:
    """The reading without characters that no database keeps, and its JSON."""
    text = dumped(reading)
    if _is_storable(text):
        return reading, text
    text = _HALF_PAIR.sub("\ufffd", _NUL.sub("\\1\ufffd", text))
    return loaded(text, reading.fidelity), text


def _is_storable(text: str) -> bool:
    # Two scans in C: the pattern alone would take longer than everything else here.
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\\u0000" not in text


def packed(text: str) -> tuple[bytes, bytes]:
    """The SHA-256 digest of the text, and the text compressed."""
    raw = text.encode()
    return hashlib.sha256(raw).digest(), zlib.compress(raw, 1)


def unpacked(record: bytes) -> str:
    """The text that `packed` compressed."""
    return zlib.decompress(record).decode()


def _fields(noun: object) -> dict[str, Any]:
    names, values = _READERS[type(noun)]
    return dict(zip(names, values(noun), strict=True))
