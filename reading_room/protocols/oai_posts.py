"""OAI-PMH by POST: the protocol wants it besides GET, with the same arguments as a form."""

from __future__ import annotations

from datasette.utils.asgi import Response  # type: ignore[import-untyped]

from reading_room.server.asgi import App, Receive, Scope, Send

_LONGEST = 16_000  # bytes of arguments, as in addresses


def accept_oai_posts(app: App, base: str) -> App:
    """The app, which answers a form for OAI-PMH as it answers the address with the same arguments."""
    path = f"{base.rstrip('/')}/-/oai"

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST" or scope["path"] != path:
            await app(scope, receive, send)
            return
        form = await _read_form(receive)
        if form is None:
            await Response.text("These arguments are too long.\n", status=413).asgi_send(send)
            return
        arguments = b"&".join(filter(None, (scope["query_string"], form)))
        await app({**scope, "method": "GET", "query_string": arguments}, receive, send)

    return handle_request


async def _read_form(receive: Receive) -> bytes | None:
    """The body of the request; None for one that is too long."""
    body, is_whole = b"", False
    while not is_whole:
        message = await receive()
        body += message.get("body", b"")
        is_whole = not message.get("more_body", False)
        if len(body) > _LONGEST:
            return None
    return body.strip()
