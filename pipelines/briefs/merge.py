"""From all readings of one post to the one brief the archive shows: pure, and the order of arrival does not count.

In the order of `Kept.order` each value replaces the one before it; an empty value replaces nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from pipelines.briefs.change_class import Change, change_of
from scraper.records import Author, Brief, Evidence, PhotoCredit, Reading, Resource

# Fields that move together: the first decides, the others follow it.
_GROUPS = (
    ("label", "number", "domain"),
    ("body", "body_html", "sections", "links"),
    *((name,) for name in ("url", "wp_id", "kind", "title", "published", "modified", "dateline", "posted_by")),
    *((name,) for name in ("authors", "resources", "photo_credits", "categories")),
)
_LEAD_OF = {name: group[0] for group in _GROUPS for name in group}
_LEADS = ("path", *(group[0] for group in _GROUPS))
# What a reader of the site would notice when it changes.
REVISED = (
    *("path", "kind", "label", "number", "domain", "title", "published", "dateline", "body"),
    *("authors", "resources", "photo_credits", "categories"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A reading, the capture it comes from, and its rank among the readings of its post."""

    reading: Reading
    capture_id: int
    captured_at: str | None
    tie: tuple[str, ...]  # makes the order total whatever the capture's id is
    rest: bool = False  # out of a REST answer, where the post stands in another dress than on its page

    @property
    def order(self) -> tuple[int, str, tuple[str, ...]]:
        return self.reading.fidelity, self.captured_at or "", self.tie


@dataclass(frozen=True, slots=True)
class Revision:
    capture_id: int
    field: str
    old: str | None
    new: str | None
    seen_at: str | None

    @property
    def change(self) -> Change:
        return change_of(self.field, self.old, self.new)


@dataclass(frozen=True, slots=True)
class Past:
    """A value that the archive gave for a field until a capture of this instant said otherwise."""

    field: str
    value: str | None
    until: str


@dataclass(frozen=True, slots=True)
class Folded:
    brief: Brief
    capture_id: int
    evidence: tuple[tuple[int, Evidence], ...]  # with the capture it comes from
    revisions: tuple[Revision, ...]
    past: tuple[Past, ...] = ()


def fold(path: str, kept: Sequence[Kept]) -> Folded:
    """The brief of `path` out of its readings, at least one."""
    ordered = sorted(_heard(kept), key=lambda one: one.order)
    sources = _sources(ordered)
    return Folded(
        Brief(path=path, **_values(sources)),
        ordered[-1].capture_id,
        tuple(_evidence(ordered, sources)),
        tuple(_revisions(ordered)),
        tuple(_past(ordered)),
    )


def _heard(kept: Sequence[Kept]) -> Iterator[Kept]:
    """The readings; a REST answer without what a page said of the same state of the post: it differs by dress alone."""
    pages = [one for one in kept if not one.rest and one.captured_at]
    for one in kept:
        beside = [page for page in pages if page.reading.fidelity >= one.reading.fidelity and _one_state(one, page)]
        groups = [group for group in _GROUPS if group[0] in REVISED and any(_tells(page, group[0]) for page in beside)]
        yield _without(one, [name for group in groups for name in group]) if groups else one


def _one_state(one: Kept, page: Kept) -> bool:
    """Whether the page was seen after the post took the state that the REST answer shows, and within a day of it."""
    if not one.rest or one.captured_at is None or page.captured_at is None:
        return False
    since = one.reading.brief.modified or _days_after(one.captured_at, -1)
    return since <= page.captured_at <= _days_after(one.captured_at, 1)


def _days_after(instant: str, days: int) -> str:
    return (datetime.fromisoformat(instant) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _without(one: Kept, names: Iterable[str]) -> Kept:
    silent: dict[str, Any] = {
        name: () if isinstance(getattr(one.reading.brief, name), tuple) else None for name in names
    }
    return replace(one, reading=replace(one.reading, brief=replace(one.reading.brief, **silent)))


def _sources(ordered: Sequence[Kept]) -> dict[str, Kept]:
    """For each group that anybody fills, by its first field, the last reading that fills it."""
    return {group[0]: one for one in ordered for group in _GROUPS if _filled(getattr(one.reading.brief, group[0]))}


def _filled(value: object) -> bool:
    return value is not None and value not in ((), "")


def _values(sources: dict[str, Kept]) -> dict[str, Any]:
    groups = ((group, sources.get(group[0])) for group in _GROUPS)
    return {name: getattr(one.reading.brief, name) for group, one in groups if one is not None for name in group}


def _lead(field: str) -> str:
    return _LEAD_OF.get(field, field)


def _evidence(ordered: Sequence[Kept], sources: dict[str, Kept]) -> Iterator[tuple[int, Evidence]]:
    """Each value's evidence from the reading the value comes from; of a field nobody fills, from the last to speak."""
    speakers = {_lead(item.field): one for one in ordered for item in one.reading.evidence} | sources
    for one in ordered:
        for item in one.reading.evidence:
            if speakers[_lead(item.field)] is one:
                yield one.capture_id, item


def _revisions(ordered: Sequence[Kept]) -> Iterator[Revision]:
    top = [one for one in ordered if one.captured_at and one.reading.fidelity == ordered[-1].reading.fidelity]
    if len(top) < 2:
        return  # what an undated copy shows was published at some time; nobody knows when
    shown = {name: _shown(top[0].reading.brief, name) for name in REVISED}
    for capture_id, together in groupby(top[1:], key=lambda one: one.capture_id):
        now = dict(shown)
        for one in together:  # a list of posts may name one by its old and by its new path
            now |= {name: _shown(one.reading.brief, name) for name in REVISED if _tells(one, name)}
        for name in REVISED:
            if now[name] != shown[name] and (name != "path" or shown[name]):
                yield Revision(capture_id, name, shown[name], now[name], one.captured_at)
        shown = now


def _past(ordered: Sequence[Kept]) -> Iterator[Past]:
    """What the fold of all captures up to each instant gave, where it is not what later ones gave."""
    best: dict[str, Kept] = {}
    shown: dict[str, str | None] | None = None
    in_time = sorted(ordered, key=lambda one: (one.captured_at or "", one.order))
    for instant, together in groupby(in_time, key=lambda one: one.captured_at or ""):
        for one in together:
            for lead in _LEADS:
                if _tells(one, lead) and (lead not in best or one.order > best[lead].order):
                    best[lead] = one
        now = {name: _shown(best[_lead(name)].reading.brief, name) if _lead(name) in best else None for name in REVISED}
        for name, value in (shown or {}).items():
            if value != now[name] and (name != "path" or value):
                yield Past(name, value, instant)
        shown = now


def _tells(one: Kept, name: str) -> bool:
    """Whether the reading has something to say of the field; an address by number is no path of a permalink's."""
    brief = one.reading.brief
    return not brief.path.startswith("/?p=") if name == "path" else _filled(getattr(brief, _lead(name)))


def _shown(brief: Brief, name: str) -> str | None:
    value = getattr(brief, name)
    if not _filled(value) or (name == "path" and value.startswith("/?p=")):
        return None
    if not isinstance(value, tuple):
        return str(value)
    if name == "categories":  # they have no order
        return json.dumps(sorted({item.slug: item.name for item in value}.values()), ensure_ascii=False)
    return json.dumps([_words(item) for item in value], ensure_ascii=False)


def _words(item: Author | Resource | PhotoCredit) -> str:
    return item.text if isinstance(item, Resource | PhotoCredit) else item.name
