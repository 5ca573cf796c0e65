"""Memento (RFC 7089): a client finds by an original address the capture nearest to a moment, and all of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.maintenance.withdraw import withdraw_post
from tests.support.room import MEMENTO, SHARED, VERSIONED, answer, fill_room, open_room, set_up_room
from tests.support.specimens import SITE, make_settings, read_rows

Get = Callable[..., Any]
ORIGINAL = f"{SITE}{VERSIONED}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fill_room(tmp_path_factory.mktemp("memento"))
    withdraw_post(make_settings(folder), SHARED, "asked by its author")
    return folder


@pytest.fixture(scope="module")
def get(folder: Path) -> Iterator[Get]:
    with open_room(folder / "archive.db", warcs=folder / "warcs", public_url="https://briefs.example") as (
        room,
        runner,
    ):
        yield lambda path, **headers: runner.run(answer(room, path, **headers))


def _read_links(text: str) -> list[tuple[str, dict[str, str]]]:
    """The links as a client reads them: address and attributes."""
    links = re.findall(r'<([^>]*)>((?:\s*;\s*[\w-]+="[^"]*")*)', text)
    return [(address, dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))) for address, attributes in links]


def test_the_timemap_has_every_capture_in_the_order_of_time(get: Get, folder: Path) -> None:
    answered = get(f"/-/timemap/link/{ORIGINAL}")
    assert answered.headers["content-type"] == "application/link-format"
    links = _read_links(answered.text)
    by_rel = {attributes["rel"]: address for address, attributes in links}
    assert by_rel["original"] == ORIGINAL
    assert by_rel["self"] == f"https://briefs.example/-/timemap/link/{ORIGINAL}"
    mementos = [(address, attributes) for address, attributes in links if "memento" in attributes["rel"]]
    sql = "SELECT id FROM captures WHERE path = ? ORDER BY captured_at"
    ids = [number for (number,) in read_rows(folder, sql, VERSIONED)]
    assert [address for address, _ in mementos] == [f"https://briefs.example/-/captured/{n}/page" for n in ids]
    assert [attributes["rel"] for _, attributes in mementos] == ["first memento", "memento", "last memento"]
    days = [parsedate_to_datetime(attributes["datetime"]).date().isoformat() for _, attributes in mementos]
    assert days == ["2021-05-01", "2022-01-01", "2024-02-02"]


@pytest.mark.parametrize(
    ("wanted", "day"),
    [
        ("Thu, 01 Jan 2004 00:00:00 GMT", "01 May 2021"),
        ("Wed, 01 Dec 2021 00:00:00 GMT", "01 Jan 2022"),
        ("Fri, 01 Jan 2100 00:00:00 GMT", "02 Feb 2024"),
        (None, "02 Feb 2024"),
    ],
)
def test_the_timegate_leads_to_the_nearest_which_says_what_it_is(get: Get, wanted: str | None, day: str) -> None:
    gate = get(f"/-/timegate/{ORIGINAL}", **({"accept-datetime": wanted} if wanted else {}))
    assert gate.status_code == 302
    assert "accept-datetime" in gate.headers["vary"]
    assert {attributes["rel"] for _, attributes in _read_links(gate.headers["link"])} == {
        *("original", "timegate", "timemap")
    }
    page = get(gate.headers["location"].removeprefix("https://briefs.example"))
    assert (page.status_code, day in page.headers["memento-datetime"]) == (200, True)
    assert _read_links(page.headers["link"])[0] == (ORIGINAL, {"rel": "original"})


@pytest.mark.parametrize(
    "original", [ORIGINAL.rstrip("/"), ORIGINAL.replace("https://www.", "http://"), ORIGINAL.replace("//", "/", 1)]
)
def test_one_post_has_many_addresses(get: Get, original: str) -> None:
    assert get(f"/-/timegate/{original}").status_code == 302


@pytest.mark.parametrize(
    ("original", "moment", "status"),
    [
        (ORIGINAL, "yesterday", 400),
        (ORIGINAL, "2021-05-01", 400),
        (ORIGINAL, "Thu, 99 Jan 2004 00:00:00 GMT", 400),
        ("harbour-levy", None, 400),
        (f"https://elsewhere.example{VERSIONED}", None, 404),
        (f"{SITE}/2001/01/01/nothing/", None, 404),
        (f"{SITE}{SHARED}", None, 410),
        (f"{ORIGINAL}%0d%0aset-cookie:%20x", None, 404),
    ],
)
def test_what_cannot_be_given_is_refused(get: Get, original: str, moment: str | None, status: int) -> None:
    headers = {"accept-datetime": moment} if moment else {}
    assert get(f"/-/timegate/{original}", **headers).status_code == status


def test_without_kept_pages_the_copies_of_web_archives_remain(folder: Path) -> None:
    async def ask() -> Any:  # noqa: ANN401 - as above
        async with set_up_room(folder / "archive.db") as room:
            return await answer(room, f"/-/timegate/{ORIGINAL}")

    assert asyncio.run(ask()).headers["location"] == MEMENTO.replace("id_/", "/")
