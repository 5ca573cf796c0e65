"""The transactions of an archive's one writer: when what was taken lasts, and what is done between two of them."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.briefs.readings import Readings
from pipelines.briefs.search_index import SearchIndex
from pipelines.briefs.shared_rows import SharedRows
from pipelines.captures import capture_rows
from pipelines.captures.warc_writer import WarcAppender
from pipelines.db_errors import explain_db_errors, roll_back_on
from pipelines.maintenance import journal
from pipelines.opening import LOG, measure, shorten_log, sweep
from pipelines.withdrawals import withdrawn_posts
from pipelines.withdrawals.requests import read_pending_requests

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Transaction:
    """What the archive's one writer has open: `batch` captures at a time, their bytes on the disk before their rows."""

    path: Path
    db: sqlite3.Connection
    lock: int  # file descriptor; -1 when it is given back
    warcs: WarcAppender
    batch: int
    shared: SharedRows
    index: SearchIndex
    readings: Readings
    tally: Counter[str]
    _captures: int = 0  # not yet committed
    _longest_log: int = LOG
    _unswept: bool = False

    def commit(self) -> None:
        """Make all that was taken last; the bytes first, then the rows. Then comes what people wait for."""
        with explain_db_errors(self.path):
            self._commit()
            if requests := read_pending_requests(self.path):
                for one in requests:
                    self.withdraw(one.post, one.reason)
                for one in requests:
                    one.file.unlink(missing_ok=True)
                self._unswept = True

    def withdraw(self, post: str, reason: str) -> None:
        """Seal the post with all its paths, in one transaction; nothing if it is withdrawn already."""
        with self.step():
            if withdrawn_posts.find_post(self.db, post) is None:
                self.readings.sealing.withdraw_post(post, capture_rows.now(), reason)
                self.index.update()
        self._commit()

    def close(self) -> None:
        """Commit and let the next writer in. Closing twice does nothing."""
        if self.lock < 0:
            return
        try:
            self.commit()
            with explain_db_errors(self.path):
                self.warcs.close()
                if self._unswept:
                    for line in sweep(self.db):
                        _log.warning(line)
                if self.tally["new"]:
                    measure(self.db)
                    shorten_log(self.db, self.path, 0)
        finally:
            self.db.close()
            os.close(self.lock)
            self.lock = -1

    @contextmanager
    def step(self) -> Iterator[None]:
        """A step that is done as a whole or not at all, inside the transaction of its batch."""
        with explain_db_errors(self.path):
            if not self.db.in_transaction:
                self.db.execute("BEGIN IMMEDIATE")
            with roll_back_on(self.db, BaseException):
                yield

    def _commit(self) -> None:
        if self.db.in_transaction:
            self.shared.update_spellings()
            self.index.update()
            journal.write(self.db, self.warcs)
            self.warcs.sync()
            self.db.execute("COMMIT")
            self._longest_log = shorten_log(self.db, self.path, self._longest_log)
        self._captures = 0

    def count_capture(self) -> None:
        """One more capture was written; commit where the batch is full."""
        self._captures += 1
        if self._captures >= self.batch:
            self.commit()
