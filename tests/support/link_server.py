"""A host of recommended pages on loopback for tests, and a Wayback Machine's index beside them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.support.web_server import Quiet, at_work

CDX = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]


@dataclass(frozen=True)
class Reply:
    status: int = 200
    location: str | None = None
    head: int | None = None  # another status for HEAD
    head_wait: float = 0.0  # seconds for HEAD
    wait: float = 0.0  # seconds until the server is asked to stop, at most
    body: bytes = b"x" * 200_000
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Host:
    replies: dict[str, Reply]
    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)  # method and path
    agents: set[str] = field(default_factory=set)
    most_at_once: int = 0
    copies: dict[str, list[list[str]]] = field(default_factory=dict)  # rows of the index by address
    refusals: list[int] = field(default_factory=list)  # statuses for the next questions to the index
    no_index: bytes = b""  # in place of the index
    at_once: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def reply(self, address: str) -> Reply:
        """The answer at a path."""
        parts = urlsplit(address)
        if self.no_index and "/cdx" in parts.path:
            return Reply(body=self.no_index)
        if parts.path != "/cdx/search/cdx":
            return self.replies.get(address, Reply(404, body=b"no"))
        if self.refusals:
            return Reply(self.refusals.pop(0), body=b"")
        found = self.copies.get(parse_qs(parts.query)["url"][0], [])
        body = json.dumps([CDX, *found] if found else []).encode()
        return Reply(body=body, headers=(("Content-Type", "application/json"),))


class _Handler(Quiet):
    host: Host
    lock: threading.Lock
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        with suppress(ConnectionError):  # the other side leaves bodies unread
            super().handle()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.host.asked.append((self.command, self.path))
        self.host.agents.add(self.headers["User-Agent"])
        with self.lock:
            self.host.at_once += 1
            self.host.most_at_once = max(self.host.most_at_once, self.host.at_once)
        try:
            self._answer(self.host.reply(self.path))
        except OSError:  # the other side does not read on
            self.close_connection = True
        finally:
            with self.lock:
                self.host.at_once -= 1

    def _answer(self, reply: Reply) -> None:
        if wait := reply.head_wait if self.command == "HEAD" else reply.wait:
            self.host.over.wait(wait)
        self.send_response(reply.head if reply.head and self.command == "HEAD" else reply.status)
        if reply.location:
            self.send_header("Location", reply.location)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)


@contextmanager
def serve_recommended_pages(replies: dict[str, Reply]) -> Iterator[Host]:
    """The pages, by path and query; the server is stopped at the end."""
    host = Host(replies)
    handler = type("Handler", (_Handler,), {"host": host, "lock": threading.Lock()})
    with at_work(handler) as host.url:
        try:
            yield host
        finally:
            host.over.set()
