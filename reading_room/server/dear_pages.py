"""Pages that count the whole archive, asked for before a reader does: after the start, and after each change.

Their results are kept for one state of the archive, as those of any reader, so nobody is ever shown an older one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from datasette.app import Datasette  # type: ignore[import-untyped]

from reading_room.charts.chart_list import CHARTS
from reading_room.server.asgi import App, Message, Receive, Scope, Send, hold_value
from reading_room.server.database_file import FileState
from reading_room.server.live_database import LiveDatabase
from reading_room.server.read_transaction import ReadTransaction, request_transaction
from reading_room.server.settings import NAME

_PAUSE = 3.0  # seconds between two looks; a file that changed between them is left alone until it rests
_LEAST = 16 * 2**20  # bytes of a file whose counts take long enough to be made ahead
_LISTS = ("number_gaps", "gaps", "brief_list", "briefs", "search", "duplicates", "as_of", "newest", "authors_by_briefs")
_COUNTS = ("author_spellings", "resources_by_briefs", "resources", "authors", "domains", "briefs/1")
ADDRESSES = (
    *("/", "/charts", f"/{NAME}"),
    *(f"/{NAME}/{page}" for page in (*_LISTS, *_COUNTS)),
    *(f"/{NAME}/{chart.query}.json?_shape=array" for chart in CHARTS.values()),
)


@dataclass(slots=True)
class DearPages:
    """The one who asks: a page at a time, in a thread of its own, so that no reader waits for a turn or a thread."""

    datasette: Datasette
    app: App
    addresses: Sequence[str] = ADDRESSES
    pause: float = _PAUSE
    least: int = _LEAST

    async def watch(self) -> None:
        """Ask for all pages in each state in which the archive rests, without end."""
        asked = seen = None
        executor = ThreadPoolExecutor(1)
        try:
            while True:
                database = self.datasette.databases.get(NAME)
                if isinstance(database, LiveDatabase):
                    await database.wait_for_exchange()
                    state = database.read_state()
                    if state is not None and asked != state == seen and database.size >= self.least:
                        await self._ask_all(database, state, executor)
                        asked = state
                    seen = state
                await asyncio.sleep(self.pause)
        finally:
            executor.shutdown(wait=False, cancel_futures=True)

    async def _ask_all(self, database: LiveDatabase, state: FileState, executor: Executor) -> None:
        for address in self.addresses:
            if database.read_state() != state:
                return
            begun = time.monotonic()
            transaction = ReadTransaction(database, executor)
            try:
                # A fault is met again, and reported, when a reader asks for the page.
                with hold_value(request_transaction, transaction), suppress(Exception):
                    await self.app(self._make_scope(address), _receive_nothing, _ignore_answer)
            finally:
                transaction.end()
            await asyncio.sleep(min(time.monotonic() - begun, self.pause))  # half of the time is the readers'

    def _make_scope(self, address: str) -> Scope:
        path, _, query = (self.datasette.setting("base_url").rstrip("/") + address).partition("?")
        return {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(b"host", b"localhost")],
        }


def ask_ahead(datasette: Datasette, app: App) -> App:
    """The app, which asks for its own dear pages while a server runs it."""

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        async with _run_beside(DearPages(datasette, app)):
            await app(scope, receive, send)

    return handle_request


@asynccontextmanager
async def _run_beside(pages: DearPages) -> AsyncIterator[None]:
    task = asyncio.create_task(pages.watch())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _receive_nothing() -> Message:
    return {"type": "http.disconnect"}


async def _ignore_answer(_message: Message) -> None:
    """The reader who asks next is given an answer; what it is made of is kept."""
