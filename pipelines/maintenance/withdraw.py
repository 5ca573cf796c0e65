"""`briefs withdraw`: a post is hidden from readers; only warcs/, which nothing serves, still has its text."""

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
from pipelines.briefs import sealing
from pipelines.database.db_errors import explain_db_errors
from pipelines.database.opening import erase_free_pages, read_current_archive
from pipelines.normalise import make_storable
from pipelines.pages import redirects
from pipelines.withdrawals import withdrawn_posts
from pipelines.withdrawals.records import Withdrawal, WithdrawalOutcome
from pipelines.withdrawals.requests import request_withdrawal
from scraper.address import identity, is_post
from scraper.console.invocation import command_line
from scraper.dates import now
from scraper.errors import ArchiveBusy, BadInput

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
_KEPT = "SELECT path FROM problems WHERE kind = 'kept' AND message = ? ORDER BY path"
_INTERVAL = 0.3  # seconds
_ERASED_LATER = (
    "readers see nothing of it; what lies unused in the file is swept when the command that writes to it ends"
)
_NOT_ERASED = "another command writes to it; to sweep what may lie unused in the file, withdraw it again after that"
_SHORT_LINK = re.compile(r"/\?p=(\d{1,18})")


def withdraw_post(
    settings: BaseSettings,
    address: str,
    reason: str,
    *,
    dry_run: bool = False,
    report: Callable[[str], None] = lambda line: None,
    confirm: Callable[[tuple[str, ...]], bool] = lambda copies: True,
) -> WithdrawalOutcome:
    """Seal the post with all its paths, in one transaction; then erase its text from the free pages of the file.

    Other briefs that show copies of it go too if `confirm` says so; else they stay, each with a problem. If another
    command writes to the archive, that one seals it at its next commit; `report` gets a line about it.
    For a post that is already withdrawn only the free pages are erased. Raises BadInput for an address of no post.
    """
    path, reason = Path(settings["ARCHIVE_DB"]), make_storable(reason) or ""
    if dry_run:
        with read_current_archive(path) as db:
            return _preview_outcome(db, address, reason)
    copies = _choose_copies(path, address, confirm)
    try:
        return _seal_post(settings, address, reason, copies)
    except ArchiveBusy:
        report(f"{path}: another command writes to it, and withdraws the post at its next commit")
        return _wait_for_seal(settings, address, reason, copies)


def _choose_copies(path: Path, address: str, confirm: Callable[[tuple[str, ...]], bool]) -> tuple[str, ...]:
    """Ask which copies go with the post, while nothing is locked."""
    with read_current_archive(path) as db:
        copies = _find_copies(db, find_post(db, address))
    return copies if copies and confirm(copies) else ()


def _find_copies(db: sqlite3.Connection, home: str) -> tuple[str, ...]:
    return () if _is_withdrawn(db, home) else tuple(sorted(withdrawn_posts.find_copies(db, home)))


def read_withdrawals(settings: BaseSettings) -> list[Withdrawal]:
    """All withdrawals, the newest first. Raises BadInput if there is no archive."""
    with read_current_archive(Path(settings["ARCHIVE_DB"])) as db:
        return select_withdrawals(db)


def select_withdrawals(db: sqlite3.Connection, post: str | None = None) -> list[Withdrawal]:
    """The withdrawals, or that of one post, with all its paths."""
    rows = db.execute(_ROWS, (post, post)).fetchall()
    return [Withdrawal(row[0], tuple(other for (other,) in db.execute(_OTHERS, (row[0],))), *row[1:]) for row in rows]


def find_post(db: sqlite3.Connection, address: str) -> str:
    """The path of the brief that a path, URL, short link or former address stands for; an unread post keeps its own.

    Raises BadInput for an address of no post, for a number of several posts, and for a number without a post.
    """
    path = identity(address)
    for candidate in (path, redirects.follow_redirects(db, path)):
        if (
            home := withdrawn_posts.find_withdrawn_post(db, candidate)
            or _find_read_post(db, candidate)
            or _find_post_by_number(db, candidate)
        ):
            return withdrawn_posts.find_withdrawn_post(db, home) or home
    candidates = (redirects.follow_redirects(db, path), path)
    posts = [post for post in candidates if is_post(post) and db.execute(_KNOWN, (post,)).fetchone()]
    if permalinks := [post for post in posts if not _SHORT_LINK.fullmatch(post)]:
        return permalinks[0]
    if posts:
        raise BadInput(
            f"{path}: there is nothing of it to withdraw: no post is known by this number; name it by its path"
        )
    near = get_close_matches(path, [candidate for (candidate,) in db.execute(_BRIEFS)], cutoff=0.7)
    hint = f"did you mean {' or '.join(near)}?" if near else f"to list the paths: {command_line('export', 'csv')}"
    raise BadInput(f"{path}: the archive knows no such post: {hint}")


