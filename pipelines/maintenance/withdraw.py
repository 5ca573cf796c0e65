"""`briefs withdraw`: a post is taken from readers; of its text only warcs/, which nothing serves, still has a copy."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from time import sleep

from scrapy.settings import BaseSettings

from pipelines.archive import SqliteArchive
from pipelines.captures import capture_rows
from pipelines.db_errors import explain_db_errors
from pipelines.normalise import make_storable
from pipelines.opening import erase_free_pages, open_current_archive, refuse_missing
from pipelines.pages import redirects
from pipelines.withdrawals import withdrawn_posts
from pipelines.withdrawals.records import Withdrawal, WithdrawalOutcome
from pipelines.withdrawals.requests import request_withdrawal
from scraper.address import identity, is_post
from scraper.errors import ArchiveBusy, BadInput
from scraper.invocation import command_line

_HOME = "SELECT brief_path FROM readings WHERE path = ? LIMIT 1"
_KNOWN = "SELECT 1 FROM pages WHERE path = ?"
_BRIEFS = "SELECT path FROM briefs"
_ROWS = """SELECT path, brief_id, withdrawn_at, reason, undone_at FROM withdrawals
    WHERE path = post AND (? IS NULL OR post = ?) ORDER BY withdrawn_at DESC, path"""
_OTHERS = "SELECT path FROM withdrawals WHERE post = ? AND path <> post ORDER BY path"
_CAPTURES = """SELECT count(*) FROM captures WHERE path IN (SELECT value FROM json_each(:paths))
    OR id IN (SELECT capture_id FROM readings WHERE path IN (SELECT value FROM json_each(:paths)))"""
_BRIEF = "SELECT id FROM briefs WHERE path = ?"
_READ = "SELECT 1 FROM readings WHERE path = ? OR brief_path = ? LIMIT 1"
_NUMBERED = "SELECT DISTINCT brief_path FROM readings WHERE wp_id = ?"
_AGAIN = 0.3  # seconds
_UNSWEPT = "readers see nothing of it; what lies unused in the file is swept when the command that writes to it ends"
_SHORT = re.compile(r"/\?p=(\d{1,18})")


def withdraw(
    settings: BaseSettings,
    address: str,
    reason: str,
    *,
    dry_run: bool = False,
    waiting: Callable[[str], None] = lambda line: None,
) -> WithdrawalOutcome:
    """Seal the post with all its paths, in one transaction; then no page of the file has any of it left.

    Where another command writes to the archive, that one seals it, as soon as it commits; `waiting` is told so.
    Of a post that is withdrawn already only the second is done. Raises BadInput for an address that is no post's.
    """
    path = Path(settings["ARCHIVE_DB"])
    refuse_missing(path)
    reason = make_storable(reason) or ""
    if dry_run:
        with explain_db_errors(path), closing(open_current_archive(path)) as db:
            return _foreseen(db, address, reason)
    try:
        return _seal(settings, address, reason)
    except ArchiveBusy:
        waiting(f"{path}: another command writes to it, and withdraws the post at its next commit")
        return _have_sealed(settings, address, reason)


def read_withdrawals(settings: BaseSettings) -> list[Withdrawal]:
    """All, the newest first. Raises BadInput without an archive."""
    path = Path(settings["ARCHIVE_DB"])
    with explain_db_errors(path), closing(open_current_archive(path)) as db:
        return rows(db)


def rows(db: sqlite3.Connection, post: str | None = None) -> list[Withdrawal]:
    """The withdrawals, or that of one post, with all its paths."""
    found = db.execute(_ROWS, (post, post)).fetchall()
    return [Withdrawal(row[0], tuple(one for (one,) in db.execute(_OTHERS, (row[0],))), *row[1:]) for row in found]


def home_of(db: sqlite3.Connection, address: str) -> str:
    """The path of the brief that a path, URL, short link or former address stands for; of a post not yet read its own.

    Raises BadInput for what is no post's, for a number that several posts have, and for one that no post is known by.
    """
    path = identity(address)
    for one in (path, redirects.follow_redirects(db, path)):
        if home := withdrawn_posts.find_post(db, one) or _read_home(db, one) or _numbered_home(db, one):
            return withdrawn_posts.find_post(db, home) or home
    known = [
        one
        for one in (redirects.follow_redirects(db, path), path)
        if is_post(one) and db.execute(_KNOWN, (one,)).fetchone()
    ]
    if permalinks := [one for one in known if not _SHORT.fullmatch(one)]:
        return permalinks[0]
    if known:
        raise BadInput(
            f"{path}: there is nothing of it to withdraw: no post is known by this number; name it by its path"
        )
    near = get_close_matches(path, [one for (one,) in db.execute(_BRIEFS)], cutoff=0.7)
    hint = f"did you mean {' or '.join(near)}?" if near else f"to list the paths: {command_line('export', 'csv')}"
    raise BadInput(f"{path}: the archive knows no such post: {hint}")


def _read_home(db: sqlite3.Connection, path: str) -> str | None:
    row = db.execute(_HOME, (path,)).fetchone()
    return None if row is None else str(row[0])


def _numbered_home(db: sqlite3.Connection, path: str) -> str | None:
    number = _SHORT.fullmatch(path)
    found = [home for (home,) in db.execute(_NUMBERED, (int(number[1]),))] if number else []
    homes = sorted({withdrawn_posts.find_post(db, home) or home for home in found})
    if len(homes) > 1:
        raise BadInput(f"{path}: several posts have this number: name one by its path: {' or '.join(homes)}")
    return homes[0] if homes else None


def count_captures(db: sqlite3.Connection, paths: set[str]) -> int:
    """How many captures are of these paths or tell of them."""
    return int(db.execute(_CAPTURES, {"paths": json.dumps(sorted(paths))}).fetchone()[0])


def _seal(settings: BaseSettings, address: str, reason: str) -> WithdrawalOutcome:
    path = Path(settings["ARCHIVE_DB"])
    with closing(SqliteArchive.open(settings)) as archive, explain_db_errors(path):
        home = home_of(archive.db, address)
        post = withdrawn_posts.find_post(archive.db, home)
        notes = () if post else _foretold(archive.db, home)
        archive.transaction.withdraw_post(post or home, reason)
        outcome = _outcome(archive.db, post or home, changed=post is None)
        return replace(outcome, notes=notes + erase_free_pages(archive.db))


def _have_sealed(settings: BaseSettings, address: str, reason: str) -> WithdrawalOutcome:
    path = Path(settings["ARCHIVE_DB"])
    with explain_db_errors(path), closing(open_current_archive(path)) as db:
        home = home_of(db, address)
        post = withdrawn_posts.find_post(db, home)
        notes = () if post else _foretold(db, home)
    with explain_db_errors(path), request_withdrawal(path, post or home, reason):
        while not _is_sealed(path, post or home):
            with suppress(ArchiveBusy):
                return replace(_seal(settings, address, reason), changed=post is None)
            sleep(_AGAIN)
    with explain_db_errors(path), closing(open_current_archive(path)) as db:
        return replace(_outcome(db, post or home, changed=post is None), notes=(*notes, _UNSWEPT))


def _is_sealed(path: Path, home: str) -> bool:
    with explain_db_errors(path), closing(open_current_archive(path)) as db:
        return withdrawn_posts.find_post(db, home) is not None


def _outcome(db: sqlite3.Connection, post: str, *, changed: bool) -> WithdrawalOutcome:
    (withdrawal,) = rows(db, post)
    return WithdrawalOutcome(withdrawal, count_captures(db, {post, *withdrawal.others}), changed)


def _foreseen(db: sqlite3.Connection, address: str, reason: str) -> WithdrawalOutcome:
    home = home_of(db, address)
    if withdrawn_posts.find_post(db, home) is not None:
        return _outcome(db, home, changed=False)
    paths = withdrawn_posts.find_paths(db, home)
    row = db.execute(_BRIEF, (home,)).fetchone()
    others = tuple(sorted(paths - {home}))
    withdrawal = Withdrawal(home, others, row[0] if row else None, capture_rows.now(), reason, None)
    return WithdrawalOutcome(withdrawal, count_captures(db, paths), changed=True, notes=_foretold(db, home))


def _foretold(db: sqlite3.Connection, home: str) -> tuple[str, ...]:
    if db.execute(_READ, (home, home)).fetchone():
        return ()
    return (f"{home}: no brief stands there yet; it will be kept out when it comes",)
