"""The part of the Wayback spider that reads the index, page by page, and goes on where the last run stopped."""

from __future__ import annotations

from scraper.address import host_of
from scraper.errors import SiteUnavailable
from scraper.records import Memento
from scraper.sources import cdx
from scraper.webarchives import replay
from scraper.webarchives.base_spider import OddAnswer
from scraper.webarchives.cursor import IndexCursor
from scraper.webarchives.dedup import explain_wayback_omission
from scraper.webarchives.index_answer import EmptyPage, read_index_page
from scraper.webarchives.wayback_api import MOST_LINES, IndexQuery, WaybackService, list_services
from scraper.webarchives.wayback_client import WaybackClient

TRIES = 5  # for a page of the index
_SMALLEST = 100  # lines of a page that failed again and again, and one more: a page that was full is not full again


class WaybackIndexSpider(WaybackClient):
    """Adds what an index lists to the archive."""

    service: WaybackService

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self._limit = 0  # lines to request; the setting, until a page fails

    async def find_service(self) -> WaybackService:
        """Find the index: known, remembered, or tried out. Raises SiteUnavailable."""
        candidates = list_services(self.selection.archive)
        known = self.archive.recall(self.make_key("index"))
        for service in candidates:
            if len(candidates) == 1 or service.index == known:
                return service
        host = min(self.selection.hosts)
        for service in candidates:
            answer = await self.fetch_answer("index", service.build_sample_url(host))
            try:
                sample = read_index_page(answer, service, IndexCursor()) if answer else None
            except ValueError:
                continue
            if sample and sample.mementos:  # any server may answer with nothing
                self.archive.remember(self.make_key("index"), service.index)
            if sample:
                return service
        addresses = " nor ".join(service.index for service in candidates)
        raise SiteUnavailable(f"no index of a web archive at {addresses}; of pywb, give the address of a collection")

    async def read_index(self, host: str) -> None:
        """Add what the index lists of a host to the archive, from where the last run stopped."""
        most = max(1, self.settings.getint("WAYBACK_INDEX_PAGE")) if self.service.has_resume_keys else MOST_LINES
        self._limit = self._limit or most
        selection = self.selection
        key = self.make_key(host, f"{selection.since}-{selection.until}", selection.match)
        cursor = IndexCursor.parse(self.archive.recall(key)).start_run(selection.since, recheck=selection.recheck)
        query = IndexQuery(host, cursor.since, selection.until, selection.match)
        first = cursor.resume
        while True:
            try:
                page = await self._read_index_page(query, cursor)
            except EmptyPage:
                cursor = cursor.step_back()
                continue
            if page is None:
                if first and cursor.resume == first:  # it failed the last run too: it may be that key
                    self.archive.remember(key, str(cursor.restart()))
                return
            self._keep_lines(page)
            cursor = cursor.advance(page)
            self.archive.remember(key, str(cursor))
            self.archive.commit()
            if cursor.resume is None:
                return

    async def _read_index_page(self, query: IndexQuery, cursor: IndexCursor) -> cdx.IndexPage | None:
        """Fetch one page of the index; None, with a problem noted, if none came. Each failure halves the page.

        A page with lines that cannot be parsed is taken when it comes no better, and noted too. Raises EmptyPage,
        as long as smaller pages can tell whether the index ends there.
        """
        best: cdx.IndexPage | None = None
        reason = "no answer"
        for _ in range(TRIES):
            answer = await self.fetch_answer("index", self.service.build_index_url(query, self._limit, cursor.resume))
            try:
                page = read_index_page(answer, self.service, cursor, self._limit) if answer else None
            except ValueError as error:
                page, reason = None, str(error)
                if isinstance(error, EmptyPage) and self._shrink_page():
                    raise
            if page and page.is_whole:
                self.note_good_answer()
                return page
            if answer and page is None and replay.explain_failure(answer).state == "excluded":
                self.note_good_answer()
                self.counts["hosts_excluded"] += 1
                what = f"{self.service.name} may not tell what it has of {query.host}"
                self.archive.add_problem("excluded", what)
                return None
            self.note_odd_answer(OddAnswer(answer.status if answer else None, reason))
            best = page or best
            self._shrink_page()
        self.counts["unanswered"] += 1
        reason = f"a line cannot be parsed: {best.bad_lines[0]}" if best else reason
        what = f"{self.service.index} gives no whole list of {query.host} ({reason})"
        self.archive.add_problem("unreachable", what)
        return best

    def _shrink_page(self) -> bool:
        """Request fewer lines from now on, if there are enough of them; whether it is another number."""
        before = self._limit
        if self.service.has_resume_keys:  # without them there is one page
            self._limit = max(_SMALLEST, self._limit // 2) + 1
        return self._limit != before

    def _keep_lines(self, page: cdx.IndexPage) -> None:
        pages = [line for line in page.mementos if self.is_page(line)]
        new = self.archive.add_mementos(pages, self.name)
        left_out = len(page.mementos) - len(pages)
        bad_lines = page.bad_lines
        self.counts.update(pages=1, lines=len(page.mementos), new=new, left_out=left_out, unreadable=len(bad_lines))
        if bad_lines:
            problem = f"{len(bad_lines)} lines of {self.service.index} list no copy, such as {bad_lines[0]}"
            self.archive.add_problem("index", problem)

    def is_page(self, memento: Memento) -> bool:
        """Whether a line is of a page of the site that may hold posts or lists of them."""
        return host_of(memento.url) in self.selection.hosts and explain_wayback_omission(memento) is None
