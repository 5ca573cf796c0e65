"""A web server on loopback for as long as a block runs: real sockets, a thread a request, nothing said."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Quiet(BaseHTTPRequestHandler):
    """A handler that keeps the tests' output for the tests."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def at_work(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server with this handler; gives its address, without a slash at the end, and stops it afterwards."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
