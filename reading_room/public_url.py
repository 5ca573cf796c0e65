"""Under which address the room is known to its readers: what they cite and note down must lead back to it."""

from __future__ import annotations

from urllib.parse import urlsplit

from reading_room.asgi import App, Receive, Scope, Send


def named(app: App, public_url: str | None) -> App:
    """The app, told that it was called by its public address, whatever a proxy or a stranger says; or just the app."""
    if public_url is None:
        return app
    parts = urlsplit(public_url)
    host = parts.netloc.encode("idna") if not parts.netloc.isascii() else parts.netloc.encode()

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            others = [pair for pair in scope["headers"] if pair[0].lower() != b"host"]
            scope = {**scope, "scheme": parts.scheme, "headers": [(b"host", host), *others]}
        await app(scope, receive, send)

    return answering
