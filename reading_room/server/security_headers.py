"""Security headers: a page runs and loads what is the room's own, and nothing that a text of the archive brings."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

from datasette.utils.asgi import Response  # type: ignore[import-untyped]
from jinja2 import Environment
from jinja2.ext import Extension

from reading_room.server.asgi import App, Headers, Message, Receive, Scope, Send, read_headers

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_HEADERS = (
    (b"cache-control", b"no-cache"),  # a withdrawn brief must vanish from browsers and proxies at once
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"access-control-allow-origin", b"*"),  # the room knows nobody, so that there is nothing to keep from other sites
    (b"access-control-expose-headers", b"*"),
)
_METHODS = "GET, HEAD, OPTIONS"
# What a browser asks for pages of other sites before they may send a header of their own, such as Accept-Datetime.
_PREFLIGHT = {"allow": _METHODS, "access-control-allow-methods": "GET, HEAD", "access-control-allow-headers": "*"}
_SCRIPT = re.compile(r"<script(?=[\s>{])", re.IGNORECASE)
_nonce: ContextVar[str] = ContextVar("nonce", default="")


class NonceExtension(Extension):
    """Put the nonce of the request into each script tag in the source of a template, and so in no text shown by it."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals["csp_nonce"] = _nonce.get

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template with a nonce in each script tag."""
        return _SCRIPT.sub('<script nonce="{{ csp_nonce() }}"', source)


def secure_app(app: App) -> App:
    """The app, for GET and HEAD only; an answer gets the security headers that it does not set itself."""

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        nonce, is_head = secrets.token_urlsafe(16), scope["method"] == "HEAD"
        _nonce.set(nonce)

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = _drop_headers(read_headers(message))
                # A browser takes the headers of a 304 for those of the page that it has, which has a nonce already.
                policy = None if message["status"] == 304 else POLICY.format(nonce=nonce)
                message = {**message, "headers": _add_missing(headers, policy)}
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        if scope["method"] not in ("GET", "HEAD"):
            await _answer_method(scope["method"]).asgi_send(send_secured)
        else:
            await app(_simplify_request(scope), receive, send_secured)

    return handle_request


def _answer_method(method: str) -> Response:
    """The answer to a method that is neither GET nor HEAD."""
    if method == "OPTIONS":
        return Response("", status=204, headers=_PREFLIGHT)
    return Response.text("This archive is read-only: use GET or HEAD.\n", status=405, headers={"allow": _METHODS})


def _simplify_request(scope: Scope) -> Scope:
    """The request without what makes no difference: the room knows nobody, and HEAD is GET without its text."""
    headers = [pair for pair in scope["headers"] if pair[0].lower() not in (b"cookie", b"authorization")]
    return {**scope, "method": "GET", "is_head": scope["method"] == "HEAD", "headers": headers}


def _drop_headers(headers: Headers) -> Headers:
    """The headers without permission to cache, which any reader could give for a year with `?_ttl=`, and without links
    that are none: Datasette writes its own without brackets, and to the JSON of a row with parameters that it has not.
    """
    return [
        (name, value)
        for name, value in headers
        if (name.lower() != b"cache-control" or b"no-store" in value)
        and (name.lower() != b"link" or value.startswith(b"<"))
    ]


def _add_missing(headers: Headers, policy: str | None) -> Headers:
    names = {name.lower() for name, _ in headers}
    policies = [(b"content-security-policy", policy.encode())] if policy else []
    return headers + [pair for pair in (*policies, *_HEADERS) if pair[0] not in names]
