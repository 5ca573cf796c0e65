"""The last step: an extraction becomes rows of the archive."""

from __future__ import annotations

from pipelines.archive import SqliteArchive
from pipelines.crawl_errors import ArchiveStep, get_archive, guard_crawl
from pipelines.faults import note_fault, strip_capture
from scraper.archive import CaptureItem
from scraper.errors import ArchiveError
from scraper.records import Extraction


def store(archive: SqliteArchive, item: CaptureItem) -> None:
    """Write the rows, or the readings of a capture that was stored without them. Raises subclasses of ArchiveError.

    Where they cannot be written by a fault of ours, the row of the capture alone is, with the fault as its problem.
    """
    try:
        _write_rows(archive, item)
    except ArchiveError:
        raise
    except Exception as error:
        fault = note_fault("The rows of this page could not be stored", item.capture, error)
        item.capture = capture = strip_capture(item.capture)
        known = capture.path, capture.address, capture.captured_at
        item.extraction = Extraction(*known, "unreadable", None, None, problems=(*item.problems, fault))
        _write_rows(archive, item)
    archive.balance.settle(item)


def _write_rows(archive: SqliteArchive, item: CaptureItem) -> None:
    assert item.extraction
    if item.taken is None:
        wanted = item.store_readings and not (item.awaits_verdict and item.extraction.readings)
        item.taken = archive.store_capture(
            item.capture, item.extraction, item.place, store_readings=wanted, memento=item.memento
        )
    elif item.store_readings:
        archive.add_readings(item.capture, item.extraction)


class StorePipeline(ArchiveStep):
    """Writes the rows of each capture.

    Stats: `archive/new`, `archive/unchanged`, `archive/known`; after trouble `archive/error` and `archive/exit_code`.
    """

    def process_item(self, item: object) -> object:
        """The item itself; raises DropItem where the archive cannot store it, after asking the crawl to end."""
        if isinstance(item, CaptureItem) and (archive := get_archive(self._crawler)):
            is_new = item.taken is None
            with guard_crawl(self._crawler, archive, item):
                store(archive, item)
            if is_new and item.taken and self._crawler.stats:
                self._crawler.stats.inc_value(f"archive/{item.taken}")
        return item
