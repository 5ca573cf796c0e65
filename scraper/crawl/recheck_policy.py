"""Which posts a night requests, and why: pure functions of what the archive knows and what the site lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from scraper.address import identity, is_post, permalink_date
from scraper.archive import KnownPost, WaitingAddress
from scraper.crawl.frontier import is_newer, parse_aware_time
from scraper.records import FoundAddress

Reason = Literal["new", "edited", "unlisted", "held", "waiting", "probe", "due", "missing-check", "full"]

ONCE_LISTED: tuple[Reason, ...] = ("edited", "unlisted")  # by tonight's lists; new addresses are remembered
_ANNOUNCED: tuple[Reason, ...] = (*ONCE_LISTED, "new", "waiting")
_NEWS: tuple[Reason, ...] = (*ONCE_LISTED, "new", "held", "waiting")
OVERLAP = timedelta(seconds=60)  # two clocks differ, and an edit may fall between two requests
PROBES = 2  # the newest post and the one whose last check is the oldest
_WITNESSES, _MOST_WITNESSES = 3, 15  # for each held post, and for all
_NIGHT = timedelta(hours=6)  # nights do not begin to the minute: what is due by morning is due
_OFTEN, _SELDOM = 1, 90  # days between two checks of one post
_AGES = 10  # a post of 100 days is checked every 10
# Under a budget the probes of the site's health and its news come first, what can wait for other nights last.
_ORDER: tuple[Reason, ...] = ("probe", "new", "edited", "unlisted", "held", "waiting", "missing-check", "due", "full")


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """A post that a night requests."""

    path: str
    url: str
    reason: Reason
    why: str  # the reason in words


@dataclass(frozen=True, slots=True)
class SiteNews:
    """The posts that feeds, REST and sitemaps list as new or edited tonight."""

    addresses: tuple[FoundAddress, ...] = ()
    has_all_edits: bool = False  # every post that was edited since the last night is among them
    changed_at: str | None = None  # when the site last changed without a list of edits; None: at any time
    listed: frozenset[str] | None = None  # the paths of all posts that there are, where something left the lists
    has_total: bool = False  # the server said how many posts there are, which shows a departure
    named: frozenset[str] = frozenset()  # the paths of posts that tonight's lists name, changed or not


@dataclass(frozen=True, slots=True)
class KnownPosts:
    """The posts that the archive knows when the night begins, by path."""

    by_path: Mapping[str, KnownPost]
    waiting: tuple[WaitingAddress, ...]

    @classmethod
    def collect(cls, known: Iterable[KnownPost], waiting: Iterable[WaitingAddress]) -> KnownPosts:
        """Collect what is a post."""
        by_path = {post.path: post for post in known if is_post(post.path)}
        return cls(by_path, tuple(waiting))

    def with_addresses(self, addresses: Iterable[FoundAddress]) -> KnownPosts:
        """These posts and those of the addresses, for a dry run, which adds nothing to the archive."""
        urls = {identity(address.url): address.url for address in addresses}
        new = {path: KnownPost(path, url, None, None, None, "live", None) for path, url in urls.items()}
        return KnownPosts(new | dict(self.by_path), self.waiting)

    @property
    def briefs(self) -> frozenset[str]:
        """The paths of those that are briefs."""
        return frozenset(post.path for post in self.by_path.values() if post.kind == "brief")

    @property
    def live(self) -> list[KnownPost]:
        """Posts that were read, and that were there at their last check."""
        return [post for post in self.by_path.values() if post.captured_at and post.status == "live"]


@dataclass(frozen=True, slots=True)
class Plan:
    """The requests of a night, the most important first, and those that the budget left for other nights."""

    requests: tuple[PlannedRequest, ...]
    left: tuple[PlannedRequest, ...] = ()
    spare: PlannedRequest | None = None  # a probe that is made only where the pages before it read badly
    named: frozenset[str] = frozenset()  # the paths of posts that tonight's lists name, changed or not
    has_all_edits: bool = False  # every post that was edited since the last night was among tonight's news

    @property
    def news_paths(self) -> frozenset[str]:
        """The paths of posts that are requested because the site, now or before, said that they are new or edited."""
        return frozenset(request.path for request in self.requests if request.reason in _ANNOUNCED)

    @property
    def leaves_edits(self) -> bool:
        """Whether an edit or a departure was left: only tonight's lists show them."""
        return any(request.reason in ONCE_LISTED for request in self.left)

    @property
    def leaves_news(self) -> bool:
        """Whether something was left that is not in the archive as the site shows it."""
        return any(request.reason in _NEWS for request in self.left)


