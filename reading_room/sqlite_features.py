"""What Datasette asks SQLite on connections that it leaves open: it is told here, so that it need not ask."""

from __future__ import annotations

import sqlite3

from datasette.utils import sqlite  # type: ignore[import-untyped]


def has_json(conn: sqlite3.Connection | None = None) -> bool:
    """That SQLite knows JSON: the schema of the archive needs it."""
    return True


def give_answers() -> None:
    """Put them in their places; one of Datasette's modules asks while it is imported, so this comes first."""
    sqlite._cached_sqlite_version = sqlite3.sqlite_version_info
    from datasette import utils  # type: ignore[import-untyped] # noqa: PLC0415

    utils.detect_json1 = has_json
    from datasette import facets, filters  # noqa: PLC0415

    facets.detect_json1 = filters.detect_json1 = has_json
