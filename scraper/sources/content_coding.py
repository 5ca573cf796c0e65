"""Undoes transfer and content encodings, with a cap on the size of the result."""

from __future__ import annotations

import codecs
import re
import sys
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["GZIP", "MAX_PAYLOAD", "Payload", "decode_payload", "join_chunks", "unpack_gzip", "zstd"]

MAX_PAYLOAD = 32 * 2**20  # nothing larger is a page; a decompression bomb ends here
GZIP = b"\x1f\x8b\x08"
_PIECE = 16 * 1024
_PADDED = 2**20  # bytes of brotli that are unpacked one by one where something stands behind them
_TEXT_TYPES = ("text", "html", "xml", "json", "javascript")
_LAYERS = 3  # of codings that no header names; each is undone
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\x0b\x0c\r\x1b")  # characters that no text has
_CHUNK = re.compile(rb"[0-9a-fA-F]{1,8}(?:;[^\r\n]{0,200})?\r\n")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# A payload of these types may be a gzip file itself, so it is not unpacked.
_PACKED_TYPES = ("application/gzip", "application/x-gzip", "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Payload:
    """The bytes of a message without its encodings."""

    body: bytes
    whole: bool = True  # False where bytes are missing or were cut at the cap


def decode_payload(raw: bytes, headers: Iterable[tuple[str, str]], *, cap: int = MAX_PAYLOAD) -> Payload:
    """Return the payload without transfer and content encodings, at most `cap` bytes of it.

    Servers and recorders send wrong headers: of a coding that was not applied, or applied twice, or of another one.
    """
    lower_headers = [(name.lower(), value.strip().lower()) for name, value in headers]
    payload = Payload(raw)
    if any(name == "transfer-encoding" and "chunked" in value for name, value in lower_headers):
        payload = join_chunks(raw)
    elif lengths := [int(v[:18]) for n, v in lower_headers if n == "content-length" and v.isdecimal()]:
        payload = Payload(raw, whole=len(raw) >= lengths[0])
    codings = [c.strip() for n, v in lower_headers if n == "content-encoding" for c in v.split(",")]
    media = next((value for name, value in lower_headers if name == "content-type"), "")
    is_text = not media or any(word in media for word in _TEXT_TYPES)
    for coding in reversed([c for c in codings if c]):
        named = _undo_coding(payload, coding, cap)
        payload = named if named.whole or not is_text else _undo_unnamed_coding(payload, cap) or named
    for _ in range(_LAYERS):
        if payload.body.startswith(GZIP) and not media.startswith(_PACKED_TYPES):
            payload = _undo_coding(payload, "gzip", cap)
        elif is_text and (unpacked := _undo_unnamed_coding(payload, cap)):
            payload = unpacked
        else:
            break
    return Payload(payload.body[:cap], payload.whole and len(payload.body) <= cap)


def _undo_unnamed_coding(payload: Payload, cap: int) -> Payload | None:
    """Undo the coding that makes text of these bytes, whatever the header says; None where they are text, or none does.

    Brotli and bare deflate have no mark of their own: only what comes out shows them.
    """
    head = payload.body[:_PIECE]
    if head.startswith(_UTF16) or not _has_controls(head):
        return None
    for coding in ("gzip", "zstd", "br", "deflate"):
        unpacked = _undo_coding(payload, coding, cap)
        if unpacked.body != payload.body and unpacked.whole and _looks_like_text(unpacked.body):
            return unpacked
    return None


def _looks_like_text(body: bytes) -> bool:
    head = body[:_PIECE].removeprefix(codecs.BOM_UTF8).lstrip()
    return head.startswith((GZIP, *_UTF16)) or (head[:1] in (b"<", b"{", b"[") and not _has_controls(head))


def _has_controls(head: bytes) -> bool:
    return any(code in head for code in _CONTROLS)  # a twentieth of what a pattern takes


def join_chunks(data: bytes) -> Payload:
    """Join the chunks; bytes that begin with no chunk are returned as they are: a recorder has joined them."""
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


def join_bare_chunks(data: bytes) -> bytes:
    """Join the chunks of a body that was saved as it came and without its head; any other bytes are returned as is."""
    if not _CHUNK.match(data) or data.rstrip()[-1:] != b"0":
        return data
    joined = join_chunks(data)
    return joined.body if joined.whole and joined.body else data


def unpack_gzip(data: bytes, cap: int) -> Payload:
    """Unpack all gzip members of `data`, at most `cap` + 1 bytes. Raises zlib.error if the first is damaged."""
    body = b""
    while data.startswith(GZIP):
        unpacker = zlib.decompressobj(wbits=31)
        part = _unpack_pieces(unpacker.decompress, data, cap - len(body))
        body += part.body
        if not unpacker.eof or len(body) > cap:
            return Payload(body, whole=False)
        data = unpacker.unused_data
    return Payload(body, whole=not (data and GZIP.startswith(data)))


def _undo_coding(payload: Payload, coding: str, cap: int) -> Payload:
    unpack = _UNPACKERS.get(coding)
    if unpack is None or not payload.body:
        return payload
    try:
        unpacked = unpack(payload.body, cap)
    except _ERRORS:
        # The recorder had undone the coding and kept the header, so its Content-Length is wrong as well.
        return Payload(payload.body)
    return Payload(unpacked.body, payload.whole and unpacked.whole) if unpacked.body else payload


def _unpack_pieces(step: Callable[[bytes, int], bytes], data: bytes, cap: int, size: int = _PIECE) -> Payload:
    """Unpack `data` piece by piece with `step`, so that a damaged end does not lose what came before it."""
    body = bytearray()
    for at in range(0, len(data), size):
        try:
            body += step(data[at : at + size], cap + 1 - len(body))
        except EOFError:  # bytes after the end of the compressed data
            break
        except _ERRORS:
            if not body:
                raise
            return Payload(bytes(body), whole=False)
        if len(body) > cap:
            break
    return Payload(bytes(body))


def _undo_gzip(data: bytes, cap: int) -> Payload:
    if not data.startswith(GZIP):
        raise zlib.error
    return unpack_gzip(data, cap)


def _undo_deflate(data: bytes, cap: int) -> Payload:
    # The standard wants a zlib header; many servers send none.
    wbits = 15 if data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0 else -15
    unpacker = zlib.decompressobj(wbits=wbits)
    part = _unpack_pieces(unpacker.decompress, data, cap)
    return Payload(part.body, unpacker.eof)


def _undo_brotli(data: bytes, cap: int) -> Payload:
    try:
        return _unpack_brotli(data, cap, _PIECE)
    except brotli.error:
        if len(data) > _PADDED:
            raise
        return _unpack_brotli(data, cap, 1)


def _unpack_brotli(data: bytes, cap: int, size: int) -> Payload:
    """Unpack brotli; bytes behind its end spoil all of the piece in which they come."""
    unpacker = brotli.Decompressor()

    def step(piece: bytes, room: int) -> bytes:
        if unpacker.is_finished():
            raise EOFError
        unpacked: bytes = unpacker.process(piece, output_buffer_limit=room)
        return unpacked

    part = _unpack_pieces(step, data, cap, size)
    return Payload(part.body, unpacker.is_finished())


def _undo_zstd(data: bytes, cap: int) -> Payload:
    unpacker = zstd.ZstdDecompressor()
    part = _unpack_pieces(unpacker.decompress, data, cap)
    return Payload(part.body, unpacker.eof)


_ERRORS = (zlib.error, brotli.error, zstd.ZstdError)
_UNPACKERS: dict[str, Callable[[bytes, int], Payload]] = {
    "gzip": _undo_gzip,
    "x-gzip": _undo_gzip,
    "deflate": _undo_deflate,
    "br": _undo_brotli,
    "zstd": _undo_zstd,
}
