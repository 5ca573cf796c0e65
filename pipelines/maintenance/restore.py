"""`briefs withdraw --undo`: the captures of a withdrawn post are extracted again, and its rows are as they were."""

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
from pipelines.database.db_errors import explain_db_errors, roll_back_on
from pipelines.database.opening import read_current_archive, require_archive
from pipelines.extraction.version import EXTRACTOR
from pipelines.maintenance import reextract
from pipelines.maintenance.rereading import Row, extract_rows, select_rows
from pipelines.maintenance.withdraw import count_captures, find_post, select_withdrawals
from pipelines.pages import page_status
from pipelines.progress import Progress, ignore_progress
from pipelines.withdrawals import seals, withdrawn_posts
from pipelines.withdrawals.records import WithdrawalOutcome
from scraper.console.invocation import command_line
from scraper.dates import now
from scraper.errors import BadInput

_PATHS = "SELECT path, brief_id, shared_ids FROM withdrawals WHERE post = ? AND undone_at IS NULL ORDER BY path"
_UNDO = "UPDATE withdrawals SET undone_at = ? WHERE path = ?"
_SHOW = "UPDATE pages SET status = 'live' WHERE path = ?"
_SHOWING = """read = 1 AND (path IN (SELECT value FROM json_each(?))
    OR id IN (SELECT capture_id FROM readings WHERE path IN (SELECT value FROM json_each(?))))"""
_DELETE_READINGS = "DELETE FROM readings WHERE path = ?"
_UNUSED = "DELETE FROM records WHERE digest = ? AND id NOT IN (SELECT record_id FROM readings)"


def restore_post(
    settings: BaseSettings, address: str, *, dry_run: bool = False, progress: Progress = ignore_progress
) -> WithdrawalOutcome:
    """Give a withdrawn post back to readers, in one transaction. Raises BadInput for one that is not withdrawn."""
    path = Path(settings["ARCHIVE_DB"])
    require_archive(path)
    if dry_run:
        with read_current_archive(path) as db:
            return _make_outcome(db, _require_withdrawn_post(db, address), ())
    with closing(SqliteArchive.open(settings)) as archive, explain_db_errors(path):
        post = _require_withdrawn_post(archive.db, address)
        archive.db.execute("BEGIN IMMEDIATE")
        with roll_back_on(archive.db, BaseException):
            lost = _restore_rows(archive, post, progress)
        archive.commit()
        return _make_outcome(archive.db, post, lost)


def _require_withdrawn_post(db: sqlite3.Connection, address: str) -> str:
    home = find_post(db, address)
    if withdrawn_posts.find_withdrawn_post(db, home) is None:
        raise BadInput(f"{home}: it is not withdrawn; to list what is: {command_line('withdraw', '--list')}")
    return home


def _make_outcome(db: sqlite3.Connection, post: str, lost: tuple[str, ...]) -> WithdrawalOutcome:
    (withdrawal,) = select_withdrawals(db, post)
    captured = count_captures(db, {post, *withdrawal.others})
    return WithdrawalOutcome(withdrawal, captured, changed=True, lost=lost)


def _restore_rows(archive: SqliteArchive, post: str, progress: Progress) -> tuple[str, ...]:
    db, withdrawals = archive.db, archive.db.execute(_PATHS, (post,)).fetchall()
    paths = [path for path, _, _ in withdrawals]
    rows = select_rows(db, _SHOWING, (json.dumps(paths), json.dumps(paths)))
    for path in paths:
        db.execute(_UNDO, (now(), path))
        db.execute(_SHOW, (path,))
        page_status.recompute_status(db, path, archive.grace)
        db.execute(_DELETE_READINGS, (path,))
    for path, brief_id, _ in withdrawals:
        if brief_id is not None and rows:
            archive.readings.briefs.reserve_id(brief_id, path, rows[0].id)
    db.executemany(sealing.DELETE_DOUBT, [(path,) for path in paths])
    db.execute(sealing.DELETE_KEPT, {"path": None, "message": sealing.KEPT.format(post)})
    archive.transaction.shared.reserved_ids = _merge_ids((ids for _, _, ids in withdrawals), seals.find_key(db))
    lost = _extract_again(archive, rows, progress)
    for path in paths:
        archive.readings.relocate_posts(path)
    archive.readings.merge(paths)  # a brief without readings goes
    archive.transaction.shared.reserved_ids = {}
    db.execute(_UNUSED, (withdrawn_posts.SEALED,))
    return lost


def _merge_ids(texts: Iterable[str], key: str) -> dict[str, dict[str, int]]:
    merged: dict[str, dict[str, int]] = defaultdict(dict)
    for text in texts:
        for table, ids in json.loads(text).items():
            merged[table] |= seals.seal_ids(ids, key)
    return merged


def _extract_again(archive: SqliteArchive, rows: list[Row], progress: Progress) -> tuple[str, ...]:
    """Extract and store the captures again; return a line for each whose bytes are lost."""
    lost = []
    for done, (row, extraction) in enumerate(extract_rows(archive.warcs.folder, rows), 1):
        if extraction is None:
            lost.append(row.loss)
        elif row.extractor == EXTRACTOR:
            archive.contents.store(row.id, extraction)
        else:
            reextract.renew_capture(archive, row, extraction)
        progress(done, len(rows))
    return tuple(lost)
