"""The archive's runs, what they would find in it, and what killed ones left undone; read without its lock."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from pipelines.captures import capture_rows
from pipelines.captures.read_back import read_capture_row
from pipelines.database.opening import has_archive, read_archive
from pipelines.pages import addresses, run_state
from pipelines.schema.tables import SCHEMA
from scraper.archive import ArchiveView, Run, Summary
from scraper.records import Capture

_RUNS = """SELECT * FROM crawls WHERE (:spider IS NULL OR spider = :spider) AND (:upto IS NULL OR id <= :upto)
    ORDER BY id DESC LIMIT :limit"""
_MEMORY = "SELECT key, value FROM memory"
_UNREAD = """SELECT url, captured_at, source, truncated, name, warc_file, warc_offset FROM captures
    WHERE read = 0 AND source = 'live' AND outcome = 'brief'
    AND crawl_id IN (SELECT id FROM crawls WHERE finished_at IS NULL AND id IS NOT ?)
    AND id IN (SELECT max(id) FROM captures GROUP BY path) ORDER BY id"""
# The pages that a report names.
_KINDS = {
    "new": """SELECT brief_path AS path FROM readings JOIN captures ON captures.id = capture_id
        WHERE brief_path IN (SELECT path FROM briefs)
        GROUP BY brief_path HAVING min(ifnull(crawl_id, 0)) = :run AND max(crawl_id) = :run""",
    "changed": """SELECT DISTINCT briefs.path FROM revisions JOIN briefs ON briefs.id = brief_id
        JOIN captures ON captures.id = revisions.capture_id WHERE crawl_id = :run AND field <> 'path'""",
    "moved": "SELECT DISTINCT path FROM page_events, run WHERE event = 'redirected' AND at BETWEEN began AND ended",
    "missing": """SELECT DISTINCT path FROM page_events, run
        WHERE event IN ('missing', 'gone') AND at BETWEEN began AND ended""",
    "held": "SELECT DISTINCT path FROM problems WHERE kind = 'held'",
}
_OF_RUN = """WITH run (began, ended) AS (SELECT started_at, ifnull(finished_at, '9') FROM crawls WHERE id = :run)
    SELECT path FROM ({}) JOIN pages USING (path) WHERE status <> 'withdrawn' ORDER BY path"""
_COUNTED = ("requests", *capture_rows.TALLIED)  # figures that have a column of their own


def read_runs(database: Path, limit: int, *, spider: str | None = None, upto: int | None = None) -> list[Run]:
    """The last `limit` runs, newest first, including those that never ended; none if there is no archive.

    Raises ForeignDatabase, NewerSchema, DamagedArchive, DiskTrouble.
    """
    if not has_archive(database):
        return []
    with read_archive(database) as db:
        return select_runs(db, limit, spider=spider, upto=upto)


def select_runs(db: sqlite3.Connection, limit: int, *, spider: str | None = None, upto: int | None = None) -> list[Run]:
    """As `read_runs`, over an open connection."""
    cursor = db.execute(_RUNS, {"spider": spider, "upto": upto, "limit": limit})
    names = [column[0] for column in cursor.description]
    return [_make_run(dict(zip(names, row, strict=True))) for row in cursor]


def read_summary(database: Path) -> Summary | None:
    """What is in the archive, None if there is none. Raises what `read_runs` raises."""
    if not has_archive(database):
        return None
    with read_archive(database) as db:
        return capture_rows.select_summary(db, len(addresses.list_waiting_addresses(db)))


def view_archive(database: Path) -> ArchiveView:
    """What a run would find; empty if there is no archive. Raises what opening the archive raises."""
    if not has_archive(database):
        return ArchiveView()
    with read_archive(database) as db:
        return ArchiveView(run_state.list_posts(db), addresses.list_waiting_addresses(db), dict(db.execute(_MEMORY)))


def list_unread_captures(db: sqlite3.Connection, warcs: Path, crawl_id: int | None) -> list[Capture]:
    """Post pages whose readings are missing because their run was killed; the present run's are left to it."""
    return [read_capture_row(warcs, row) for row in db.execute(_UNREAD, (crawl_id,)).fetchall()]


def read_run_pages(database: Path, run: int) -> dict[str, tuple[str, ...]]:
    """The paths by kind, without withdrawn posts and empty kinds. Raises what opening the archive raises."""
    with read_archive(database) as db:
        if db.execute("PRAGMA user_version").fetchone()[0] < SCHEMA:
            return {}  # an archive of an older program, which the next run brings up to date
        pages = {
            kind: tuple(path for (path,) in db.execute(_OF_RUN.format(sql), {"run": run}))
            for kind, sql in _KINDS.items()
        }
        unread = [post.path for post in run_state.list_posts(db) if post.unread_edit and post.status != "withdrawn"]
    return {kind: paths for kind, paths in (pages | {"edits not read": tuple(unread)}).items() if paths}


def _make_run(row: dict[str, Any]) -> Run:
    arguments = {f"argument/{name}": value for name, value in json.loads(row["arguments"]).items()}
    columns = {name: row[name] for name in _COUNTED}
    return Run(
        id=row["id"],
        spider=row["spider"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        outcome=row["outcome"],
        exit_code=row.get("exit_code"),
        counts=columns | json.loads(row["counts"]) | arguments,
        verdict=row.get("verdict"),
    )
