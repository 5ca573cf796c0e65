"""The life of one page, told by all that was seen at its address: pure, and the order of arrival does not count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Event = Literal["seen", "missing", "gone", "back", "redirected"]
ALIVE = frozenset(("brief", "listing", "page", "feed", "rest", "sitemap", "robots", "other"))
DEAD = frozenset(("missing", "soft404"))
# These answers tell of the server's day, not of the page.
PASSING = frozenset(("error", "challenge", "maintenance", "parked"))


@dataclass(frozen=True, slots=True)
class Grace:
    """How long a page must be missed before it is gone."""

    checks: int  # days with a check that failed
    days: int  # from the first of them to the last


@dataclass(frozen=True, slots=True)
class Sight:
    """What the server said of the page at one instant."""

    at: str | None
    outcome: str
    detail: str | None = None  # where a redirect leads to, as a path or an address elsewhere; else the HTTP status
    host: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    at: str | None
    event: Event
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """Where a page stands, and what happened to it, oldest first."""

    status: Literal["live", "missing", "gone"] = "live"
    last_seen: str | None = None
    missing_since: str | None = None
    gone_at: str | None = None
    checked_at: str | None = None
    failed_on: frozenset[str] = frozenset()  # days
    events: tuple[Happened, ...] = ()
    leads_to: str | None = None


def life(sights: Iterable[Sight], grace: Grace) -> Life:
    """The life of a page by its sights, which come in order of time, undated ones first."""
    told = Life()
    for sight in _with_other_hosts(list(sights), grace):
        if sight.outcome not in PASSING:
            told = replace(told, checked_at=sight.at or told.checked_at)
        if sight.outcome in ALIVE:
            told = _alive(told, sight)
        elif sight.outcome in DEAD:
            told = _dead(told, sight, grace)
        elif sight.outcome == "redirect" and sight.detail not in (None, told.leads_to):
            redirected = Happened(sight.at, "redirected", sight.detail)
            told = replace(told, leads_to=sight.detail, events=(*told.events, redirected))
    return told


def _with_other_hosts(sights: list[Sight], grace: Grace) -> list[Sight]:
    """The sights, where a page that one host does not have is no missing page while another host serves it."""
    if len({sight.host for sight in sights}) < 2:
        return sights
    later = _neighbours(sights[::-1])[::-1]
    return [
        replace(one, outcome="elsewhere")
        if one.outcome in DEAD
        and one.at
        and any(_serves(before, after.get(host), one.at, grace) for host, before in earlier.items())
        else one
        for one, earlier, after in zip(sights, _neighbours(sights), later, strict=True)
    ]


def _neighbours(sights: list[Sight]) -> list[Mapping[str, Sight]]:
    """For each sight of a missing page the last one of every other host that stood before it."""
    last: dict[str, Sight] = {}
    found: list[Mapping[str, Sight]] = []
    for sight in sights:
        found.append({host: one for host, one in last.items() if host != sight.host} if sight.outcome in DEAD else {})
        if sight.outcome in ALIVE | DEAD:
            last[sight.host] = sight
    return found


def _serves(before: Sight, after: Sight | None, at: str, grace: Grace) -> bool:
    """Whether a host that showed the page `before` still did at `at`: it did `after`, or nobody had time to look."""
    if before.outcome in DEAD or before.at is None:
        return False
    return after.outcome in ALIVE if after else _days(before.at, at) < grace.days


def _alive(told: Life, sight: Sight) -> Life:
    events = told.events
    if told.status != "live":
        events += (Happened(sight.at, "back"),)
    elif all(one.event == "redirected" for one in events):
        events += (Happened(sight.at, "seen"),)
    return Life(last_seen=sight.at or told.last_seen, checked_at=told.checked_at, events=events)


def _dead(told: Life, sight: Sight, grace: Grace) -> Life:
    if told.status == "live":
        missing = Happened(sight.at, "missing", sight.detail)
        told = replace(told, status="missing", events=(*told.events, missing))
    if sight.at is None:
        return told
    since = told.missing_since or sight.at
    failed_on = told.failed_on | {sight.at[:10]}
    told = replace(told, missing_since=since, failed_on=failed_on)
    if told.status == "gone" or len(failed_on) < grace.checks or _days(since, sight.at) < grace.days:
        return told
    gone = Happened(sight.at, "gone", f"{len(failed_on)} checks since {since[:10]}")
    return replace(told, status="gone", gone_at=sight.at, events=(*told.events, gone))


def _days(one: str, other: str) -> int:
    return (date.fromisoformat(other[:10]) - date.fromisoformat(one[:10])).days
