"""The versions that a bug report needs."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from pipelines.extraction.version import EXTRACTOR
from pipelines.schema.tables import SCHEMA

PACKAGE = "brief-archive"
_PARTS = ("scrapy", "datasette", "sqlite-utils", "lxml")


def version_lines() -> Iterator[str]:
    """Yield a line per package, ours first."""
    yield f"briefs {_version_of(PACKAGE)}"
    yield f"extractor {EXTRACTOR}"
    yield f"schema {SCHEMA}"
    for part in _PARTS:
        yield f"{part} {_version_of(part)}"
    yield f"sqlite {sqlite3.sqlite_version}"
    yield f"python {platform.python_version()} on {platform.system()}"


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # a checkout that was never installed
        return "not installed as a package"
