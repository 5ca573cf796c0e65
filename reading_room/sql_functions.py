"""SQL functions for ready queries and the search of tables that are better than Datasette's and SQLite's own."""

from __future__ import annotations

import re
import sqlite3

from datasette.utils import escape_fts  # type: ignore[import-untyped]

_LONGEST = 500  # characters of a search; FTS5 fails with more than some hundred words
_DATE = re.compile(r"[0-9]{1,4}|[0-9]{4}-(?:(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])?)?)?")
_EMPTY_SEARCH = '""'  # finds nothing in FTS5; an empty text would be an error


def register_functions(db: sqlite3.Connection) -> None:
    """Replace Datasette's `escape_fts`, and SQLite's `lower`, which knows ASCII only.

    It adds no other names, because the ready queries must run in any Datasette.
    """
    db.create_function("escape_fts", 1, escape_search, deterministic=True)
    db.create_function("lower", 1, _lower_text, deterministic=True)


def escape_search(typed: object) -> str:
    """A search for FTS5 from what a reader typed: words and "words in quotes"; operators are plain text.

    Datasette's own function makes an empty search of a lone quotation mark, and takes NULs and line ends for letters.
    """
    words = " ".join(_decode_text(typed).replace("\0", " ").split())[:_LONGEST]
    search: str = escape_fts(words)
    return search if search.strip(' "') else _EMPTY_SEARCH


def parse_date_prefix(typed: str) -> str | None:
    """The date, or the beginning of one: `2021`, `2021-05-` → `2021-05`, `2021-05-04`; None for anything else."""
    date = typed.strip()
    return date.rstrip("-") if _DATE.fullmatch(date) else None


def _lower_text(text: object) -> str | None:
    return None if text is None else _decode_text(text).lower()


def _decode_text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)
