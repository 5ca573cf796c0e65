"""What one query of a reader may cost: the size of its values and of its result, its depth, and what it may ask for.

The time limit is looked at between two steps of SQLite only; so no single step may take long, whatever it is given.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

_HEAP = 128 * 2**20  # bytes that SQLite may have at once, for all connections of this process
VALUE = 2 * 2**20  # bytes of one value
RESULT = 64 * 2**20  # bytes of all values of one result
_CELL = 32  # bytes that any value counts for besides its own
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 500,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,  # a pattern is tried at each character of a text
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}
# What Datasette, FTS5 and the checks of a new file ask; none of them tells a path.
_PRAGMAS = frozenset(
    "data_version foreign_key_list function_list index_info index_list index_xinfo max_page_count page_count page_size"
    " quick_check schema_version table_info table_list table_xinfo".split()
)
# They tell addresses in memory, reach files, or take the square of their text in time.
_CLOSED_FUNCTIONS = frozenset("fts3_tokenizer load_extension readfile writefile edit json_patch".split())
_CLOSED_TABLES = frozenset("dbstat sqlite_dbpage sqlite_stmt".split())


class TooLarge(sqlite3.OperationalError):
    """A query needs more memory than a reader is given."""


class OutOfMemory(TooLarge):
    """The queries that run at this moment need more memory together than they are given."""


def limit_connection(db: sqlite3.Connection) -> None:
    """Set the limits of a connection on which readers' queries run."""
    db.execute(f"PRAGMA hard_heap_limit = {_HEAP}")
    db.execute("PRAGMA temp_store = MEMORY")  # within that limit: files would fill a disk that is not the reader's
    for category, most in _LIMITS.items():
        db.setlimit(category, most)
    db.set_authorizer(_authorise)


def _authorise(action: int, name: str | None, other: str | None, *_: str | None) -> int:
    """Refuse what is closed; that nothing is written is the file's own matter, which is opened for reading."""
    is_closed = {
        sqlite3.SQLITE_ATTACH: True,
        sqlite3.SQLITE_DETACH: True,
        sqlite3.SQLITE_PRAGMA: (name or "").lower() not in _PRAGMAS,
        sqlite3.SQLITE_FUNCTION: (other or "").lower() in _CLOSED_FUNCTIONS,
        sqlite3.SQLITE_READ: (name or "").lower() in _CLOSED_TABLES,
    }
    return sqlite3.SQLITE_DENY if is_closed.get(action) else sqlite3.SQLITE_OK


def measure_row(row: Sequence[object]) -> int:
    """About how many bytes a row takes."""
    return sum(_CELL + (len(value) if isinstance(value, str | bytes) else 0) for value in row)


def fetch_result(
    cursor: sqlite3.Cursor, most: int | None, is_enough: Callable[[int, int], bool] | None = None
) -> tuple[list[Any], bool]:
    """Fetch the rows, at most so many of them, and tell whether these are all of them that may be had.

    `is_enough` says by the number of rows and bytes when to stop before. Raises TooLarge before they fill the memory.
    """
    rows: list[Any] = []
    size = 0
    for row in cursor:
        size += measure_row(row)
        if size > RESULT:
            raise TooLarge(f"the result has more than {RESULT >> 20} MB: ask for fewer rows or columns")
        rows.append(row)
        if len(rows) == most:
            break
        if is_enough and is_enough(len(rows), size):
            return rows, False
    return rows, True
