"""A Wayback's copies of the site: its index is read, then each version of each page is fetched once, as captured."""

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
from scraper.webarchives.client import PatientSpider, TooLarge
from scraper.webarchives.cursor import Bookmark
from scraper.webarchives.dedup import TakenVersions, explain_wayback_omission
from scraper.webarchives.replay import Answer, NotShown, Shown
from scraper.webarchives.wayback_api import Query, Service, services

TRIES = 5  # of an index page; a copy that did not come is asked for once more when all others are done
HOPS = 3  # the archive's own redirects from one copy to another


class WaybackSpider(PatientSpider):
    """Fetches what a Wayback holds of usresistnews.org and usrenewnews.org, or of the one host `site` names."""

    name = "wayback"
    batch = 2  # committed here: a copy with what became of its line
    service: Service

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self.versions = TakenVersions()
        self._paths: set[str] = set()  # of which the ledger has a line
        self._todo: deque[Memento] = deque()
        self._again: dict[Memento, str] = {}  # did not come, and why
        self._limit = 0

    def closing_lines(self) -> Iterator[str]:
        """What the run did, for people."""
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
        left = self.expected - self.done + len(self._again)
        aside = f"; {counts['aside']} more are left aside by since, until, match and site" if counts["aside"] else ""
        yield f"{left} copies still wait{aside}. {counts['requests']} requests, {counts['refused']} refused for haste"

    async def work(self) -> None:
        """Read the index, fetch what is new in it."""
        self._limit = max(1, self.settings.getint("WAYBACK_INDEX_PAGE"))
        try:
            self.begin()
            self.service = await self._find()
            for host in sorted(self.selection.hosts):
                await self._read_index(host)
            await self._fetch_all()
        except WebArchiveBusy:
            self.rest()
            raise

    async def _find(self) -> Service:
        """Where the index is: known, remembered, or looked for. Raises SiteUnavailable."""
        assert self.archive
        found = services(self.selection.archive)
        known = self.archive.recall(self.key("index"))
        for service in found:
            if len(found) == 1 or service.index == known:
                return service
        host = min(self.selection.hosts)
        for service in found:
            answer = await self.get("index", service.sample(host))
            if answer and _index_page(answer, service):
                self.archive.remember(self.key("index"), service.index)
                return service
        asked = " nor ".join(service.index for service in found)
        raise SiteUnavailable(f"no index of a web archive at {asked}; of pywb, give the address of a collection")

    async def _read_index(self, host: str) -> None:
        """Have in the ledger what the index tells of a host; from where the last run stopped, or what is new."""
        assert self.archive
        chosen = self.selection
        key = self.key(host, f"{chosen.since}-{chosen.until}", chosen.match)
        mark = Bookmark.told(self.archive.recall(key)).opened(chosen.since, recheck=chosen.recheck)
        query = Query(host, mark.since, chosen.until, chosen.match)
        while True:
            page = await self._index(query, mark.resume)
            if page is None:
                return
            self._note_lines(page)
            mark = mark.after(page)
            self.archive.remember(key, str(mark))
            self.archive.commit()
            if mark.finished:
                return

    async def _index(self, query: Query, resume: str | None) -> cdx.IndexPage | None:
        """One answer of the index; None, and a problem, if there is none. Fewer lines are asked for after a failure."""
        assert self.archive
        answer: Answer | None = None
        for _ in range(TRIES):
            answer = await self.get("index", self.service.query(query, self._limit, resume))
            page = _index_page(answer, self.service) if answer else None
            if page and page.resume != (resume or ""):
                return page
            if answer and replay.own_word(answer).state == "excluded":
                self.counts["hosts_excluded"] += 1
                self.archive.note("excluded", f"{self.service.name} may not tell what it has of {query.host}")
                return None
            self._limit = max(100, self._limit // 2)
        why = f"HTTP {answer.status}" if answer else "no answer"
        self.counts["unanswered"] += 1
        self.archive.note("unreachable", f"{self.service.index} tells nothing of {query.host} ({why})")
        return None

    def _note_lines(self, page: cdx.IndexPage) -> None:
        assert self.archive
        kept = [line for line in page.mementos if self._is_page(line)]
        new = self.archive.add_mementos(kept, self.name)
        left = len(page.mementos) - len(kept)
        self.counts.update(pages=1, lines=len(page.mementos), new=new, left_out=left, unreadable=len(page.bad_lines))
        if page.bad_lines:
            told = f"{len(page.bad_lines)} lines of {self.service.index} tell of no copy, such as {page.bad_lines[0]}"
            self.archive.note("index", told)

    def _is_page(self, memento: Memento) -> bool:
        return host_of(memento.url) in self.selection.hosts and explain_wayback_omission(memento) is None

    async def _fetch_all(self) -> None:
        """Every line that waits, unless its bytes were taken for another; those that did not come once more."""
        assert self.archive
        name = self.service.name
        self.versions = TakenVersions(self.archive.mementos(name, "taken"))
        self._paths = {identity(memento.url) for memento in self.archive.mementos(name, None)}
        self._paths |= self.archive.paths_not_to_ask()
        waiting = self.archive.mementos(name)
        late = set(json.loads(self.archive.recall(self.key("late")) or "[]"))
        chosen = (memento for memento in waiting if self.selection.includes(memento))
        self._todo = deque(sorted(chosen, key=lambda memento: _line(memento) in late))
        self.counts["aside"] = len(waiting) - len(self._todo)
        self.expected = len(self._todo)
        await self._fetch_some()
        self._todo.extend(self._again)
        self.done -= len(self._again)
        self._again = {}
        await self._fetch_some()
        self.counts["unanswered"] += len(self._again)
        for memento, reason in self._again.items():
            self.archive.note("unreachable", f"{self.service.raw(memento)}: {reason}", field="url")

    async def _fetch_some(self) -> None:
        while self._todo:
            memento = self._todo[0]  # it is off the list when it is done: a run that stops here counts it as waiting
            if self.versions.find_memento(memento.url, memento.timestamp) is None:  # it may have been shown for another
                if twin := self.versions.find_twin(memento):
                    self._settle(memento, "same", f"the bytes of {twin.timestamp} {twin.url}, which are taken")
                else:
                    await self._fetch(memento)
            self._todo.remove(memento)
            self.done += 1

    async def _fetch(self, memento: Memento) -> None:
        assert self.archive
        try:
            shown = await self._shown(memento)
        except TooLarge as error:
            shown = NotShown("failed", f"larger than DOWNLOAD_MAXSIZE: {error}")
        if isinstance(shown, Shown):
            await self._take(memento, shown)
        elif isinstance(shown, Memento):
            self._settle_other(memento, shown.timestamp, shown.digest == memento.digest)
        elif shown.state is None:
            self._again[memento] = shown.reason
            late = [_line(memento) for memento in self._again]  # they come last in the next run: it gets to the others
            self.archive.remember(self.key("late"), json.dumps(late))
        else:
            self._settle(memento, shown.state, shown.reason)
        self.archive.commit()

    async def _shown(self, memento: Memento) -> Shown | NotShown | Memento:
        """What the archive shows for a line: a capture, none, or one that is taken already."""
        answer = await self.get("replay", self.service.raw(memento))
        for _ in range(HOPS):
            onward = replay.onward(answer, self.service) if answer else None
            if onward is None:
                break
            original, stamp = strip_wayback(onward)
            if there := self.versions.find_memento(original, stamp or ""):
                return there
            answer = await self.get("replay", onward)
        return replay.judge(memento, answer, self.service) if answer else NotShown(None, "no answer")

    async def _take(self, memento: Memento, shown: Shown) -> None:
        """Keep what was shown under its own instant, and say of the line whether that is what it tells of."""
        capture = shown.capture
        wrong = _mismatch(memento, shown) if shown.itself and shown.agrees is False else None
        if wrong:
            await self._hand_over(capture, problems=(Problem("digest", "mismatch", wrong),))
            assert self.archive
            self.archive.settle_memento(memento, "failed", wrong)
            self.counts["failed"] += 1
        elif shown.itself or self.versions.find_memento(capture.url or "", shown.timestamp) is None:
            line = memento if shown.itself else self._line_of(memento, shown)
            await self._hand_over(capture, memento=line)
            self.versions.add_memento(line, capture.status)
        if not shown.itself:
            self._settle_other(memento, shown.timestamp, bool(shown.agrees))
        self._follow(memento, capture.location)

    def _line_of(self, memento: Memento, shown: Shown) -> Memento:
        """The ledger's line of the copy that was shown in place of the one asked for."""
        assert self.archive
        digest = shown.capture.payload_sha1.removeprefix("sha1:")
        line = Memento(memento.archive, shown.capture.url or memento.url, shown.timestamp, digest, shown.capture.status)
        self.archive.add_mementos([line], self.name)
        return line

    def _settle_other(self, memento: Memento, timestamp: str, same: bool) -> None:
        instead = f"the web archive shows its copy of {timestamp} instead"
        if same or memento.digest is None:  # None: nobody told of this instant, a redirect led to the page
            self._settle(memento, "same", instead)
        elif 300 <= (memento.status or 0) < 400:  # of a page to itself: from http to https, or to www.
            self._settle(memento, "other", f"a redirect that the web archive steps over; {instead}")
        else:
            self._settle(memento, "failed", instead)

    async def _hand_over(
        self, capture: Capture, memento: Memento | None = None, problems: tuple[Problem, ...] = ()
    ) -> None:
        await self._process_item(CaptureItem(capture, self.selection.hosts, memento=memento, problems=problems))
        self.counts["taken"] += 1

    def _follow(self, memento: Memento, location: str | None) -> None:
        """Ask next for the page that a redirect leads to, as it was then, if the index told nothing of it."""
        assert self.archive
        target = (location or "").partition("#")[0]
        if not target or identity(target) in self._paths:
            return
        led = Memento(memento.archive, target, memento.timestamp)
        if self._is_page(led):
            self.archive.add_mementos([led], self.name)
            self._paths.add(identity(target))
            self._todo.insert(1, led)
            self.expected += 1


def _index_page(answer: Answer, service: Service) -> cdx.IndexPage | None:
    """What an index told; None where it is no whole answer of one."""
    if answer.status != 200 or answer.cut:
        return None
    try:
        return cdx.parse_page(answer.body.decode("utf-8", "replace"), service.name)
    except ValueError:
        return None


def _line(memento: Memento) -> str:
    return f"{memento.timestamp} {memento.url}"


def _mismatch(memento: Memento, shown: Shown) -> str:
    found = shown.capture.payload_sha1.removeprefix("sha1:")
    return f"the payload of {memento.timestamp} is {found}, the index says {memento.digest}"
