"""From what readers tell to the archive: extract, take, and keep count of everything that was not taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from pipelines.archive import SqliteArchive
from pipelines.extract import extract_item
from pipelines.keep import keep
from pipelines.normalise import normalise
from pipelines.store import store
from pipelines.validate import validate
from scraper.address import SITE_HOSTS
from scraper.archive import CaptureItem, Taken
from scraper.console.terminal import StopFlag
from scraper.records import Capture, Outcome
from scraper.sources.events import IndexEntry, Omission, SourceItem, Unreadable
from scraper.sources.paths import SourceReader
from scraper.sources.revisits import Revisit, report_missing_original, restore_capture

_Key = tuple[str, str | None, tuple[str, ...]]  # of a revisit
Say = Callable[[str], None]
_LINES = 5  # of one kind about one file; the rest are counted, and all are in `problems`


class Intake:
    """Takes in what readers tell; `counts`, `skipped` and `hosts_left_out` tell of it afterwards."""

    def __init__(self, archive: SqliteArchive, hosts: Collection[str], say: Say, stop: StopFlag) -> None:
        self.counts: Counter[str] = Counter()  # new, known, lost, problems, readings
        self.outcomes: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.hosts_left_out: Counter[str] = Counter()
        self._archive = archive
        self._hosts = frozenset(hosts)
        self._say = say
        self._stop = stop
        self._lines: Counter[tuple[str, str]] = Counter()

    @property
    def taken(self) -> int:
        """Captures that are in the archive now because of this, or were before."""
        return self.outcomes.total()

    def take(self, source: Path, told: Iterable[SourceItem]) -> None:
        """All that one path holds; a path without a single post is told, it may be the wrong one."""
        taken, readings = self.taken, self.counts["readings"]
        self.take_all(told)
        pages = self.taken - taken
        if pages and self.counts["readings"] == readings and not self._stop.is_requested:
            self._tell(Unreadable(str(source), "empty", f"no brief in any of its {pages} pages", lost=False))

    def take_all(self, told: Iterable[SourceItem]) -> None:
        """Everything, until somebody asks to stop."""
        for item in told:
            if isinstance(item, Capture):
                self._capture(item)
            elif isinstance(item, Omission):
                self._skip(item)
            elif isinstance(item, IndexEntry):
                self._index(item)
            else:
                self._tell(item)
            if self._stop.is_requested:
                return

    def take_revisits(self, reader: SourceReader) -> None:
        """Those that `reader` met and those that waited: each as a capture, or kept until its original is there."""
        waited = self._archive.revisits.read()
        asked = {revisit.key: revisit for revisit in (*reader.revisits, *waited)}
        self._settle(asked)
        for revisit, original in list(reader.find_originals(asked.values())):  # of hosts or kinds that are not taken
            self._restore(asked.pop(revisit.key), original)
        self._settle(asked)
        self.counts["waiting"] = len(asked)
        before = {revisit.key for revisit in waited}
        for revisit in asked.values():
            if self._stop.is_requested:
                return
            if revisit.key not in before:
                self._archive.revisits.keep(revisit)
                self._tell(report_missing_original(revisit))

    def _settle(self, asked: dict[_Key, Revisit]) -> None:
        """Take those out whose original is in the archive; what becomes a capture may be another's original."""
        found = True
        while found and not self._stop.is_requested:
            found = False
            for key, revisit in list(asked.items()):
                if original := self._archive.revisits.find_original(revisit):
                    self._restore(asked.pop(key), original)
                    found = True

    def _restore(self, revisit: Revisit, original: Capture) -> None:
        self._capture(restore_capture(revisit, original))
        self._archive.revisits.settle(revisit)

    def close(self) -> None:
        """Say how many lines were kept back."""
        for (where, what), lines in self._lines.items():
            if lines > _LINES:
                self._say(f"{where}: {lines - _LINES} more of this kind ({what}); all are in the table problems")

    def _capture(self, capture: Capture) -> None:
        if met := self._archive.met(capture):
            self._count("known", met.outcome, met.readings)
            return
        item = CaptureItem(capture, self._hosts)
        take_in(self._archive, item)
        assert item.extraction
        assert item.taken
        self._count(item.taken, item.extraction.outcome, len(item.extraction.readings))

    def _count(self, taken: Taken, outcome: Outcome, readings: int) -> None:
        self.counts[taken] += 1
        self.outcomes[outcome] += 1
        self.counts["readings"] += readings

    def _skip(self, item: Omission) -> None:
        self.skipped[item.reason] += 1
        if item.reason == "host":
            self.hosts_left_out[item.detail] += 1

    def _index(self, item: IndexEntry) -> None:
        """A capture that no file given holds is a gap, until a file that holds it is given with its index."""
        if item.is_held:
            self._archive.settle_memento(item.memento, "taken")
        else:
            self._archive.add_mementos([item.memento], "cdx")

    def _tell(self, trouble: Unreadable) -> None:
        self._archive.add_problem(trouble.what, str(trouble))
        self.counts["problems"] += 1
        self.counts["lost"] += trouble.lost
        self._lines[trouble.where, trouble.what] += 1
        if self._lines[trouble.where, trouble.what] <= _LINES:
            self._say(str(trouble))


def take_in(archive: SqliteArchive, item: CaptureItem) -> None:
    """One capture, by the steps that ITEM_PIPELINES lists for a crawl. Raises ArchiveError's children."""
    keep(archive, item)
    extract_item(item)
    assert item.extraction
    item.extraction = validate(normalise(item.extraction))
    store(archive, item)


def take_waiting(archive: SqliteArchive) -> None:
    """Take in the revisits whose original a crawl has brought. Raises ArchiveError."""
    Intake(archive, SITE_HOSTS, lambda line: None, StopFlag()).take_revisits(SourceReader(SITE_HOSTS))
