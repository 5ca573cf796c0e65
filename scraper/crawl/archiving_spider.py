"""The bases of the spiders that fill an archive: the run, how a capture gets into the pipeline, and who requests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from scraper.address import replace_unstorable
from scraper.archive import Archive, ArchiveView, CaptureItem, Summary
from scraper.crawl import scrapy_internals
from scraper.crawl.contact import sign_requests
from scraper.crawl.item_rows import register_item_adapter
from scraper.errors import FAILED, OK, PARTLY, ArchiveError
from scraper.records import Brief, Extraction

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

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

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: object, **kwargs: object) -> Self:
        """State the contact to all servers, and give `-o FILE` its rows."""
        register_item_adapter()
        sign_requests(crawler.settings)
        return super().from_crawler(crawler, *args, **kwargs)

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

    async def _download(self, request: Request) -> Response:
        assert self.crawler.engine
        return await self.crawler.engine.download_async(request)

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
        """Note a fault of the program on one page; the run goes on, and its exit code shows it."""
        message = f"{replace_unstorable(url)}: a fault ({type(error).__name__}: {str(error)[:300]}); please report it"
        self.logger.error(message)
        self.logger.debug("where it arose", exc_info=error)
        if self.archive:
            self.archive.add_problem("fault", message)
        elif self.crawler.stats:
            self.crawler.stats.inc_value("archive/faults")

    def _read_stat(self, name: str) -> object:
        return read_stats(self.crawler).get(name)


class RunStop(Exception):
    """Somebody asked the run to stop, or the archive cannot be written to."""


class DirectSpider(ArchivingSpider):
    """A spider that makes all requests itself, in `fetch_all`, and leaves none to Scrapy."""

    archive: Archive  # it is open before anything is asked for

    async def start(self) -> AsyncIterator[Request]:
        """Fetch everything; only a whole run is called finished."""
        try:
            if self.failure is None:
                self._begin_run()
                await self.fetch_all()
        except ArchiveError as error:
            self.failure = error
        except RunStop:
            pass
        requests: tuple[Request, ...] = ()
        for request in requests:  # Scrapy takes a generator
            yield request
        if reason := self.explain_early_end():
            raise CloseSpider(reason)

    async def fetch_all(self) -> None:
        """Fetch everything. Raises ArchiveError and its children, RunStop."""
        raise NotImplementedError

    def explain_early_end(self) -> str | None:
        """Say in a word why the run ended before all was fetched; None if it did not."""
        return "failed" if self.failure else None


def read_stats(crawler: Crawler) -> dict[str, Any]:
    """Read Scrapy's figures of a crawl; none if it never began."""
    return crawler.stats.get_stats() if crawler.stats else {}
