"""Which requests are let in: none with an endless address, and of those that cost much only a few at once.

Pages of one brief, author or capture pass at once, whatever queries and exports are under way.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote

from datasette.utils.asgi import Response  # type: ignore[import-untyped]

from reading_room.server.asgi import App, Receive, Scope, Send, get_query, hold_value, split_path
from reading_room.server.pace import PacedSend
from reading_room.server.read_transaction import is_readers_query
from reading_room.server.settings import NAME

_LONGEST_ADDRESS = 16_000  # bytes of path and parameters; the longest ready query fits into it
_LONGEST_PARAMETER = 2_000  # characters of any but the SQL itself
_MOST_PARAMETERS = 100
_PATIENCE = 10.0  # seconds that a request waits for its turn
_LONG_LIST = re.compile(r"\s*(?:max|\+?[\d_]{3,})\s*")  # a size of 100 rows or more
_BUSY = "Too many queries are under way; please try again in {seconds} seconds.\n"


class LaneFull(Exception):
    """Too many requests of one kind are under way and wait already."""


@dataclass(slots=True)
class Lane:
    """Requests of one kind: so many at once, and so many more that wait for a while."""

    at_once: int
    waiting: int
    _turns: asyncio.Semaphore = field(init=False)
    _inside: int = 0

    def __post_init__(self) -> None:
        self._turns = asyncio.Semaphore(self.at_once)

    @asynccontextmanager
    async def take_turn(self) -> AsyncIterator[None]:
        """Wait for a turn and have it; raises LaneFull."""
        if self._inside >= self.at_once + self.waiting:
            raise LaneFull
        self._inside += 1
        try:
            try:
                await asyncio.wait_for(self._turns.acquire(), _PATIENCE)
            except TimeoutError:
                raise LaneFull from None
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._inside -= 1


class RequestGate:
    """The lanes of one room. Their turns are fewer than its threads, so that one is free for any other page."""

    def __init__(self, base: str, queries: Collection[str]) -> None:
        self._base = base
        self._queries = frozenset(queries)
        self.sql, self._lists, self._long_lists = Lane(2, 6), Lane(3, 12), Lane(1, 6)

    def find_lane(self, path: str, parameters: Mapping[str, str]) -> Lane | None:
        """Find the lane of a request; None for pages that cost little."""
        parts = split_path(path, self._base)
        if parts[0] in ("charts", "compare"):
            return self._lists
        if parts[0].partition(".")[0] != NAME or len(parts) > 2:
            return None
        name, _, form = parts[-1].partition(".")
        if (len(parts), form) == (1, "db"):  # a file, which may take a reader hours
            return None
        if len(parts) == 1:
            return self.sql if "sql" in parameters else self._lists
        if name == "search" and not form:
            return self._lists
        is_export = form == "csv" or "_stream" in parameters or "_where" in parameters
        if is_export or name in self._queries:
            return self.sql
        return self._long_lists if _LONG_LIST.fullmatch(parameters.get("_size", "")) else self._lists


def limit_load(app: App, gate: RequestGate) -> App:
    """The app behind the gate: 414 for what is too long, 429 for what must come again later."""

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        query = get_query(scope)
        pairs = parse_qsl(query, keep_blank_values=True)
        if _is_too_long(scope["path"], query, pairs):
            await Response.text("This address is too long.\n", status=414).asgi_send(send)
            return
        lane = gate.find_lane(unquote(scope["path"]), dict(pairs[::-1]))
        if lane is None:
            await app(scope, receive, send)
            return
        try:
            async with lane.take_turn():
                with hold_value(is_readers_query, lane is gate.sql):
                    await app(scope, receive, PacedSend(send).send)
        except LaneFull:
            seconds = str(round(_PATIENCE))
            answer = Response.text(_BUSY.format(seconds=seconds), status=429, headers={"retry-after": seconds})
            await answer.asgi_send(send)

    return handle_request


def _is_too_long(path: str, query: str, pairs: list[tuple[str, str]]) -> bool:
    longest = max((len(value) for name, value in pairs if name != "sql"), default=0)
    return len(path) + len(query) > _LONGEST_ADDRESS or longest > _LONGEST_PARAMETER or len(pairs) > _MOST_PARAMETERS
