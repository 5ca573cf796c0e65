"""Transfer and content encodings undone, with a cap on what comes out."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_PAYLOAD = 32 * 2**20  # a page of more is no page; a bomb ends here
GZIP = b"\x1f\x8b\x08"
_PIECE = 16 * 1024
# What is gzip by nature keeps its wrapping, whatever its first bytes are.
_PACKED_TYPES = ("application/gzip", "application/x-gzip", "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Payload:
    body: bytes
    whole: bool = True  # False where the bytes end too early or over the cap


def decoded(raw: bytes, headers: Iterable[tuple[str, str]], *, cap: int = MAX_PAYLOAD) -> Payload:
    """The payload free of transfer and content encodings, at most `cap` bytes of it.

    A header may lie in three ways, and recorders do: named and not applied, applied twice, applied and not named.
    """
    named = [(name.lower(), value.strip().lower()) for name, value in headers]
    payload = Payload(raw)
    if any(name == "transfer-encoding" and "chunked" in value for name, value in named):
        payload = dechunked(raw)
    elif lengths := [int(v[:18]) for n, v in named if n == "content-length" and v.isdecimal()]:
        payload = Payload(raw, whole=len(raw) >= lengths[0])
    codings = [c.strip() for n, v in named if n == "content-encoding" for c in v.split(",")]
    for coding in reversed([c for c in codings if c]):
        payload = _undo(payload, coding, cap)
    media = next((value for name, value in named if name == "content-type"), "")
    if payload.body.startswith(GZIP) and not media.startswith(_PACKED_TYPES):
        payload = _undo(payload, "gzip", cap)
    return Payload(payload.body[:cap], payload.whole and len(payload.body) <= cap)


def dechunked(data: bytes) -> Payload:
    """The chunks joined; bytes that begin with no chunk are given back as they are, a recorder has joined them."""
    parts: list[bytes] = []
    at = 0
    while (end := data.find(b"\r\n", at, at + 64)) >= 0:
        try:
            size = int(data[at:end].partition(b";")[0], 16)
        except ValueError:
            break
        if size <= 0:
            return Payload(b"".join(parts))
        parts.append(data[end + 2 : end + 2 + size])
        at = end + size + 4
    return Payload(b"".join(parts), whole=False) if parts else Payload(data)


def gunzipped(data: bytes, cap: int) -> Payload:
    """All gzip members of `data`, at most `cap` bytes and one; raises zlib.error if the first is none."""
    body = b""
    while data.startswith(GZIP):
        unpacker = zlib.decompressobj(wbits=31)
        part = _drained(unpacker.decompress, data, cap - len(body))
        body += part.body
        if not unpacker.eof or len(body) > cap:
            return Payload(body, whole=False)
        data = unpacker.unused_data
    return Payload(body)


def _undo(payload: Payload, coding: str, cap: int) -> Payload:
    unpack = _UNPACKERS.get(coding)
    if unpack is None or not payload.body:
        return payload
    try:
        unpacked = unpack(payload.body, cap)
    except _ERRORS:
        # Named and not applied: the recorder undid it and kept the header, its Content-Length too.
        return Payload(payload.body)
    return Payload(unpacked.body, payload.whole and unpacked.whole) if unpacked.body else payload


def _drained(step: Callable[[bytes, int], bytes], data: bytes, cap: int) -> Payload:
    """`data` through `step` piece by piece, so that a damaged end leaves what came before it."""
    body = bytearray()
    for at in range(0, len(data), _PIECE):
        try:
            body += step(data[at : at + _PIECE], cap + 1 - len(body))
        except EOFError:  # bytes behind the end
            break
        except _ERRORS:
            if not body:
                raise
            return Payload(bytes(body), whole=False)
        if len(body) > cap:
            break
    return Payload(bytes(body))


def _gzip(data: bytes, cap: int) -> Payload:
    if not data.startswith(GZIP):
        raise zlib.error
    return gunzipped(data, cap)


def _deflate(data: bytes, cap: int) -> Payload:
    # By the standard with a zlib header, by many servers without.
    wbits = 15 if data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0 else -15
    unpacker = zlib.decompressobj(wbits=wbits)
    part = _drained(unpacker.decompress, data, cap)
    return Payload(part.body, unpacker.eof)


def _brotli(data: bytes, cap: int) -> Payload:
    unpacker = brotli.Decompressor()
    part = _drained(lambda piece, room: unpacker.process(piece, output_buffer_limit=room), data, cap)
    return Payload(part.body, unpacker.is_finished())


def _zstd(data: bytes, cap: int) -> Payload:
    unpacker = zstd.ZstdDecompressor()
    part = _drained(unpacker.decompress, data, cap)
    return Payload(part.body, unpacker.eof)


_ERRORS = (zlib.error, brotli.error, zstd.ZstdError)
_UNPACKERS: dict[str, Callable[[bytes, int], Payload]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
