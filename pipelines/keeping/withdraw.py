"""scrapy withdraw: a post is kept from readers, its text out of archive.db; only warcs/, never served, has it still."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from difflib import get_close_matches
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines import captures, withdrawals
from pipelines.archive import SqliteArchive
from pipelines.normalise import plain
from pipelines.opening import archive_to_read, refuse_missing
from pipelines.trouble import told, undone_on
from scraper.address import identity, is_post
from scraper.errors import BadInput
from scraper.withdrawing import Withdrawal, Withheld

_HOME = "SELECT brief_path FROM readings WHERE path = ? LIMIT 1"
_KNOWN = "SELECT 1 FROM pages WHERE path = ?"
_BRIEFS = "SELECT path FROM briefs"
_ROWS = """SELECT path, brief_id, withdrawn_at, reason, undone_at FROM withdrawals
    WHERE path = post AND (? IS NULL OR post = ?) ORDER BY withdrawn_at DESC, path"""
_OTHERS = "SELECT path FROM withdrawals WHERE post = ? AND path <> post ORDER BY path"
_CAPTURES = """SELECT count(*) FROM captures WHERE path IN (SELECT value FROM json_each(:paths))
    OR id IN (SELECT capture_id FROM readings WHERE path IN (SELECT value FROM json_each(:paths)))"""
_BRIEF = "SELECT id FROM briefs WHERE path = ?"
_MERGE = "INSERT INTO briefs_fts (briefs_fts) VALUES ('optimize')"  # what is deleted stands in it until then
_STATISTICS = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat4'"


def withdraw(settings: BaseSettings, address: str, reason: str, *, dry_run: bool = False) -> Withheld:
    """Seal the post with all its paths, in one transaction; then no page of the file has any of it left.

    Of a post that is withdrawn already only the second is done. Raises BadInput for an address that is no post's.
    """
    path = Path(settings["ARCHIVE_DB"])
    refuse_missing(path)
    if dry_run:
        with told(path), closing(archive_to_read(path)) as db:
            return _foreseen(db, address, reason)
    with closing(SqliteArchive.open(settings)) as archive, told(path):
        home = home_of(archive.db, address)
        post = withdrawals.post_of(archive.db, home)
        if post is None:
            _seal(archive, home, reason)
        outcome = _outcome(archive.db, post or home, changed=post is None)
        notes = sweep(archive.db)
    return Withheld(outcome.withdrawal, outcome.captures, outcome.changed, notes=notes)


def told_withdrawals(settings: BaseSettings) -> list[Withdrawal]:
    """All, the newest first. Raises BadInput without an archive."""
    path = Path(settings["ARCHIVE_DB"])
    with told(path), closing(archive_to_read(path)) as db:
        return rows(db)


def rows(db: sqlite3.Connection, post: str | None = None) -> list[Withdrawal]:
    """The withdrawals, or that of one post, with all its paths."""
    found = db.execute(_ROWS, (post, post)).fetchall()
    return [Withdrawal(row[0], tuple(one for (one,) in db.execute(_OTHERS, (row[0],))), *row[1:]) for row in found]


def home_of(db: sqlite3.Connection, address: str) -> str:
    """The path of the brief that a path or URL stands for; of a post not yet read its own. Raises BadInput."""
    path = identity(address)
    if post := withdrawals.post_of(db, path):
        return post
    if row := db.execute(_HOME, (path,)).fetchone():
        return str(row[0])
    if is_post(path) and db.execute(_KNOWN, (path,)).fetchone():
        return path
    near = get_close_matches(path, [one for (one,) in db.execute(_BRIEFS)], cutoff=0.7)
    hint = f"did you mean {' or '.join(near)}?" if near else "scrapy export --format csv lists the paths"
    raise BadInput(f"{path}: the archive knows no such post: {hint}")


def count_captures(db: sqlite3.Connection, paths: set[str]) -> int:
    """How many captures are of these paths or tell of them."""
    return int(db.execute(_CAPTURES, {"paths": json.dumps(sorted(paths))}).fetchone()[0])


def sweep(db: sqlite3.Connection) -> tuple[str, ...]:
    """Write the whole file anew, so that nothing deleted is left in it, and empty its -wal; what could not be done."""
    try:
        if db.execute(_STATISTICS).fetchone():
            db.execute("DELETE FROM sqlite_stat4")  # samples of what stood in indexed columns
        db.execute("VACUUM")
        busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        return (
            f"readers see nothing of it, yet its bytes may lie unused in the file until this is run again: {error}",
        )
    if busy:
        return ("a reader keeps the file open: run this again when it is done, to empty what lies in the -wal file",)
    return ()


def _seal(archive: SqliteArchive, home: str, reason: str) -> None:
    db = archive.db
    db.execute("BEGIN IMMEDIATE")
    with undone_on(db, BaseException):
        archive.readings.sealing.withdraw(home, captures.now(), plain(reason) or "")
        archive.index.update()
        db.execute(_MERGE)
    archive.commit()


def _outcome(db: sqlite3.Connection, post: str, *, changed: bool) -> Withheld:
    (withdrawal,) = rows(db, post)
    return Withheld(withdrawal, count_captures(db, {post, *withdrawal.others}), changed)


def _foreseen(db: sqlite3.Connection, address: str, reason: str) -> Withheld:
    home = home_of(db, address)
    if withdrawals.post_of(db, home) is not None:
        return _outcome(db, home, changed=False)
    paths = withdrawals.paths_of_post(db, home)
    row = db.execute(_BRIEF, (home,)).fetchone()
    others = tuple(sorted(paths - {home}))
    withdrawal = Withdrawal(home, others, row[0] if row else None, captures.now(), reason, None)
    return Withheld(withdrawal, count_captures(db, paths), changed=True)
