"""The sample site on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from demo.site import answer
from scraper.sample_site import SAMPLE_PORT

HOST = "127.0.0.1"


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD; says nothing on the terminal."""

    server_version = "SampleSite"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send the answer, for HEAD without its body."""
        found = answer(self.path)
        self.send_response(found.status)
        for name, value in {"Content-Type": found.content_type, **found.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(found.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(found.body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Leave the terminal to the crawl."""


def open_server(port: int | None) -> ThreadingHTTPServer:
    """A server that listens and does not answer yet.

    Without a port it takes the usual one, and where another program has that, any free one. Raises OSError where
    the port that was asked for is taken.
    """
    try:
        server = ThreadingHTTPServer((HOST, SAMPLE_PORT if port is None else port), Handler)
    except OSError:
        if port is not None:
            raise
        server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    return server


@contextmanager
def serve_site(port: int | None) -> Iterator[str]:
    """The start address of the site while the block runs."""
    with open_server(port) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{HOST}:{server.server_port}/"
        finally:
            server.shutdown()
