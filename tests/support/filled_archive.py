"""A small archive of the saved pages, for tests of verify, snapshot, nightly and others."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from tests.nights import settings
from tests.support.scrapy_running import ROOT, scrapy


def fill_archive(folder: Path) -> Path:
    """Fill an archive with every page of tests/pages; return the folder."""
    pages = sorted(path for path in (ROOT / "tests/pages").glob("*.html"))
    run = scrapy(folder, "ingest", *pages)
    assert (folder / "archive.db").exists(), run.stderr
    return folder


def make_settings(folder: Path, **others: object) -> Settings:
    """The settings of an archive in the folder."""
    known = {
        "ARCHIVE_DB": str(folder / "archive.db"),
        "WARCS_DIR": str(folder / "warcs"),
        "SNAPSHOT": str(folder / "public/archive.db"),
        "REPORTS_DIR": str(folder / "reports"),
    }
    return settings(**(known | others))


def query_database(database: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(database)) as db:
        return db.execute(sql).fetchall()


def edit_database(database: Path, *statements: str) -> None:
    """Change the database as no program of ours would."""
    with closing(sqlite3.connect(database)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
