"""Checks: live pages that were found unchanged. A check becomes a capture when an older capture shows a change."""

from __future__ import annotations

import sqlite3

from pipelines.captures.capture_rows import FIELDS
from pipelines.captures.origins import StoredCapture

_ADD = "INSERT OR IGNORE INTO checks (path, checked_at, capture_id) VALUES (?, ?, ?)"
_ADD_OLD_INSTANT = """INSERT OR IGNORE INTO checks (path, checked_at, capture_id)
    SELECT path, captured_at, id FROM captures WHERE id = ?"""
# A check claims that the page did not change in between: an older capture that comes later may disprove it.
_NEXT_CHECK = """SELECT checked_at, capture_id FROM checks JOIN captures ON captures.id = capture_id
    WHERE checks.path = :path AND checked_at >= :at
    AND (checked_at, captures.digest, ifnull(location, '')) >= (:at, :digest, :location)
    AND (captured_at, captures.digest, ifnull(location, '')) < (:at, :digest, :location)
    ORDER BY checked_at LIMIT 1"""
_COPIED = tuple(name for name in FIELDS if name not in ("captured_at", "memento"))
# Another source may have given the same bytes for that instant: the row of the site's own answer replaces it.
_PROMOTE = f"""INSERT INTO captures (captured_at, {", ".join(_COPIED)})
    SELECT :at, {", ".join(_COPIED)} FROM captures WHERE id = :old
    ON CONFLICT (path, ifnull(captured_at, ''), digest, ifnull(location, '')) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in _COPIED if name != "crawl_id")}
    RETURNING id"""  # noqa: S608
_COPY = (
    "DELETE FROM readings WHERE capture_id = :new",
    "DELETE FROM problems WHERE capture_id = :new",
    """INSERT INTO readings (capture_id, path, brief_path, fidelity, wp_id, record_id, title, published, shown)
    SELECT :new, path, brief_path, fidelity, wp_id, record_id, title, published, shown FROM readings
    WHERE capture_id = :old""",
    """INSERT INTO problems (capture_id, path, field, kind, message)
    SELECT :new, path, field, kind, message FROM problems WHERE capture_id = :old AND kind <> 'future'""",
    "DELETE FROM checks WHERE path = :path AND checked_at = :at",
    "UPDATE checks SET capture_id = :new WHERE path = :path AND checked_at > :at AND capture_id = :old",
)


def add_check(db: sqlite3.Connection, stored: StoredCapture, path: str, at: str | None) -> None:
    """Record that the page was requested at this instant and was byte for byte the stored capture.

    If the stored capture is the later of the two, its row will get this instant, and its old instant is the check.
    """
    if stored.is_outranked:
        db.execute(_ADD_OLD_INSTANT, (stored.id,))
    elif at is not None:
        db.execute(_ADD, (path, at, stored.id))


def promote_check(db: sqlite3.Connection, path: str, at: str | None, digest: str, location: str | None) -> int | None:
    """Turn the first check after this capture into a capture, if it is a check of a capture before this one.

    For the page changed in between and changed back. The new row shares the bytes of the old one; its id is returned,
    None if there is no such check.
    """
    row = db.execute(_NEXT_CHECK, {"path": path, "at": at, "digest": digest, "location": location or ""}).fetchone()
    if row is None:
        return None
    checked_at, old_id = row
    new_id = db.execute(_PROMOTE, {"at": checked_at, "old": old_id}).fetchone()[0]
    for sql in _COPY:
        db.execute(sql, {"path": path, "at": checked_at, "old": old_id, "new": new_id})
    return int(new_id)
