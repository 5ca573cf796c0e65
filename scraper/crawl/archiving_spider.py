"""The base of every spider that fills an archive: its run, and how a capture gets into the pipeline."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from scrapy import Spider
from scrapy.http import Response

from scraper.address import replace_unstorable
from scraper.archive import Archive, ArchiveView, CaptureItem, Summary
from scraper.crawl import scrapy_internals
from scraper.errors import FAILED, OK, PARTLY, ArchiveError
from scraper.records import Brief, Extraction

RUN_BEGINS = object()  # a signal: the spider runs, and is not only tried by `scrapy parse` or `scrapy check`


class ArchivingSpider(Spider):
    """A spider whose run pipelines.crawl_run begins and ends.

    At RUN_BEGINS that sets `archive`, or in a dry run `view`, or `failure` where the archive cannot be opened; after
    the last page it calls `fill_figures` and sets `summary`.
    """

    batch = 1  # captures that the archive commits at a time

    def __init__(self) -> None:
        super().__init__()
        self.archive: Archive | None = None
        self.view = ArchiveView()
        self.failure: ArchiveError | None = None  # why the run stopped early, in one line
        self.summary: Summary | None = None
        self.figures: dict[str, object] = {}  # for the run's row in crawls
        self.expected = self.done = 0  # requests that the run is to make, and that it has made
        # The posts that the site's lists name as new or edited; None where they may be silent about edits.
        self.news_paths: Collection[str] | None = None
        # By path what REST says of edited posts whose pages do not say themselves when they were changed.
        self.announced_texts: Mapping[str, Brief] = {}
        self.text_lengths: Mapping[str, int] = {}  # characters of the briefs' texts that were read, by path
        self.leaves_news = False  # something that is known to be new is not in the archive as the site shows it

    @property
    def is_local(self) -> bool:
        """Whether every server of the run is this machine; no contact is needed then."""
        raise NotImplementedError

    @property
    def is_dry_run(self) -> bool:
        """Whether nothing is to be written."""
        return False

    @property
    def is_judged(self) -> bool:
        """Whether what the run reads counts only when its end was judged."""
        return False

    def list_arguments(self) -> Mapping[str, str]:
        """The arguments of the run, for its row in crawls."""
        raise NotImplementedError

    def fill_figures(self, reason: str) -> None:
        """Fill `figures` when the run ended for `reason`, in Scrapy's words. Raises ArchiveError."""
        raise NotImplementedError

    def find_exit_code(self, reason: str) -> int:
        """The code of scraper.errors for a run that ended for `reason`, in Scrapy's words."""
        if code := self._read_stat("archive/exit_code"):
            return int(str(code))
        if self.failure:
            return self.failure.exit_code
        if reason == "start_error" or self._read_stat("spider_exceptions/count"):
            return FAILED
        has_gaps = self.has_gaps() or self._read_stat("archive/faults")
        return PARTLY if has_gaps or reason != "finished" else OK

    def has_gaps(self) -> bool:
        """Whether something that was requested did not come, so that another run should request it again."""
        return False

    def _begin_run(self) -> None:
        """Have the archive opened. Raises ArchiveError if that fails."""
        self.crawler.signals.send_catch_log(RUN_BEGINS, spider=self)
        if self.failure:
            raise self.failure

    async def _process_item(
        self, item: CaptureItem, response: Response | None = None, *, quietly: bool = False
    ) -> Extraction:
        """Have the pipeline keep and read the capture; return what it read. `quietly`: no signal is sent.

        Raises ArchiveError where the archive cannot keep it, which ends the run.
        """
        if quietly:
            await scrapy_internals.process_quietly(self.crawler, item)
        else:
            await scrapy_internals.process_item(self.crawler, item, response)
        if error := self._read_stat("archive/error"):
            raise ArchiveError(str(error))
        capture = item.capture
        return item.extraction or Extraction(
            capture.path, capture.address, capture.captured_at, "unreadable", None, None
        )

    def _note_fault(self, url: str, error: Exception) -> None:
        """Note a fault of the program on one page; the run goes on, and its exit code tells of it."""
        message = f"{replace_unstorable(url)}: a fault ({type(error).__name__}: {str(error)[:300]}); please report it"
        self.logger.error(message)
        self.logger.debug("where it arose", exc_info=error)
        if self.archive:
            self.archive.add_problem("fault", message)
        elif self.crawler.stats:
            self.crawler.stats.inc_value("archive/faults")

    def _read_stat(self, name: str) -> object:
        return self.crawler.stats.get_value(name) if self.crawler.stats else None
