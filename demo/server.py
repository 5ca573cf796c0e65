"""The sample site on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from demo.site import answer

HOST = "127.0.0.1"
PORT = 8642  # fixed: the addresses in the archive are the same on every run, so a second run changes nothing


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD; says nothing on the terminal."""

    server_version = "SampleSite"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send the answer."""
        self._send(with_body=True)

    def do_HEAD(self) -> None:
        """Send the answer's headers."""
        self._send(with_body=False)

    def _send(self, *, with_body: bool) -> None:
        found = answer(self.path, f"http://{self.headers['Host']}")
        self.send_response(found.status)
        self.send_header("Content-Type", found.content_type)
        self.send_header("Content-Length", str(len(found.body)))
        for name, value in found.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(found.body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal for the crawl."""


def bound(port: int) -> ThreadingHTTPServer:
    """A server that listens and does not answer yet; raises OSError where the port is taken."""
    server = ThreadingHTTPServer((HOST, port), Handler)
    server.daemon_threads = True
    return server


@contextmanager
def serving(port: int) -> Iterator[str]:
    """The site's start address while the block runs."""
    with bound(port) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{HOST}:{server.server_port}/"
        finally:
            server.shutdown()
