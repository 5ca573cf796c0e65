"""What ready queries and the search of tables get of SQLite that is better than its own."""

from __future__ import annotations

import re
import sqlite3

from datasette.utils import escape_fts  # type: ignore[import-untyped]

_LONGEST = 500  # characters of a search; FTS5 takes no more than some hundred words
_DATE = re.compile(r"[0-9]{1,4}|[0-9]{4}-(?:(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])?)?)?")
_NOTHING = '""'  # for FTS5 a search that finds nothing, where the empty text would be an error


def join(db: sqlite3.Connection) -> None:
    """Replace `escape_fts`, which is Datasette's, and `lower`, which in SQLite knows ASCII only.

    No other names: the ready queries are to run in any Datasette.
    """
    db.create_function("escape_fts", 1, fts, deterministic=True)
    db.create_function("lower", 1, _lower, deterministic=True)


def fts(typed: object) -> str:
    """What a reader typed as a search for FTS5: words and "words in quotes", every other sign is just a sign.

    Datasette's own leaves the search of a lone quotation mark empty, and takes NULs and line ends for signs of words.
    """
    words = " ".join(_text(typed).replace("\0", " ").split())[:_LONGEST]
    asked: str = escape_fts(words)
    return asked if asked.strip(' "') else _NOTHING


def beginning(typed: str) -> str | None:
    """A date as far as it is told: `2021`, `2021-05-` → `2021-05`, `2021-05-04`; None for what is no date."""
    date = typed.strip()
    return date.rstrip("-") if _DATE.fullmatch(date) else None


def _lower(text: object) -> str | None:
    return None if text is None else _text(text).lower()


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)
