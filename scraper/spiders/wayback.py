"""The spider of a Wayback: reads its index, then fetches each version of each page once, as it was captured."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from scraper.address import identity, strip_wayback
from scraper.archive import CaptureItem
from scraper.errors import ArchiveError, WebArchiveBusy
from scraper.records import Capture, Memento, Problem
from scraper.webarchives import replay
from scraper.webarchives.base_spider import OddAnswer
from scraper.webarchives.dedup import TakenVersions
from scraper.webarchives.replay import ReplayedCapture, ReplayFailure
from scraper.webarchives.wayback_client import OversizedAnswer
from scraper.webarchives.wayback_index import WaybackIndexSpider

HOPS = 3  # the archive's own redirects from one copy to another
_REWRITTEN = Problem("body", "rewritten", "the web archive has changed links of this copy, or added to it")


class WaybackSpider(WaybackIndexSpider):
    """Fetches what a Wayback holds of usresistnews.org and usrenewnews.org, or of the one host `site` names."""

    name = "wayback"
    batch = 2  # committed here: a capture together with the state of its line

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self.versions = TakenVersions()
        self._paths: set[str] = set()  # pages of which the archive has a line
        self._waiting: deque[Memento] = deque()
        self._failed: dict[Memento, str] = {}  # those that did not come, with the reason
        self._late: set[str] = set()  # those that did not come the last time
        self._gives_up = False  # one after the other of those did not come again

    def describe_run(self) -> Iterator[str]:
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
            f"{counts['failed']} not as its index says, {counts['other']} redirects that it steps over"
        )
        if counts["hosts_excluded"]:
            yield f"The web archive may not tell what it has of {counts['hosts_excluded']} of the hosts"
        left = len({*self._waiting, *self._failed})
        aside = f"; {counts['aside']} more are left aside by since, until, match and site" if counts["aside"] else ""
        yield f"{left} copies still wait{aside}. {counts['requests']} requests, {counts['refused']} refused for haste"

    async def fetch_all(self) -> None:
        """Read the index and fetch what is new in it."""
        try:
            self.start_rate_limit()
            self.service = await self.find_service()
            for host in sorted(self.selection.hosts):
                await self.read_index(host)
            await self._fetch_mementos()
            if not self.has_good_answer:
                self.stop_for_odd_answers()
        except WebArchiveBusy:
            self.remember_rest()
            raise

    async def _fetch_mementos(self) -> None:
        """Fetch every waiting line whose bytes are not taken yet; once more those that did not come."""
        name = self.service.name
        self.versions = TakenVersions(self.archive.list_mementos(name, "taken"))
        self._paths = {identity(memento.url) for memento in self.archive.list_mementos(name, None)}
        self._paths |= self.archive.paths_not_to_ask()
        if self.selection.recheck:
            self.reopen_mementos(name)
        waiting = self.archive.list_mementos(name)
        self._late = set(json.loads(self.archive.recall(self.make_key("late")) or "[]"))
        chosen = (memento for memento in waiting if self.selection.includes(memento))
        self._waiting = deque(sorted(chosen, key=lambda memento: _format_line(memento) in self._late))
        self.counts["aside"] = len(waiting) - len(self._waiting)
        self.expected = len(self._waiting)
        await self._fetch_waiting()
        first, self._failed = self._failed, {}
        self._late |= set(map(_format_line, first))
        self._waiting.extend(first)
        self.done -= len(first)
        if self.has_good_answer:  # those of the first time do not count together with those of the second
            self.note_good_answer()
        await self._fetch_waiting()
        for memento in self._waiting:  # those that were not worth another request
            self._failed[memento] = first.get(memento, "not requested: others before it did not come either")
        self.counts["unanswered"] += len(self._failed)
        for memento, reason in self._failed.items():
            self.archive.add_problem("unreachable", f"{self.service.build_raw_url(memento)}: {reason}", field="url")

    async def _fetch_waiting(self) -> None:
        while self._waiting and not self._gives_up:
            memento = self._waiting[0]  # removed when it is done: a run that stops here counts it as waiting
            if self.versions.find_memento(memento.url, memento.timestamp) is None:  # else it came in place of another
                if twin := self.versions.find_twin(memento):
                    self._settle_memento(memento, "same", f"the bytes of {twin.timestamp} {twin.url}, which are taken")
                else:
                    await self._attempt(memento, self._fetch_memento)
            self._waiting.remove(memento)
            self.done += 1

    async def _fetch_memento(self, memento: Memento) -> None:
        try:
            result = await self._replay_memento(memento)
        except ArchiveError:  # it may be this copy alone
            self._remember_late(memento)
            raise
        except OversizedAnswer as error:
            result = ReplayFailure("failed", f"larger than DOWNLOAD_MAXSIZE: {error}")
        if isinstance(result, ReplayedCapture):
            await self._take_capture(memento, result)
        elif isinstance(result, Memento):
            self._settle_substitute(memento, result.timestamp, result.digest == memento.digest)
        elif result.state is not None:
            self._settle_memento(memento, result.state, result.reason)
        self.archive.commit()
        if isinstance(result, ReplayFailure) and result.state is None:
            self._note_failed_copy(memento, result)
        else:
            self.note_good_answer()

    def _note_failed_copy(self, memento: Memento, failure: ReplayFailure) -> None:
        """Leave a copy that did not come for later. Raises WebArchiveBusy, SiteUnavailable."""
        self._failed[memento] = failure.reason
        self._remember_late()
        if self.note_odd_answer(OddAnswer(failure.status, failure.reason, _format_line(memento) in self._late)):
            self.stop_for_odd_answers()
            self._gives_up = True

    def _remember_late(self, *further: Memento) -> None:
        """Have the next run request the copies that did not come, and these, last."""
        late = [_format_line(memento) for memento in (*self._failed, *further)]
        self.archive.remember(self.make_key("late"), json.dumps(late))
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
        problems = (_REWRITTEN,) if shown.is_rewritten else ()
        if shown.is_requested and shown.has_digest is False:
            mismatch = f"the payload of {memento.timestamp} is {_bare_sha1(capture)}, the index says {memento.digest}"
            await self._process_capture(capture, problems=(*problems, Problem("digest", "mismatch", mismatch)))
            self.archive.settle_memento(memento, "failed", mismatch)
            self.counts["failed"] += 1
        elif shown.is_requested or self.versions.find_memento(capture.url or "", shown.timestamp) is None:
            line = memento if shown.is_requested else self._add_replayed_line(memento, shown)
            await self._process_capture(capture, memento=line, problems=problems)
            self.versions.add_memento(replace(line, digest=line.digest or _bare_sha1(capture)), capture.status)
            if shown.is_requested and memento.digest and shown.has_digest is None:
                self._note_unverified(memento)
        if not shown.is_requested:
            self._settle_substitute(memento, shown.timestamp, bool(shown.has_digest))
        self._follow_redirect(memento, capture.location)

    def _note_unverified(self, memento: Memento) -> None:
        """Count a copy that came in another form than its digest is of; the first of a run is reported."""
        if not self.counts["unverified"]:
            what = (
                f"{memento.archive}: digests of copies that were chunked or coded cannot be compared, such as that of "
            )
            self.archive.add_problem("unverified", f"{what}{memento.timestamp} {memento.url}; these copies are taken")
        self.counts["unverified"] += 1

    def _add_replayed_line(self, memento: Memento, shown: ReplayedCapture) -> Memento:
        """Add a line for the capture that was shown in place of the requested one."""
        capture = shown.capture
        line = Memento(
            memento.archive, capture.url or memento.url, shown.timestamp, _bare_sha1(capture), capture.status
        )
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
        target = (location or "").partition("#")[0]
        if not target or identity(target) in self._paths:
            return
        linked = Memento(memento.archive, target, memento.timestamp)
        if self.is_page(linked):
            self.archive.add_mementos([linked], self.name)
            self._paths.add(identity(target))
            self._waiting.insert(1, linked)
            self.expected += 1


def _format_line(memento: Memento) -> str:
    return f"{memento.timestamp} {memento.url}"


def _bare_sha1(capture: Capture) -> str:
    return capture.payload_sha1.removeprefix("sha1:")
