"""Features of SQLite that Datasette would look for on connections that it never closes."""

from __future__ import annotations

import sqlite3

from datasette.utils import sqlite  # type: ignore[import-untyped]


def has_json(conn: sqlite3.Connection | None = None) -> bool:
    """Always true: the schema of the archive needs JSON, too."""
    return True


def skip_feature_checks() -> None:
    """Give Datasette the answers; call it before anything imports Datasette, which checks at import."""
    sqlite._cached_sqlite_version = sqlite3.sqlite_version_info
    from datasette import utils  # type: ignore[import-untyped] # noqa: PLC0415

    utils.detect_json1 = has_json
    from datasette import facets, filters  # noqa: PLC0415

    facets.detect_json1 = filters.detect_json1 = has_json
