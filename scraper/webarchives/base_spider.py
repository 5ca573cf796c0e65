"""The base of the spiders over web archives: one request after the other, and none when a server asks for rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from scraper.archive import MementoState
from scraper.crawl.archiving_spider import DirectSpider, RunStop
from scraper.crawl.argument_values import list_changed_values
from scraper.crawl.download_failure import describe_failure
from scraper.crawl.site import drop_delays
from scraper.crawl.stoppable_download import GivenUpDownload
from scraper.errors import BUSY, UNAVAILABLE, ArchiveError, BadArgument, SiteUnavailable, WebArchiveBusy
from scraper.records import Memento
from scraper.webarchives.rate_limit import PATIENCE, SILENCE
from scraper.webarchives.selection import Selection

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

LATER = "run it again in some hours; it goes on where it was"
# Their indexes are made for programs; their robots.txt is about the pages that people read there.
_META = {"handle_httpstatus_all": True, "dont_obey_robotstxt": True, "dont_redirect": True, "download_slot": "asking"}
_BUSY = (429, 503)
_REFUSED = (401, 402, 403, 407, 451, 498)  # they may be meant for us
_SETTLED: tuple[MementoState, ...] = ("same", "missing", "excluded", "other", "failed")
_ENDS = {BUSY: "busy", UNAVAILABLE: "unavailable"}  # why a run ended, by its exit code
_PAUSE = 60  # seconds, where a busy server names no time


@dataclass(frozen=True, slots=True)
class OddAnswer:
    """An answer in place of an index or a copy: of a proxy, a wall, a server that is off."""

    status: int | None
    reason: str
    is_known: bool = False  # of a copy that did not come the last time either


class WebArchiveSpider(DirectSpider):
    """Makes one request after the other in `fetch_all` and keeps the state of each line in the archive."""

    counted = "records"
    per_minute: str  # the setting with the number of requests a minute
    selection_type: ClassVar[type[Selection]]
    selection: Selection

    def __init__(self, **arguments: str) -> None:
        super().__init__()
        try:
            self.selection = self.selection_type.read(arguments)
        except BadArgument as error:
            self.failure, self.selection = error, self.selection_type()
        self.counts: Counter[str] = Counter()  # states of mementos; unanswered; and the spider's own
        self.has_good_answer = False  # in this run
        self._failures_in_row = 0  # requests in a row without an answer
        self._odd_answers: list[OddAnswer] = []  # in a row

    @property
    def is_local(self) -> bool:
        return self.selection.is_local

    def list_arguments(self) -> Mapping[str, str]:
        return list_changed_values(self.selection)

    def describe_run(self) -> Iterator[str]:
        """Say what the run did."""
        raise NotImplementedError

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: object, **kwargs: object) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        delay = 60 / max(1, crawler.settings.getint(cls.per_minute))
        settings = {"DOWNLOAD_DELAY": delay, "AUTOTHROTTLE_START_DELAY": delay, "BUSY_PAUSE": _PAUSE}
        settings["DOWNLOAD_WARNSIZE"] = 0  # pages of an index are large
        crawler.settings.setdict(settings, priority="spider")
        if spider.is_local:
            drop_delays(crawler.settings)
        return spider

    def explain_early_end(self) -> str | None:
        if self.failure:
            return _ENDS.get(self.failure.exit_code, "failed")
        return "unanswered" if self.counts["unanswered"] else None

    def fill_figures(self, reason: str) -> None:
        self.figures = {f"{self.name}/{name}": number for name, number in sorted(self.counts.items())}
        self.figures["finish_reason"] = reason

    def has_gaps(self) -> bool:
        """Whether an answer is missing or not as the index says."""
        return bool(self.counts["unanswered"] + self.counts["failed"])

    def note_good_answer(self) -> None:
        """Note an answer that an index or a web archive gives."""
        self.has_good_answer = True
        self._failures_in_row = 0
        self._odd_answers.clear()

    def note_odd_answer(self, odd: OddAnswer) -> bool:
        """Note an answer that is neither index nor copy; whether there were several in a row."""
        self._odd_answers.append(odd)
        return self._has_many_odd_answers()

    def _has_many_odd_answers(self) -> bool:
        are_refusals = all(odd.status in _REFUSED for odd in self._odd_answers)
        return len(self._odd_answers) >= (PATIENCE if are_refusals else SILENCE)

    def stop_for_odd_answers(self) -> None:
        """Stop the run if several answers in a row were odd. Raises WebArchiveBusy, SiteUnavailable.

        Where others were good, copies that did not come in earlier runs either say nothing about the web archive.
        """
        odd = self._odd_answers
        if self._has_many_odd_answers() and not (self.has_good_answer and all(answer.is_known for answer in odd)):
            what = f"{len(odd)} answers in a row were neither index nor copy, the last {odd[-1].reason}; {LATER}"
            raise WebArchiveBusy(what) if odd[-1].status in _REFUSED else SiteUnavailable(what)

    def reopen_mementos(self, archive: str) -> None:
        """Have every chosen line of that index that was settled without a capture wait again."""
        for state in _SETTLED:
            for memento in filter(self.selection.includes, self.archive.list_mementos(archive, state)):
                self.archive.settle_memento(memento, "waiting")
        self.archive.commit()

    async def _attempt(self, memento: Memento, fetch: Callable[[Memento], Awaitable[None]]) -> None:
        """Fetch what a line lists; a fault of the program costs that line alone. Raises ArchiveError, RunStop."""
        try:
            await fetch(memento)
        except (ArchiveError, RunStop):
            raise
        except Exception as error:
            self._note_fault(memento.url, error)
            self._settle_memento(memento, "failed", f"a fault of this program: {type(error).__name__}")

    def _settle_memento(self, memento: Memento, state: MementoState, reason: str) -> None:
        """Store the state of a line; a failure is a problem too."""
        self.counts[state] += 1
        self.archive.settle_memento(memento, state, reason)
        if state == "failed":
            self.archive.add_problem("memento", f"{memento.url} of {memento.timestamp} in {memento.archive}: {reason}")

    async def _fetch_response(self, url: str, headers: Mapping[str, str] | None = None) -> Response | None:
        """Fetch the answer; None, with a problem noted, if none came. Raises WebArchiveBusy, RunStop.

        RetryAfterMiddleware asked a busy server three times by then, with pauses.
        """
        if not (self.crawler.engine and self.crawler.engine.running) or self._read_stat("archive/error"):
            raise RunStop
        request = Request(url, NO_CALLBACK, headers=headers, meta=dict(_META), dont_filter=True)
        try:
            response = await self._download(request)
        except GivenUpDownload as error:
            raise RunStop from error
        except Exception as error:  # of any kind: the next request may have an answer
            self._note_failure(url, describe_failure(error))
            return None
        if response.status in _BUSY:
            raise WebArchiveBusy(f"{url}: HTTP {response.status} again and again; {LATER}")
        if response.status >= 500:
            self._note_failure(url, f"HTTP {response.status}")
            return None
        if "dataloss" in response.flags:
            self._note_failure(url, "the answer was cut off")
            return None
        return response

    def _note_failure(self, url: str, reason: str) -> None:
        self.counts["unanswered"] += 1
        self.archive.add_problem("unreachable", f"{url}: {reason}", field="url")
        self._failures_in_row += 1
        if self._failures_in_row >= PATIENCE:
            raise WebArchiveBusy(f"{url}: {reason}; {PATIENCE} requests in a row had no answer; {LATER}")
