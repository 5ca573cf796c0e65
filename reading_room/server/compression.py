"""Text goes out in gzip to whom accepts it, piece by piece, so that no long answer holds up the others."""

from __future__ import annotations

import asyncio
import re
import zlib

from reading_room.server.asgi import App, Headers, Message, Receive, Scope, Send, join_headers, read_headers

_TEXT = re.compile(
    rb"text/|application/(?:[\w.-]+\+)?(?:json|xml)\b|application/(?:javascript|x-bibtex)\b|image/svg\+xml"
)
_SHORTEST = 800  # bytes; below it one packet takes both
_PIECE = 1 << 17  # bytes that are packed at once: some milliseconds
_LEVEL = 5
_GZIP = 31  # zlib's own number for the longest window, in gzip's frame
_WEIGHT = re.compile(r"\s*;\s*q\s*=\s*0(?:\.0*)?\s*(?:;|$)", re.IGNORECASE)


def accepts_gzip(scope: Scope) -> bool:
    """Whether the request takes gzip: it names it, or anything, and not with the weight 0."""
    weights = {}
    for coding in join_headers(scope, b"accept-encoding").lower().split(","):
        name, _, parameters = coding.partition(";")
        weights[name.strip()] = not _WEIGHT.match(f";{parameters}")
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", False)))


def compress_answers(app: App) -> App:
    """The app, whose texts are packed for requests that take gzip."""

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, _Packer(send, is_wanted=accepts_gzip(scope)).send)

    return handle_request


class _Packer:
    """Sends one answer, in gzip if it is a text of some length and the reader wants it so."""

    def __init__(self, send: Send, *, is_wanted: bool) -> None:
        self._send, self._is_wanted = send, is_wanted
        self._start: Message | None = None  # held back until the length of the answer is known
        self._zlib: zlib._Compress | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = read_headers(message)
            is_text = _is_text(message["status"], headers)
            names = list_variations(headers) + ([b"accept-encoding"] if is_text or message["status"] == 304 else [])
            headers = [pair for pair in headers if pair[0].lower() != b"vary"]
            headers += [(b"vary", b", ".join(names))] if names else []
            message = {**message, "headers": headers}
            if is_text and self._is_wanted:
                self._start = message
                return
        elif message["type"] == "http.response.body":
            message = await self._pack(message)
        await self._send(message)

    async def _pack(self, message: Message) -> Message:
        body, is_last = message.get("body", b""), not message.get("more_body")
        if self._start is not None:
            start, self._start = self._start, None
            if len(body) >= _SHORTEST or not is_last:
                self._zlib = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
                headers = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
                start = {**start, "headers": [*headers, (b"content-encoding", b"gzip")]}
            await self._send(start)
        if self._zlib is None:
            return message
        for begin in range(0, len(body) - _PIECE, _PIECE):
            packed = self._zlib.compress(body[begin : begin + _PIECE])
            await self._send({"type": "http.response.body", "body": packed, "more_body": True})
            await asyncio.sleep(0)
        rest = self._zlib.compress(body[(max(len(body) - 1, 0) // _PIECE) * _PIECE :])
        return {**message, "body": rest + (self._zlib.flush() if is_last else b"")}


def list_variations(headers: Headers) -> list[bytes]:
    """The headers of a request on which an answer depends; not those that the room never sees."""
    names = [name.strip().lower() for key, value in headers if key.lower() == b"vary" for name in value.split(b",")]
    return [name for name in names if name not in (b"cookie", b"authorization", b"")]


def _is_text(status: int, headers: Headers) -> bool:
    values = {name.lower(): value for name, value in headers}
    is_whole = status not in (204, 206, 304) and b"content-encoding" not in values
    return is_whole and _TEXT.match(values.get(b"content-type", b"")) is not None
