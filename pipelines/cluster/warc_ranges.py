"""WARC files read in ranges by workers, each of which reads the records and their pages; the writer puts them in order.

A worker finds by itself where the first record of its range begins. It is believed only where the range before ended at
that very byte: so whatever a file holds, each record comes once, and in the order in which one machine reads them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.keep import prepare_capture
from scraper.records import Capture
from scraper.sources import warc
from scraper.sources.archive_records import RecordSpan, find_record, has_record_members
from scraper.sources.events import ReadPage, ReportProgress, SourceItem, Unreadable
from scraper.sources.remote import RemoteTrouble
from scraper.sources.revisits import Revisit
from scraper.sources.zip_member import RecordFile, SharedFile, ZipMember

if TYPE_CHECKING:
    from scraper.records import Extraction

RANGE = 2 * 2**20  # packed bytes: some hundred pages, a second of work
_HEAVY = 192 * 2**20  # unpacked bytes of a range, beyond which the writer reads it page by page
_AHEAD = 2  # ranges more than there are processes
_UNKNOWN = -1  # where the next record begins, behind a range that could not be read
FindKnown = Callable[[str], Iterable[tuple[str, str | None]]]  # digests and instants of the captures of a file


@dataclass(frozen=True, slots=True)
class RangeJob:
    """A range of a file, and what its reader must know."""

    file: RecordFile
    begin: int
    end: int
    hosts: frozenset[str] | None
    known: frozenset[bytes]  # captures that the archive has from this file, as `digest_key` writes them


@dataclass(frozen=True, slots=True)
class RangeResult:
    """What a range holds."""

    begin: int | None  # of its first record, None where no record begins in it
    next: int | None  # where the first record behind it begins, None at the end of the file
    items: tuple[SourceItem, ...]
    revisits: tuple[Revisit, ...]


def read_range(job: RangeJob) -> RangeResult | None:
    """Read the records and the pages of a range, in a worker; None for one that is too heavy. Raises OSError."""
    with job.file.open("rb") as file:
        begin = 0 if job.begin == 0 else find_record(file, str(job.file), job.begin, job.end)
    if begin is None:
        return RangeResult(None, None, (), ())
    span, weight = RecordSpan(begin, job.end), 0
    items: list[SourceItem] = []
    revisits: list[Revisit] = []
    for item in warc.read_captures(job.file, job.hosts, lambda _: None, revisits, span=span):
        if not isinstance(item, Capture):
            items.append(item)
            continue
        weight += len(item.body) + len(item.wire or b"")
        if weight > _HEAVY:
            return None
        page = prepare_capture(item)
        is_known = digest_key(page.digest, page.captured_at) in job.known
        items.append(ReadPage(item, page, None if is_known else _extract(page, job.hosts)))
    return RangeResult(begin, span.next, tuple(items), tuple(revisits))


def _extract(page: Capture, hosts: frozenset[str] | None) -> Extraction | None:
    from pipelines.extract import extract  # noqa: PLC0415 - the writer does without the rules until it needs them

    try:
        return extract(page, hosts=hosts or frozenset())
    except Exception:  # the writer meets it again, and reports it
        return None


def digest_key(digest: str, captured_at: str | None) -> bytes:
    """Digest what makes a capture of a file known, in few bytes."""
    return blake2b(f"{digest} {captured_at}".encode(), digest_size=8).digest()


@dataclass(frozen=True, slots=True)
class WarcRanges:
    """Reads WARC files by an executor; `read_captures` does what `warc.read_captures` does."""

    executor: Executor
    processes: int
    say: Callable[[str], None]
    find_known: FindKnown
    size: int = RANGE

    def read_captures(
        self,
        path: RecordFile,
        hosts: Collection[str] | None,
        report_progress: ReportProgress,
        revisits: list[Revisit],
    ) -> Iterator[SourceItem]:
        """Yield every page of the file in order. Raises OSError where nothing of it can be read."""
        at: int | None = 0
        for job, result in self._run_jobs(self._list_jobs(path, hosts)):
            if at is None or at >= job.end:
                continue
            if result and at in (_UNKNOWN, result.begin):
                yield from result.items
                revisits += result.revisits
                at = result.next if result.begin is not None else at
                report_progress(job.end - job.begin)
                continue
            span = RecordSpan(at, job.end)
            try:
                if at == _UNKNOWN:
                    span.begin = _find_begin(job)
                yield from warc.read_captures(path, hosts, report_progress, revisits, span=span)
                at = span.next
            except RemoteTrouble as error:
                at = _UNKNOWN
                what = f"its bytes {job.begin} to {job.end} cannot be had now: {error}"
                yield Unreadable(str(path), "remote", f"{what}; to read them later give the command again")

    def _list_jobs(self, path: RecordFile, hosts: Collection[str] | None) -> list[RangeJob]:
        """List the ranges of a file; one range where its records have no gzip members of their own."""
        with path.open("rb") as opened:
            size = opened.seek(0, 2)
            step = self.size if size > self.size and has_record_members(opened, str(path)) else max(1, size)
        if isinstance(path, ZipMember):  # not a file that a worker can open by itself
            step = max(1, size)
        known = frozenset(digest_key(*key) for key in self.find_known(str(path)))
        file = SharedFile(path.absolute(), str(path)) if isinstance(path, Path) else path
        taken = None if hosts is None else frozenset(hosts)
        return [RangeJob(file, begin, min(begin + step, size), taken, known) for begin in range(0, size, step)]

    def _run_jobs(self, jobs: list[RangeJob]) -> Iterator[tuple[RangeJob, RangeResult | None]]:
        """Yield the ranges in order with what was read of them, None where the writer is to read one."""
        if len(jobs) < 2:
            yield from ((job, None) for job in jobs)
            return
        waiting = iter(jobs)
        pending: deque[tuple[RangeJob, Future[RangeResult | None] | None]] = deque()
        pending.extend((job, self._submit(job)) for job in islice(waiting, self.processes + _AHEAD))
        try:
            while pending:
                job, future = pending.popleft()
                yield job, self._collect(job, future)
                pending.extend((job, self._submit(job)) for job in islice(waiting, 1))
        finally:
            for _, future in pending:
                if future:
                    future.cancel()

    def _submit(self, job: RangeJob) -> Future[RangeResult | None] | None:
        with suppress(RuntimeError):  # broken: said already
            return self.executor.submit(read_range, job)
        return None

    def _collect(self, job: RangeJob, future: Future[RangeResult | None] | None) -> RangeResult | None:
        try:
            return future.result() if future else None
        except (BrokenExecutor, CancelledError):  # said already
            return None
        except RemoteTrouble:  # met again, and told, by the writer if it has no better luck
            return None
        except Exception as error:
            what = f"{type(error).__name__}: {str(error)[:200]}"
            self.say(f"{job.file}: a worker could not read its bytes {job.begin} to {job.end} ({what}): read here")
            return None


def _find_begin(job: RangeJob) -> int:
    with job.file.open("rb") as file:
        begin = find_record(file, str(job.file), job.begin, job.end)
    return job.end if begin is None else begin
