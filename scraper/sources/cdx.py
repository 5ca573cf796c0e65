"""Parses CDX, the indexes of web archives: web.archive.org's dialect (arrays, text) and pywb's (JSON lines, CDXJ)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scraper.address import replace_unstorable
from scraper.records import Memento

FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest", "length")  # requested from web.archive.org
_ALL_FIELDS = ("urlkey", *FIELDS)  # what it returns where no fields are requested
_PYWB_NAMES = {"original": "url", "mimetype": "mime", "statuscode": "status"}  # pywb's names for the same fields
_STAMP = re.compile(r"\d{14}(?:\d{3})?")


@dataclass(frozen=True, slots=True)
class IndexPage:
    """One answer of an index."""

    mementos: tuple[Memento, ...]
    resume: str | None = None  # key that requests the next page, None after the last
    bad_lines: tuple[str, ...] = ()  # lines that describe no capture


def parse_mementos(text: str, archive: str) -> Iterator[Memento]:
    """Parse the captures in an answer of the index `archive`, in either dialect. Raises ValueError."""
    yield from parse_page(text, archive).mementos


def parse_page(text: str, archive: str) -> IndexPage:
    """Parse one answer. Raises ValueError if it is not an answer of an index, or breaks off."""
    begin = text.lstrip()[:1]
    if begin == "[":
        return _parse_arrays(json.loads(text), archive)
    if begin == "<":
        raise ValueError("an HTML page, not an index")
    return _parse_lines(text, archive)


def _parse_arrays(rows: list[Any], archive: str) -> IndexPage:
    if not all(isinstance(row, list) for row in rows):
        raise ValueError("no rows of an index")
    body, resume = _split_resume_key(rows)
    names = [str(name) for name in body[0]] if body else []
    if body and "timestamp" not in names:
        raise ValueError(f"the first row names no fields: {str(body[0])[:100]}")
    return _collect_mementos((dict(zip(names, row, strict=False)) for row in body[1:]), archive, resume)


def _split_resume_key(rows: Sequence[Any]) -> tuple[Sequence[Any], str | None]:
    """Split the rows from the resume key, which follows an empty row."""
    if len(rows) > 1 and rows[-2] in ([], "") and rows[-1]:
        key = rows[-1]
        return rows[:-2], str(key[0] if isinstance(key, list) else key)
    return rows, None


def _parse_lines(text: str, archive: str) -> IndexPage:
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    body, resume = _split_resume_key([line.strip() for line in lines])
    fields = (_parse_line(line) for line in body if line and not line.startswith((" CDX", "!")))
    return _collect_mementos(fields, archive, resume)


def _parse_line(line: str) -> Mapping[str, Any]:
    """Map field names to the line's values; where it cannot be parsed, `line` to the line itself."""
    begin = line.find("{")
    if begin == 0 or (begin > 0 and line[begin - 1] == " "):
        return _parse_json_line(line, begin)
    values = line.split(" ")
    names = {len(FIELDS): FIELDS, len(_ALL_FIELDS): _ALL_FIELDS}.get(len(values), ())
    return dict(zip(names, values, strict=True)) if names else {"line": line}


def _parse_json_line(line: str, begin: int) -> Mapping[str, Any]:
    try:
        fields = json.loads(line[begin:])
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return {"line": line}
    before = line[:begin].split(" ")  # in CDXJ: key, timestamp and an empty word
    return ({"timestamp": before[1]} if len(before) > 2 else {}) | fields


def _collect_mementos(lines: Iterable[Mapping[str, Any]], archive: str, resume: str | None) -> IndexPage:
    mementos: list[Memento] = []
    bad_lines: list[str] = []
    for fields in lines:
        if memento := parse_memento(fields, archive):
            mementos.append(memento)
        else:
            bad_lines.append(str(fields.get("line") or dict(fields))[:200])
    return IndexPage(tuple(mementos), resume, tuple(bad_lines))


def parse_memento(fields: Mapping[str, Any], archive: str) -> Memento | None:
    """Make a memento of a line's fields, in the names of either dialect; None if they describe no capture."""
    stamp, url = _text_field(fields, "timestamp") or "", _text_field(fields, "original")
    if not (url and _STAMP.fullmatch(stamp)):
        return None
    return Memento(
        archive=archive,
        url=url,
        timestamp=stamp[:14],
        digest=(_text_field(fields, "digest") or "").removeprefix("sha1:") or None,
        status=_number_field(fields, "statuscode"),
        media_type=_text_field(fields, "mimetype"),
        length=_number_field(fields, "length"),
        file=_text_field(fields, "filename"),
        offset=_number_field(fields, "offset"),
    )


def _text_field(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name, fields.get(_PYWB_NAMES.get(name, name)))
    return replace_unstorable(str(value)) if isinstance(value, str | int) and value not in ("", "-") else None


def _number_field(fields: Mapping[str, Any], name: str) -> int | None:
    value = _text_field(fields, name) or ""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None
