"""A small archive of the saved pages, for tests of verify, snapshot, nightly and others."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.support.scrapy_running import ROOT, scrapy


def fill_archive(folder: Path) -> Path:
    """Fill an archive with every page of tests/pages; return the folder."""
    pages = sorted(path for path in (ROOT / "tests/pages").glob("*.html"))
    run = scrapy(folder, "ingest", *pages)
    assert (folder / "archive.db").exists(), run.stderr
    return folder


def query_database(database: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(database)) as db:
        return db.execute(sql).fetchall()


def edit_database(database: Path, *statements: str) -> None:
    """Change the database as no program of ours would."""
    with closing(sqlite3.connect(database)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