def _find_read_post(db: sqlite3.Connection, path: str) -> str | None:
    row = db.execute(_HOME, (path,)).fetchone()
    return None if row is None else str(row[0])


def _find_post_by_number(db: sqlite3.Connection, path: str) -> str | None:
    number = _SHORT_LINK.fullmatch(path)
    paths = [home for (home,) in db.execute(_NUMBERED, (int(number[1]),))] if number else []
    homes = sorted({withdrawn_posts.find_withdrawn_post(db, home) or home for home in paths})
    if len(homes) > 1:
        raise BadInput(f"{path}: several posts have this number: name one by its path: {' or '.join(homes)}")
    return homes[0] if homes else None


def count_captures(db: sqlite3.Connection, paths: set[str]) -> int:
    """How many captures are of these paths or show their posts."""
    return int(db.execute(_CAPTURES, {"paths": json.dumps(sorted(paths))}).fetchone()[0])


def _seal_post(settings: BaseSettings, address: str, reason: str, copies: tuple[str, ...]) -> WithdrawalOutcome:
    path = Path(settings["ARCHIVE_DB"])
    with closing(SqliteArchive.open(settings)) as archive, explain_db_errors(path):
        home = find_post(archive.db, address)
        is_new, notes = not _is_withdrawn(archive.db, home), _note_unread_post(archive.db, home)
        archive.transaction.withdraw_post(home, reason, copies)
        outcome = _make_outcome(archive.db, home, changed=is_new)
        return replace(outcome, notes=notes, unerased=erase_free_pages(archive.db, path))


def _wait_for_seal(settings: BaseSettings, address: str, reason: str, copies: tuple[str, ...]) -> WithdrawalOutcome:
    path = Path(settings["ARCHIVE_DB"])
    with read_current_archive(path) as db:
        home = find_post(db, address)
        is_new, notes = not _is_withdrawn(db, home), _note_unread_post(db, home)
    with explain_db_errors(path), request_withdrawal(path, home, reason, copies):
        while not _is_sealed(path, home):
            with suppress(ArchiveBusy):
                return replace(_seal_post(settings, address, reason, copies), changed=is_new)
            sleep(_INTERVAL)
    with read_current_archive(path) as db:
        outcome = _make_outcome(db, home, changed=is_new)
    if is_new:
        return replace(outcome, notes=(*notes, _ERASED_LATER))
    return replace(outcome, unerased=ArchiveBusy(f"{path}: {_NOT_ERASED}"))


def _is_sealed(path: Path, home: str) -> bool:
    with read_current_archive(path) as db:
        return _is_withdrawn(db, home)


def _is_withdrawn(db: sqlite3.Connection, home: str) -> bool:
    return withdrawn_posts.find_withdrawn_post(db, home) is not None


def _make_outcome(db: sqlite3.Connection, post: str, *, changed: bool) -> WithdrawalOutcome:
    (withdrawal,) = select_withdrawals(db, post)
    kept = tuple(path for (path,) in db.execute(_KEPT, (sealing.KEPT.format(post),)))
    return WithdrawalOutcome(withdrawal, count_captures(db, {post, *withdrawal.others}), changed, kept=kept)


def _preview_outcome(db: sqlite3.Connection, address: str, reason: str) -> WithdrawalOutcome:
    home = find_post(db, address)
    if _is_withdrawn(db, home):
        return _make_outcome(db, home, changed=False)
    paths = withdrawn_posts.find_own_paths(db, home)
    row = db.execute(_BRIEF, (home,)).fetchone()
    others = tuple(sorted(paths - {home}))
    withdrawal = Withdrawal(home, others, row[0] if row else None, now(), reason, None)
    return WithdrawalOutcome(
        withdrawal,
        count_captures(db, paths),
        changed=True,
        notes=_note_unread_post(db, home),
        kept=_find_copies(db, home),
    )


def _note_unread_post(db: sqlite3.Connection, home: str) -> tuple[str, ...]:
    if _is_withdrawn(db, home) or db.execute(_READ, (home, home)).fetchone():
        return ()
    return (f"{home}: it has no brief yet; one that comes will be withdrawn at once",)
