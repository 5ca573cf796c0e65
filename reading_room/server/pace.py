"""Long answers are made in slices, between which the loop that serves all readers turns to the others."""

from __future__ import annotations

import asyncio
import gc
import re
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Iterable
from functools import lru_cache
from typing import TypeVar

from datasette.utils import to_css_class  # type: ignore[import-untyped]
from jinja2 import Environment
from jinja2.ext import Extension
from markupsafe import Markup

from reading_room.server.asgi import Message, Send

T = TypeVar("T")
_TABLE, _TABLE_END = '<div class="table-wrapper"', "</table>"
_SLICE = 0.001  # seconds
_ROWS = re.compile(r"(\{%-? for row in display_rows)\b")


class LoopClock:
    """Since when long answers have had the loop; they share it, for only one of them runs at a time."""

    def __init__(self) -> None:
        self._since = 0.0

    def is_slice_over(self) -> bool:
        """Whether it is the others' turn."""
        return time.monotonic() - self._since > _SLICE

    async def rest(self, seconds: float = 0) -> None:
        """Let the others have their turn."""
        await asyncio.sleep(seconds)
        self._since = time.monotonic()


_clock = LoopClock()


def rest_if_due() -> Coroutine[object, object, None] | None:
    """A pause to wait for, if one is due."""
    return _clock.rest() if _clock.is_slice_over() else None


async def pace_rows(rows: Iterable[T]) -> AsyncIterator[T]:
    """The rows, with pauses between them."""
    for row in rows:
        if _clock.is_slice_over():
            await _clock.rest()
        yield row


class PacedSend:
    """Sends an answer with pauses in which its reader, too, may catch up."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def send(self, message: Message) -> None:
        """Send the message, and pause if it is time."""
        await self._send(message)
        if _clock.is_slice_over():
            await _clock.rest(_SLICE)


class PaceExtension(Extension):
    """Have each template, Datasette's too, pause between the rows of a long table."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template with pauses in its loops over rows."""
        return _ROWS.sub(r"\1 | pace_rows", source)


def set_process_pace() -> None:
    """Have Python look for garbage in small steps, and let threads take turns quickly.

    A look at all cells of a long table takes a tenth of a second, and each row of a query waits for its thread's turn.
    """
    sys.setswitchinterval(0.0005)
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 100)


def split_table(html: Markup) -> tuple[Markup, Markup, Markup]:
    """What is before the rows of a table's page, the rows, and what is behind them."""
    begin = html.find(_TABLE)
    end = html.rfind(_TABLE_END) if begin >= 0 else len(html)
    begin = end if begin < 0 else begin
    return html[:begin], html[begin:end], html[end:]


def pace_templates(env: Environment) -> None:
    """Have all templates pause, and remember the classes of columns, which they ask for in each cell."""
    env.add_extension(PaceExtension)
    env.filters["pace_rows"] = pace_rows
    env.filters["split_table"] = split_table
    env.filters["to_css_class"] = lru_cache(maxsize=4096)(to_css_class)
