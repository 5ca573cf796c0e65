"""One night of the spider: what it knows at dusk, what the site tells it, what it asks, what it leaves for the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

from scrapy.settings import BaseSettings

from scraper.address import host_of
from scraper.archive import ArchiveView, PageLedger
from scraper.crawl.arguments import Arguments
from scraper.crawl.explore import Seen, Way
from scraper.crawl.recheck_policy import Book, Plan, Told, is_long_ago, plan, saved
from scraper.crawl.site import Doors
from scraper.crawl.whats_new import Marks, Round
from scraper.records import FoundAddress

Visit = Callable[[str, Mapping[str, str]], Awaitable[Seen | None]]


@dataclass
class NightWork:
    """State of one night; `archive` is None in a dry run, which only looks."""

    began: datetime
    full: bool  # every post is to be asked for
    wide: bool  # every way in is to be gone through, as by an ordinary crawl
    full_days: int
    budget: int | None  # requests; None: no end
    book: Book
    recall: Callable[[str], str | None]
    archive: PageLedger | None
    told: list[Told] = field(default_factory=list)
    marks: list[Marks] = field(default_factory=list)
    plan: Plan = field(default_factory=lambda: Plan(()))

    @classmethod
    def begin(
        cls,
        arguments: Arguments,
        settings: BaseSettings,
        archive: PageLedger | None,
        view: ArchiveView,
        start: str,
    ) -> Self:
        """A night over the archive, or over a view of it; a wide one if asked, or if the last one is long ago."""
        if archive is None:
            book = Book.of(view.known, view.waiting)
            recall: Callable[[str], str | None] = view.memory.get
        else:
            book, recall = Book.of(archive.known(), archive.waiting()), archive.recall
        began, days = datetime.now(UTC), settings.getint("FULL_RECHECK_DAYS")
        wide = arguments.full or is_long_ago(Marks(host_of(start), recall).get("explored"), began, days)
        # Asked for by hand everything is meant; else it may take some nights.
        budget = None if arguments.full else settings.getint("NIGHTLY_REQUEST_BUDGET") or None
        return cls(began, arguments.full, wide, days, budget, book, recall, archive)

    def leads_elsewhere(self, start: str, servers: set[str]) -> bool:
        """Whether the start page only led to a server that was asked already, when everything was last looked at."""
        return not self.wide and Marks(host_of(start), self.recall).get("door") in servers

    async def round(self, start: str, robots: Seen, visit: Visit, doors: Doors, ways: list[Way]) -> str | None:
        """Ask the server of `start` what is new; its scheme and host, None if no cheap way is open there."""
        marks = Marks(host_of(start), self.recall)
        feed = await visit(start + "feed/", marks.conditions())
        server = doors.moved(start, feed.url) if feed else start.rstrip("/")
        site = Round(server + "/", doors.hosts, visit, marks, self.book.known.keys(), self.began, ways)
        told = await site.explore(robots, feed)
        if told is None:
            return None
        self.told.append(told)
        self.marks.append(marks)
        return server

    def explored(self, start: str, server: str, feed: Seen | None) -> None:
        """A server was looked through from end to end."""
        marks = Marks(host_of(start), self.recall)
        marks.note(feed, datetime.now(UTC) - self.began + timedelta(seconds=1))
        marks.put("explored", self.began.strftime("%Y-%m-%dT%H:%M:%SZ"))
        marks.put("door", server)
        marks.put("untold", None)
        self.marks.append(marks)

    def decide(self, found: list[FoundAddress], requests: int) -> Plan:
        """What to ask, after `requests` were made to find out."""
        if self.archive:
            self.archive.add_found(found)
            known = {one.path: one for one in self.archive.known()}
            book = Book(known, self.book.waiting)
        else:
            book = self.book.knowing(found)
        untold = [told.changed_at for told in self.told if told.changed_at]
        # A wide look lists every post with its last change, where the site tells any.
        edits = all(told.edits for told in self.told) and (not self.wide or any(one.lastmod for one in found))
        told = Told(tuple(found), edits, max(untold, default=None))
        budget = None if self.budget is None else self.budget - requests
        self.plan = plan(book, told, self.began, full=self.full, full_days=self.full_days, budget=budget)
        if self.archive:
            for ask in self.plan.left:
                self.archive.skip(ask.path, "budget")
        return self.plan

    def remember(self, *, unless: Collection[str] | None) -> None:
        """Leave the marks for the next night, so that it need not ask as this one did.

        Not if an edited post is among the paths `unless` or was left by the budget: nobody would tell of it again.
        None: the night came to no good end.
        """
        if self.archive is None or unless is None or self.plan.leaves_edits:
            return
        if any(ask.reason == "edited" and ask.path in unless for ask in self.plan.asks):
            return
        for marks in self.marks:
            for key, value in marks.new.items():
                self.archive.remember(key, value)

    def figures(self, requests: int) -> dict[str, object]:
        """This night's own counts."""
        left = {"skipped/budget": len(self.plan.left)} if self.plan.left else {}
        reasons = Counter(f"asked/{ask.reason}" for ask in self.plan.asks)
        full = self.full or 2 * reasons["asked/full"] > len(self.book.live)
        return {"requests_saved": saved(self.book, requests), "full": int(full), **left, **reasons}
