"""Posts as JSON: answers of WordPress's REST interface, and the files that people save many of them in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_GAP = re.compile(r"[\s,]*")
_decode = json.JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True)
class Dump:
    """The objects of a file, in its order, and whether all of it was JSON."""

    items: tuple[Any, ...]
    whole: bool = True
    listed: bool = True  # False: one object alone


def loaded(body: bytes) -> Dump:
    """One object, an array, an object that has its posts in `posts`, or a line an object (NDJSON).

    Of what breaks off, all that is whole before; of lines, all that can be read. Raises ValueError or RecursionError
    where nothing can.
    """
    text = body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff")
    try:
        told = json.loads(text)
    except ValueError:
        parts = _elements(text) if text.lstrip().startswith("[") else _lines(text)
        if not parts:
            raise
        return parts
    if isinstance(told, dict) and isinstance(posts := told.get("posts"), list):
        return Dump(tuple(posts))
    return Dump(tuple(told)) if isinstance(told, list) else Dump((told,), listed=False)


def _elements(text: str) -> Dump | None:
    """The elements of an array up to where it breaks."""
    found: list[Any] = []
    at = text.index("[") + 1
    try:
        while True:
            value, at = _decode(text, _end(text, at))
            found.append(value)
    except ValueError:
        objects = tuple(value for value in found if isinstance(value, dict))
        return Dump(objects, whole=False) if objects else None


def _end(text: str, at: int) -> int:
    match = _GAP.match(text, at)
    return match.end() if match else at


def _lines(text: str) -> Dump | None:
    found: list[Any] = []
    broken = 0
    for line in text.splitlines():
        try:
            found += [json.loads(line)] if line.strip() else []
        except ValueError:
            broken += 1
    objects = [value for value in found if isinstance(value, dict)]
    return Dump(tuple(objects), whole=not broken) if objects else None
