"""Compares the digests that WARC records, indexes and WACZ packages state with the bytes they belong to."""

from __future__ import annotations

import hashlib
import re
from base64 import b32encode, b64encode
from collections.abc import Iterable, Iterator, Mapping

from scraper.http_headers import is_chunked
from scraper.sources.content_coding import join_chunks

_ALGORITHMS = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512"})
_UNNAMED = (  # how indexes write digests without their names
    ("sha1", re.compile(r"[A-Z2-7]{32}|[0-9A-F]{40}", re.IGNORECASE)),
    ("md5", re.compile(r"[0-9A-F]{32}", re.IGNORECASE)),
    ("sha256", re.compile(r"[A-Z2-7]{52}(?:={4})?|[0-9A-F]{64}", re.IGNORECASE)),
)


def parse_digest(stated: str) -> tuple[str, str] | None:
    """Return algorithm and value of `sha1:ABC…` or of a bare digest; None for one that we cannot compute."""
    name, colon, value = stated.strip().partition(":")
    if not colon:
        name, value = next((known for known, shape in _UNNAMED if shape.fullmatch(name)), ""), name
    algorithm = name.lower().replace("-", "")
    return (algorithm, value.rstrip("=")) if algorithm in _ALGORITHMS and value else None


def compare_digest(stated: str | None, forms: Iterable[bytes]) -> bool | None:
    """Whether one of the forms of a payload has the stated digest; None where there is none that can be computed."""
    digest = parse_digest(stated or "")
    return any(has_digest(digest, form) for form in forms) if digest else None


def has_digest(stated: tuple[str, str], data: bytes) -> bool:
    """Whether the bytes have that digest, in whichever base it is written."""
    return is_same_digest(stated, hashlib.new(stated[0], data, usedforsecurity=False).digest())


def is_same_digest(stated: tuple[str, str], digest: bytes) -> bool:
    """Whether a stated digest is this one, in base 32, 16 or 64."""
    value = stated[1]
    if len(value) == 2 * len(digest):
        return value.lower() == digest.hex()
    if value.upper() == b32encode(digest).decode().rstrip("="):
        return True
    return value.replace("-", "+").replace("_", "/") == b64encode(digest).decode().rstrip("=")


def payload_forms(coded: bytes, headers: Iterable[tuple[str, str]], body: bytes) -> Iterator[bytes]:
    """Yield a payload in the forms that recorders compute digests of: as sent, without chunks, decoded."""
    yield coded
    if is_chunked(headers):
        yield join_chunks(coded).body
    yield body


def choose_wire_form(coded: bytes, headers: Iterable[tuple[str, str]], body: bytes, stated: str) -> tuple[bytes, bool]:
    """Return the form of the payload that the stated digest belongs to, and whether the digest agrees.

    Without a digest, or with a wrong one, that is the payload without chunks and with its content encoding.
    """
    digest = parse_digest(stated)
    forms = list(payload_forms(coded, headers, body))
    match = next((form for form in forms if has_digest(digest, form)), None) if digest else None
    if match is not None:
        return match, True
    return (forms[1] if len(forms) == 3 else coded), digest is None


def name_wrong_digests(headers: Mapping[str, str], block: bytes, payload_agrees: bool) -> str | None:
    """Name the digests of a record that its bytes do not have; None if all agree."""
    names = ["WARC-Block-Digest"] if compare_digest(headers.get("warc-block-digest"), (block,)) is False else []
    names += [] if payload_agrees else ["WARC-Payload-Digest"]
    return " and ".join(names) or None
