"""What a WACZ says of itself: datapackage.json, its digest file, its lists of pages. Pure functions on bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag

from scraper.address import is_web
from scraper.sources import digests

_MAX_LINE = 2**20  # of a list of pages: some carry the page's whole text


@dataclass(frozen=True, slots=True)
class Resource:
    """What the package states of one member."""

    hash: str | None  # `sha256:…`
    size: int | None  # bytes


def resources(text: bytes) -> dict[str, Resource]:
    """Every listed member by its name, out of datapackage.json of WACZ 1.0, 1.1 or 1.2. Raises ValueError."""
    told = _parsed(text)
    listed = told.get("resources") if isinstance(told, dict) else None
    if not isinstance(listed, list):
        raise ValueError("it lists no resources")
    found = (one for one in listed if isinstance(one, dict) and isinstance(one.get("path"), str))
    return {one["path"]: _resource(one) for one in found}


def digest_told(text: bytes, package: bytes) -> Iterator[str]:
    """What is to be said of a datapackage-digest.json and the datapackage.json it is of."""
    try:
        told = _parsed(text)
    except ValueError as error:
        yield f"cannot be read ({error})"
        return
    stated = told.get("hash") if isinstance(told, dict) else None
    named = digests.parsed(stated) if isinstance(stated, str) else None
    if named is None:
        yield "names no digest of datapackage.json"
    elif not digests.agrees(named, package):
        yield "names another digest than datapackage.json has: one of the two was changed"
    if isinstance(told, dict) and (signed := told.get("signedData")):
        by = signed.get("domain") if isinstance(signed, dict) else None
        yield f"the package is signed{f' by {by}' if isinstance(by, str) else ''}; the signature was not verified"


def pages(pieces: Iterable[bytes]) -> Iterator[str]:
    """The addresses in a list of pages (pages.jsonl), without fragments; lines that are none are passed over."""
    for line in lines(pieces):
        try:
            told = _parsed(line)
        except ValueError:
            continue
        url = told.get("url") if isinstance(told, dict) else None
        if isinstance(url, str) and is_web(url):
            yield urldefrag(url).url


def lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a file that comes in pieces; of one over 1 MiB, nothing."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line for line in whole if 0 < len(line) <= _MAX_LINE)
        rest = rest if len(rest) <= _MAX_LINE else b" " * (_MAX_LINE + 1)
    if 0 < len(rest) <= _MAX_LINE:
        yield rest


def _parsed(text: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _resource(told: dict[str, Any]) -> Resource:
    stats = told.get("stats")
    old = stats if isinstance(stats, dict) else {}  # WACZ 1.0
    value, size = told.get("hash") or old.get("hash"), told.get("bytes", old.get("bytes"))
    if isinstance(value, str) and ":" not in value:
        value = f"{told.get('hashing', 'sha256')}:{value}"
    return Resource(value if isinstance(value, str) else None, size if isinstance(size, int) else None)
