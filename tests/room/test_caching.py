"""What a reader need not fetch again: unchanged pages, static files, and all that packs well."""

from __future__ import annotations

import asyncio
import gzip
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reading_room.server.asgi import Message, Receive, Scope, Send
from reading_room.server.compression import compress_answers
from tests.support.room import answer, answers, fill_room, open_room, set_up_room
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive
from tests.support.waiting import wait_for

Room = tuple[Any, asyncio.Runner]
_PAGES = (
    "/",
    "/archive/briefs/1",
    "/archive/briefs/1.json",
    "/archive/briefs.json?_facet=kind",
    "/archive/newest.atom",
)
_TAGGED = (*_PAGES, "/archive/briefs.csv", "/archive/search?q=levy", "/-/cite/1.bib", "/charts/posts")
_OWN = re.compile(r"nonce[=-]\S+|query_ms.*?,|in [\d.]+ ms")  # differs from answer to answer
_UNTAGGED = ("/archive.json?sql=select+1", "/archive/briefs.csv?_stream=on", "/archive/briefs?_where=1", "/nothing")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def room(folder: Path) -> Iterator[Room]:
    with open_room(folder / "archive.db", immutable=True, warcs=folder / "warcs") as entered:
        yield entered


def _ask(room: Room, path: str, **headers: str) -> Any:  # noqa: ANN401 - a response of httpx
    return room[1].run(answer(room[0], path, **headers))


@pytest.mark.parametrize("path", _TAGGED)
def test_an_unchanged_page_is_not_sent_again(room: Room, path: str) -> None:
    first = _ask(room, path)
    again = _ask(room, path, **{"if-none-match": f'"other", {first.headers["etag"]}'})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert (again.headers["etag"], again.headers["vary"]) == (first.headers["etag"], "accept-encoding")
    assert "content-security-policy" not in again.headers  # the page that the reader has was sent with its own nonce
    assert again.headers["cache-control"] == "no-cache"
    assert _ask(room, path, **{"if-none-match": '"other"'}).status_code == 200


def test_each_address_has_a_tag_of_its_own(room: Room) -> None:
    tags = {_ask(room, path).headers["etag"] for path in (*_PAGES, "/archive/briefs/1?version=1")}
    assert len(tags) == 1 + len(_PAGES)


@pytest.mark.parametrize("path", [*_UNTAGGED, "/-/captured/1/page"])
def test_what_may_be_otherwise_has_no_tag(room: Room, path: str) -> None:
    result = _ask(room, path, **{"if-none-match": "*"})  # any version
    assert result.status_code != 304
    assert "etag" not in result.headers


def test_a_page_that_broke_off_has_no_tag(room: Room) -> None:
    limits = room[0]._settings
    whole, limits["facet_time_limit_ms"] = limits["facet_time_limit_ms"], 0.0001
    try:
        result = _ask(room, "/archive/briefs?_facet=domain&_size=1")
    finally:
        limits["facet_time_limit_ms"] = whole
    assert "timed out" in result.text
    assert "etag" not in result.headers


def test_cookies_make_no_difference(room: Room) -> None:
    first, known = _ask(room, "/"), _ask(room, "/", cookie="visitor=7", authorization="Bearer x")
    assert (known.headers["etag"], known.headers["cache-control"]) == (first.headers["etag"], "no-cache")


def test_a_replaced_snapshot_is_shown_at_once(folder: Path, tmp_path: Path) -> None:
    shown, other = tmp_path / "archive.db", tmp_path / "other.db"
    for path in (shown, other):
        shutil.copy(folder / "archive.db", path)
    with closing(sqlite3.connect(other)) as db:
        for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute("DELETE FROM briefs WHERE id = 1")
        db.commit()

    async def try_room() -> list[Any]:
        async with set_up_room(shown, immutable=True) as room:
            first = await answer(room, "/archive/briefs/1")
            known = {"if-none-match": first.headers["etag"]}
            same = await answer(room, "/archive/briefs/1", **known)
            other.replace(shown)
            return [first, same, await answer(room, "/archive/briefs/1", **known)]

    first, same, gone = asyncio.run(try_room())
    assert (first.status_code, same.status_code, gone.status_code) == (200, 304, 404)
    (restarted,) = answers(folder / "archive.db", "/archive/briefs/1")
    assert restarted.status_code == 200


