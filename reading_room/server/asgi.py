"""The types of an ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def serve_http(app: App, others: App) -> App:
    """The app for requests; events that are none, as that a server starts and ends, go to the other one."""

    async def handle_event(scope: Scope, receive: Receive, send: Send) -> None:
        await (app if scope["type"] == "http" else others)(scope, receive, send)

    return handle_event


@contextmanager
def hold_value(variable: ContextVar[T], value: T) -> Iterator[None]:
    """Give the variable this value while the block runs."""
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


def get_query(scope: Scope) -> str:
    """The query of a request, as it was sent."""
    return (scope.get("query_string") or b"").decode("latin-1")


def split_path(path: str, base: str) -> list[str]:
    """The parts of a request's path below the base of the room, which may lack slashes."""
    return path.strip("/").removeprefix(base.strip("/")).strip("/").split("/")


def join_headers(scope: Scope, name: bytes) -> str:
    """All values of a header of the request, with commas between them."""
    return ", ".join(value.decode("latin-1") for key, value in scope.get("headers") or () if key.lower() == name)


def read_headers(message: Message) -> Headers:
    """The headers with which an answer starts."""
    return [(bytes(name), bytes(value)) for name, value in message.get("headers", ())]


async def send_answer(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    """Send a whole answer."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
