"""What Datasette need not do at its start.

It reads units of measure, which no column here has, for most of a second, and more where Dask is installed; it looks
for features of SQLite on connections that it never closes.
"""

from __future__ import annotations

import sqlite3
import sys
from types import ModuleType

from datasette.utils import sqlite  # type: ignore[import-untyped]

_LIBRARY = "datasette.vendored.pint"


class _Units(ModuleType):
    """Stands where the library would be."""

    class UnitRegistry:
        """Knows no unit."""


def leave_out_units() -> None:
    """Have Datasette load no units; call it before anything imports Datasette's views."""
    sys.modules.setdefault(_LIBRARY, _Units(_LIBRARY))


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
