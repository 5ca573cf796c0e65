"""Pages that count the whole archive: asked for before readers do, once for each state, and never shown when old."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from reading_room.server.asgi import App, Message, Receive, Scope, Send
from reading_room.server.dear_pages import ADDRESSES, DearPages, ask_ahead
from tests.support.room import answer, fill_room, set_up_room
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive
from tests.support.waiting import LIMIT

_GAPS = "/archive/number_gaps"


class StatusLog:
    """An app that notes the status of each answer."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.statuses: Counter[tuple[str, int]] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.statuses[scope["path"], message["status"]] += 1
            await send(message)

        await self.app(scope, receive, note)


async def _wait_for(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT):
        while not is_so():
            await asyncio.sleep(0.01)


async def _watch(pages: DearPages, until: Callable[[], bool]) -> None:
    task = asyncio.create_task(pages.watch())
    try:
        await _wait_for(until)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill_room(tmp_path)


def test_each_page_is_asked_for_once_and_answers(folder: Path) -> None:
    async def ask() -> Counter[tuple[str, int]]:
        async with set_up_room(folder / "archive.db", immutable=True) as room:
            asked = StatusLog(room.app())
            pages = DearPages(room, asked, pause=0.001, least=0)
            await _watch(pages, lambda: asked.statuses.total() == len(ADDRESSES))
            return asked.statuses

    assert asyncio.run(ask()) == {(address.partition("?")[0], 200): 1 for address in ADDRESSES}


def test_a_change_is_asked_for_again_and_shown_at_once(folder: Path) -> None:
    async def ask() -> list[Any]:
        async with set_up_room(folder / "archive.db") as room:
            asked = StatusLog(room.app())
            pages, count = DearPages(room, asked, (_GAPS,), 0.001, 0), asked.statuses.total
            await _watch(pages, lambda: count() == 1)
            shown = [(await answer(room, f"{_GAPS}.json?_shape=array&_size=max")).json()]
            with open_archive(folder) as there:
                ingest_capture(there, *make_page(make_brief("/2026/02/02/new/", domain="Housing Levy", number=7)))
                ingest_capture(there, *make_page(make_brief("/2026/02/03/new/", domain="Housing Levy", number=9)))
            shown.append((await answer(room, f"{_GAPS}.json?_shape=array&_size=max")).json())
            await _watch(pages, lambda: count() == 2)
            return shown

    before, after = asyncio.run(ask())
    assert [row["number"] for row in after if row not in before] == [8]


@pytest.mark.parametrize("event", ["lifespan", "http"])
def test_only_a_server_asks_and_it_ends_with_the_server(folder: Path, event: str) -> None:
    async def ask() -> tuple[int, int]:
        async with set_up_room(folder / "archive.db") as room:
            beside = 0

            async def serve(_scope: Scope, _receive: Receive, _send: Send) -> None:
                nonlocal beside
                await asyncio.sleep(0)
                beside = len(asyncio.all_tasks())

            tasks = len(asyncio.all_tasks())
            await ask_ahead(room, serve)({"type": event}, room.app(), room.app())
            return beside - tasks, len(asyncio.all_tasks()) - tasks

    assert asyncio.run(ask()) == (event == "lifespan", 0)


def test_a_small_archive_is_not_asked(folder: Path) -> None:
    async def ask() -> int:
        async with set_up_room(folder / "archive.db") as room:
            asked, looks = StatusLog(room.app()), 0
            database = room.databases["archive"]

            def note() -> Any:  # noqa: ANN401 - a state of the file
                nonlocal looks
                looks += 1
                return type(database).read_state(database)

            database.read_state = note
            await _watch(DearPages(room, asked, (_GAPS,), pause=0.001), lambda: looks > 3)
            return asked.statuses.total()

    assert asyncio.run(ask()) == 0
