"""The first step: the bytes of a capture are in warcs/ before any rule reads them, whatever comes of that."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import lru_cache

from pipelines.archive import SqliteArchive
from pipelines.crawl_errors import ArchiveStep, get_archive, guard_crawl
from pipelines.faults import note_fault, strip_capture
from pipelines.normalise import normalise_capture, normalise_instant
from scraper.archive import CaptureItem
from scraper.errors import ArchiveError
from scraper.records import Capture, Problem

_TOLERANCE = 86_400  # seconds: clocks are wrong and time zones mistaken


def keep(archive: SqliteArchive, item: CaptureItem) -> None:
    """Keep the bytes, unless the archive has this capture. Raises subclasses of ArchiveError."""
    if item.taken is not None:
        return
    archive.balance.add(item)
    for check in (check_instant, normalise_capture):
        item.capture, problems = check(item.capture)
        item.problems += problems
    try:
        item.place = archive.keep_bytes(item.capture)
    except ArchiveError:
        raise
    except Exception as error:  # without what came with them the bytes can be kept
        item.problems += (note_fault("What came with this page could not be kept", item.capture, error),)
        item.capture = strip_capture(item.capture)
        item.place = archive.keep_bytes(item.capture)


def prepare_capture(capture: Capture) -> Capture:
    """The capture as the next step will find it, without what no rule reads: for one that is read ahead of its turn."""
    return lighten_capture(check_capture(capture))


def check_capture(capture: Capture) -> Capture:
    """The capture in the archive's form."""
    for check in (normalise_capture, check_instant):
        capture, _ = check(capture)
    return capture


def lighten_capture(capture: Capture) -> Capture:
    """The capture without its record and what else only the archive keeps."""
    return replace(capture, record=None, wire=None, names=())


def check_instant(capture: Capture) -> tuple[Capture, tuple[Problem, ...]]:
    """The capture with its instant in the archive's form, or without an impossible one, and the problem with it."""
    stated = capture.captured_at
    if stated is None:
        return capture, ()
    at = normalise_instant(stated)
    if at is not None and at < _find_limit(int(time.time())):
        return (capture if at == stated else replace(capture, captured_at=at)), ()
    kind, wrong = ("future", "is still to come") if at else ("malformed", "is no instant")
    problem = Problem("captured_at", kind, f"captured_at {stated[:80]!r} {wrong}: the capture counts as undated")
    return replace(capture, captured_at=None), (problem,)


@lru_cache(maxsize=1)  # many captures a second
def _find_limit(now: int) -> str:
    """The instant from which on a capture is still to come."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + _TOLERANCE))


class KeepPipeline(ArchiveStep):
    """Keeps the bytes of each capture; they are in warcs/ even if a later step fails."""

    def process_item(self, item: object) -> object:
        """The item with the place of its bytes; raises DropItem where the archive cannot keep them."""
        if isinstance(item, CaptureItem) and (archive := get_archive(self._crawler)):
            with guard_crawl(self._crawler, archive, item):
                keep(archive, item)
        return item