def test_a_change_of_a_growing_archive_is_shown_at_once(tmp_path: Path) -> None:
    path = "/2021/04/04/harbour-levy/"
    with open_archive(tmp_path) as there:
        ingest_capture(there, *make_page(make_brief(path, title="The Harbor Levy"), "2021-05-01T00:00:00Z"))
    with open_room(tmp_path / "archive.db") as room:
        tag = wait_for(lambda: _ask(room, "/archive/briefs/1").headers.get("etag"), "a file that is not fresh")
        known = {"if-none-match": tag}
        assert _ask(room, "/archive/briefs/1", **known).status_code == 304
        with open_archive(tmp_path) as there:
            ingest_capture(there, *make_page(make_brief(path, title="The Harbour Levy"), "2022-05-01T00:00:00Z"))
        again = _ask(room, "/archive/briefs/1", **known)
    assert (again.status_code, "The Harbour Levy" in again.text) == (200, True)


def test_a_room_that_starts_again_knows_its_tags(folder: Path, room: Room) -> None:
    async def ask_room() -> Any:  # noqa: ANN401
        async with set_up_room(
            folder / "archive.db", immutable=True, warcs=folder / "warcs", public_url="https://x.example"
        ) as it:
            return await answer(it, "/archive/briefs/1")

    other = asyncio.run(ask_room())
    assert other.headers["etag"] != _ask(room, "/archive/briefs/1").headers["etag"]  # its links are others


@pytest.mark.parametrize(
    ("path", "packed"),
    [
        *((path, True) for path in (*_PAGES, "/archive/briefs.csv?_stream=on", "/nothing")),
        *(("/archive.db", False), ("/archive.json?sql=select+1&_shape=array", False)),
    ],
)
def test_texts_of_some_length_are_packed(room: Room, path: str, packed: bool) -> None:
    plain, result = (_ask(room, path, **{"accept-encoding": codings}) for codings in ("identity", "gzip, br"))
    assert "content-encoding" not in plain.headers
    assert result.headers.get("content-encoding") == ("gzip" if packed else None)
    assert (plain.headers.get("vary") == result.headers.get("vary") == "accept-encoding") is (path != "/archive.db")
    assert _OWN.sub("", result.text) == _OWN.sub("", plain.text)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Cookie, Authorization", "accept-encoding"),
        ("accept-datetime, Cookie", "accept-datetime, accept-encoding"),
        ("Accept-Language", "accept-language, accept-encoding"),
    ],
)
def test_what_an_answer_depends_on_is_told(sent: str, kept: str) -> None:
    result: list[Message] = []

    async def work(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/html"), (b"Vary", sent.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"short"})

    async def note(message: Message) -> None:
        result.append(message)

    asyncio.run(compress_answers(work)({"type": "http", "headers": []}, None, note))  # type: ignore[arg-type]
    assert dict(result[0]["headers"])[b"vary"].decode() == kept


@pytest.mark.parametrize(
    ("kind", "pieces", "packed"),
    [
        (b"text/csv", [b"a,b\n" * 500] * 9, True),
        (b"text/html; charset=utf-8", [b"x" * 400_000], True),
        (b"application/atom+xml", [b"", b"y" * 3000, b""], True),
        (b"text/plain", [b"short"], False),
        (b"image/png", [b"\0" * 9000], False),
        (b"application/octet-stream", [b"\0" * 9000] * 2, False),
    ],
)
def test_an_answer_is_packed_piece_by_piece(kind: bytes, pieces: list[bytes], packed: bool) -> None:
    sent: list[Message] = []

    async def work(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-type", kind), (b"content-length", b"1"), (b"vary", b"Cookie")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, piece in enumerate(pieces, 1):
            await send({"type": "http.response.body", "body": piece, "more_body": number < len(pieces)})

    async def note(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"accept-encoding", b"gzip")]}
    asyncio.run(compress_answers(work)(scope, None, note))  # type: ignore[arg-type]
    start, *bodies = sent
    body = b"".join(message["body"] for message in bodies)
    assert (gzip.decompress(body) if packed else body) == b"".join(pieces)
    assert [message.get("more_body", False) for message in bodies][-1] is False
    assert (b"content-length" in dict(start["headers"])) is not packed
    assert len(bodies) >= len(pieces)


