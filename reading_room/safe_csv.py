"""CSV of which a spreadsheet runs nothing: what Datasette writes rows with, in the place of Python's module `csv`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qs

from datasette.views import base  # type: ignore[import-untyped]

from pipelines.exports.tables import harmless
from reading_room.asgi import App, Receive, Scope, Send

_RAW = "_raw"  # the parameter: with `_raw=on` cells are as published
_raw: ContextVar[bool] = ContextVar("raw", default=False)


class Guarded:
    """A writer of rows whose text no spreadsheet takes for a formula."""

    def __init__(self, out: Any) -> None:  # noqa: ANN401 - whatever has `write`, here an asynchronous one
        self._writer = csv.writer(out)

    def writerow(self, cells: Iterable[object]) -> Any:  # noqa: ANN401 - what `write` returns: Datasette awaits it
        """Write the row; give back what the output does."""
        return self._writer.writerow([harmless(cell) for cell in cells])


def writer(out: Any) -> Any:  # noqa: ANN401 - as above; a Guarded or Python's own
    """What `csv.writer` gives, for the request at hand."""
    return csv.writer(out) if _raw.get() else Guarded(out)


def join() -> None:
    """Have Datasette write its CSV along here: it has no hook for that."""
    base.csv = sys.modules[__name__]


def asked(app: App) -> App:
    """The app, that minds whether a request wants its cells as published."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        wanted = parse_qs((scope.get("query_string") or b"").decode("latin-1")).get(_RAW, [""])[0]
        token = _raw.set(wanted.lower() in ("on", "1", "true"))
        try:
            await app(scope, receive, send)
        finally:
            _raw.reset(token)

    return answering
