"""What is answered in place of a page: 410 of the withdrawn, 400 of what was asked wrongly, 500 of our own faults."""

from __future__ import annotations

import re
import sqlite3
from errno import ENAMETOOLONG
from pathlib import Path
from traceback import walk_tb
from typing import Any

from datasette import handle_exception as datasettes  # type: ignore[import-untyped]
from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.database import QueryInterrupted  # type: ignore[import-untyped]
from datasette.plugins import pm  # type: ignore[import-untyped]
from datasette.utils.asgi import Base400, NotFound, Request, Response  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]

from reading_room import live_database, tombstone

_THEIRS = "datasette.handle_exception"
_OURS = tuple(Path(__file__).parent.parent / part for part in ("reading_room", "pipelines", "scraper"))
_PASSED = Path(live_database.__file__)  # all SQL goes through it, the readers' too
_MISREAD = (ValueError, LookupError, TypeError, AttributeError, OverflowError)  # what odd values do to Datasette
# SQLite's error is of the same kind where a connection is closed, for which no reader is to blame.
_UNFIT = re.compile("null character|datatype mismatch|bind|one statement", re.IGNORECASE)
_SLOW_TITLE = "SQL Interrupted"  # by which the template knows it
_SLOW = "The query was stopped: the archive gives each a few seconds"
_NO_ROWS = "There are no rows at this address: name a table or a ready query, or give SQL of your own as ?sql="
_LONGEST = 60  # characters of a parameter that are repeated


def join() -> None:
    """Have exceptions answered here alone: Datasette's own answer would print each of them as a traceback."""
    datasettes.rich = None  # it would print all variables, too
    if pm.has_plugin(_THEIRS):
        pm.unregister(name=_THEIRS)


async def answer(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """The answer in place of a page: HTML, or JSON for an address that ends with `.json`."""
    if stone := await tombstone.answer(datasette, request, exception):
        return stone
    return await datasettes.handle_exception(datasette, request, _told(request, exception))()


def _told(request: Request, exception: Exception) -> Any:  # noqa: ANN401 - an exception; Datasette has no types
    """What to tell a reader of it: the exception, or in its place one that says what was wrong with the address."""
    if isinstance(exception, QueryInterrupted) or getattr(exception, "title", None) == _SLOW_TITLE:
        return DatasetteError(_SLOW, title=_SLOW_TITLE, status=400)
    if isinstance(exception, DatasetteError) and exception.status == 500:  # Datasette's words on a parameter
        return DatasetteError(exception.message, status=400)
    if isinstance(exception, Base400 | DatasetteError) or _is_ours(exception):
        return exception
    if isinstance(exception, OSError) and exception.errno == ENAMETOOLONG:
        return NotFound("There is no file of so long a name")
    return _blamed(request, exception) or exception if _is_misread(exception) else exception


def _is_ours(exception: Exception) -> bool:
    """Whether code or a template of ours was at work."""
    files = (Path(frame.f_code.co_filename) for frame, _ in walk_tb(exception.__traceback__))
    return any(file.is_relative_to(part) for file in files if file != _PASSED for part in _OURS)


def _is_misread(exception: Exception) -> bool:
    """Whether it can come of a value that Datasette took from the address."""
    if isinstance(exception, sqlite3.Error):
        return _UNFIT.search(str(exception)) is not None
    return isinstance(exception, _MISREAD)


def _blamed(request: Request, exception: Exception) -> Any:  # noqa: ANN401 - as above, or None
    """What to tell of the address; None if it says nothing that could be wrong."""
    key = request.url_vars.get("pks")
    if key is not None and isinstance(exception, sqlite3.Error):  # a part of it is missing
        return NotFound(f"There is no row {_short(key)} in this table")
    given = [f"{name}={value}" for name in request.args for value in request.args.getlist(name)]
    given = [one for one in given if one.startswith("_") or "__" in one.partition("=")[0]] or given
    if given:
        said = "This part of the address is" if len(given) == 1 else "One of these parts of the address is"
        return DatasetteError(f"{said} not understood: {', '.join(map(_short, given))}", status=400)
    is_database = request.url_vars.get("format") and "table" not in request.url_vars
    return DatasetteError(_NO_ROWS, status=400) if is_database else None


def _short(text: str) -> str:
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
