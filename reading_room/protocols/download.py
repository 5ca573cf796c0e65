"""The snapshot and the files beside it: whole, or the part that a reader's broken download still lacks."""

from __future__ import annotations

import asyncio
import os
import re
from typing import Any, BinaryIO

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Forbidden, Request  # type: ignore[import-untyped]

from pipelines.exports.download_files import find_file
from reading_room.addresses.post_paths import make_absence
from reading_room.server.asgi import Headers, Send, join_headers, send_answer
from reading_room.server.database_file import identify_snapshot
from reading_room.server.live_database import LiveDatabase
from reading_room.server.page_tags import is_current
from reading_room.server.settings import NAME
from reading_room.tables.filter_values import quote_value

_PIECE = 1 << 18  # bytes
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


async def send_snapshot(datasette: Datasette, request: Request, send: Send) -> None:
    """Send the file; 304, 206 and 416 as HTTP has it. An archive that grows has no one state to give."""
    await datasette.ensure_permissions(request.actor, [("view-database-download", NAME), ("view-database", NAME)])
    database = datasette.get_database(NAME)
    if not isinstance(database, LiveDatabase) or database.is_mutable or not datasette.setting("allow_download"):
        raise Forbidden("Only a published snapshot can be downloaded")
    with database.file_path.open("rb") as stream:
        status = os.fstat(stream.fileno())
        is_known = identify_snapshot(status).is_same_file(database.file.identity)
        digest = str(database.file.hash) if is_known else ""
        await _send_file(request, send, stream, (digest, "application/octet-stream", database.file_path.name))


async def send_download(datasette: Datasette, request: Request, send: Send) -> None:
    """Send a file that was made of the snapshot."""
    await datasette.ensure_permissions(request.actor, [("view-database-download", NAME), ("view-database", NAME)])
    database, name = datasette.get_database(NAME), request.url_vars["file"]
    found = database.hash and find_file(database.file_path, database.hash, name)
    if not found:
        raise make_absence(f"There is no file {quote_value(name)} to download: /download lists those that there are")
    path, file = found
    with path.open("rb") as stream:
        await _send_file(request, send, stream, (file.sha256, file.media_type, file.name))


async def _send_file(request: Request, send: Send, stream: BinaryIO, facts: tuple[str, str, str]) -> None:
    """Send the file, whose digest, type and name these are; an empty digest is none to know it by."""
    digest, media_type, name = facts
    tag = f'"{digest}"'.encode()
    headers: Headers = [
        (b"etag", tag),
        (b"accept-ranges", b"bytes"),
        (b"content-type", media_type.encode()),
        (b"content-disposition", f'attachment; filename="{name}"'.encode()),
    ]
    if digest and is_current(request.scope, tag):
        await send_answer(send, 304, headers)
        return
    await _send_part(request, send, stream, os.fstat(stream.fileno()).st_size, headers)


async def _send_part(request: Request, send: Send, stream: BinaryIO, size: int, headers: Headers) -> None:
    part = _find_part(request, size, headers[0][1])
    if part is not None and not part:
        await send_answer(send, 416, [*headers, (b"content-range", f"bytes */{size}".encode())])
        return
    code = 200 if part is None else 206
    if part is not None:
        headers = [*headers, (b"content-range", f"bytes {part.start}-{part.stop - 1}/{size}".encode())]
    wanted = range(size) if part is None else part
    headers = [*headers, (b"content-length", str(len(wanted)).encode())]
    await send({"type": "http.response.start", "status": code, "headers": headers})
    begins = () if request.scope.get("is_head") else wanted[::_PIECE]
    stream.seek(wanted.start)
    for begin in begins:
        piece = await asyncio.to_thread(stream.read, min(_PIECE, wanted.stop - begin))
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _find_part(request: Request, size: int, tag: bytes) -> range | None:
    """The bytes asked for, none if there are no such; None for all, as for several parts or another version's."""
    match = _RANGE.fullmatch(join_headers(request.scope, b"range").replace(" ", ""))
    wanted = join_headers(request.scope, b"if-range")
    if match is None or match[0] == "bytes=-" or (wanted and wanted.encode() != tag):
        return None
    first, last = match.groups()
    if not first:
        return range(max(size - int(last), 0), size)
    end = min(int(last) + 1, size) if last else size
    return None if last and int(last) < int(first) else range(min(int(first), size), max(end, min(int(first), size)))


ROUTES: tuple[tuple[str, Any], ...] = (
    (rf"/{NAME}\.db$", send_snapshot),
    (r"/download/(?P<file>[^/]+)$", send_download),
)
