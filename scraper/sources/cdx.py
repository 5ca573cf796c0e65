"""CDX, the indexes of web archives: web.archive.org's dialect (arrays, text) and pywb's (lines of JSON, CDXJ)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scraper.records import Memento

FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest", "length")  # what web.archive.org is asked for
_WHOLE = ("urlkey", *FIELDS)  # what it tells if it is not asked for less
_PYWB = {"original": "url", "mimetype": "mime", "statuscode": "status"}  # pywb's names of the same
_STAMP = re.compile(r"\d{14}(?:\d{3})?")


@dataclass(frozen=True, slots=True)
class IndexPage:
    """One answer of an index."""

    mementos: tuple[Memento, ...]
    resume: str | None = None  # what to ask the next page with, None after the last
    bad: tuple[str, ...] = ()  # lines that tell of no capture


def rows(text: str, archive: str) -> Iterator[Memento]:
    """The captures that an answer of the index `archive` tells of, whichever its dialect. Raises ValueError."""
    yield from page(text, archive).mementos


def page(text: str, archive: str) -> IndexPage:
    """All that one answer tells. Raises ValueError for what is no answer of an index, or only its beginning."""
    begin = text.lstrip()[:1]
    if begin == "[":
        return _arrays(json.loads(text), archive)
    if begin == "<":
        raise ValueError("a page of HTML and no index")
    return _lines(text, archive)


def _arrays(told: list[Any], archive: str) -> IndexPage:
    if not all(isinstance(row, list) for row in told):
        raise ValueError("no rows of an index")
    body, resume = _resumed(told)
    names = [str(name) for name in body[0]] if body else []
    if body and "timestamp" not in names:
        raise ValueError(f"the first row names no fields: {str(body[0])[:100]}")
    return _read((dict(zip(names, row, strict=False)) for row in body[1:]), archive, resume)


def _resumed(told: Sequence[Any]) -> tuple[Sequence[Any], str | None]:
    """The rows, and the key that stands behind an empty one."""
    if len(told) > 1 and told[-2] in ([], "") and told[-1]:
        key = told[-1]
        return told[:-2], str(key[0] if isinstance(key, list) else key)
    return told, None


def _lines(text: str, archive: str) -> IndexPage:
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    body, resume = _resumed([line.strip() for line in lines])
    return _read((_fields(line) for line in body if line and not line.startswith((" CDX", "!"))), archive, resume)


def _fields(line: str) -> Mapping[str, Any]:
    """A line's values by their names; `line` alone where it is none."""
    begin = line.find("{")
    if begin == 0 or (begin > 0 and line[begin - 1] == " "):
        return _json_fields(line, begin)
    values = line.split(" ")
    names = {len(FIELDS): FIELDS, len(_WHOLE): _WHOLE}.get(len(values), ())
    return dict(zip(names, values, strict=True)) if names else {"line": line}


def _json_fields(line: str, begin: int) -> Mapping[str, Any]:
    try:
        told = json.loads(line[begin:])
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return {"line": line}
    before = line[:begin].split(" ")  # of CDXJ: key, timestamp and nothing
    return ({"timestamp": before[1]} if len(before) > 2 else {}) | told


def _read(told: Iterable[Mapping[str, Any]], archive: str, resume: str | None) -> IndexPage:
    mementos: list[Memento] = []
    bad: list[str] = []
    for fields in told:
        if found := memento(fields, archive):
            mementos.append(found)
        else:
            bad.append(str(fields.get("line") or dict(fields))[:200])
    return IndexPage(tuple(mementos), resume, tuple(bad))


def memento(told: Mapping[str, Any], archive: str) -> Memento | None:
    """What a line tells, by the names of either dialect; None for a line of no capture."""
    stamp, url = _word(told, "timestamp") or "", _word(told, "original")
    if not (url and _STAMP.fullmatch(stamp)):
        return None
    return Memento(
        archive=archive,
        url=url,
        timestamp=stamp[:14],
        digest=(_word(told, "digest") or "").removeprefix("sha1:") or None,
        status=_number(told, "statuscode"),
        media_type=_word(told, "mimetype"),
        length=_number(told, "length"),
        file=_word(told, "filename"),
        offset=_number(told, "offset"),
    )


def _word(told: Mapping[str, Any], name: str) -> str | None:
    value = told.get(name, told.get(_PYWB.get(name, name)))
    return str(value) if isinstance(value, str | int) and value not in ("", "-") else None


def _number(told: Mapping[str, Any], name: str) -> int | None:
    value = _word(told, name) or ""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None
