"""What a page of the reading room may run and load: its own, and nothing that the archive's texts may bring."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from typing import Any

from datasette.utils.asgi import Response  # type: ignore[import-untyped]
from jinja2 import Environment
from jinja2.ext import Extension

from reading_room.asgi import App, Headers, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_HEADERS = (
    (b"cache-control", b"no-cache"),  # a withdrawn brief is gone at once, from browsers and proxies too
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)
_SCRIPT = re.compile(r"<script(?=[\s>{])", re.IGNORECASE)
_nonce: ContextVar[str] = ContextVar("nonce", default="")


class Nonces(Extension):
    """Gives each script of a template the nonce of its request: of the template's source, so of no text put into it."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals["csp_nonce"] = _nonce.get

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template with a nonce in each script tag."""
        return _SCRIPT.sub('<script nonce="{{ csp_nonce() }}"', source)


def guarded(app: App) -> App:
    """The app for reading alone, its answers under the policy unless they bring a stricter one of their own."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            await Response.text("The archive is here to be read: GET and HEAD only.\n", status=405).asgi_send(send)
            return
        nonce = secrets.token_urlsafe(16)
        _nonce.set(nonce)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = _kept_nowhere(message.get("headers", ()))
                message = {**message, "headers": _with_policy(headers, nonce)}
            await send(message)

        await app(scope, receive, sending)

    return answering


def _kept_nowhere(headers: Any) -> Headers:  # noqa: ANN401 - ASGI: any iterable of pairs
    """The headers without a leave to keep the answer, which any reader could give for a year by `?_ttl=`."""
    told = [(bytes(name), bytes(value)) for name, value in headers]
    return [pair for pair in told if pair[0].lower() != b"cache-control" or b"no-store" in pair[1]]


def _with_policy(told: Headers, nonce: str) -> Headers:
    there = {name.lower() for name, _ in told}
    policy = (b"content-security-policy", POLICY.format(nonce=nonce).encode())
    return told + [pair for pair in (policy, *_HEADERS) if pair[0] not in there]
