"""The history of one page from all sightings of its address: pure, and independent of the order of arrival."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Event = Literal["seen", "missing", "gone", "back", "redirected"]
ALIVE = frozenset(("brief", "listing", "page", "feed", "rest", "sitemap", "robots", "other"))
DEAD = frozenset(("missing", "soft404"))
# These answers describe the server's state that day, not the page.
TRANSIENT = frozenset(("error", "challenge", "maintenance", "parked"))


@dataclass(frozen=True, slots=True)
class Grace:
    """How long a page must be missing before it counts as gone."""

    checks: int  # days with a failed check
    days: int  # from the first of them to the last


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the server answered for the page at one instant."""

    at: str | None
    outcome: str
    detail: str | None = None  # where a redirect leads to, as a path or an address elsewhere; else the HTTP status
    host: str = ""


@dataclass(frozen=True, slots=True)
class PageEvent:
    """Something that changed for the page: a row of page_events."""

    at: str | None
    event: Event
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class PageHistory:
    """The status of a page, and its events, oldest first."""

    status: Literal["live", "missing", "gone"] = "live"
    last_seen: str | None = None
    missing_since: str | None = None
    gone_at: str | None = None
    checked_at: str | None = None
    failed_on: frozenset[str] = frozenset()  # days
    events: tuple[PageEvent, ...] = ()
    leads_to: str | None = None


def build_history(sightings: Iterable[Sighting], grace: Grace) -> PageHistory:
    """The history of a page from its sightings, which come in order of time, undated ones first."""
    history = PageHistory()
    for sighting in _excuse_other_hosts(list(sightings), grace):
        if sighting.outcome not in TRANSIENT:
            history = replace(history, checked_at=sighting.at or history.checked_at)
        if sighting.outcome in ALIVE:
            history = _add_live_sighting(history, sighting)
        elif sighting.outcome in DEAD:
            history = _add_dead_sighting(history, sighting, grace)
        elif sighting.outcome == "redirect" and sighting.detail not in (None, history.leads_to):
            redirected = PageEvent(sighting.at, "redirected", sighting.detail)
            history = replace(history, leads_to=sighting.detail, events=(*history.events, redirected))
    return history


def _excuse_other_hosts(sightings: list[Sighting], grace: Grace) -> list[Sighting]:
    """The sightings; a page that one host lacks is not missing while another host serves it."""
    if len({sighting.host for sighting in sightings}) < 2:
        return sightings
    later = _find_other_hosts(sightings[::-1])[::-1]
    return [
        replace(sighting, outcome="elsewhere")
        if sighting.outcome in DEAD
        and sighting.at
        and any(_is_served(before, after.get(host), sighting.at, grace) for host, before in earlier.items())
        else sighting
        for sighting, earlier, after in zip(sightings, _find_other_hosts(sightings), later, strict=True)
    ]


def _find_other_hosts(sightings: list[Sighting]) -> list[Mapping[str, Sighting]]:
    """For each sighting of a missing page, the last earlier one of every other host."""
    last: dict[str, Sighting] = {}
    others: list[Mapping[str, Sighting]] = []
    for sighting in sightings:
        others.append(
            {host: other for host, other in last.items() if host != sighting.host} if sighting.outcome in DEAD else {}
        )
        if sighting.outcome in ALIVE | DEAD:
            last[sighting.host] = sighting
    return others


def _is_served(before: Sighting, after: Sighting | None, at: str, grace: Grace) -> bool:
    """Whether a host that served the page `before` still did at `at`: it did `after`, or too little time has passed."""
    if before.outcome in DEAD or before.at is None:
        return False
    return after.outcome in ALIVE if after else _count_days(before.at, at) < grace.days


def _add_live_sighting(history: PageHistory, sighting: Sighting) -> PageHistory:
    events = history.events
    if history.status != "live":
        events += (PageEvent(sighting.at, "back"),)
    elif all(event.event == "redirected" for event in events):
        events += (PageEvent(sighting.at, "seen"),)
    return PageHistory(last_seen=sighting.at or history.last_seen, checked_at=history.checked_at, events=events)


def _add_dead_sighting(history: PageHistory, sighting: Sighting, grace: Grace) -> PageHistory:
    if history.status == "live":
        missing = PageEvent(sighting.at, "missing", sighting.detail)
        history = replace(history, status="missing", events=(*history.events, missing))
    if sighting.at is None:
        return history
    since = history.missing_since or sighting.at
    failed_on = history.failed_on | {sighting.at[:10]}
    history = replace(history, missing_since=since, failed_on=failed_on)
    if history.status == "gone" or len(failed_on) < grace.checks or _count_days(since, sighting.at) < grace.days:
        return history
    gone = PageEvent(sighting.at, "gone", f"{len(failed_on)} checks since {since[:10]}")
    return replace(history, status="gone", gone_at=sighting.at, events=(*history.events, gone))


def _count_days(first: str, second: str) -> int:
    return (date.fromisoformat(second[:10]) - date.fromisoformat(first[:10])).days
