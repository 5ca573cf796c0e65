"""A folder of pages of every kind, and all rows that ingesting it leaves: whoever reads them, they must be the same."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from pipelines.ingest import Intake
from pipelines.workers import Workers
from scraper.address import SITE_HOSTS
from scraper.console.stop_signals import StopFlag
from scraper.sources import warc
from scraper.sources.paths import ReadWarc, SourceReader
from tests.support.expected import PAGES
from tests.support.specimens import open_archive
from tests.support.warc_writing import Warc

Rows = dict[str, list[tuple[object, ...]]]
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('memory', 'crawls') ORDER BY name"
# They hang on the clock, on the number of a process and on names that are drawn at random.
_OTHER = ("warc_file", "warc_offset", "warc_length", "applied_at")


def write_source(folder: Path) -> Path:
    """Write saved pages of every kind, some twice, a picture, another host's page, and a file that breaks off."""
    crawl = Warc()
    pages = sorted(path for path in PAGES.iterdir() if path.suffix in (".html", ".txt", ".xml"))[::6]
    for number, path in enumerate([*pages, *pages[:3]]):
        address = f"https://www.usresistnews.org/2019/03/{number % 28 + 1:02}/{path.stem}/"
        crawl.page(0, path.read_bytes(), url=address, http=[("X-Number", str(number % 2))])
        if number % 5 == 0:
            crawl.page(number, b"GIF89a", url=f"https://www.usresistnews.org/{number}.gif", content_type="image/gif")
    crawl.page(1, url="https://elsewhere.example/").page(2, warc={"WARC-Date": "3019-01-01T00:00:00Z"})
    whole = crawl.save(folder)
    whole.write_bytes(whole.read_bytes()[:-40])
    return folder


def ingest_twice(
    source: Path, folder: Path, workers: Workers, lines: list[str], read_warc: ReadWarc = warc.read_captures
) -> Rows:
    """Ingest twice, the second time what is known; every row with its id."""
    folder.mkdir()
    for _ in range(2):
        with open_archive(folder, batch=50) as archive:
            intake = Intake(archive, SITE_HOSTS, lines.append, StopFlag(), workers)
            reader = SourceReader(SITE_HOSTS, read_warc=read_warc)
            intake.take_source(source, reader.read(source))
            intake.take_revisits(reader)
            intake.close()
            lines.append(f"{intake.counts} {intake.outcomes} {intake.skipped}")
    return read_all_rows(folder)


def read_all_rows(folder: Path) -> Rows:
    """Read all rows of an archive that do not hang on the clock."""
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        return {name: _read_rows(db, name) for (name,) in db.execute(_TABLES).fetchall()}


def _read_rows(db: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    names = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[1] not in _OTHER]
    return db.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY 1, 2").fetchall()
