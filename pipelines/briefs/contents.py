"""An extraction to rows: its problems, the addresses it found, its readings and the briefs merged from them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.briefs.readings import Readings
from pipelines.captures import capture_rows, checks
from pipelines.captures.origins import StoredCapture
from pipelines.database.db_errors import is_fault, roll_back_on
from pipelines.faults import FAULT
from pipelines.pages import addresses, page_status
from pipelines.pages.status_timeline import Grace
from pipelines.withdrawals import withdrawn_posts
from scraper.address import split_part
from scraper.records import Extraction, FoundAddress, Problem, Reading

_DELETE_HEARSAY = "DELETE FROM problems WHERE capture_id = ? AND kind = 'hearsay'"
_FAULTS = (FAULT, "refused")  # kinds of problems that a fault of the program made


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of one archive's captures; `tally` counts what is new."""

    db: sqlite3.Connection
    readings: Readings
    tally: Counter[str]
    grace: Grace

    def store(self, capture_id: int, extraction: Extraction) -> None:
        """Store all that was read in the capture."""
        seen_at = extraction.captured_at
        self._add_problems(capture_id, extraction.path, extraction.problems)
        self.add_addresses(extraction.found, seen_at)
        for reading in extraction.readings:
            try:
                with roll_back_on(self.db, Exception, self.tally):
                    self._add_reading(capture_id, reading, extraction)
            except Exception as error:  # the page is kept, and its other posts are stored
                if not is_fault(error):
                    raise
                refused = Problem(None, "refused", f"{reading.brief.path} could not be stored: {error}")
                self._add_problems(capture_id, extraction.path, (refused,))
        if withdrawn_posts.has_withdrawals(self.db):
            withdrawn_posts.delete_quoting_problems(self.db, capture_id)

    def replace(self, capture_id: int, extraction: Extraction) -> None:
        """Store it instead of what was stored of the capture before."""
        capture_rows.delete_problems(self.db, capture_id)
        forgotten = self.readings.forget_capture(capture_id)
        self.store(capture_id, extraction)
        self.readings.merge(forgotten)

    def believe_capture(self, capture_id: int, path: str) -> None:
        """Let count what was a file's word alone until a web archive was seen to have the same copy."""
        self.db.execute(_DELETE_HEARSAY, (capture_id,))
        page_status.recompute_status(self.db, path, self.grace)
        self.readings.merge(self.readings.find_briefs(capture_id))
        self.readings.relocate_posts(path)

    def add_check(self, stored: StoredCapture, path: str, seen_at: str | None) -> None:
        """Store that the page was found as this capture shows it; what was held until then may count now."""
        checks.add_check(self.db, stored, path, seen_at)
        if self.readings.doubts.has_capture(stored.id):
            self.readings.merge(self.readings.find_briefs(stored.id))

    def add_addresses(self, found_addresses: Iterable[FoundAddress], seen_at: str | None) -> None:
        """Add these addresses to pages."""
        page_status.add_addresses(self.db, found_addresses, seen_at, self.grace)

    def _add_reading(self, capture_id: int, reading: Reading, extraction: Extraction) -> None:
        brief, own = reading.brief, (split_part(extraction.path)[0], extraction.url)
        if (brief.path, brief.url) != (extraction.path, extraction.url):
            addresses.add_page(self.db, brief.path, brief.url, extraction.captured_at)
        self.tally["briefs"] += self.readings.add(capture_id, reading, own if extraction.outcome == "brief" else None)
        page_status.recompute_sources(self.db, brief.path, self.grace)
        if problems := (*reading.problems, *reading.doubts):
            self._add_problems(capture_id, self.readings.find_place(capture_id, brief.path), problems)

    def _add_problems(self, capture_id: int, path: str, problems: Iterable[Problem]) -> None:
        if not (added := tuple(problems)):
            return
        self.tally["problems"] += capture_rows.add_problems(self.db, capture_id, path, added)
        self.tally["faults"] += sum(problem.kind in _FAULTS for problem in added)
