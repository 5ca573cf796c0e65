"""Long answers give the others their turn: rows on pages, JSON in slices, one long list at a time."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from datasette.utils import CustomJSONEncoder  # type: ignore[import-untyped]
from jinja2 import Environment
from markupsafe import Markup

from reading_room.server.pace import pace_rows, pace_templates, split_table
from reading_room.server.request_gate import RequestGate
from reading_room.tables.json_answers import dumps
from tests.support.room import answers, fill_room

_ROWS = [[number, f"text “{number}”", None, 1.5] for number in range(47)]


@pytest.mark.parametrize(
    "value",
    [
        {"rows": _ROWS, "columns": ["id", "text"], "next": None, "facets": {}, "units": [], "ok": True},
        {"a b": {"rows": _ROWS}, "1": 1},
        {str(number): {"id": number, 'q"': ["x"] * 3} for number in range(90)},
        *(
            _ROWS,
            _ROWS[:20],
            _ROWS[:21],
            [],
            {},
            None,
            "text",
            7,
            {None: 1, True: 2, 3: 4},
            [b"\xff"] * 30,
            {"a": (1, 2)},
        ),
    ],
)
def test_json_in_slices_is_the_same_json(value: object) -> None:
    assert dumps(value, cls=CustomJSONEncoder) == json.dumps(value, cls=CustomJSONEncoder)


@pytest.mark.parametrize("shape", ["", "&_shape=array", "&_shape=objects", "&_shape=object", "&_shape=array&_nl=on"])
def test_every_shape_of_a_long_list_is_whole(room: Path, shape: str) -> None:
    (result,) = answers(room / "archive.db", f"/archive/pages.json?_size=max{shape}")
    rows = result.text.splitlines() if "_nl" in shape else result.json()
    assert len(rows if "=" in shape and "objects" not in shape else rows["rows"]) > 20


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_room(tmp_path_factory.mktemp("room"))


def test_others_have_their_turn_between_rows() -> None:
    def read_slowly() -> Iterator[int]:
        for number in range(5):
            end = time.monotonic() + 0.004
            while time.monotonic() < end:
                pass
            yield number

    async def count_turns() -> tuple[list[int], int]:
        turns = 0

        async def take_turns() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        other = asyncio.create_task(take_turns())
        rows = [row async for row in pace_rows(read_slowly())]
        other.cancel()
        return rows, turns

    rows, turns = asyncio.run(count_turns())
    assert rows == list(range(5))
    assert turns >= 5


def test_every_loop_over_rows_pauses() -> None:
    env = Environment(autoescape=True, enable_async=True)
    pace_templates(env)
    template = env.from_string("{% for row in display_rows %}{{ row }},{% endfor %}")

    async def render() -> tuple[str, str]:
        return await template.render_async(display_rows=[1, 2, 3]), await template.render_async(display_rows=())

    assert asyncio.run(render()) == ("1,2,3,", "")


@pytest.mark.parametrize(
    "parts",
    [
        ("<h3>", '<div class="table-wrapper"><td></dl>', "</table></div><h3>"),
        ("<p>No rows</p>", "", ""),
        ("", '<div class="table-wrapper">', "</table>"),
    ],
)
def test_the_rows_of_a_page_stand_apart(parts: tuple[str, str, str]) -> None:
    assert split_table(Markup("".join(parts))) == parts


@pytest.mark.parametrize(
    ("path", "size", "is_long"),
    [
        *(("/archive/briefs", size, True) for size in ("max", " max", "100", "+500", "0999", "1_000", "٥٠٠")),
        *(("/archive/briefs.json", size, True) for size in ("max", "1000")),
        *(("/archive/briefs", size, False) for size in ("", "25", "99", "0", "x", "-100")),
    ],
)
def test_one_long_list_is_made_at_a_time(path: str, size: str, is_long: bool) -> None:
    lane = RequestGate("/", ["newest"]).find_lane(path, {"_size": size})
    assert lane is not None
    assert lane.at_once == (1 if is_long else 3)
