"""What a night asks of the site, and why: pure policy over what the archive knows and the site has told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from scraper.address import identity, is_post, permalink_date
from scraper.archive import Known, Waiting
from scraper.crawl.frontier import instant
from scraper.records import FoundAddress

Reason = Literal["new", "edited", "waiting", "probe", "due", "missing-check", "full"]

OVERLAP = timedelta(seconds=60)  # two clocks are never the same, and an edit may fall between two questions
PROBES = 2  # the newest post and the one that nobody has looked at for longest
_NIGHT = timedelta(hours=6)  # nights do not begin to the minute: what is due by morning is due
_OFTEN, _SELDOM = 1, 90  # days between two looks at one post
_AGES = 10  # a post of 100 days is looked at every 10
# Under a budget what tells of the site's health and of news goes first, what can wait for other nights last.
_ORDER: tuple[Reason, ...] = ("probe", "new", "edited", "waiting", "missing-check", "due", "full")


@dataclass(frozen=True, slots=True)
class Ask:
    """One post to be asked for."""

    path: str
    url: str
    reason: Reason
    why: str  # for people


@dataclass(frozen=True, slots=True)
class Told:
    """What the site has told tonight before any post was asked for."""

    found: tuple[FoundAddress, ...] = ()
    edits: bool = False  # it names every post that was edited since the last night, or says that none was
    changed_at: str | None = None  # last change that named no posts; None: it may have changed at any time


@dataclass(frozen=True, slots=True)
class Book:
    """What the archive knows when the night begins."""

    known: Mapping[str, Known]
    waiting: tuple[Waiting, ...]

    @classmethod
    def of(cls, known: Iterable[Known], waiting: Iterable[Waiting]) -> Book:
        return cls({one.path: one for one in known if is_post(one.path)}, tuple(w for w in waiting if is_post(w.path)))

    def knowing(self, found: Iterable[FoundAddress]) -> Book:
        """As if the archive had been told of the addresses: for a dry run, which tells it nothing."""
        new = {identity(one.url): Known(identity(one.url), one.url, None, None, None, "live", None) for one in found}
        return Book(new | dict(self.known), self.waiting)

    @property
    def live(self) -> list[Known]:
        """Posts that were read and are there, as far as anybody knows."""
        return [one for one in self.known.values() if one.captured_at and one.status == "live"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask, most important first, and what the budget left for other nights."""

    asks: tuple[Ask, ...]
    left: tuple[Ask, ...] = ()

    @property
    def leaves_edits(self) -> bool:
        """Whether an edit was left that only tonight's lists tell of; new addresses the archive remembers."""
        return any(ask.reason == "edited" for ask in self.left)


def plan(book: Book, told: Told, now: datetime, *, full: bool, full_days: int, budget: int | None) -> Plan:
    """The night's questions: each post once, by the first reason that it has; `budget` in requests, None for no end."""
    asks: dict[str, Ask] = {}
    for ask in _all(book, told, now, full, full_days):
        asks.setdefault(ask.path, ask)
    for ask in _probes(book.live, set(asks)):
        asks.setdefault(ask.path, ask)
    ordered = sorted(asks.values(), key=lambda ask: _ORDER.index(ask.reason))  # stable: the oldest check first
    cut = len(ordered) if budget is None else max(0, budget)
    return Plan(tuple(ordered[:cut]), tuple(ordered[cut:]))


def is_long_ago(explored: str | None, now: datetime, full_days: int) -> bool:
    """Whether every way in is to be gone through again: nobody has (`explored`), or `full_days` ago."""
    return explored is None or now - instant(explored) >= timedelta(days=full_days) - _NIGHT


def interval(published: str | None, now: datetime) -> timedelta:
    """The age policy: a post of d days is looked at every d/10 days, from 1 to 90; every day if nobody knows."""
    age = (now - instant(published)).days if published else 0
    return timedelta(days=min(max(age / _AGES, _OFTEN), _SELDOM))


def missing_interval(missing_since: str | None, checked_at: str | None) -> timedelta:
    """How long to leave a missing page alone: as long as it has been missing, from 1 to 90 days."""
    if not missing_since or not checked_at:
        return timedelta(days=_OFTEN)
    return min(max(instant(checked_at) - instant(missing_since), timedelta(days=_OFTEN)), timedelta(days=_SELDOM))


def saved(book: Book, requests: int) -> int:
    """Requests that a full recheck, one for each post alone, would have needed beyond those made."""
    return max(0, len(book.known) - requests)


def _all(book: Book, told: Told, now: datetime, full: bool, full_days: int) -> Iterator[Ask]:
    yield from _named(book.known, told.found)
    for one in book.waiting:
        yield Ask(one.path, one.url, "waiting", "known, and not read into the archive yet")
    by_check = sorted(book.known.values(), key=_checked)
    for known in by_check:
        if known.url and known.status in ("missing", "gone") and (full or _missing_due(known, now)):
            yield Ask(known.path, known.url, "missing-check", f"missing since {known.missing_since or 'some time'}")
    for known in by_check:
        if known.url and known.status == "live" and _checked(known):
            yield from _again(known, told, now, full, full_days)


def _named(known: Mapping[str, Known], found: Iterable[FoundAddress]) -> Iterator[Ask]:
    """Posts that the site names and nobody has seen, or that were edited since somebody looked."""
    for one in found:
        path = identity(one.url)
        there = known.get(path)
        if there is None or there.status == "withdrawn":  # it leads to another post, or may not be asked for
            continue
        if not _checked(there):
            yield Ask(path, one.url, "new", f"listed by {one.finder}")
        elif one.lastmod and _edited(one.lastmod, _checked(there)):
            yield Ask(path, one.url, "edited", f"modified {one.lastmod}, looked at {_checked(there)}")


def _edited(lastmod: str, checked_at: str) -> bool:
    try:
        return instant(lastmod) > instant(checked_at) - OVERLAP
    except ValueError:
        return False


def _again(known: Known, told: Told, now: datetime, full: bool, full_days: int) -> Iterator[Ask]:
    """A post that is there and of which the site has told nothing."""
    assert known.url
    checked = instant(_checked(known))
    if full or now - checked >= timedelta(days=full_days) - _NIGHT:
        yield Ask(known.path, known.url, "full", f"not looked at since {_checked(known)}")
    seen_since = told.changed_at is not None and checked > instant(told.changed_at) + OVERLAP
    rest = interval(_day(known), now)
    if not told.edits and not seen_since and now - checked >= rest - _NIGHT:
        yield Ask(known.path, known.url, "due", f"looked at every {rest.days} days at its age; last {_checked(known)}")


def _probes(live: list[Known], asked: Collection[str]) -> Iterator[Ask]:
    """Posts that read well before: should the theme break, they show it in a night without news too."""
    rest = [known for known in live if known.url and known.path not in asked]
    newest = sorted(rest, key=lambda known: (_day(known) or "", known.path), reverse=True)[:1]
    others = sorted((known for known in rest if known not in newest), key=lambda known: (_checked(known), known.path))
    for known, why in zip([*newest, *others], ("the newest post", "not looked at for longest"), strict=False):
        yield Ask(known.path, known.url or "", "probe", why)


def _missing_due(known: Known, now: datetime) -> bool:
    if not _checked(known):
        return True
    rest = missing_interval(known.missing_since, known.checked_at)
    return now - instant(_checked(known)) >= rest - _NIGHT


def _checked(known: Known) -> str:
    return known.checked_at or known.captured_at or ""


def _day(known: Known) -> str | None:
    return known.published or permalink_date(known.path)
