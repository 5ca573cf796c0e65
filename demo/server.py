"""The sample site on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from demo.site import answer_request
from scraper.sample_site import SAMPLE_PORT

HOST = "127.0.0.1"


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD, and logs nothing."""

    server_version = "SampleSite"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send the answer; HEAD gets no body."""
        answer = answer_request(self.path)
        self.send_response(answer.status)
        for name, value in {"Content-Type": answer.content_type, **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the terminal belongs to the crawl."""


def open_server(port: int | None) -> ThreadingHTTPServer:
    """A server that listens but does not answer yet.

    Without a port it takes the usual one, or any free one if that is in use. Raises OSError if `port` is in use.
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
    """Serve the site while the block runs; yields its start address."""
    with open_server(port) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{HOST}:{server.server_port}/"
        finally:
            server.shutdown()
