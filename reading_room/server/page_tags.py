"""Answers that have not changed since the reader's last visit: 304 instead of the same page again.

A tag stands for one state of the archive, one program and one address. It is looked at beside the file's own stamps
at each request, so a withdrawal shows at once.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from urllib.parse import parse_qsl

from datasette.app import Datasette  # type: ignore[import-untyped]

from reading_room.server.asgi import (
    App,
    Headers,
    Message,
    Receive,
    Scope,
    Send,
    get_query,
    join_headers,
    read_headers,
    send_answer,
)
from reading_room.server.compression import list_variations
from reading_room.server.live_database import LiveDatabase
from reading_room.server.settings import HERE, NAME

# SQL of readers may ask for the time; a stream may break off after its first line.
_UNTAGGED_PARAMETERS = frozenset({"sql", "_where", "_stream"})
# Shows files beside the archive, which may be damaged or repaired; has a tag of its own.
_UNTAGGED_PATH = re.compile(rf"/-/captured/|/{NAME}\.db$|/download\b|/datapackage\.json$")


def is_current(scope: Scope, tag: bytes) -> bool:
    """Whether the reader has the version with this tag already."""
    tags = {part.strip().removeprefix("W/") for part in join_headers(scope, b"if-none-match").split(",")}
    return tag.decode().removeprefix("W/") in tags


def answer_unchanged(datasette: Datasette, app: App) -> App:
    """The app, whose good answers are tagged, and given as 304 to readers who have them."""
    room = _digest_room(datasette)

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        database = datasette.databases.get(NAME)
        if not isinstance(database, LiveDatabase) or _is_untagged(scope):
            await app(scope, receive, send)
            return
        await database.wait_for_exchange()
        version, stopped = database.read_version(), database.stopped_queries
        tag = _make_tag(scope, room, version) if version else None
        if tag and is_current(scope, tag):
            await send_answer(send, 304, [(b"etag", tag)])
            return

        async def send_tagged(message: Message) -> None:
            if message["type"] == "http.response.start" and tag:
                # A page that shows only what could be read in time is none to keep.
                is_whole = (version, stopped) == (database.read_version(), database.stopped_queries)
                message = {**message, "headers": _add_tag(message, tag)} if is_whole else message
            await send(message)

        await app(scope, receive, send_tagged)

    return handle_request


def _is_untagged(scope: Scope) -> bool:
    names = {name for name, _ in parse_qsl(get_query(scope), keep_blank_values=True)}
    return bool(names & _UNTAGGED_PARAMETERS) or _UNTAGGED_PATH.search(scope["path"]) is not None


def _make_tag(scope: Scope, room: str, version: str) -> bytes:
    path = scope.get("raw_path") or scope["path"].encode()
    address = (scope.get("scheme", ""), join_headers(scope, b"host"), path, scope.get("query_string") or b"")
    return f'W/"{hashlib.sha256(repr((room, version, address)).encode()).hexdigest()[:32]}"'.encode()


def _add_tag(message: Message, tag: bytes) -> Headers:
    """The headers with the tag, unless the answer is none to keep."""
    headers = read_headers(message)
    is_kept = message["status"] == 200 and not any(b"no-store" in value for _, value in headers)
    is_kept = is_kept and not list_variations(headers)  # the tag knows of the address alone
    return [*headers, (b"etag", tag)] if is_kept else headers


def _digest_room(datasette: Datasette) -> str:
    parts = (_digest_program(), datasette.metadata(), datasette.settings_dict())
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


@cache
def _digest_program() -> str:
    """A digest of all that makes pages: another program may write the same archive otherwise."""
    digest = hashlib.sha256()
    for room in ("reading_room", "pipelines", "scraper"):
        for path in sorted((HERE.parent / room).rglob("*")):
            if path.suffix in (".py", ".html", ".yml"):
                digest.update(f"{path.name} {path.stat().st_size} ".encode() + path.read_bytes())
    return digest.hexdigest()
