"""Files into the archive: captures go through the five steps, and everything left out is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from pipelines.archive import SqliteArchive
from pipelines.briefs.codec import pack_ahead
from pipelines.captures.earlier_readings import find_earlier_reading
from pipelines.extract import extract, extract_item
from pipelines.faults import FAULT, has_fault, run_step
from pipelines.keep import check_capture, keep, lighten_capture
from pipelines.normalise import normalise, normalise_capture
from pipelines.store import store
from pipelines.validate import validate
from pipelines.workers import Workers
from scraper.address import SITE_HOSTS
from scraper.archive import CaptureItem, Taken
from scraper.console.stop_signals import StopFlag
from scraper.errors import ArchiveError
from scraper.records import Capture, Extraction, Outcome, Problem
from scraper.sources.events import IndexEntry, Omission, ReadPage, SourceItem, Unreadable, report_fault
from scraper.sources.paths import SourceReader
from scraper.sources.remote import RemoteFile
from scraper.sources.revisits import Revisit, report_missing_original, restore_capture

_Key = tuple[str, str | None, tuple[str, ...]]  # of a revisit
_Ready = tuple[Capture, Extraction]  # a page and what was read of it ahead of its turn
Say = Callable[[str], None]
_DUMPS = frozenset(("feed", "rest", "unreadable", "other"))  # outcomes of files that may hold many posts
_LOSSES = frozenset(("truncated", "unread", "unreadable"))  # kinds of problems that name posts which are not read
_LINES = 5  # of one kind about one file; the rest are counted, and all are in `problems`


class Intake:
    """Ingests what source readers yield; `counts`, `skipped` and what was left out sum it up afterwards."""

    def __init__(
        self, archive: SqliteArchive, hosts: Collection[str], say: Say, stop: StopFlag, workers: Workers | None = None
    ) -> None:
        self.counts: Counter[str] = Counter()  # new, known, lost, unreached, problems, readings
        self.outcomes: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.hosts_left_out: Counter[str] = Counter()
        self.files_left_out: list[str] = []
        self._archive = archive
        self._hosts = frozenset(hosts)
        self._say = say
        self._stop = stop
        self._lines: Counter[tuple[str, str]] = Counter()
        self._workers = workers or Workers(say, 1)

    @property
    def capture_count(self) -> int:
        """Captures that this ingest added to the archive, or found there."""
        return self.outcomes.total()

    def take_source(self, source: Path | RemoteFile, items: Iterable[SourceItem]) -> None:
        """Ingest all that one path holds; a path without a single post is reported, it may be the wrong one."""
        captures, readings = self.capture_count, self.counts["readings"]
        self.take_items(items)
        pages = self.capture_count - captures
        if pages and self.counts["readings"] == readings and not self._stop.is_requested:
            self._report_problem(Unreadable(str(source), "empty", f"no brief in any of its {pages} pages", lost=False))

    def take_items(self, items: Iterable[SourceItem]) -> None:
        """Ingest everything, until somebody asks to stop."""
        handed_in = self._archive.balance.handed_in
        plans = ((item, self._plan_reading(item)) for item in self._hand_in(items))
        lighten = (lambda page: page) if self._workers.is_alone else lighten_capture  # what goes to another process
        work = (((item, page), page and lighten(page)) for item, page in plans)
        do = partial(extract, hosts=self._hosts)
        with closing(self._workers.run(do, work, lambda page: len(page.body), pack_ahead)) as taken:
            for (item, page), result in taken:
                try:
                    self._take_item(item, (page, result[0]) if page and result else None)
                except ArchiveError:
                    raise
                except Exception as error:
                    self._report_problem(report_fault(_name_item(item), error))
                handed_in.settle(item)
                if self._stop.is_requested:
                    handed_in.abandon()
                    return

    def _hand_in(self, items: Iterable[SourceItem]) -> Iterator[SourceItem]:
        """Yield the items, each noted as one that must come back from the workers."""
        for item in items:
            page = item.capture if isinstance(item, ReadPage) else item
            address = page.url if isinstance(page, Capture) else None
            self._archive.balance.handed_in.add(item, address or _name_item(item))
            yield item

    def _plan_reading(self, item: SourceItem) -> Capture | None:
        """Plan what is read ahead of its turn; None for what is no page, or is known, or the writer must see."""
        if not isinstance(item, Capture):
            return None
        try:
            page = check_capture(item)  # mostly the item itself, whose digest is asked for again in its turn
            return None if find_earlier_reading(self._archive.db, page) else page
        except Exception:  # the writer meets it again in its turn, and reports it
            return None

    def _take_item(self, item: SourceItem, ready: _Ready | None) -> None:
        if isinstance(item, Capture):
            self._take_capture(item, ready)
        elif isinstance(item, ReadPage):
            self._take_capture(item.capture, (item.page, item.extraction) if item.extraction else None)
        elif isinstance(item, Omission):
            self._count_omission(item)
        elif isinstance(item, IndexEntry):
            self._take_index_entry(item)
        else:
            self._report_problem(item)

    def take_revisits(self, reader: SourceReader) -> None:
        """Ingest the revisits of `reader` and those that waited, or store them until their original arrives."""
        waiting = self._archive.revisits.read_all()
        revisits = {revisit.key: revisit for revisit in (*reader.revisits, *waiting)}
        # Before the files, so that the order of files and commands does not matter.
        self._restore_from_archive(revisits)
        for revisit, original in list(reader.find_originals(revisits.values())):  # of hosts or kinds that are not taken
            self._restore_revisit(revisits.pop(revisit.key), original)
        self._restore_from_archive(revisits)
        self.counts["waiting"] = len(revisits)
        waiting_keys = {revisit.key for revisit in waiting}
        for revisit in revisits.values():
            if self._stop.is_requested:
                return
            if revisit.key not in waiting_keys:
                self._archive.revisits.add(revisit)
                self._report_problem(report_missing_original(revisit))

    def _restore_from_archive(self, revisits: dict[_Key, Revisit]) -> None:
        """Restore those whose original is in the archive; each may be the original of another in turn."""
        has_found = True
        while has_found and not self._stop.is_requested:
            has_found = False
            for key, revisit in list(revisits.items()):
                if original := self._archive.revisits.find_original(revisit):
                    self._restore_revisit(revisits.pop(key), original)
                    has_found = True

    def _restore_revisit(self, revisit: Revisit, original: Capture) -> None:
        self._take_capture(restore_capture(revisit, original))
        self._archive.revisits.remove(revisit)

    def close(self) -> None:
        """Say how many messages were held back."""
        for (where, what), lines in self._lines.items():
            if lines > _LINES:
                self._say(f"{where}: {lines - _LINES} more of this kind ({what}); all are in the table problems")

    def _take_capture(self, capture: Capture, ready: _Ready | None = None) -> None:
        capture, problems = normalise_capture(capture)
        if not ready and (earlier := self._archive.find_earlier_reading(capture)):
            self._count_capture("known", earlier.outcome, earlier.readings)
            return
        item = CaptureItem(capture, self._hosts, problems=problems)
        run_steps(self._archive, item, ready)
        if item.taken is None or item.extraction is None:
            return  # a fault, which the archive has noted
        self._count_capture(item.taken, item.extraction.outcome, len(item.extraction.readings))
        if capture.source == "file" and item.extraction.outcome in _DUMPS:
            self._report_losses(capture, item.extraction.problems)

    def _report_losses(self, capture: Capture, problems: Iterable[Problem]) -> None:
        """Say which posts of a file could not be read; the problems themselves are stored with the capture."""
        for problem in problems:
            if problem.kind in _LOSSES:
                self.counts["lost"] += 1
                self._say(f"{capture.name}: {problem.message}")

    def _count_capture(self, taken: Taken, outcome: Outcome, readings: int) -> None:
        self.counts[taken] += 1
        self.outcomes[outcome] += 1
        self.counts["readings"] += readings

    def _count_omission(self, item: Omission) -> None:
        self.skipped[item.reason] += 1
        if item.reason == "host":
            self.hosts_left_out[item.detail] += 1
        elif item.reason in ("unknown", "document"):
            self.files_left_out.append(item.where)

    def _take_index_entry(self, item: IndexEntry) -> None:
        """Store a capture that no given file holds as a gap, until a file that holds it comes with its index."""
        if item.is_held:
            self._archive.settle_memento(item.memento, "taken")
        else:
            self._archive.add_mementos([item.memento], "cdx")

    def _report_problem(self, problem: Unreadable) -> None:
        self._archive.add_problem(problem.what, str(problem))
        self.counts["problems"] += 1
        self.counts["unreached"] += problem.what == "remote"
        self.counts["lost"] += problem.lost and problem.what not in (FAULT, "remote")
        self._lines[problem.where, problem.what] += 1
        if self._lines[problem.where, problem.what] <= _LINES:
            self._say(str(problem))


def _name_item(item: SourceItem) -> str | None:
    """Name what a reader yielded, for people."""
    if isinstance(item, Capture | ReadPage):
        return item.name if isinstance(item, Capture) else item.capture.name
    return f"{item.memento.archive}: {item.memento.url}" if isinstance(item, IndexEntry) else item.where


def run_steps(archive: SqliteArchive, item: CaptureItem, ready: _Ready | None = None) -> None:
    """Take one capture through the steps that ITEM_PIPELINES lists for a crawl. Raises subclasses of ArchiveError.

    `ready` is what was read ahead. Any other error costs this capture alone, which then stays without `taken`.
    """
    try:
        keep(archive, item)
        extract_item(item, _find_usable(ready, item.capture) if ready else None)
        run_step(normalise, item)
        run_step(validate, item)
        store(archive, item)
    except ArchiveError:
        raise
    except Exception as error:
        archive.add_fault(item, error)


def _find_usable(ready: _Ready, capture: Capture) -> Extraction | None:
    """What was read ahead, unless of another capture; faults are for the writer to meet again and to report."""
    page, extraction = ready
    is_of_capture = page is capture or page == capture or page == lighten_capture(capture)
    return extraction if is_of_capture and not has_fault(extraction) else None


def take_waiting_revisits(archive: SqliteArchive) -> None:
    """Restore the waiting revisits whose original a crawl has brought. Raises ArchiveError."""
    Intake(archive, SITE_HOSTS, lambda line: None, StopFlag()).take_revisits(SourceReader(SITE_HOSTS))
