"""archive.db and warcs/ as one thing, opened by one writer at a time."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from scrapy.settings import BaseSettings

from pipelines import sample
from pipelines.briefs.brief_rows import Briefs
from pipelines.briefs.contents import Contents
from pipelines.briefs.readings import Readings
from pipelines.briefs.search_index import SearchIndex
from pipelines.briefs.shared_rows import SharedRows
from pipelines.captures import capture_rows, checks, damaged_records, earlier_readings, origins
from pipelines.captures.balance import Balance
from pipelines.captures.origins import StoredCapture
from pipelines.captures.revisits import WaitingRevisits, add_record_names
from pipelines.captures.warc_writer import WarcAppender
from pipelines.database.db_errors import explain_db_errors
from pipelines.database.opening import open_database
from pipelines.database.transactions import Transaction
from pipelines.faults import FAULT, note_fault
from pipelines.pages import addresses, link_checks, mementos, page_status, run_state
from pipelines.pages.runs import list_unread_captures
from pipelines.pages.status_timeline import Grace
from pipelines.people.aliases import Aliases
from pipelines.withdrawals import withdrawn_posts
from scraper.address import is_post
from scraper.archive import CaptureItem, EarlierReading, KnownPost, MementoState, Summary, Taken, WaitingAddress
from scraper.dates import now
from scraper.linkrot.link_check import LinkCheck
from scraper.records import Capture, Extraction, FoundAddress, Memento, Place, Problem


@dataclass(slots=True)
class SqliteArchive:
    """One writer's archive."""

    transaction: Transaction
    contents: Contents
    grace: Grace
    aliases: Aliases
    revisits: WaitingRevisits
    balance: Balance = field(default_factory=Balance)
    crawl_id: int | None = None

    @classmethod
    def open(cls, settings: BaseSettings, *, batch: int = 1) -> Self:
        """Open the archive of the settings ARCHIVE_DB and WARCS_DIR; it is created if it is missing.

        Raises ForeignDatabase, NewerSchema, ArchiveBusy, DamagedArchive, DiskTrouble.
        """
        path = Path(settings["ARCHIVE_DB"])
        db, lock, files = open_database(path)
        shared, index, tally = SharedRows(db), SearchIndex(db), Counter[str]()
        readings = Readings(db, Briefs(db, shared, index))
        warcs = WarcAppender(Path(settings["WARCS_DIR"]))
        transaction = Transaction(path, db, lock, files, warcs, batch, shared, index, readings, tally)
        grace = Grace(settings.getint("GONE_AFTER_CHECKS", 5), settings.getint("GONE_AFTER_DAYS", 14))
        contents = Contents(db, readings, tally, grace)
        return cls(transaction, contents, grace, Aliases(transaction), WaitingRevisits(transaction))

    @property
    def path(self) -> Path:
        return self.transaction.path

    @property
    def db(self) -> sqlite3.Connection:
        return self.transaction.db

    @property
    def warcs(self) -> WarcAppender:
        return self.transaction.warcs

    @property
    def readings(self) -> Readings:
        return self.transaction.readings

    @property
    def tally(self) -> Counter[str]:
        """What this run has done: captures, new, unchanged, known, mended, briefs, problems, faults."""
        return self.transaction.tally

    def keep_bytes(self, capture: Capture) -> Place | None:
        """Write the bytes of a new capture to warcs/, and return where; of a known one only if the old are damaged.

        Raises SampleArchive for an invented page among real ones, and the reverse.
        """
        with self.transaction.open_savepoint():
            sample.admit_capture(self.db, self.path, capture)
            if (known := origins.find_known_capture(self.db, capture)) is None:
                return self.warcs.add(capture, capture.path)
            damaged_records.replace_if_damaged(self.transaction, known, capture)
            return None

    def store_capture(
        self,
        capture: Capture,
        extraction: Extraction,
        place: Place | None = None,
        *,
        store_readings: bool = True,
        memento: Memento | None = None,
    ) -> Taken:
        """Write the rows of a capture whose bytes lie at `place`; without `store_readings` only the capture's own."""
        with self.transaction.open_savepoint():
            stored = origins.find_stored_capture(self.db, capture, extraction)
            taken: Taken = "new"
            if stored is None:
                capture_id = self._add_capture(capture, extraction, place, store_readings)
                self.tally["rows"] += 1
            else:
                capture_id = stored.id
                self._add_to_stored(stored, capture, extraction)
                if store_readings and not stored.is_read:
                    self._store_readings(stored, extraction)
                else:
                    taken = stored.taken
            add_record_names(self.db, capture_id, capture)
            if memento:
                mementos.settle_memento(self.db, memento, "taken", capture=capture_id)
        self.tally.update(("captures", taken))
        if taken == "new":
            self.transaction.count_capture()
        return taken

    def find_earlier_reading(self, capture: Capture) -> EarlierReading | None:
        """The outcome of this very capture, if it came before from the same file and today's rules extracted it."""
        with explain_db_errors(self.path):
            reading = earlier_readings.find_earlier_reading(self.db, capture)
        if reading:
            self.tally.update(("captures", "known"))
            damaged_records.replace_if_damaged(self.transaction, reading.capture_id, capture)
        return reading

    def add_readings(self, capture: Capture, extraction: Extraction) -> None:
        """Store the readings of a capture that was stored without them; does nothing if they are there."""
        with self.transaction.open_savepoint():
            stored = origins.find_stored_capture(self.db, capture, extraction)
            if stored is None or stored.is_read:
                return
            self._store_readings(stored, extraction)
        self.transaction.count_capture()

    def list_unread_captures(self) -> list[Capture]:
        """Post pages that killed runs stored without their readings."""
        with explain_db_errors(self.path):
            return list_unread_captures(self.db, self.warcs.folder, self.crawl_id)

    def add_problem(self, kind: str, message: str, *, field: str | None = None) -> None:
        """Add a problem that belongs to no capture; the same message twice is one row."""
        with self.transaction.open_savepoint():
            self.tally["faults"] += kind == FAULT
            self.tally["problems"] += capture_rows.add_problems(self.db, None, None, (Problem(field, kind, message),))

    def add_fault(self, item: CaptureItem, error: Exception) -> None:
        """Add the problem of a page that could not be taken in by a fault of the program."""
        capture = item.capture
        fault = note_fault("This page could not be taken in", capture, error)
        self.add_problem(FAULT, f"{capture.url or capture.name}: {fault.message}")
        self.balance.settle(item)

    def add_found(self, found: Iterable[FoundAddress]) -> None:
        """Add addresses to pages that were found now, on no stored page."""
        with self.transaction.open_savepoint():
            page_status.add_addresses(self.db, found, now(), self.grace)

    def list_waiting_addresses(self) -> list[WaitingAddress]:
        """Known addresses that are not yet captured, by path; also those whose server failed last time."""
        with explain_db_errors(self.path):
            return addresses.list_waiting_addresses(self.db)

    def read_capture_times(self) -> Mapping[str, str]:
        """Paths of posts with a complete capture, and the instant of the newest (ISO 8601)."""
        with explain_db_errors(self.path):
            return capture_rows.read_capture_times(self.db)

    def list_posts(self) -> list[KnownPost]:
        """Every post's address, by path, except those that redirect permanently."""
        with explain_db_errors(self.path):
            return run_state.list_posts(self.db)

    def recall(self, key: str) -> str | None:
        """The value that `remember` stored under the key, None if there is none."""
        with explain_db_errors(self.path):
            return run_state.recall(self.db, key)

    def remember(self, key: str, value: str) -> None:
        """Store a value for the next run, with the next commit."""
        with self.transaction.open_savepoint():
            run_state.remember(self.db, key, value)

    def add_mementos(self, listed: Iterable[Memento], finder: str) -> int:
        """Add the lines of an index; return how many are new."""
        with self.transaction.open_savepoint():
            return mementos.add_mementos(self.db, listed, finder)

    def list_mementos(self, archive: str, state: MementoState | None = "waiting") -> list[Memento]:
        """The mementos of a web archive, by path and instant."""
        with explain_db_errors(self.path):
            return mementos.list_mementos(self.db, archive, state)

    def settle_memento(self, memento: Memento, state: MementoState, reason: str | None = None) -> None:
        """Record what became of a memento."""
        with self.transaction.open_savepoint():
            mementos.settle_memento(self.db, memento, state, reason)

    def paths_not_to_ask(self) -> frozenset[str]:
        """Paths that no run requests from the site or a web archive."""
        with explain_db_errors(self.path):
            return withdrawn_posts.paths_not_to_ask(self.db)

    def add_link_check(self, check: LinkCheck) -> None:
        """Add a check of a recommended address."""
        with self.transaction.open_savepoint():
            link_checks.add_link_check(self.db, check)

    def add_skipped_address(self, address: str, reason: str) -> None:
        """Record that this run did not request a URL or path, and why."""
        with self.transaction.open_savepoint():
            run_state.add_skipped_address(self.db, self.crawl_id, address, reason)

    def begin_run(self, spider: str, arguments: Mapping[str, str]) -> None:
        """Add this run's row to crawls, without passwords; it stays without an end if the run is killed."""
        with self.transaction.open_savepoint():
            self.crawl_id = capture_rows.begin_run(self.db, spider, arguments)
        self.commit()

    def finish_run(self, outcome: str, counts: Mapping[str, object], exit_code: int | None = None) -> None:
        """Complete this run's row of crawls, once. Raises Imbalance if what it was offered is not what came of it."""
        if self.crawl_id is not None:
            crawl_id, self.crawl_id = self.crawl_id, None
            self.balance.close_run(self.transaction, crawl_id, (outcome, exit_code), counts)

    def has_briefs(self) -> bool:
        """Whether there is a brief of any kind."""
        with explain_db_errors(self.path):
            return capture_rows.has_briefs(self.db)

    def read_summary(self) -> Summary:
        """What is in the archive, after a commit."""
        self.commit()
        with explain_db_errors(self.path):
            return capture_rows.select_summary(self.db, len(addresses.list_waiting_addresses(self.db)))

    def commit(self) -> None:
        """Commit all that was written."""
        self.transaction.commit()

    def close(self) -> None:
        """Commit, close and release the lock. Closing twice does nothing."""
        self.transaction.close()

    def _add_capture(self, capture: Capture, extraction: Extraction, place: Place | None, store_readings: bool) -> int:
        path, seen_at = extraction.path, extraction.captured_at
        place = place or self.warcs.add(capture, path)
        addresses.add_page(self.db, path, extraction.url, seen_at)
        known = {"read": int(store_readings), "crawl_id": self.crawl_id}
        capture_id = capture_rows.add_capture(self.db, capture, extraction, place, **known)
        if promoted := checks.promote_check(self.db, path, seen_at, capture.digest, extraction.location):
            self.readings.merge(self.readings.find_briefs(promoted))
        page_status.update_status(self.db, extraction, seen_at, self.grace)
        if store_readings:
            self.contents.store(capture_id, extraction)
        self.readings.relocate_posts(path)
        return capture_id

    def _add_to_stored(self, stored: StoredCapture, capture: Capture, extraction: Extraction) -> None:
        """Add to a stored capture what this copy brings: another source, or another night with the same bytes."""
        path, seen_at, is_unchanged = extraction.path, extraction.captured_at, stored.taken == "unchanged"
        if is_unchanged and not stored.is_outranked and not is_post(path):
            return  # sitemaps, feeds and listings are requested in every run: a check of them says nothing
        addresses.add_page(self.db, path, extraction.url, seen_at)
        self.contents.add_addresses(extraction.found if stored.is_read else (), seen_at)
        if is_unchanged and is_post(path):
            self.contents.add_check(stored, path, seen_at)
        if stored.is_outranked:
            place = self.warcs.add(capture, path)
            capture_rows.rewrite_capture(self.db, stored.id, capture, extraction, place)
            if stored.is_read:
                self.contents.replace(stored.id, extraction)
        elif origins.merge_citations(self.db, stored, capture, extraction):
            self.warcs.add(capture, path)  # a rebuild reads the citation from warcs/ alone
            self.contents.believe_capture(stored.id, path)
        if is_unchanged or stored.is_outranked:
            page_status.update_status(self.db, extraction, seen_at, self.grace)
            self.readings.relocate_posts(path)

    def _store_readings(self, stored: StoredCapture, extraction: Extraction) -> None:
        taken_at = capture_rows.mark_read(self.db, stored.id)
        self.contents.store(stored.id, replace(extraction, captured_at=taken_at))
