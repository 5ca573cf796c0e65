"""Absolute URLs use --public-url, or else the socket that the server listens at; the Host header names neither.

Whoever sends a request writes the Host header, and a cache in between may show the answer to others: a feed or a
citation that repeated it would lead them wherever the sender likes.
"""

from __future__ import annotations

import os
import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from reading_room.server.asgi import App, Receive, Scope, Send

_AUTHORITY = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]*", re.IGNORECASE)


_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|ref|_|_g[al]|_hs\w+|_ke|_x_tr_\w+")


def is_tracking(name: str) -> bool:
    """Whether a parameter is one that others hang on addresses that they share."""
    return _TRACKING.fullmatch(name) is not None


def make_canonical_url(request: Request) -> str:
    """The address of the page without what does not choose it: tracking, empty fields, a slash at its end."""
    pairs = sorted((name, value) for name, value in parse_qsl(request.query_string) if not is_tracking(name))
    path = quote(request.path.rstrip("/") or "/", safe="/~!$&'()*+,;=:@%-._")
    return f"{request.scheme}://{request.host}{path}" + (f"?{urlencode(pairs)}" if pairs else "")


def make_url(datasette: Datasette, request: Request, path: str) -> str:
    """The absolute address of a path of this room, under its public URL or its own socket."""
    return str(datasette.absolute_url(request, datasette.urls.path(path)))


def ignore_forwarded_headers() -> None:
    """Have uvicorn ignore `X-Forwarded-…`, which it believes of loopback, unless the operator names whom to believe."""
    os.environ.setdefault("FORWARDED_ALLOW_IPS", "")


def use_known_host(app: App, public_url: str | None) -> App:
    """The app, which takes each request as sent to the public URL; without one, to the socket that it came in by."""
    parts = urlsplit(public_url) if public_url else None
    public_host = parts.netloc.encode("ascii" if parts.netloc.isascii() else "idna") if parts else None

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [pair for pair in scope["headers"] if pair[0].lower() != b"host"]
        host = public_host or _format_socket(scope.get("server"))
        scheme = parts.scheme if parts else scope.get("scheme", "http")
        known = {**scope, **_drop_authority(scope), "scheme": scheme, "headers": [(b"host", host), *headers]}
        await app(known, receive, send)

    return handle_request


def _drop_authority(scope: Scope) -> dict[str, object]:
    """The path of a request that names a host before it, as programs ask proxies: `GET http://host/path`."""
    match = _AUTHORITY.match(scope["path"])
    if match is None:
        return {}
    raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    raw = raw[before.end() :] if (before := _AUTHORITY.match(raw)) else raw
    return {"path": scope["path"][match.end() :] or "/", "raw_path": raw.encode("latin-1") or b"/"}


def _format_socket(server: tuple[str, int | None] | None) -> bytes:
    """The address of a socket as a Host header has it; of a Unix socket it is localhost."""
    name, port = server or ("localhost", None)
    if "/" in name:
        return b"localhost"
    host = f"[{name}]" if ":" in name else name
    return (f"{host}:{port}" if port else host).encode()
