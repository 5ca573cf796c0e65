"""The spider of a Wayback: reads its index, then fetches each version of each page once, as it was captured."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator

from scraper.address import host_of, identity, strip_wayback
from scraper.archive import CaptureItem
from scraper.errors import SiteUnavailable, WebArchiveBusy
from scraper.records import Capture, Memento, Problem
from scraper.sources import cdx
from scraper.webarchives import replay
from scraper.webarchives.cursor import IndexCursor
from scraper.webarchives.dedup import TakenVersions, explain_wayback_omission
from scraper.webarchives.replay import ReplayedCapture, ReplayFailure, WaybackAnswer
from scraper.webarchives.wayback_api import IndexQuery, WaybackService, list_services
from scraper.webarchives.wayback_client import OversizedAnswer, WaybackClient

TRIES = 5  # for a page of the index; a copy that did not come is requested once more after all others
HOPS = 3  # the archive's own redirects from one copy to another


class WaybackSpider(WaybackClient):
    """Fetches what a Wayback holds of usresistnews.org and usrenewnews.org, or of the one host `site` names."""

    name = "wayback"
    batch = 2  # committed here: a capture together with the state of its line
    service: WaybackService

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self.versions = TakenVersions()
        self._paths: set[str] = set()  # pages of which the archive has a line
        self._waiting: deque[Memento] = deque()
        self._failed: dict[Memento, str] = {}  # those that did not come, with the reason
        self._limit = 0

    def describe_run(self) -> Iterator[str]:
        """Say what the run did."""
        counts = self.counts
        if not (counts["pages"] or self.expected):
            return
        yield (
            f"Index: {counts['lines']} lines in {counts['pages']} answers, {counts['new']} of copies not known before, "
            f"{counts['left_out']} of no pages (images, WordPress's own rooms)"
        )
        yield (
            f"Copies: {counts['taken']} taken, {counts['same']} with the same bytes as another, "
            f"{counts['missing']} missing, {counts['excluded']} excluded by the web archive, "
            f"{counts['failed']} not as its index tells, {counts['other']} redirects that it steps over"
        )
        if counts["hosts_excluded"]:
            yield f"The web archive may not tell what it has of {counts['hosts_excluded']} of the hosts"
        left = self.expected - self.done + len(self._failed)
        aside = f"; {counts['aside']} more are left aside by since, until, match and site" if counts["aside"] else ""
        yield f"{left} copies still wait{aside}. {counts['requests']} requests, {counts['refused']} refused for haste"

    async def fetch_all(self) -> None:
        """Read the index and fetch what is new in it."""
        self._limit = max(1, self.settings.getint("WAYBACK_INDEX_PAGE"))
        try:
            self.start_rate_limit()
            self.service = await self._find_service()
            for host in sorted(self.selection.hosts):
                await self._read_index(host)
            await self._fetch_mementos()
        except WebArchiveBusy:
            self.remember_rest()
            raise

    async def _find_service(self) -> WaybackService:
        """Find the index: known, remembered, or tried out. Raises SiteUnavailable."""
        assert self.archive
        candidates = list_services(self.selection.archive)
        known = self.archive.recall(self.make_key("index"))
        for service in candidates:
            if len(candidates) == 1 or service.index == known:
                return service
        host = min(self.selection.hosts)
        for service in candidates:
            answer = await self.fetch_answer("index", service.build_sample_url(host))
            if answer and _parse_index_page(answer, service):
                self.archive.remember(self.make_key("index"), service.index)
                return service
        addresses = " nor ".join(service.index for service in candidates)
        raise SiteUnavailable(f"no index of a web archive at {addresses}; of pywb, give the address of a collection")

    async def _read_index(self, host: str) -> None:
        """Add what the index lists of a host to the archive, from where the last run stopped."""
        assert self.archive
        selection = self.selection
        key = self.make_key(host, f"{selection.since}-{selection.until}", selection.match)
        cursor = IndexCursor.parse(self.archive.recall(key)).start_run(selection.since, recheck=selection.recheck)
        query = IndexQuery(host, cursor.since, selection.until, selection.match)
        while True:
            page = await self._read_index_page(query, cursor.resume)
            if page is None:
                return
            self._keep_lines(page)
            cursor = cursor.advance(page)
            self.archive.remember(key, str(cursor))
            self.archive.commit()
            if cursor.finished:
                return

    async def _read_index_page(self, query: IndexQuery, resume: str | None) -> cdx.IndexPage | None:
        """Fetch one page of the index; None, with a problem noted, if none came. Each failure halves the page."""
        assert self.archive
        answer: WaybackAnswer | None = None
        for _ in range(TRIES):
            answer = await self.fetch_answer("index", self.service.build_index_url(query, self._limit, resume))
            page = _parse_index_page(answer, self.service) if answer else None
            if page and page.resume != (resume or ""):  # the same key again would never end
                return page
            if answer and replay.explain_failure(answer).state == "excluded":
                self.counts["hosts_excluded"] += 1
                self.archive.add_problem("excluded", f"{self.service.name} may not tell what it has of {query.host}")
                return None
            self._limit = max(100, self._limit // 2)
        reason = f"HTTP {answer.status}" if answer else "no answer"
        self.counts["unanswered"] += 1
        self.archive.add_problem("unreachable", f"{self.service.index} lists nothing of {query.host} ({reason})")
        return None

    def _keep_lines(self, page: cdx.IndexPage) -> None:
        assert self.archive
        pages = [line for line in page.mementos if self._is_page(line)]
        new = self.archive.add_mementos(pages, self.name)
        left_out = len(page.mementos) - len(pages)
        bad_lines = page.bad_lines
        self.counts.update(pages=1, lines=len(page.mementos), new=new, left_out=left_out, unreadable=len(bad_lines))
        if bad_lines:
            problem = f"{len(bad_lines)} lines of {self.service.index} list no copy, such as {bad_lines[0]}"
            self.archive.add_problem("index", problem)

    def _is_page(self, memento: Memento) -> bool:
        return host_of(memento.url) in self.selection.hosts and explain_wayback_omission(memento) is None

    async def _fetch_mementos(self) -> None:
        """Fetch every waiting line whose bytes are not taken yet; once more those that did not come."""
        assert self.archive
        name = self.service.name
        self.versions = TakenVersions(self.archive.list_mementos(name, "taken"))
        self._paths = {identity(memento.url) for memento in self.archive.list_mementos(name, None)}
        self._paths |= self.archive.paths_not_to_ask()
        waiting = self.archive.list_mementos(name)
        late = set(json.loads(self.archive.recall(self.make_key("late")) or "[]"))
        chosen = (memento for memento in waiting if self.selection.includes(memento))
        self._waiting = deque(sorted(chosen, key=lambda memento: _format_line(memento) in late))
        self.counts["aside"] = len(waiting) - len(self._waiting)
        self.expected = len(self._waiting)
        await self._fetch_waiting()
        self._waiting.extend(self._failed)
        self.done -= len(self._failed)
        self._failed = {}
        await self._fetch_waiting()
        self.counts["unanswered"] += len(self._failed)
        for memento, reason in self._failed.items():
            self.archive.add_problem("unreachable", f"{self.service.build_raw_url(memento)}: {reason}", field="url")

    async def _fetch_waiting(self) -> None:
        while self._waiting:
            memento = self._waiting[0]  # removed when it is done: a run that stops here counts it as waiting
            if self.versions.find_memento(memento.url, memento.timestamp) is None:  # else it came in place of another
                if twin := self.versions.find_twin(memento):
                    self._settle_memento(memento, "same", f"the bytes of {twin.timestamp} {twin.url}, which are taken")
                else:
                    await self._attempt(memento, self._fetch_memento)
            self._waiting.remove(memento)
            self.done += 1

    async def _fetch_memento(self, memento: Memento) -> None:
        assert self.archive
        try:
            result = await self._replay_memento(memento)
        except OversizedAnswer as error:
            result = ReplayFailure("failed", f"larger than DOWNLOAD_MAXSIZE: {error}")
        if isinstance(result, ReplayedCapture):
            await self._take_capture(memento, result)
        elif isinstance(result, Memento):
            self._settle_substitute(memento, result.timestamp, result.digest == memento.digest)
        elif result.state is None:
            self._failed[memento] = result.reason
            # The next run requests them last, so that it gets to the others.
            late = [_format_line(memento) for memento in self._failed]
            self.archive.remember(self.make_key("late"), json.dumps(late))
        else:
            self._settle_memento(memento, result.state, result.reason)
        self.archive.commit()

    async def _replay_memento(self, memento: Memento) -> ReplayedCapture | ReplayFailure | Memento:
        """Fetch what the web archive shows for a line: a capture, none, or one that is taken already."""
        answer = await self.fetch_answer("replay", self.service.build_raw_url(memento))
        for _ in range(HOPS):
            redirect = replay.find_archive_redirect(answer, self.service) if answer else None
            if redirect is None:
                break
            original, stamp = strip_wayback(redirect)
            if taken := self.versions.find_memento(original, stamp or ""):
                return taken
            answer = await self.fetch_answer("replay", redirect)
        return replay.read_answer(memento, answer, self.service) if answer else ReplayFailure(None, "no answer")

    async def _take_capture(self, memento: Memento, shown: ReplayedCapture) -> None:
        """Keep the capture under its own instant, and settle the line: is it the capture that it lists?"""
        capture = shown.capture
        mismatch = _describe_mismatch(memento, shown) if shown.is_requested and shown.has_digest is False else None
        if mismatch:
            await self._process_capture(capture, problems=(Problem("digest", "mismatch", mismatch),))
            assert self.archive
            self.archive.settle_memento(memento, "failed", mismatch)
            self.counts["failed"] += 1
        elif shown.is_requested or self.versions.find_memento(capture.url or "", shown.timestamp) is None:
            line = memento if shown.is_requested else self._add_replayed_line(memento, shown)
            await self._process_capture(capture, memento=line)
            self.versions.add_memento(line, capture.status)
        if not shown.is_requested:
            self._settle_substitute(memento, shown.timestamp, bool(shown.has_digest))
        self._follow_redirect(memento, capture.location)

    def _add_replayed_line(self, memento: Memento, shown: ReplayedCapture) -> Memento:
        """Add a line for the capture that was shown in place of the requested one."""
        assert self.archive
        digest = shown.capture.payload_sha1.removeprefix("sha1:")
        line = Memento(memento.archive, shown.capture.url or memento.url, shown.timestamp, digest, shown.capture.status)
        self.archive.add_mementos([line], self.name)
        return line

    def _settle_substitute(self, memento: Memento, timestamp: str, has_same_bytes: bool) -> None:
        instead = f"the web archive shows its copy of {timestamp} instead"
        if has_same_bytes or memento.digest is None:  # None: no index lists this instant, a redirect led to it
            self._settle_memento(memento, "same", instead)
        elif 300 <= (memento.status or 0) < 400:  # of a page to itself: to https, or to www.
            self._settle_memento(memento, "other", f"a redirect that the web archive steps over; {instead}")
        else:
            self._settle_memento(memento, "failed", instead)

    async def _process_capture(
        self, capture: Capture, memento: Memento | None = None, problems: tuple[Problem, ...] = ()
    ) -> None:
        await self._process_item(CaptureItem(capture, self.selection.hosts, memento=memento, problems=problems))
        self.counts["taken"] += 1

    def _follow_redirect(self, memento: Memento, location: str | None) -> None:
        """Request the page to which a redirect leads next, as it was then, if the index does not list it."""
        assert self.archive
        target = (location or "").partition("#")[0]
        if not target or identity(target) in self._paths:
            return
        linked = Memento(memento.archive, target, memento.timestamp)
        if self._is_page(linked):
            self.archive.add_mementos([linked], self.name)
            self._paths.add(identity(target))
            self._waiting.insert(1, linked)
            self.expected += 1


def _parse_index_page(answer: WaybackAnswer, service: WaybackService) -> cdx.IndexPage | None:
    """Parse a page of an index; None if the answer is none, or not whole."""
    if answer.status != 200 or answer.is_cut:
        return None
    try:
        return cdx.parse_page(answer.body.decode("utf-8", "replace"), service.name)
    except ValueError:
        return None


def _format_line(memento: Memento) -> str:
    return f"{memento.timestamp} {memento.url}"


def _describe_mismatch(memento: Memento, shown: ReplayedCapture) -> str:
    digest = shown.capture.payload_sha1.removeprefix("sha1:")
    return f"the payload of {memento.timestamp} is {digest}, the index says {memento.digest}"
