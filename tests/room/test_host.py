"""What the room says of its own address: its public URL or its socket, whatever a request calls it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from uvicorn import Config

from reading_room.addresses.public_url import ignore_forwarded_headers, use_known_host
from reading_room.server.asgi import Receive, Scope, Send
from tests.support.room import answer, fill_room, open_room

_PATHS = (
    *("/", "/archive", "/archive/briefs", "/archive/briefs/1", "/archive/briefs/1.json", "/archive/search?q=levy"),
    *("/archive/briefs.json?_size=1", "/archive/briefs.json?_facet=kind"),
    *("/archive/newest.atom", "/archive/newest.atom?domain=none", "/archive/newest.json", "/archive/newest.csv"),
    *(f"/-/cite/1.{form}" for form in ("txt", "bib", "json")),
    *("/archive/records.csv", "/archive.csv?sql=select+x%2700%27+as+b", "/charts/posts", "/-/captured/1"),
    *("/archive/", "/archive/briefs/", "/archive/nothing", "/nothing%20at/all"),
    *("/-/oai?verb=Identify", "/-/oai?verb=ListRecords&metadataPrefix=oai_dc", "/sitemap.xml", "/robots.txt"),
    *("/archive/briefs/1?version=1", "/-/databases.json", "/.json", "/archive.json?sql=select+1"),
)
_LIES: tuple[dict[str, str], ...] = (
    {"host": "evil.example"},
    {"host": "evil.example:8001", "x-forwarded-host": "evil.example", "forwarded": "host=evil.example;proto=https"},
    {"host": "localhost@evil.example"},
    {"x-forwarded-host": "evil.example", "x-forwarded-server": "evil.example", "x-original-url": "//evil.example/"},
)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, asyncio.Runner]]:
    folder = fill_room(tmp_path_factory.mktemp("room"))
    with open_room(folder / "archive.db") as entered:
        yield entered


@pytest.mark.parametrize("path", _PATHS)
def test_no_answer_repeats_a_host_that_the_request_names(room: tuple[Any, asyncio.Runner], path: str) -> None:
    for lie in _LIES if "cite" in path else _LIES[1:2]:
        result = room[1].run(answer(room[0], path, **lie))
        assert "evil" not in str(result.headers) + result.text


def test_a_feed_and_a_list_name_the_socket(room: tuple[Any, asyncio.Runner]) -> None:
    feed, listed = (
        room[1].run(answer(room[0], path, host="evil.example"))
        for path in ("/archive/newest.atom", "/archive/briefs.json?_size=1")
    )
    assert 'href="http://localhost/archive/newest.atom"' in feed.text
    assert listed.json()["next_url"].startswith("http://localhost/archive/briefs.json?")


@pytest.mark.parametrize(
    ("public_url", "server", "scheme", "host"),
    [
        (None, ("127.0.0.1", 8001), "http", "127.0.0.1:8001"),
        (None, ("::1", 8001), "http", "[::1]:8001"),
        (None, ("/run/room.sock", None), "http", "localhost"),
        (None, None, "http", "localhost"),
        ("https://briefs.example.org", ("127.0.0.1", 8001), "https", "briefs.example.org"),
        ("https://briefs.example.org:8443/", None, "https", "briefs.example.org:8443"),
        ("https://bücher.example", None, "https", "xn--bcher-kva.example"),
    ],
)
@pytest.mark.parametrize("names", [(b"host",), (b"Host",), (b"host", b"HOST"), ()])
def test_the_address_is_known_before_a_request_comes(
    public_url: str | None, server: tuple[str, int | None] | None, scheme: str, host: str, names: tuple[bytes, ...]
) -> None:
    seen: list[Scope] = []

    async def note(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    headers = [(name, b"evil.example") for name in names]
    scope = {"type": "http", "path": "/", "scheme": "http", "server": server, "headers": headers}
    asyncio.run(use_known_host(note, public_url)(scope, None, None))  # type: ignore[arg-type]
    assert seen[0]["scheme"] == scheme
    assert [value for name, value in seen[0]["headers"] if name.lower() == b"host"] == [host.encode()]


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        ("http://evil.example/archive/briefs", "/archive/briefs"),
        ("http://evil.example/", "/"),
        ("HTTPS://evil.example:8443", "/"),
        ("ftp://user@evil.example/%61", "/%61"),
        ("/archive/briefs", "/archive/briefs"),
        ("/http://evil.example/", "/http://evil.example/"),
    ],
)
def test_a_path_names_no_host(sent: str, path: str) -> None:
    seen: list[Scope] = []

    async def note(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    scope = {"type": "http", "path": sent, "raw_path": sent.encode(), "headers": []}
    asyncio.run(use_known_host(note, None)(scope, None, None))  # type: ignore[arg-type]
    assert (seen[0]["path"], seen[0]["raw_path"]) == (path, path.encode())


def test_headers_of_proxies_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    ignore_forwarded_headers()
    seen: list[Scope] = []

    async def note(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    app = Config(note, proxy_headers=True, lifespan="off", log_config=None)
    app.load()
    lies = [(b"x-forwarded-proto", b"https"), (b"x-forwarded-for", b"203.0.113.9")]
    for client in (("127.0.0.1", 4000), ("", 0), None):
        asyncio.run(app.loaded_app({"type": "http", "scheme": "http", "client": client, "headers": lies}, None, None))
        assert (seen[-1]["scheme"], seen[-1]["client"]) == ("http", client)
