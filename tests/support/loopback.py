"""A web site on loopback for tests: real sockets, pages from a table, a log of what was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.web_server import Quiet, at_work


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    short: int = 0  # bytes that the header promises and the body lacks


Pages = dict[str, Answer | Callable[[], Answer]]
HANG_UP = Answer(status=0)  # the connection is closed without a word
NOT_FOUND = Answer(b"<html><head><title>Page not found</title></head><body class='error404'>No.</body></html>", 404)


@dataclass
class Site:
    pages: Pages
    url: str = ""
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def times(self) -> Counter[str]:
        return Counter(self.asked)

    def answer(self, path: str) -> Answer:
        page = self.pages.get(path, NOT_FOUND)
        return page() if callable(page) else page


@contextmanager
def serve_pages(pages: Pages) -> Iterator[Site]:
    """A server for the pages, by path and query; it is stopped at the end."""
    site = Site(pages)

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.headers.append(dict(self.headers.items()))
            answer = site.answer(self.path)
            if not answer.status:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) + answer.short))
            self.end_headers()
            self.wfile.write(answer.body)
            self.close_connection = bool(answer.short)

    with at_work(Handler) as url:
        site.url = url
        yield site
