"""Absolute URLs use --public-url and not the Host header: what readers cite must lead back to the room."""

from __future__ import annotations

from urllib.parse import urlsplit

from reading_room.asgi import App, Receive, Scope, Send


def use_public_url(app: App, public_url: str | None) -> App:
    """The app, which takes each request as sent to the public URL; without one, the app unchanged."""
    if public_url is None:
        return app
    parts = urlsplit(public_url)
    host = parts.netloc.encode("idna") if not parts.netloc.isascii() else parts.netloc.encode()

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = [pair for pair in scope["headers"] if pair[0].lower() != b"host"]
            scope = {**scope, "scheme": parts.scheme, "headers": [(b"host", host), *headers]}
        await app(scope, receive, send)

    return handle_request
