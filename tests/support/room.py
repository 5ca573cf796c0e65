"""A reading room for tests: Datasette as `make serve` sets it up, and an invented archive for it to show."""

from __future__ import annotations

import asyncio
import atexit
import json
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.cli import serve  # type: ignore[import-untyped]
from lxml import html

from pipelines.archive import SqliteArchive
from reading_room import plugin
from reading_room.server.settings import build_arguments, build_metadata
from scraper.records import Author, Brief, Capture, Link, PhotoCredit, Resource, Section
from tests.support.saved_posts import SavedPost, list_saved_posts
from tests.support.specimens import SITE, ingest_capture, make_brief, make_page, open_archive

Get = Callable[[str], Any]  # what a room answers to a path
SEEN = "2026-03-01T12:00:00Z"  # after the newest of them was published
VERSIONED = "/2021/04/04/harbour-levy/"  # three versions
SHARED = "/2022/05/05/two-hands/"  # two authors
HOSTILE = "/2023/06/06/hostile/"
SCRIPT = "<script>alert(1)</script>"
ODD = f"{SCRIPT}{{{{ 7*7 }}}}{{% raw %}}'\"; DROP TABLE briefs; --"
MEMENTO = f"https://web.archive.org/web/20220101000000id_/{SITE}{VERSIONED}"

plugin.register_plugin()


@asynccontextmanager
async def set_up_room(
    database: Path,
    *,
    immutable: bool = False,
    warcs: Path | None = None,
    sql: bool = True,
    public_url: str | None = None,
    contact: str | None = None,
) -> AsyncIterator[Datasette]:
    """Datasette on the database, in this process, set up as `make serve` does it."""
    with tempfile.TemporaryDirectory() as folder:
        metadata_path = Path(folder) / "metadata.json"
        metadata_path.write_text(
            json.dumps(build_metadata(warcs=warcs, public_url=public_url, contact=contact)), encoding="utf-8"
        )
        given = build_arguments(database, metadata_path, immutable=immutable, sql=sql)[1:]
        with serve.make_context("serve", given) as context:
            room = serve.callback(**context.params, return_instance=True)
        with _own_connections(room):
            try:
                await room.invoke_startup()
                yield room
            finally:
                for shown in list(room.databases.values()):
                    shown.close()


@contextmanager
def _own_connections(room: Datasette) -> Iterator[None]:
    """Close the connections to Datasette's own database, which it leaves to the end of the process."""
    own = room.databases["_internal"]
    connect, connections = own.connect, list[sqlite3.Connection]()

    def note(write: bool = False) -> sqlite3.Connection:
        connections.append(connect(write))
        return connections[-1]

    own.connect = note
    try:
        yield
    finally:
        for connection in connections:
            connection.close()


@contextmanager
def open_room(database: Path, **options: Any) -> Iterator[tuple[Datasette, asyncio.Runner]]:  # noqa: ANN401 - as `opened`
    """The same for tests that are no coroutines: the room, and the runner in which it is asked."""
    with asyncio.Runner() as runner:
        opening = set_up_room(database, **options)
        room = runner.run(opening.__aenter__())
        try:
            yield room, runner
        finally:
            runner.run(opening.__aexit__(None, None, None))


async def answer(room: Datasette, path: str, **headers: str) -> Any:  # noqa: ANN401 - a response of httpx
    """What the room answers to a request with these headers."""
    return await room.client.get(path, headers=headers)


def parse_page(text: str) -> Any:  # noqa: ANN401 - lxml's stubs do not know what XPath gives
    """The page as a tree."""
    return html.fromstring(text)


def answers(
    database: Path, *paths: str, warcs: Path | None = None, sql: bool = True, public_url: str | None = None
) -> list[Any]:
    """What a room answers to each path, one after the other."""

    async def ask_all() -> list[Any]:
        async with set_up_room(database, warcs=warcs, sql=sql, public_url=public_url) as room:
            return [await answer(room, path) for path in paths]

    return asyncio.run(ask_all())


def fill_room(folder: Path) -> Path:
    """The folder with an archive of the posts of tests/pages and three more: of three versions, shared, hostile."""
    return Path(shutil.copytree(_build_shared_room(), folder, dirs_exist_ok=True))


@cache
def _build_shared_room() -> str:
    # A second's work, which two dozen files ask for.
    folder = tempfile.mkdtemp(prefix="room-")
    atexit.register(shutil.rmtree, folder)
    with open_archive(Path(folder), batch=500) as there:
        there.begin_run("briefs", {"start": SITE})
        for post in list_saved_posts():
            page = _page(post)
            ingest_capture(there, page)
        _versions(there)
        ingest_capture(there, *make_page(_make_shared_brief(), source="live"))
        ingest_capture(there, *make_page(_hostile(), source="live"))
        there.finish_run("finished", {"requests": 3})
    return folder


def _page(post: SavedPost) -> Capture:
    headers = (("Content-Type", post.content_type),)
    return Capture(post.page, SITE + post.path, SEEN, "live", 200, headers, post.content_type)


def _versions(there: SqliteArchive) -> None:
    levy = make_brief(VERSIONED, label="Brief #12—Economics", number=12, domain="Economics", published="2021-04-04")
    first = "The levy is small.\n\nAnalysis\n\nShips will pay it. Nobody objects."
    for at, title, body in (
        ("2021-05-01T00:00:00Z", "The Harbor Levy", first),
        ("2022-01-01T00:00:00Z", "The Harbour Levy", first),
        ("2024-02-02T00:00:00Z", "The Harbour Levy", first.replace("Nobody objects", "The owners object")),
    ):
        sections = (Section(None, "The levy is small."), Section("Analysis", body.split("\n\n")[2]))
        page, extraction = make_page(replace(levy, title=title, body=body, sections=sections), at)
        ingest_capture(there, replace(page, memento=MEMENTO) if at.startswith("2022") else page, extraction)


def _make_shared_brief() -> Brief:
    return make_brief(
        SHARED,
        label="Technology Policy Brief #7",
        domain="Technology",
        title="Two Hands on the Switch",
        published="2022-05-05",
        authors=(
            Author("Ada Fenn", role="Technology Analyst", contact="mailto:ada.fenn@mail.example"),
            Author("Io Vale", role="Analyst"),
        ),
        resources=(
            Resource(
                "Resistance Resources", "River Keepers", "https://www.river.example/", "They keep it.", "All of it"
            ),
            Resource("Resistance Resources", "Switch Watch", "https://switch.example/", "They watch.", "Switch Watch"),
        ),
        photo_credits=(PhotoCredit("Photo by Mo Lind", "Mo Lind", "Unsplash", "https://photos.example/mo"),),
    )


def _hostile() -> Brief:
    return make_brief(
        HOSTILE,
        label=f"Brief #9—{SCRIPT}",
        number=9,
        domain=SCRIPT,
        title=ODD,
        published="2023-06-06",
        body=ODD,
        body_html=f'<p onclick="alert(2)">{SCRIPT}<a href="javascript:alert(3)">here</a></p>',
        sections=(Section(SCRIPT, ODD),),
        authors=(Author(f"Mal {SCRIPT}", role=ODD, contact="javascript:alert(4)"),),
        resources=(Resource(SCRIPT, ODD, "javascript:alert(5)", ODD, ODD),),
        photo_credits=(PhotoCredit(ODD, SCRIPT, SCRIPT, "javascript:alert(6)"),),
        links=(Link(ODD, "javascript:alert(7)"),),
    )
