"""An archive with several runs and edits by hand, and all its rows: for tests of rebuild and reextract."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.archive import SqliteArchive
from pipelines.extract import extract
from pipelines.maintenance.withdraw import withdraw_post
from scraper.records import FoundAddress, Memento
from tests.support.histories import NEW, RIVER, captures
from tests.support.specimens import ingest_capture, make_settings, open_archive
from tests.support.stopped_clock import stop_clock

WAYBACK = "https://web.archive.org/"
# These differ between equal databases: when each was made, and what SQLite measured.
_NOT_COMPARED = ("_sqlite_migrations", "sqlite_stat1", "sqlite_stat4", "sqlite_sequence")
_TABLES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'briefs_fts%'"
Rows = Mapping[str, list[tuple[Any, ...]]]


def build_archive(folder: Path, seed: int = 0) -> Path:
    """Build an archive that three runs fill in some order, and people edit by hand; return the folder."""
    shuffled = captures()
    random.Random(seed).shuffle(shuffled)
    third = len(shuffled) // 3 + 1
    for turn in range(3):
        with open_archive(folder, batch=5) as opened:
            opened.begin_run(("ingest", "briefs", "nightly")[turn], {"turn": str(turn)})
            for capture in shuffled[turn * third : (turn + 1) * third]:
                ingest_capture(opened, capture, extract(capture), store_readings=capture.status != 503)
            _write_notes(opened, turn)
            if turn < 2:  # the last run is killed
                opened.finish_run("finished", {"requests": turn})
    edit_by_hand(folder / "archive.db")
    with stop_clock(datetime(2026, 2, 1, tzinfo=UTC)):
        withdraw_post(make_settings(folder), "/2020/01/02/found/", "asked by its author")
    with open_archive(folder) as opened:
        opened.begin_run("briefs", {})
    return folder


def _write_notes(opened: SqliteArchive, turn: int) -> None:
    with stop_clock(datetime(2026, 1, turn + 1, tzinfo=UTC)):
        _add_notes(opened, turn)


def _add_notes(opened: SqliteArchive, turn: int) -> None:
    opened.add_problem("damaged", f"a file broke off in run {turn}")
    opened.add_problem("damaged", "a file that is always damaged")
    opened.remember("feed/etag", f'"{turn}"')
    opened.add_skipped_address(f"{NEW}/2020/01/0{turn + 1}/left-out/", "robots")
    opened.add_found([FoundAddress(f"{NEW}/2020/01/0{turn + 1}/found/", "sitemap", "2024-01-01T00:00:00Z")])
    mementos = [Memento(WAYBACK, NEW + RIVER, f"2020010100000{n}", digest="A" * 32) for n in range(turn + 2)]
    opened.add_mementos(mementos, "wayback")
    opened.settle_memento(mementos[0], "failed", "it was another page")


def edit_by_hand(database: Path) -> None:
    """Edit the database as people do with other programs."""
    with closing(sqlite3.connect(database)) as db:
        db.execute("DELETE FROM author_aliases WHERE name = (SELECT min(name) FROM author_aliases)")
        db.execute("INSERT INTO author_aliases (name, author, reason) VALUES ('R. Maggay', 'Rod Maggay', 'he said so')")
        db.commit()


def dump_rows(database: Path, *, but: tuple[str, ...] = ()) -> Rows:
    """All rows of all tables and views, numbers included."""
    with closing(sqlite3.connect(database)) as db:
        names = [name for (name,) in db.execute(_TABLES) if name not in (*_NOT_COMPARED, *but)]
        tables = {name: sorted(db.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}
        found = "SELECT rowid FROM briefs_fts WHERE briefs_fts MATCH ? ORDER BY rowid"
        return tables | {
            word: db.execute(found, (word,)).fetchall() for word in ("pact", "river", "maggay", "neighbour")
        }
