"""CSV without formulas: stands in for Python's module `csv`, with which Datasette writes rows."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qs

from datasette.views import base  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]
from datasette.views.database import QueryView  # type: ignore[import-untyped]

from pipelines.exports.csv_tables import escape_formula
from reading_room.server.asgi import App, Receive, Scope, Send, get_query, hold_value

_RAW = "_raw"  # the parameter: `_raw=on` gives the cells as they are
_DATASETTE_ROWS = QueryView.data
_is_raw: ContextVar[bool] = ContextVar("raw", default=False)


class SafeWriter:
    """A CSV writer whose cells no spreadsheet takes for formulas."""

    def __init__(self, out: Any) -> None:  # noqa: ANN401 - anything with `write`, here an asynchronous one
        self._writer = csv.writer(out)

    def writerow(self, cells: Iterable[object]) -> Any:  # noqa: ANN401 - what `write` returns: Datasette awaits it
        """Write the row and return what the output returns."""
        return self._writer.writerow([escape_formula(cell) for cell in cells])


def writer(out: Any) -> Any:  # noqa: ANN401 - as above; a SafeWriter or Python's own
    """The writer for the current request, in the place of `csv.writer`."""
    return csv.writer(out) if _is_raw.get() else SafeWriter(out)


def replace_csv_module() -> None:
    """Make Datasette write CSV with this module, and none of a query that failed: it has no hook for that."""
    base.csv = sys.modules[__name__]
    QueryView.data = _read_rows


async def _read_rows(view: Any, request: Any, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - Datasette's own
    """The rows of a query; raises DatasetteError where CSV would be an empty file."""
    answer = await _DATASETTE_ROWS(view, request, *arguments, **options)
    if isinstance(answer, tuple) and answer[-1] == 400 and request.path.endswith(".csv"):
        raise DatasetteError(answer[0]["error"], status=400)
    return answer


def apply_raw_option(app: App) -> App:
    """The app, in which a request with `_raw=on` gets its cells as they are."""

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        value = parse_qs(get_query(scope)).get(_RAW, [""])[0]
        with hold_value(_is_raw, value.lower() in ("on", "1", "true")):
            await app(scope, receive, send)

    return handle_request
