"""Posts as JSON: answers of WordPress's REST interface, and files in which people save many of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_GAP = re.compile(r"[\s,]*")
_decode = json.JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True)
class Dump:
    """The objects of a file, in order, and whether all of it was JSON."""

    items: tuple[Any, ...]
    is_whole: bool = True
    is_list: bool = True  # False: a single object


def parse_dump(body: bytes) -> Dump:
    """Parse one object, an array, an object with an array `posts`, or one object a line (NDJSON).

    Of a file that breaks off the complete objects are read, of lines those that are JSON. Raises ValueError or
    RecursionError where there are none.
    """
    text = body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff")
    try:
        data = json.loads(text)
    except ValueError:
        parts = _parse_elements(text) if text.lstrip().startswith("[") else _parse_lines(text)
        if not parts:
            raise
        return parts
    if isinstance(data, dict) and isinstance(posts := data.get("posts"), list):
        return Dump(tuple(posts))
    return Dump(tuple(data)) if isinstance(data, list) else Dump((data,), is_list=False)


def _parse_elements(text: str) -> Dump | None:
    """Parse the elements of an array up to where it breaks off."""
    values: list[Any] = []
    at = text.index("[") + 1
    try:
        while True:
            value, at = _decode(text, _skip_gap(text, at))
            values.append(value)
    except ValueError:
        objects = tuple(value for value in values if isinstance(value, dict))
        return Dump(objects, is_whole=False) if objects else None


def _skip_gap(text: str, at: int) -> int:
    match = _GAP.match(text, at)
    return match.end() if match else at


def _parse_lines(text: str) -> Dump | None:
    values: list[Any] = []
    errors = 0
    for line in text.splitlines():
        try:
            values += [json.loads(line)] if line.strip() else []
        except ValueError:
            errors += 1
    objects = [value for value in values if isinstance(value, dict)]
    return Dump(tuple(objects), is_whole=not errors) if objects else None
