"""What says of a sample archive that its briefs are invented: a note on each page, the names of files, a header."""

from __future__ import annotations

import sqlite3
from contextvars import ContextVar

from datasette.app import Datasette  # type: ignore[import-untyped]

from pipelines.sample import is_sample
from reading_room.asgi import App, Message, Receive, Scope, Send
from reading_room.query import ask_once

_HEADER = (b"x-archive-sample", b"invented briefs")
_NAMED = b'filename="'
_in_sample: ContextVar[bool] = ContextVar("in_sample", default=False)


def in_sample() -> bool:
    """Whether the request at hand is answered from a sample."""
    return _in_sample.get()


def titled(title: str) -> str:
    """The title of what readers take away, such as a feed."""
    return f"SAMPLE: {title}" if in_sample() else title


def with_notes(datasette: Datasette, app: App) -> App:
    """The app, whose answers say so where the archive is a sample."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not await _is_sample(datasette):
            await app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = [(bytes(name), bytes(value)) for name, value in message.get("headers", ())]
                named = [(name, value.replace(_NAMED, _NAMED + b"SAMPLE-")) for name, value in told]
                message = {**message, "headers": [*named, _HEADER]}
            await send(message)

        token = _in_sample.set(True)
        try:
            await app(scope, receive, sending)
        finally:
            _in_sample.reset(token)

    return answering


async def _is_sample(datasette: Datasette) -> bool:
    try:
        return bool(await ask_once(datasette, is_sample))
    except (sqlite3.Error, KeyError):  # the page that was asked for will say what is wrong
        return False
