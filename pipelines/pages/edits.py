"""Edits that REST or a feed announced, and whether what was read of the page shows them."""

from __future__ import annotations

import sqlite3

from pipelines.captures.capture_rows import add_problems
from scraper.dates import now
from scraper.records import Problem

ENOUGH_LOOKS = 5  # at a page, after which an edit that it never shows is given up
# An edit before the first reading is in it. Later ones show by what the page itself says of its last change; where it
# says nothing, by when its words were first seen as they are. The list and the page may take their instants from two
# clocks: hence the minute.
_AGREES = """WITH agreed (at) AS (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', :announced, '-60 seconds'))
    SELECT ifnull((SELECT min(captured_at) FROM captures JOIN readings ON capture_id = captures.id
            WHERE brief_path = briefs.path AND held = 0 AND outcome = 'brief') >= at, 0)
        OR ifnull(ifnull(
            (SELECT briefs.modified FROM evidence JOIN captures ON captures.id = evidence.capture_id
                WHERE evidence.brief_id = briefs.id AND field = 'modified' AND chosen = 1 AND outcome = 'brief'
                LIMIT 1),
            (SELECT max(seen_at) FROM revisions WHERE brief_id = briefs.id)) >= at, 0)
    FROM briefs, agreed WHERE id = :brief"""
# Where the text that REST has was compared with the page, that decides: the page may have changed otherwise.
_OPEN = "open since "
_NOTE = """INSERT INTO memory (key, value, changed_at)
    SELECT 'edit:' || path, :prefix || announced, :now FROM pages WHERE path = :path AND announced IS NOT NULL
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at
    WHERE value <> excluded.value"""
_NOTED = "SELECT value FROM memory WHERE key = 'edit:' || ?"
# A look at an empty page, at a cut one or at another post's is none.
_LOOKS = """WITH good (id, captured_at) AS (
        SELECT id, captured_at FROM captures JOIN readings ON capture_id = id AND readings.path = captures.path
        WHERE captures.path = :path AND source = 'live' AND outcome = 'brief' AND held = 0)
    SELECT (SELECT count(*) FROM good WHERE captured_at > :announced)
        + (SELECT count(*) FROM checks JOIN good ON capture_id = good.id WHERE checked_at > :announced)"""
_ANNOUNCED = """SELECT pages.path, briefs.id, announced FROM pages LEFT JOIN briefs USING (path)
    WHERE announced IS NOT NULL AND status = 'live'"""


def note_comparison(db: sqlite3.Connection, path: str, *, is_read: bool) -> None:
    """Note whether the page shows the text that REST has of the announced edit."""
    db.execute(_NOTE, {"path": path, "prefix": "" if is_read else _OPEN, "now": now()})


def find_unread_edit(db: sqlite3.Connection, path: str, brief_id: int | None, *, announced: str | None) -> str | None:
    """The instant of the announced edit if the page was not read with it yet, and is worth asking for again."""
    if announced is None or _is_read(db, path, brief_id, announced):
        return None
    return announced if _count_looks(db, path, announced) < ENOUGH_LOOKS else None


def count_unread(db: sqlite3.Connection) -> int:
    """Count the posts with an announced edit that is asked for again the next night."""
    # The old address of a post that has moved has no brief, and its edit is read at the new one.
    rows = [row for row in db.execute(_ANNOUNCED).fetchall() if row[1] is not None]
    return sum(find_unread_edit(db, path, brief, announced=announced) is not None for path, brief, announced in rows)


def report_lost_edits(db: sqlite3.Connection) -> None:
    """Report the edits that are given up, each once."""
    for path, brief_id, announced in db.execute(_ANNOUNCED).fetchall():
        if not _is_read(db, path, brief_id, announced) and _count_looks(db, path, announced) >= ENOUGH_LOOKS:
            message = (
                f"An edit of {announced} was announced, and {ENOUGH_LOOKS} looks at the page since showed nothing new."
            )
            add_problems(db, None, path, (Problem("modified", "edit", message),))


def _is_read(db: sqlite3.Connection, path: str, brief_id: int | None, announced: str) -> bool:
    noted = db.execute(_NOTED, (path,)).fetchone()
    if noted and noted[0].removeprefix(_OPEN) == announced:
        return not noted[0].startswith(_OPEN)
    row = db.execute(_AGREES, {"announced": announced, "brief": brief_id}).fetchone()
    return bool(row and row[0])


def _count_looks(db: sqlite3.Connection, path: str, announced: str) -> int:
    return int(db.execute(_LOOKS, {"path": path, "announced": announced}).fetchone()[0])