@pytest.mark.parametrize("path", [*_PAGES, "/archive/briefs.csv", "/archive.db", "/nothing", "/room/room.css"])
def test_head_says_what_get_would(room: Room, path: str) -> None:
    got = _ask(room, path)
    head = room[1].run(room[0].client.head(path))
    assert (head.status_code, head.content) == (got.status_code, b"")
    varying = ("content-security-policy", "date")
    assert {key: value for key, value in head.headers.items() if key not in varying} == {
        key: value for key, value in got.headers.items() if key not in varying
    }


@pytest.mark.parametrize(
    ("sent", "status", "part"),
    [
        ("bytes=0-99", 206, slice(0, 100)),
        ("bytes=4096-", 206, slice(4096, None)),
        ("bytes=-500", 206, slice(-500, None)),
        ("bytes=100-999999999", 206, slice(100, None)),
        ("bytes=-999999999", 206, slice(0, None)),
        ("bytes=999999999-", 416, slice(0, 0)),
        ("bytes=-0", 416, slice(0, 0)),
        *((odd, 200, slice(0, None)) for odd in ("bytes=9-1", "bytes=-", "bytes=0-1,5-6", "lines=0-1", "bytes=x-1")),
    ],
)
def test_a_broken_download_goes_on(folder: Path, room: Room, sent: str, status: int, part: slice) -> None:
    result, whole = _ask(room, "/archive.db", range=sent), (folder / "archive.db").read_bytes()
    assert (result.status_code, result.content == whole[part]) == (status, True)
    assert result.headers["accept-ranges"] == "bytes"
    if status == 206:
        first = range(len(whole))[part].start
        assert result.headers["content-range"] == f"bytes {first}-{first + len(result.content) - 1}/{len(whole)}"
    if status == 416:
        assert result.headers["content-range"] == f"bytes */{len(whole)}"


def test_a_part_of_another_version_is_none(room: Room) -> None:
    tag = _ask(room, "/archive.db").headers["etag"]
    parts = [
        _ask(room, "/archive.db", **{"range": "bytes=0-9", "if-range": wanted}).status_code
        for wanted in (tag, '"older"', "Wed, 21 Oct 2026 07:28:00 GMT")
    ]
    assert parts == [206, 200, 200]
    assert _ask(room, "/archive.db", **{"if-none-match": tag}).status_code == 304


def test_every_static_file_is_named_by_its_digest(room: Room) -> None:
    pages = ("/archive/briefs?_facet=kind", "/charts/posts", "/archive?sql=select+1", "/archive/briefs/1")
    texts = "".join(_ask(room, path).text for path in pages)
    urls = set(re.findall(r'(?:src|href)="(/[^"]*(?:/static|static-plugins|room/)[^"]*)"', texts))
    assert len(urls) >= 12
    for url in urls:
        result = _ask(room, url)
        assert (result.status_code, result.headers["cache-control"]) == (200, "public, max-age=31536000, immutable"), (
            url
        )
    (style,) = (url for url in urls if "room.css" in url)
    for other in (style.partition("?")[0], f"{style}0"):
        result = _ask(room, other)
        assert result.headers["cache-control"] == "no-cache"
        assert _ask(room, other, **{"if-none-match": result.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/room/../settings.py", "/room/", "/room/%2e%2e/settings.py", "/-/static/nothing.js"])
def test_no_other_file_is_static(room: Room, path: str) -> None:
    assert _ask(room, path).status_code in (403, 404, 302)
