"""Digests as WARC records, indexes and WACZ packages state them, against the bytes they are stated of."""

from __future__ import annotations

import hashlib
from base64 import b16encode, b32encode, b64encode
from collections.abc import Iterable, Iterator, Mapping

from scraper.sources.content_coding import dechunked

_ALGORITHMS = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512"})
_BY_LENGTH = {32: "sha1", 40: "sha1"}  # how indexes write SHA-1 without its name: base32, base16


def parsed(stated: str) -> tuple[str, str] | None:
    """Algorithm and value of `sha1:ABC…` or of a bare SHA-1; None for what names nothing we can compute."""
    name, colon, value = stated.strip().partition(":")
    if not colon:
        name, value = _BY_LENGTH.get(len(name), ""), name
    algorithm = name.lower().replace("-", "")
    return (algorithm, value.rstrip("=")) if algorithm in _ALGORITHMS and value else None


def agrees(stated: tuple[str, str], data: bytes) -> bool:
    """Whether the bytes have that digest, in whichever base it is written."""
    return same(stated, hashlib.new(stated[0], data, usedforsecurity=False).digest())


def same(stated: tuple[str, str], digest: bytes) -> bool:
    """Whether a stated digest is this one, in base 32, 16 or 64."""
    value = stated[1]
    if value.upper() in (b32encode(digest).decode().rstrip("="), b16encode(digest).decode()):
        return True
    return value.replace("-", "+").replace("_", "/") == b64encode(digest).decode().rstrip("=")


def forms(coded: bytes, headers: Iterable[tuple[str, str]], body: bytes) -> Iterator[bytes]:
    """A payload in the forms that recorders compute its digest over: as sent, without chunks, decoded."""
    yield coded
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        yield dechunked(coded).body
    yield body


def wire(coded: bytes, headers: Iterable[tuple[str, str]], body: bytes, stated: str) -> tuple[bytes, bool]:
    """The form of a payload that its digest is stated of, and whether there is one.

    Without a digest, or with a wrong one, it is the payload without its chunks, its content encoding left on.
    """
    named = parsed(stated)
    whole = list(headers)
    found = next((form for form in forms(coded, whole, body) if agrees(named, form)), None) if named else None
    if found is not None:
        return found, True
    plain = list(forms(coded, whole, body))
    return (plain[1] if len(plain) == 3 else coded), named is None


def wrong(headers: Mapping[str, str], block: bytes, payload_agrees: bool) -> str | None:
    """The names of a record's digests that are not those of its bytes; None if all agree."""
    named = parsed(headers.get("warc-block-digest", ""))
    names = [] if named is None or agrees(named, block) else ["WARC-Block-Digest"]
    names += [] if payload_agrees else ["WARC-Payload-Digest"]
    return " and ".join(names) or None
