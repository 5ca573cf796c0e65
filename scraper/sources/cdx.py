"""Parses CDX, the indexes of web archives: web.archive.org's dialect (arrays, text) and pywb's (JSON lines, CDXJ)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scraper.address import replace_unstorable
from scraper.records import Memento

FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest", "length")
ALL_FIELDS = ("urlkey", *FIELDS)  # requested from web.archive.org: without `urlkey` its resume keys leave lines out
_PYWB_NAMES = {"original": "url", "mimetype": "mime", "statuscode": "status"}  # pywb's names for the same fields
_STAMP = re.compile(r"\d{14}(?:\d{3})?")

_Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class IndexPage:
    """One answer of an index."""

    mementos: tuple[Memento, ...]
    resume: str | None = None  # key that requests the next page, None after the last
    bad_lines: tuple[str, ...] = ()  # lines that describe no capture
    is_whole: bool = True  # False where a line between others cannot be parsed


def parse_page(text: str, archive: str) -> IndexPage:
    """Parse one answer of the index `archive`, in either dialect. Raises ValueError if it is none, or breaks off.

    An index that lists nothing answers with no rows in one dialect, and with nothing at all in the other.
    """
    text = text.strip("\ufeff \r\n\t") + ("\n" if text.endswith("\n") else "")
    begin = text[:1]
    if begin == "<":
        raise ValueError("an HTML page, not an index")
    if not text.strip():
        return IndexPage(())
    return _parse_arrays(text, archive) if begin == "[" else _parse_lines(text, archive)


def _parse_arrays(text: str, archive: str) -> IndexPage:
    rows = _load_rows(text)
    if not all(isinstance(row, list | str) for row in rows):
        raise ValueError("no rows of an index")
    body, resume = _split_resume_key(rows)
    names = list(map(str, body[0])) if body else []
    if body and not {"timestamp", "original"} <= {*names}:
        raise ValueError(f"the first row names no fields: {str(body[0])[:100]}")
    is_row = [isinstance(row, list) and len(row) == len(names) for row in body[1:]]
    fields = [dict(zip(names, row, strict=True)) if fits else row for row, fits in zip(body[1:], is_row, strict=True)]
    return _collect_mementos(fields, archive, resume, is_closed=True)


def _load_rows(text: str) -> list[Any]:
    """Load the rows of an array; one that cannot be parsed stays as it is written. Raises ValueError.

    web.archive.org writes a row a line, and does not escape what stands in an address.
    """
    try:
        return list(json.loads(text))
    except RecursionError as error:
        raise ValueError("no rows of an index") from error
    except ValueError:
        lines = text.strip().removeprefix("[").split("\n")
        if len(lines) < 2 or not lines[-1].endswith("]]"):
            raise
    lines[-1] = lines[-1].removesuffix("]")
    return [_load_row(line.strip().removesuffix(",")) or line for line in lines]


def _load_row(text: str) -> Any:  # noqa: ANN401 - whatever JSON can hold
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _split_resume_key(rows: Sequence[Any]) -> tuple[Sequence[Any], str | None]:
    """Split the rows from the resume key, which follows an empty row. Raises ValueError where it is missing."""
    if rows and rows[-1] == []:
        raise ValueError("it breaks off before the resume key")
    if len(rows) > 1 and rows[-2] in ([], "") and rows[-1]:
        key = rows[-1]
        word = key[0] if isinstance(key, list) else key
        return rows[:-2], str(word) if isinstance(word, str | int) else ""
    return rows, None


def _parse_lines(text: str, archive: str) -> IndexPage:
    if not text.endswith(("\n", "}")):
        raise ValueError(f"it breaks off, or is no index: {text[-100:]!r}")
    body, resume = _split_resume_key([line.strip() for line in text.rstrip("\n").split("\n")])
    lines = [line for line in body if line and not line.startswith(("CDX ", "!"))]
    return _collect_mementos([_parse_line(line) or line for line in lines], archive, resume, is_closed=False)


def _parse_line(line: str) -> _Fields | None:
    """Map field names to the line's values; None if it is no line of an index."""
    begin = line.find("{")
    if begin == 0 or (begin > 0 and line[begin - 1] == " "):
        return parse_json_line(line, begin)
    values = line.split(" ")
    names = {len(FIELDS): FIELDS, len(ALL_FIELDS): ALL_FIELDS}.get(len(values), ())
    fields = dict(zip(names, values, strict=False))
    return fields if _STAMP.fullmatch(fields.get("timestamp", "")) else None


def parse_json_line(line: str, begin: int) -> _Fields | None:
    """Map field names to the values of a line whose JSON begins there; None if it describes no capture."""
    fields = _load_row(line[begin:])
    if not isinstance(fields, dict):
        return None
    before = line[:begin].split(" ")  # in CDXJ: key, timestamp and an empty word
    fields = ({"timestamp": before[1]} if len(before) > 2 else {}) | fields
    return fields if "timestamp" in fields and ("url" in fields or "original" in fields) else None


def _collect_mementos(lines: Sequence[Any], archive: str, resume: str | None, *, is_closed: bool) -> IndexPage:
    """Collect the captures of lines with fields; others are lines that could not be parsed.

    Raises ValueError where there is none, and where the last one may be half a line: an array that is closed is whole.
    """
    found = [parse_memento(line, archive) if isinstance(line, dict) else None for line in lines]
    mementos = tuple(memento for memento in found if memento)
    bad_lines = tuple(str(line)[:200] for line, memento in zip(lines, found, strict=True) if not memento)
    if lines and not (mementos and (is_closed or isinstance(lines[-1], dict))):
        raise ValueError(f"no lines of an index, or they break off: {bad_lines[-1]}")
    return IndexPage(mementos, resume, bad_lines, all(isinstance(line, dict) for line in lines))


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
