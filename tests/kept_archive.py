"""A small archive of saved pages for tests of those who keep it: verify, snapshot, nightly."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from tests.nights import settings
from tests.scrapy_running import ROOT, scrapy


def filled(folder: Path) -> Path:
    """The folder, with an archive of every page in tests/pages."""
    pages = sorted(path for path in (ROOT / "tests/pages").glob("*.html"))
    run = scrapy(folder, "ingest", *pages)
    assert (folder / "archive.db").exists(), run.stderr
    return folder


def places(folder: Path, **others: object) -> Settings:
    """The settings that name what is in the folder."""
    known = {
        "ARCHIVE_DB": str(folder / "archive.db"),
        "WARCS_DIR": str(folder / "warcs"),
        "SNAPSHOT": str(folder / "public/archive.db"),
        "REPORTS_DIR": str(folder / "reports"),
    }
    return settings(**(known | others))


def select(database: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(database)) as db:
        return db.execute(sql).fetchall()


def change(database: Path, *statements: str) -> None:
    """Do to the database what no program of ours would."""
    with closing(sqlite3.connect(database)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
