"""The transactions of an archive's one writer: when captures are committed, and what happens between two commits."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.briefs.readings import Readings
from pipelines.briefs.search_index import SearchIndex
from pipelines.briefs.shared_rows import SharedRows
from pipelines.captures.warc_writer import WarcAppender
from pipelines.database.db_errors import explain_db_errors, roll_back_on
from pipelines.database.open_files import OpenFile
from pipelines.database.opening import LOG_LIMIT, erase_free_pages, shorten_log, update_statistics
from pipelines.maintenance import journal
from pipelines.withdrawals import withdrawn_posts
from pipelines.withdrawals.requests import read_pending_requests
from scraper.dates import now
from scraper.errors import ArchiveError


@dataclass(slots=True)
class Transaction:
    """The writer's open database and WARC file: `batch` captures a commit, their bytes synced before their rows."""

    path: Path
    db: sqlite3.Connection
    lock: int  # file descriptor; -1 when it is released
    files: tuple[OpenFile, ...]
    warcs: WarcAppender
    batch: int
    shared: SharedRows
    index: SearchIndex
    readings: Readings
    tally: Counter[str]
    _captures: int = 0  # not yet committed
    _committed: Counter[str] = field(default_factory=Counter)  # the tally at the last commit
    _longest_log: int = LOG_LIMIT
    _must_erase: bool = False

    def commit(self) -> None:
        """Commit all captures, the bytes first, then the rows; then carry out the withdrawals that others requested."""
        with explain_db_errors(self.path):
            self._commit()
            # A second writer would find rows changed that this one holds in memory, so this one withdraws for others.
            if requests := read_pending_requests(self.path):
                for request in requests:
                    self.withdraw_post(request.post, request.reason, request.copies)
                for request in requests:
                    request.file.unlink(missing_ok=True)
                self._must_erase = True

    def write_journal_anew(self) -> None:
        """Write all rows to the journal again, as one transaction, whatever is left of earlier records."""
        with explain_db_errors(self.path):
            self.db.execute("BEGIN IMMEDIATE")
            self._commit(anew=True)

    def withdraw_post(self, post: str, reason: str, copies: Collection[str] = ()) -> None:
        """Seal the post and these of its copies, in one transaction; does nothing if it is withdrawn already."""
        with self.open_savepoint():
            if withdrawn_posts.find_withdrawn_post(self.db, post) is None:
                self.readings.sealing.withdraw_post(post, now(), reason, copies)
                self.index.update()
        self._commit()

    def close(self) -> None:
        """Commit, close and release the lock; closing twice does nothing.

        Raises DiskTrouble or ArchiveBusy if bytes of a post that others had withdrawn may remain in the file.
        """
        if self.lock < 0:
            return
        remains: ArchiveError | None = None
        try:
            self.commit()
            with explain_db_errors(self.path):
                if self._must_erase:
                    remains = erase_free_pages(self.db, self.path)
                if self.tally["new"]:
                    update_statistics(self.db)
                    shorten_log(self.db, self.path, 0)
        finally:
            lock, self.lock = self.lock, -1
            try:
                with explain_db_errors(self.path), closing(self.db):
                    self.warcs.close()
            finally:
                os.close(lock)
        if remains:
            raise remains

    @contextmanager
    def open_savepoint(self) -> Iterator[None]:
        """Run the block as a whole or not at all, inside the transaction of its batch."""
        with explain_db_errors(self.path):
            if not self.db.in_transaction:
                self.db.execute("BEGIN IMMEDIATE")
            try:
                with roll_back_on(self.db, BaseException, self.tally):
                    yield
            except BaseException:
                if not self.db.in_transaction:  # a full disk ends the whole of it
                    self._count_again()
                raise

    def _commit(self, *, anew: bool = False) -> None:
        end = self.warcs.end
        try:
            for file in self.files:
                file.require_same()
            self.warcs.require_same()
            if self.db.in_transaction:
                self.shared.update_spellings()
                self.index.update()
                journal.write_changes(self.db, self.warcs, anew=anew)
                self.warcs.sync()
                self.db.execute("COMMIT")
        except BaseException:
            # What follows is then numbered in the journal as if this had never been tried.
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            self._count_again()
            self.warcs.cut_off(end)
            raise
        self._captures = 0
        self._committed = self.tally.copy()
        self._longest_log = shorten_log(self.db, self.path, self._longest_log)

    def _count_again(self) -> None:
        """Bring the counts back to what is committed."""
        self._captures = 0
        self.tally.clear()
        self.tally.update(self._committed)

    def count_capture(self) -> None:
        """Count a written capture; commit if the batch is full."""
        self._captures += 1
        if self._captures >= self.batch:
            self.commit()
