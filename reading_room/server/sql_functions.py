"""SQL functions that are better than Datasette's and SQLite's own, or that cost no more than their text is long."""

from __future__ import annotations

import atexit
import re
import sqlite3
from functools import cache, partial
from threading import Lock

from reading_room.search.search_language import parse_search
from reading_room.tables.query_limits import VALUE

_TOO_LONG = " " * (VALUE + 1)  # SQLite refuses it in its own words; an exception would fill the log
_DIRECTIVE = re.compile(r"%[-+ 0#,!]*\d{0,3}(?:\.\d{0,3})?[a-zA-Z%]")


def register_functions(db: sqlite3.Connection) -> None:
    """Replace Datasette's `escape_fts`, SQLite's `lower`, which knows ASCII only, and what takes the square of a text.

    It adds no other names, because the ready queries must run in any Datasette.
    """
    db.create_function("escape_fts", 1, escape_search, deterministic=True)
    db.create_function("lower", 1, _lower_text, deterministic=True)
    db.create_function("instr", 2, _find_text, deterministic=True)
    db.create_function("replace", 3, _replace_text, deterministic=True)
    for name in ("printf", "format"):
        db.create_function(name, -1, _format_text, deterministic=True)
    for name, at_start, at_end in (("trim", True, True), ("ltrim", True, False), ("rtrim", False, True)):
        trim = partial(_trim_text, at_start=at_start, at_end=at_end)
        db.create_function(name, 2, trim, deterministic=True)


def escape_search(typed: object) -> str:
    """A search for FTS5 from what a reader typed in the language of the search box, whose filters are words here.

    Datasette's own function makes an empty search of a lone quotation mark, and takes NULs and line ends for letters.
    """
    return parse_search(_decode_text(typed), has_filters=False).match


def _lower_text(text: object) -> str | None:
    return None if text is None else _decode_text(text).lower()


@cache
def _open_formatter() -> tuple[sqlite3.Connection, Lock]:
    db = sqlite3.connect(":memory:", check_same_thread=False)
    atexit.register(db.close)
    return db, Lock()


def _format_text(form: object = None, *values: object) -> str | None:
    """Format as SQLite's own `printf`, which would write a character a thousand million times if it is told to."""
    if form is None:
        return None
    if "%" in _DIRECTIVE.sub("", _decode_text(form)):
        return _TOO_LONG
    db, lock = _open_formatter()
    with lock:
        text: str | None = db.execute(
            f"SELECT printf({', '.join('?' * (len(values) + 1))})", (form, *values)
        ).fetchone()[0]
    return text


def _find_text(text: object, part: object) -> int | None:
    if text is None or part is None:
        return None
    if isinstance(text, bytes) and isinstance(part, bytes):
        return text.find(part) + 1
    return _decode_text(text).find(_decode_text(part)) + 1


def _replace_text(text: object, old: object, new: object) -> str | None:
    if text is None or old is None or new is None:
        return None
    whole, part, other = _decode_text(text), _decode_text(old), _decode_text(new)
    if not part:
        return whole
    if len(whole) + whole.count(part) * (len(other) - len(part)) > VALUE:
        return _TOO_LONG
    return whole.replace(part, other)


def _trim_text(text: object, signs: object, *, at_start: bool, at_end: bool) -> str | None:
    if text is None or signs is None:
        return None
    whole, trimmed = _decode_text(text), frozenset(_decode_text(signs))
    start, end = 0, len(whole)
    while at_start and start < end and whole[start] in trimmed:
        start += 1
    while at_end and end > start and whole[end - 1] in trimmed:
        end -= 1
    return whole[start:end]


def _decode_text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)
