"""Notes that the briefs of a sample archive are invented: on each page, in names of files, in a header."""

from __future__ import annotations

import sqlite3
from contextvars import ContextVar

from datasette.app import Datasette  # type: ignore[import-untyped]

from pipelines.sample import is_sample
from reading_room.query import query_cached
from reading_room.server.asgi import App, Message, Receive, Scope, Send, hold_value, read_headers

_HEADER = (b"x-archive-sample", b"invented briefs")
_FILENAME = b'filename="'
_in_sample: ContextVar[bool] = ContextVar("in_sample", default=False)


def in_sample() -> bool:
    """Whether the archive of the current request is a sample."""
    return _in_sample.get()


def mark_title(title: str) -> str:
    """The title of something that readers take away, such as a feed; marked if it is from a sample."""
    return f"SAMPLE: {title}" if in_sample() else title


def add_sample_notes(datasette: Datasette, app: App) -> App:
    """The app, whose answers are marked if the archive is a sample."""

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        if not await _is_sample(datasette):
            await app(scope, receive, send)
            return

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                marked = _FILENAME + b"SAMPLE-"
                headers = [(name, value.replace(_FILENAME, marked)) for name, value in read_headers(message)]
                message = {**message, "headers": [*headers, _HEADER]}
            await send(message)

        with hold_value(_in_sample, True):
            await app(scope, receive, send_marked)

    return handle_request


async def _is_sample(datasette: Datasette) -> bool:
    try:
        return bool(await query_cached(datasette, is_sample))
    except (sqlite3.Error, KeyError):  # the page itself will report what is wrong
        return False
