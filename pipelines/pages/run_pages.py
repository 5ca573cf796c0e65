"""The pages that a report names: new, changed, moved, missing ones, and those whose news wait to be read."""

from __future__ import annotations

from pathlib import Path

from pipelines.opening import read_archive
from pipelines.pages import run_state
from pipelines.schema.tables import SCHEMA

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
_RUN = """WITH run (began, ended) AS (SELECT started_at, ifnull(finished_at, '9') FROM crawls WHERE id = :run)
    SELECT path FROM ({}) JOIN pages USING (path) WHERE status <> 'withdrawn' ORDER BY path"""


def read_run_pages(database: Path, run: int) -> dict[str, tuple[str, ...]]:
    """The paths by kind, withdrawn posts left out; kinds without a path are left out too.

    Raises what opening the archive raises.
    """
    with read_archive(database) as db:
        if db.execute("PRAGMA user_version").fetchone()[0] < SCHEMA:
            return {}  # an archive of an older program, which the next run brings up to date
        pages = {
            kind: tuple(path for (path,) in db.execute(_RUN.format(sql), {"run": run})) for kind, sql in _KINDS.items()
        }
        unread = [post.path for post in run_state.list_posts(db) if post.unread_edit and post.status != "withdrawn"]
    return {kind: paths for kind, paths in (pages | {"edits not read": tuple(unread)}).items() if paths}