def make_plan(
    posts: KnownPosts, news: SiteNews, now: datetime, *, full: bool, full_days: int, budget: int | None
) -> Plan:
    """Plan the night: each post once, for its first reason; `budget` is a number of requests, None without a limit."""
    by_path: dict[str, PlannedRequest] = {}
    for request in _list_candidates(posts, news, now, full, full_days):
        by_path.setdefault(request.path, request)
    # Who says how many posts there are costs a request, so there is one probe less; a bad one brings the other back.
    # Where something is held, others show whether it is these posts' alone.
    held = sum(post.is_held for post in posts.live)
    count = 1 if news.has_total and not held else max(PROBES, min(_WITNESSES * held, _MOST_WITNESSES))
    probes = _choose_probes(posts.live, set(by_path), max(PROBES, count))
    for request in probes[:count]:
        by_path.setdefault(request.path, request)
    # The sort is stable, so that within a reason the oldest check stays first.
    ordered = sorted(by_path.values(), key=lambda request: _ORDER.index(request.reason))
    cut = len(ordered) if budget is None else max(0, budget)
    spare = next(iter(probes[count:]), None)
    return Plan(tuple(ordered[:cut]), tuple(ordered[cut:]), spare, has_all_edits=news.has_all_edits)


def is_long_ago(explored: str | None, now: datetime, full_days: int) -> bool:
    """Whether the whole site is to be explored again: never before (`explored`), or `full_days` ago."""
    return explored is None or now - parse_aware_time(explored) >= timedelta(days=full_days) - _NIGHT


def compute_recheck_interval(published: str | None, now: datetime) -> timedelta:
    """Compute the days between two checks of a post: a tenth of its age, from 1 to 90; 1 if its age is unknown."""
    age = (now - parse_aware_time(published)).days if published else 0
    return timedelta(days=min(max(age / _AGES, _OFTEN), _SELDOM))


def _list_candidates(
    posts: KnownPosts, news: SiteNews, now: datetime, full: bool, full_days: int
) -> Iterator[PlannedRequest]:
    yield from _list_news(posts.by_path, news.addresses)
    yield from _list_unread(posts.by_path.values())
    yield from _list_departures(posts.live, news.listed)
    for address in posts.waiting:
        yield PlannedRequest(address.path, address.url, "waiting", "known, and not read into the archive yet")
    by_check = sorted(posts.by_path.values(), key=_find_last_check)
    # A whole list is read beside the number of posts only where that has changed by more than the new ones.
    back = (news.listed or frozenset()) if news.has_total else frozenset()
    for post in by_check:
        is_missing = post.url and post.status in ("missing", "gone")
        if is_missing and (full or post.path in back or _is_missing_check_due(post, now)):
            why = f"missing since {post.missing_since or 'some time'}" + ", and listed again" * (post.path in back)
            yield PlannedRequest(post.path, post.url or "", "missing-check", why)
    for post in by_check:
        if post.url and post.status == "live" and _find_last_check(post):
            yield from _list_rechecks(post, news, now, full, full_days)


