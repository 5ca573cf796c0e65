"""The types of an ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def split_path(path: str, base: str) -> list[str]:
    """The parts of a request's path below the base of the room, which may lack slashes."""
    return path.strip("/").removeprefix(base.strip("/")).strip("/").split("/")


def join_headers(scope: Scope, name: bytes) -> str:
    """All values of a header of the request, with commas between them."""
    return ", ".join(value.decode("latin-1") for key, value in scope.get("headers") or () if key.lower() == name)


async def send_answer(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    """Send a whole answer."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
