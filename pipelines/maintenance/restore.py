"""`briefs withdraw --undo`: the captures of a withdrawn post are read again, and all its rows are as they were."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.archive import SqliteArchive
from pipelines.briefs import sealing
from pipelines.captures import capture_rows
from pipelines.db_errors import explain_db_errors, roll_back_on
from pipelines.extract import EXTRACTOR
from pipelines.maintenance import reextract
from pipelines.maintenance.rereading import Row, extractions
from pipelines.maintenance.rereading import rows as _select_rows
from pipelines.maintenance.withdraw import count_captures, home_of, rows
from pipelines.opening import open_current_archive, refuse_missing
from pipelines.pages import page_status
from pipelines.progress import Progress, ignore_progress
from pipelines.withdrawals import withdrawn_posts
from pipelines.withdrawals.records import WithdrawalOutcome
from scraper.errors import BadInput
from scraper.invocation import command_line

_PATHS = "SELECT path, brief_id, shared_ids FROM withdrawals WHERE post = ? AND undone_at IS NULL ORDER BY path"
_UNDO = "UPDATE withdrawals SET undone_at = ? WHERE path = ?"
_SHOW = "UPDATE pages SET status = 'live' WHERE path = ?"
_TELLING = """read = 1 AND (path IN (SELECT value FROM json_each(?))
    OR id IN (SELECT capture_id FROM readings WHERE path IN (SELECT value FROM json_each(?))))"""
_UNSEAL = "DELETE FROM readings WHERE path = ?"
_UNUSED = "DELETE FROM records WHERE digest = ? AND id NOT IN (SELECT record_id FROM readings)"


def restore(
    settings: BaseSettings, address: str, *, dry_run: bool = False, progress: Progress = ignore_progress
) -> WithdrawalOutcome:
    """Give a withdrawn post back to readers, in one transaction. Raises BadInput for one that is not withdrawn."""
    path = Path(settings["ARCHIVE_DB"])
    refuse_missing(path)
    if dry_run:
        with explain_db_errors(path), closing(open_current_archive(path)) as db:
            return _outcome(db, _withdrawn(db, address), ())
    with closing(SqliteArchive.open(settings)) as archive, explain_db_errors(path):
        post = _withdrawn(archive.db, address)
        archive.db.execute("BEGIN IMMEDIATE")
        with roll_back_on(archive.db, BaseException):
            lost = _restore(archive, post, progress)
        archive.commit()
        return _outcome(archive.db, post, lost)


def _withdrawn(db: sqlite3.Connection, address: str) -> str:
    home = home_of(db, address)
    if withdrawn_posts.find_post(db, home) is None:
        raise BadInput(f"{home}: it is not withdrawn; to list what is: {command_line('withdraw', '--list')}")
    return home


def _outcome(db: sqlite3.Connection, post: str, lost: tuple[str, ...]) -> WithdrawalOutcome:
    (withdrawal,) = rows(db, post)
    captured = count_captures(db, {post, *withdrawal.others})
    return WithdrawalOutcome(withdrawal, captured, changed=True, lost=lost)


def _restore(archive: SqliteArchive, post: str, progress: Progress) -> tuple[str, ...]:
    db, kept = archive.db, archive.db.execute(_PATHS, (post,)).fetchall()
    paths = [path for path, _, _ in kept]
    chosen = _select_rows(db, _TELLING, (json.dumps(paths), json.dumps(paths)))
    for path in paths:
        db.execute(_UNDO, (capture_rows.now(), path))
        db.execute(_SHOW, (path,))
        page_status.recompute_status(db, path, archive.grace)
        db.execute(_UNSEAL, (path,))
    for path, brief_id, _ in kept:
        if brief_id is not None and chosen:
            archive.readings.briefs.reserve_id(brief_id, path, chosen[0].id)
    db.executemany(sealing.DELETE_DOUBT, [(path,) for path in paths])
    archive.transaction.shared.reserved_ids = _shared_ids(told for _, _, told in kept)
    lost = _read(archive, chosen, progress)
    for path in paths:
        archive.readings.relocate_posts(path)
    archive.readings.merge(paths)  # what nothing tells of any more goes
    archive.transaction.shared.reserved_ids = {}
    db.execute(_UNUSED, (withdrawn_posts.SEALED,))
    return lost


def _shared_ids(told: Iterable[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for text in told:
        for table, ids in json.loads(text).items():
            found[table] |= ids
    return found


def _read(archive: SqliteArchive, chosen: list[Row], progress: Progress) -> tuple[str, ...]:
    """Store again what the captures tell; a line for each whose bytes are lost."""
    lost = []
    for done, (row, extraction) in enumerate(extractions(archive.warcs.folder, chosen), 1):
        if extraction is None:
            lost.append(
                f"{row.path} of {row.captured_at or 'an unknown day'}: its bytes in {row.file} are not readable"
            )
        elif row.extractor == EXTRACTOR:
            archive.contents.store(row.id, extraction)
        else:
            reextract.renew(archive, row, extraction)
        progress(done, len(chosen))
    return tuple(lost)
