"""Error pages: 410 for a withdrawn brief, 400 for a wrong address, 500 for a fault of our own."""

from __future__ import annotations

import re
import sqlite3
from errno import ENAMETOOLONG
from pathlib import Path
from traceback import walk_tb
from typing import Any

from datasette import handle_exception as datasette_handler  # type: ignore[import-untyped]
from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.database import QueryInterrupted  # type: ignore[import-untyped]
from datasette.plugins import pm  # type: ignore[import-untyped]
from datasette.utils import tilde_decode  # type: ignore[import-untyped]
from datasette.utils.asgi import Base400, NotFound, Request, Response  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]

from reading_room.pages import tombstone
from reading_room.pages.nearest_briefs import find_nearest, split_address
from reading_room.query import query_archive, query_cached
from reading_room.search.known_names import read_names
from reading_room.server.settings import HERE
from reading_room.tables.filter_values import shorten_value

_DATASETTE_HANDLER = "datasette.handle_exception"
_OUR_FOLDERS = tuple(HERE.parent / part for part in ("reading_room", "pipelines", "scraper"))
# In tracebacks of what readers ask: it runs through them, too.
_READERS_FILES = tuple(
    HERE / f"{name}.py"
    for name in (
        *("server/live_database", "server/read_transaction", "tables/json_answers", "tables/limited_query"),
        "tables/row_places",
    )
)
# What Datasette raises for odd values of parameters.
_PARAMETER_ERRORS = (ValueError, LookupError, TypeError, AttributeError, OverflowError)
# By its text: SQLite raises the same class for a closed connection, which is no fault of the reader.
_BAD_VALUE = re.compile("null character|datatype mismatch|bind|one statement", re.IGNORECASE)
_SLOW_TITLE = "SQL Interrupted"  # error.html compares it
_SLOW = "The query was stopped: the archive gives each a few seconds"
_NO_PAGE = "There is no page at this address"
# In place of what Datasette says.
_NOT_FOUND = {
    **dict.fromkeys(((), ("404",), ("Database not found",)), _NO_PAGE),
    ("Table not found",): "There is no table and no ready query at this address",
}
_NO_SQL = "This room takes no SQL of its readers; its ready queries and filters are open."
_NO_ROWS = "There are no rows at this address: name a table or a ready query, or give SQL of your own as ?sql="
# Programs ask for these; they read a line, and no page.
_IS_DATA = re.compile(
    r"\.(?:csv|atom|blob|txt|bib|svg|png|jsonl|xml)$|/text$|^/-/time(?:gate|map)/|/captured/\d+/page$"
)


def replace_handler() -> None:
    """Unregister Datasette's handler of exceptions, which would print a traceback of each."""
    datasette_handler.rich = None  # would print all variables, too
    if pm.has_plugin(_DATASETTE_HANDLER):
        pm.unregister(name=_DATASETTE_HANDLER)


def refuse_data(request: Request, message: str) -> Response | None:
    """The answer to a program that may not have what it asked for; None where a page is asked for."""
    words = _NO_SQL if message == "execute-sql" else message
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": words, "status": 403, "title": "Forbidden"}, status=403)
    return Response.text(f"{words}\n", status=403) if _IS_DATA.search(request.path) else None


async def answer_exception(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """The error page: HTML, or JSON for an address that ends with `.json`."""
    is_data = _IS_DATA.search(request.path) is not None
    if stone := await tombstone.make_tombstone(datasette, request, exception, is_data=is_data):
        return stone
    explained = _explain_exception(request, exception)
    if is_data and getattr(explained, "status", 500) < 500:
        return Response.text(f"{_get_message(explained)}\n", status=explained.status)
    if getattr(explained, "status", None) == 404 and not request.path.endswith(".json"):
        explained = await _suggest_briefs(datasette, request, explained)
    return await datasette_handler.handle_exception(datasette, request, explained)()


def _get_message(exception: Any) -> str:  # noqa: ANN401 - an exception; Datasette has no types
    return getattr(exception, "message", None) or (str(exception.args[0]) if exception.args else _NO_PAGE)


async def _suggest_briefs(datasette: Datasette, request: Request, exception: Any) -> Any:  # noqa: ANN401 - as below
    """The exception with the briefs that the address may mean; as it is if the archive cannot be asked."""
    try:
        names = await query_cached(datasette, read_names)
        nearest = await query_archive(datasette, lambda db: find_nearest(db, request.path, names))
    except (sqlite3.Error, KeyError):
        return exception
    words = " ".join(split_address(request.path))
    return DatasetteError(_get_message(exception), status=404, error_dict={"nearest": nearest, "words": words})


def _explain_exception(request: Request, exception: Exception) -> Any:  # noqa: ANN401 - an exception; Datasette has no types
    """The exception, or one that tells the reader what was wrong with the address."""
    if isinstance(exception, NotFound) and exception.args in _NOT_FOUND:
        return NotFound(_NOT_FOUND[exception.args])
    if getattr(exception, "message", None) == "_where= is not allowed":
        return DatasetteError(_NO_SQL, status=403)
    if exception.args == ("Record not found",):
        return NotFound(
            f"There is no row {shorten_value(tilde_decode(request.url_vars['pks']))} in {request.url_vars['table']}"
        )
    if isinstance(exception, QueryInterrupted) or getattr(exception, "title", None) == _SLOW_TITLE:
        return DatasetteError(_SLOW, title=_SLOW_TITLE, status=400)
    if isinstance(exception, DatasetteError) and exception.status == 500:  # Datasette's status for a bad parameter
        return DatasetteError(exception.message, status=400)
    if isinstance(exception, sqlite3.Error | MemoryError) and "_where" in request.args:  # SQL of the reader's own
        return DatasetteError(
            f"The condition in _where cannot be answered: {str(exception) or 'out of memory'}", status=400
        )
    if isinstance(exception, Base400 | DatasetteError) or _is_our_fault(exception):
        return exception
    if isinstance(exception, OSError) and exception.errno == ENAMETOOLONG:
        return NotFound("There is no file with such a long name")
    return _explain_address(request, exception) or exception if _is_bad_parameter(exception) else exception


def _is_our_fault(exception: Exception) -> bool:
    """Whether code or a template of ours was involved."""
    files = (Path(frame.f_code.co_filename) for frame, _ in walk_tb(exception.__traceback__))
    return any(file.is_relative_to(part) for file in files if file not in _READERS_FILES for part in _OUR_FOLDERS)


def _is_bad_parameter(exception: Exception) -> bool:
    """Whether a value in the address can have caused it."""
    if isinstance(exception, sqlite3.Error):
        return _BAD_VALUE.search(str(exception)) is not None
    return isinstance(exception, _PARAMETER_ERRORS)


def _explain_address(request: Request, exception: Exception) -> Any:  # noqa: ANN401 - as above, or None
    """An exception that names the wrong part of the address; None if no part can be wrong."""
    key = request.url_vars.get("pks")
    if key is not None and isinstance(exception, sqlite3.Error):  # a part of the key is missing
        return NotFound(f"There is no row {shorten_value(key)} in this table")
    parts = [f"{name}={value}" for name in request.args for value in request.args.getlist(name)]
    parts = [part for part in parts if part.startswith("_") or "__" in part.partition("=")[0]] or parts
    if parts:
        subject = "This part of the address is" if len(parts) == 1 else "One of these parts of the address is"
        return DatasetteError(f"{subject} not understood: {', '.join(map(shorten_value, parts))}", status=400)
    is_database = request.url_vars.get("format") and "table" not in request.url_vars
    return DatasetteError(_NO_ROWS, status=400) if is_database else None
