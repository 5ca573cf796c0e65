"""Live pages that were met again as they were: rows of checks, until an older capture shows that they were not."""

from __future__ import annotations

import sqlite3

from pipelines.captures.origins import Seen

_ADD = "INSERT OR IGNORE INTO checks (path, checked_at, capture_id) VALUES (?, ?, ?)"
_MOVE = """INSERT OR IGNORE INTO checks (path, checked_at, capture_id)
    SELECT path, captured_at, id FROM captures WHERE id = ?"""
_PARTED = """SELECT checked_at, capture_id FROM checks JOIN captures ON captures.id = capture_id
    WHERE checks.path = :path AND checked_at >= :at
    AND (checked_at, captures.digest, ifnull(location, '')) >= (:at, :digest, :location)
    AND (captured_at, captures.digest, ifnull(location, '')) < (:at, :digest, :location)
    ORDER BY checked_at LIMIT 1"""
_COPIED = (
    *("path", "url", "source", "status", "media_type", "charset", "length", "truncated", "digest", "outcome"),
    *("location", "layout", "extractor", "read", "name", "crawl_id", "warc_file", "warc_offset", "warc_length"),
    "payload_sha1",
)
# The same bytes may have come of that instant from another source too: what the site itself said goes before.
_PROMOTE = f"""INSERT INTO captures (captured_at, {", ".join(_COPIED)})
    SELECT :at, {", ".join(_COPIED)} FROM captures WHERE id = :old
    ON CONFLICT (path, ifnull(captured_at, ''), digest, ifnull(location, '')) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in _COPIED)}
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


def met_again(db: sqlite3.Connection, there: Seen, path: str, at: str | None) -> None:
    """The page was asked for at this instant and was byte for byte that capture.

    Where the capture is the later of the two its row is to be renewed: then its own instant is the check.
    """
    if there.renew:
        db.execute(_MOVE, (there.id,))
    elif at is not None:
        db.execute(_ADD, (path, at, there.id))


def part(db: sqlite3.Connection, path: str, at: str | None, digest: str, location: str | None) -> int | None:
    """Make the check after this capture a capture of its own, if it was a check of one before it.

    For between the two the page was another. The new row shares the old one's bytes; its id, None if there is none.
    """
    row = db.execute(_PARTED, {"path": path, "at": at, "digest": digest, "location": location or ""}).fetchone()
    if row is None:
        return None
    checked_at, old = row
    new = db.execute(_PROMOTE, {"at": checked_at, "old": old}).fetchone()[0]
    for sql in _COPY:
        db.execute(sql, {"path": path, "at": checked_at, "old": old, "new": new})
    return int(new)
