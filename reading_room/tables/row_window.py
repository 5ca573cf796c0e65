"""Pages of the rows of a ready query: a page shows a hundred, `_page=` tells which; JSON and CSV have all of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import parse_qs

from datasette.utils import path_with_replaced_args, tilde_decode  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from reading_room.server.asgi import App, Receive, Scope, Send, get_query, hold_value, split_path
from reading_room.server.settings import NAME

SIZE = 100  # rows
_PARAMETER = "_page"
_LAST_PAGE = 10**6


@dataclass(slots=True)
class RowWindow:
    """The rows of a result that a page shows; `total` is None where not all were counted."""

    page: int
    shown: int = 0
    total: int | None = None
    has_more: bool = False

    @property
    def first(self) -> int:
        """The number of the first row, from 1."""
        return (self.page - 1) * SIZE + 1

    @property
    def end(self) -> int:
        """The number of the last row that could be shown."""
        return self.page * SIZE

    def note_rows(self, rows: int, *, is_whole: bool, is_truncated: bool) -> None:
        """Remember how many rows there are, and which of them are shown."""
        self.shown = max(min(rows, self.end) - self.first + 1, 0)
        self.has_more = rows > self.end
        self.total = rows if is_whole and not is_truncated else None

    def make_url(self, request: Request, page: int) -> str:
        """The address of another page."""
        return str(path_with_replaced_args(request, {_PARAMETER: page if page > 1 else None}))


_window: ContextVar[RowWindow | None] = ContextVar("window", default=None)


def get_window() -> RowWindow | None:
    """The window of the current request; None for tables, which Datasette pages, and for data."""
    return _window.get()


def page_results(app: App, base: str, queries: Collection[str]) -> App:
    """The app, in which a page of a ready query or of a reader's SQL shows a part of the rows."""

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        window = None
        parameters, parts = parse_qs(get_query(scope)), split_path(scope["path"], base)
        is_sql = parts == [NAME] and "sql" in parameters
        if is_sql or (len(parts) == 2 and parts[0] == NAME and tilde_decode(parts[1]) in queries):
            window = RowWindow(_read_page(parameters.get(_PARAMETER, ["1"])[0]))
        with hold_value(_window, window):
            await app(scope, receive, send)

    return handle_request


def drop_page(url: str) -> str:
    """The address without the page: data have all rows."""
    return re.sub(rf"(?<=[?&]){_PARAMETER}=[^&]*&?", "", url).rstrip("?&")


def _read_page(typed: str) -> int:
    number = int(typed[:9]) if typed.isascii() and typed.isdigit() else 1
    return min(max(number, 1), _LAST_PAGE)
