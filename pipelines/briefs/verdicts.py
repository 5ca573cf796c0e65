"""Verdicts on runs: a night's readings count once the night was judged, those of a doubtful one are held."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.database.transactions import Transaction
from pipelines.pages import edits

_BEGIN = "UPDATE crawls SET verdict = 'unjudged' WHERE id = ?"
_HOLD_OTHERS = "UPDATE crawls SET verdict = 'held' WHERE verdict = 'unjudged' AND id <> ?"
_END = "UPDATE crawls SET verdict = ? WHERE id = ?"
_PENDING = "SELECT count(DISTINCT path) FROM problems JOIN pages USING (path) WHERE kind = 'held' AND status = 'live'"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts on the runs of one archive."""

    transaction: Transaction

    def begin(self, crawl_id: int) -> None:
        """Let nothing count that this run reads until it is judged; what a killed run left unjudged is held."""
        with self.transaction.open_savepoint():
            self.transaction.db.execute(_BEGIN, (crawl_id,))
            if self.transaction.db.execute(_HOLD_OTHERS, (crawl_id,)).rowcount:
                self.transaction.readings.merge_held()

    def settle(self, crawl_id: int, verdict: str | None) -> None:
        """Judge the run; the briefs are merged again by what counts now."""
        with self.transaction.open_savepoint():
            self.transaction.db.execute(_END, (verdict, crawl_id))
            self.transaction.tally["briefs"] += self.transaction.readings.merge_held()
            edits.report_lost_edits(self.transaction.db)

    def count_pending(self) -> int:
        """Count the posts of which something newer is held than what counts."""
        return int(self.transaction.db.execute(_PENDING).fetchone()[0])
