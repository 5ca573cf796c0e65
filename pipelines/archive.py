"""archive.db and warcs/ as one thing, opened by one writer at a time."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from scrapy.settings import BaseSettings

from pipelines import sample
from pipelines.briefs.contents import Contents
from pipelines.briefs.readings import Readings
from pipelines.briefs.rows import Briefs
from pipelines.briefs.search_index import SearchIndex
from pipelines.briefs.shared_rows import Shared
from pipelines.captures import checks, origins
from pipelines.captures import known as again
from pipelines.captures import rows as captures
from pipelines.captures.origins import Seen
from pipelines.captures.revisits import WaitingRevisits, know_names
from pipelines.captures.warc_writer import WarcShelf
from pipelines.db_errors import told
from pipelines.extract import EXTRACTOR
from pipelines.opening import open_database
from pipelines.pages import addresses as pages
from pipelines.pages import link_checks, mementos
from pipelines.pages import run_state as memory
from pipelines.pages import status as standing
from pipelines.pages.run_overview import unread
from pipelines.pages.runs import finished_runs
from pipelines.pages.status_timeline import Grace
from pipelines.people.aliases import Aliases
from pipelines.transactions import Transaction
from pipelines.withdrawals import rules as withdrawals
from scraper.address import is_post
from scraper.archive import EarlierReading, KnownPost, MementoState, Run, Summary, Taken, WaitingAddress
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
    crawl_id: int | None = None

    @classmethod
    def open(cls, settings: BaseSettings, *, batch: int = 1) -> Self:
        """The archive of the settings ARCHIVE_DB and WARCS_DIR, made if it is not there.

        Raises ForeignDatabase, NewerSchema, ArchiveBusy, DamagedArchive, DiskTrouble.
        """
        path = Path(settings["ARCHIVE_DB"])
        opened = open_database(path)
        shared, index, tally = Shared(opened.db), SearchIndex(opened.db), Counter[str]()
        readings = Readings(opened.db, Briefs(opened.db, shared, index))
        warcs = WarcShelf(Path(settings["WARCS_DIR"]))
        transaction = Transaction(path, opened.db, opened.lock, warcs, batch, shared, index, readings, tally)
        grace = Grace(settings.getint("GONE_AFTER_CHECKS", 5), settings.getint("GONE_AFTER_DAYS", 14))
        contents = Contents(opened.db, readings, tally)
        return cls(transaction, contents, grace, Aliases(transaction), WaitingRevisits(transaction))

    @property
    def path(self) -> Path:
        return self.transaction.path

    @property
    def db(self) -> sqlite3.Connection:
        return self.transaction.db

    @property
    def warcs(self) -> WarcShelf:
        return self.transaction.warcs

    @property
    def readings(self) -> Readings:
        return self.transaction.readings

    def keep(self, capture: Capture) -> Place | None:
        """Have the bytes of a capture in warcs/, where no row holds this capture yet; where they lie.

        Raises SampleArchive for an invented page among real ones, and the reverse.
        """
        with self.transaction.step():
            sample.admit(self.db, self.path, capture)
            if origins.is_known(self.db, capture):
                return None
            place = self.warcs.add(capture, capture.path)
            self.warcs.flush()  # what follows may end this process: what the system has is written all the same
            return place

    def take(
        self,
        capture: Capture,
        extraction: Extraction,
        place: Place | None = None,
        *,
        store_readings: bool = True,
        memento: Memento | None = None,
    ) -> Taken:
        """Write the rows of a capture whose bytes lie at `place`; without `store_readings` of the capture alone."""
        with self.transaction.step():
            there = origins.seen(self.db, capture, extraction)
            taken: Taken = "new"
            if there is None:
                capture_id = self._add(capture, extraction, place, store_readings)
            else:
                capture_id = there.id
                self._meet(there, capture, extraction)
                if store_readings and not there.read:
                    self._read_later(there, extraction)
                else:
                    taken = there.taken
            know_names(self.db, capture_id, capture)
            if memento:
                mementos.settle(self.db, memento, "taken", capture_id=capture_id)
        self.transaction.tally.update(("captures", taken))
        if taken == "new":
            self.transaction.count_capture()
        return taken

    def met(self, capture: Capture) -> EarlierReading | None:
        """What was read in this very capture, if it came before out of the same file and was read by today's rules."""
        with told(self.path):
            found = again.met(self.db, capture)
        if found:
            self.transaction.tally.update(("captures", "known"))
        return found

    def accept(self, capture: Capture, extraction: Extraction) -> None:
        """Store what was read in a capture that was taken without its readings; nothing if they are there."""
        with self.transaction.step():
            there = origins.seen(self.db, capture, extraction)
            if there is None or there.read:
                return
            self._read_later(there, extraction)
        self.transaction.count_capture()

    def list_unread_captures(self) -> list[Capture]:
        """Post pages taken without their readings by runs that were killed."""
        with told(self.path):
            return unread(self.db, self.warcs.folder, self.crawl_id)

    def add_problem(self, kind: str, message: str, *, field: str | None = None) -> None:
        """Add a problem that belongs to no capture; the same line twice is one row."""
        with self.transaction.step():
            self.transaction.tally["problems"] += captures.add_problems(
                self.db, None, None, (Problem(field, kind, message),)
            )

    def add_found(self, found: Iterable[FoundAddress]) -> None:
        """Have addresses in pages that were found now, on no page that was taken in."""
        now = captures.now()
        with self.transaction.step():
            for one in found:
                pages.know_found(self.db, one, now)

    def list_waiting_addresses(self) -> list[WaitingAddress]:
        """Addresses known and not yet captured, by path; those whose server only had a bad day are asked again."""
        with told(self.path):
            return pages.waiting(self.db)

    def read_capture_times(self) -> Mapping[str, str]:
        """Post paths with a good capture, and when the newest was taken (ISO 8601)."""
        with told(self.path):
            return captures.good(self.db)

    def list_posts(self) -> list[KnownPost]:
        """Every post's address, by path; not those that lead to another post for good."""
        with told(self.path):
            return memory.known(self.db)

    def recall(self, key: str) -> str | None:
        """What `remember` kept under the key, None if nothing."""
        with told(self.path):
            return memory.recall(self.db, key)

    def remember(self, key: str, value: str) -> None:
        """Keep a line for the next run; it lasts with the next commit."""
        with self.transaction.step():
            memory.remember(self.db, key, value)

    def add_mementos(self, told_of: Iterable[Memento], finder: str) -> int:
        """Remember what an index tells; how many lines are new."""
        with self.transaction.step():
            return mementos.add(self.db, told_of, finder)

    def list_mementos(self, archive: str, state: MementoState | None = "waiting") -> list[Memento]:
        """What that index told, by path and instant."""
        with told(self.path):
            return mementos.told(self.db, archive, state)

    def settle_memento(self, memento: Memento, state: MementoState, reason: str | None = None) -> None:
        """Say what became of one."""
        with self.transaction.step():
            mementos.settle(self.db, memento, state, reason)

    def paths_not_to_ask(self) -> frozenset[str]:
        """Paths that nobody asks the site or a web archive for."""
        with told(self.path):
            return withdrawals.paths_not_to_ask(self.db)

    def add_link_check(self, check: LinkCheck) -> None:
        """Keep one check of a recommended address."""
        with self.transaction.step():
            link_checks.add_link_check(self.db, check)

    def add_skipped_address(self, address: str, reason: str) -> None:
        """Say that this run (`begin`) did not ask for a URL or path, and why."""
        with self.transaction.step():
            memory.skip(self.db, self.crawl_id, address, reason)

    def history(self, spider: str, limit: int) -> list[Run]:
        """The last finished runs of a spider, newest first."""
        with told(self.path):
            return finished_runs(self.db, spider, limit)

    def begin(self, spider: str, arguments: Mapping[str, str]) -> None:
        """Open this run's row of crawls; it stays without an end if the run is killed."""
        with self.transaction.step():
            self.crawl_id = captures.begin_crawl(self.db, spider, arguments)
        self.commit()

    def finish(self, outcome: str, counts: Mapping[str, object], exit_code: int | None = None) -> None:
        """Close this run's row of crawls, once; `counts` are the spider's, `requests` among them."""
        if self.crawl_id is None:
            return
        with self.transaction.step():
            captures.finish_crawl(self.db, self.crawl_id, (outcome, exit_code), counts, self.transaction.tally)
        self.crawl_id = None
        self.commit()

    def has_briefs(self) -> bool:
        """Whether there is a brief of any kind."""
        with told(self.path):
            return captures.has_briefs(self.db)

    def summary(self) -> Summary:
        self.commit()
        with told(self.path):
            return captures.summary(self.db, len(pages.waiting(self.db)))

    def commit(self) -> None:
        """Make all that was written last."""
        self.transaction.commit()

    def close(self) -> None:
        """Commit and let the next writer in. Closing twice does nothing."""
        self.transaction.close()

    def _add(self, capture: Capture, extraction: Extraction, place: Place | None, store_readings: bool) -> int:
        path, seen_at = extraction.path, extraction.captured_at
        place = place or self.warcs.add(capture, path)
        pages.know(self.db, path, extraction.url, seen_at)
        capture_id = captures.add(
            self.db, capture, extraction, place, extractor=EXTRACTOR, read=int(store_readings), crawl_id=self.crawl_id
        )
        if parted := checks.part(self.db, path, seen_at, capture.digest, extraction.location):
            self.readings.fold(self.readings.briefs_of(parted))
        standing.judge(self.db, extraction, seen_at, self.grace)
        if store_readings:
            self.contents.store(capture_id, extraction)
        self.readings.settle(path)
        return capture_id

    def _meet(self, there: Seen, capture: Capture, extraction: Extraction) -> None:
        """Take from a capture that is there what it adds: another source, another night with the same bytes."""
        path, seen_at, same = extraction.path, extraction.captured_at, there.taken == "unchanged"
        if same and not there.renew and not is_post(path):
            return  # sitemaps, feeds and listings are asked in every run: that they stayed the same tells nothing
        pages.know(self.db, path, extraction.url, seen_at)
        self.contents.found(extraction.found if there.read else (), seen_at)
        if same and is_post(path):
            checks.met_again(self.db, there, path, seen_at)
        if there.renew:
            captures.rewrite(self.db, there.id, capture, extraction, self.warcs.add(capture, path), EXTRACTOR)
            if there.read:
                self.contents.store_anew(there.id, extraction)
        elif origins.also_told(self.db, there, capture, extraction):
            self.warcs.add(capture, path)  # warcs/ alone must be able to tell it again
        if same or there.renew:
            standing.judge(self.db, extraction, seen_at, self.grace)
            self.readings.settle(path)

    def _read_later(self, there: Seen, extraction: Extraction) -> None:
        taken_at = captures.mark_read(self.db, there.id, EXTRACTOR)
        self.contents.store(there.id, replace(extraction, captured_at=taken_at))