def _list_news(known: Mapping[str, KnownPost], addresses: Iterable[FoundAddress]) -> Iterator[PlannedRequest]:
    """List the posts that the site names and that were never checked, or were edited since their last check."""
    for address in addresses:
        path = identity(address.url)
        post = known.get(path)
        if post is None or post.status == "withdrawn":  # it redirects to another post, or nobody may request it
            continue
        if not (checked_at := _find_last_check(post)) or not post.was_asked:
            yield PlannedRequest(path, address.url, "new", f"listed by {address.finder}")
        elif is_newer(address.lastmod, checked_at, OVERLAP):
            yield PlannedRequest(path, address.url, "edited", f"modified {address.lastmod}, checked {checked_at}")


def _list_unread(posts: Iterable[KnownPost]) -> Iterator[PlannedRequest]:
    """List the posts of which something was announced or read that does not count yet: they are asked every night."""
    for post in posts:
        if not post.url or post.status != "live":  # what is missing has nights of its own
            continue
        if post.unread_edit:
            why = f"modified {post.unread_edit}, not read as it is since"
            yield PlannedRequest(post.path, post.url, "edited", why)
        elif post.is_held:
            yield PlannedRequest(post.path, post.url, "held", "what was read last is held until it is read again")


def _list_departures(live: Iterable[KnownPost], listed: Collection[str] | None) -> Iterator[PlannedRequest]:
    """List the posts that a whole list named before and names no more: deleted, private, moved."""
    for post in live if listed else ():
        if post.url and post.was_listed and post.path not in (listed or ()):
            yield PlannedRequest(post.path, post.url, "unlisted", "listed before, and in no list any more")


def _list_rechecks(
    post: KnownPost, news: SiteNews, now: datetime, full: bool, full_days: int
) -> Iterator[PlannedRequest]:
    """List the reasons to check a live post that the site lists neither as new nor as edited."""
    assert post.url
    last_check = _find_last_check(post)
    checked = parse_aware_time(last_check)
    if full or now - checked >= timedelta(days=full_days) - _NIGHT:
        yield PlannedRequest(post.path, post.url, "full", f"not checked since {last_check}")
    is_checked_since = news.changed_at is not None and checked > parse_aware_time(news.changed_at) + OVERLAP
    interval = compute_recheck_interval(_find_day(post), now)
    if not news.has_all_edits and not is_checked_since and now - checked >= interval - _NIGHT:
        why = f"checked every {interval.days} days at its age; last {last_check}"
        yield PlannedRequest(post.path, post.url, "due", why)


def _choose_probes(live: list[KnownPost], planned_paths: Collection[str], number: int) -> list[PlannedRequest]:
    """Choose posts that read well before: if the theme breaks, they show it in a night without news too."""
    others = [post for post in live if post.url and post.path not in planned_paths]
    newest = sorted(others, key=lambda post: (_find_day(post) or "", post.path), reverse=True)[:1]
    oldest = sorted(
        (post for post in others if post not in newest), key=lambda post: (_find_last_check(post), post.path)
    )
    reasons = ["the newest post"] * len(newest) + ["not checked for longest"] * len(oldest)
    chosen = list(zip([*newest, *oldest], reasons, strict=True))[:number]
    return [PlannedRequest(post.path, post.url or "", "probe", why) for post, why in chosen]


def _is_missing_check_due(post: KnownPost, now: datetime) -> bool:
    """Whether a missing page is due: it is checked again after as long as it has been missing, from 1 to 90 days."""
    if not (last_check := _find_last_check(post)):
        return True
    interval = timedelta(days=_OFTEN)
    if post.missing_since and post.checked_at:
        missing = parse_aware_time(post.checked_at) - parse_aware_time(post.missing_since)
        interval = min(max(missing, interval), timedelta(days=_SELDOM))
    return now - parse_aware_time(last_check) >= interval - _NIGHT


def _find_last_check(post: KnownPost) -> str:
    return post.checked_at or post.captured_at or ""


def _find_day(post: KnownPost) -> str | None:
    return post.published or permalink_date(post.path)
