"""Parses what a WACZ states about itself: datapackage.json, its digest file, its lists of pages. Pure functions."""

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


def parse_resources(text: bytes) -> dict[str, Resource]:
    """Parse the members that datapackage.json of WACZ 1.0, 1.1 or 1.2 lists, by name. Raises ValueError."""
    data = _parse_json(text)
    items = data.get("resources") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise ValueError("it lists no resources")
    resources = (item for item in items if isinstance(item, dict) and isinstance(item.get("path"), str))
    return {item["path"]: _parse_resource(item) for item in resources}


def check_package_digest(text: bytes, package: bytes) -> Iterator[str]:
    """Yield what is wrong with datapackage-digest.json, or with the datapackage.json that it belongs to."""
    try:
        data = _parse_json(text)
    except ValueError as error:
        yield f"cannot be read ({error})"
        return
    stated = data.get("hash") if isinstance(data, dict) else None
    digest = digests.parse_digest(stated) if isinstance(stated, str) else None
    if digest is None:
        yield "states no digest of datapackage.json"
    elif not digests.has_digest(digest, package):
        yield "states a digest that datapackage.json does not have: one of the two was changed"
    if isinstance(data, dict) and (signature := data.get("signedData")):
        domain = signature.get("domain") if isinstance(signature, dict) else None
        signer = f" by {domain}" if isinstance(domain, str) else ""
        yield f"the package is signed{signer}; the signature was not verified"


def parse_page_urls(pieces: Iterable[bytes]) -> Iterator[str]:
    """Parse the addresses in a list of pages (pages.jsonl), without fragments; other lines are ignored."""
    for line in split_lines(pieces):
        try:
            data = _parse_json(line)
        except ValueError:
            continue
        url = data.get("url") if isinstance(data, dict) else None
        if isinstance(url, str) and is_web(url):
            yield urldefrag(url).url


def split_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Split a file that comes in pieces into lines; a line over 1 MiB is dropped."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line for line in whole if 0 < len(line) <= _MAX_LINE)
        rest = rest if len(rest) <= _MAX_LINE else b" " * (_MAX_LINE + 1)
    if 0 < len(rest) <= _MAX_LINE:
        yield rest


def _parse_json(text: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _parse_resource(item: dict[str, Any]) -> Resource:
    stats = item.get("stats")
    old = stats if isinstance(stats, dict) else {}  # WACZ 1.0
    value, size = item.get("hash") or old.get("hash"), item.get("bytes", old.get("bytes"))
    if isinstance(value, str) and ":" not in value:
        value = f"{item.get('hashing', 'sha256')}:{value}"
    return Resource(value if isinstance(value, str) else None, size if isinstance(size, int) else None)
