"""From all readings of one post to the one brief the archive shows: pure, and the order of arrival does not count.

In the order of `Kept.order` each value replaces the one before it; an empty value replaces nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scraper.records import Author, Brief, Category, Evidence, PhotoCredit, Reading, Resource

# Fields that move together: the first decides, the others follow it.
_GROUPS = (
    ("label", "number", "domain"),
    ("body", "body_html", "sections", "links"),
    *((name,) for name in ("url", "wp_id", "kind", "title", "published", "modified", "dateline", "posted_by")),
    *((name,) for name in ("authors", "resources", "photo_credits", "categories")),
)
_LEAD_OF = {name: group[0] for group in _GROUPS for name in group}
# What a reader of the site would notice when it changes.
_REVISED = (
    *("kind", "label", "number", "domain", "title", "published", "dateline", "body"),
    *("authors", "resources", "photo_credits", "categories"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A reading, the capture it comes from, and its rank among the readings of its post."""

    reading: Reading
    capture_id: int
    captured_at: str | None
    tie: tuple[str, ...]  # makes the order total whatever the capture's id is

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


@dataclass(frozen=True, slots=True)
class Folded:
    brief: Brief
    capture_id: int
    evidence: tuple[tuple[int, Evidence], ...]  # with the capture it comes from
    revisions: tuple[Revision, ...]


def fold(path: str, kept: Sequence[Kept]) -> Folded:
    """The brief of `path` out of its readings, at least one."""
    ordered = sorted(kept, key=lambda one: one.order)
    sources = _sources(ordered)
    return Folded(
        Brief(path=path, **_values(sources)),
        ordered[-1].capture_id,
        tuple(_evidence(ordered, sources)),
        tuple(_revisions(ordered)),
    )


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
    top = [one for one in ordered if one.reading.fidelity == ordered[-1].reading.fidelity]
    if len(top) == 1:
        return
    shown = {name: _shown(top[0].reading.brief, name) for name in _REVISED}
    for one in top[1:]:
        for name in _REVISED:
            if not _filled(getattr(one.reading.brief, _LEAD_OF[name])):
                continue
            new = _shown(one.reading.brief, name)
            if new != shown[name]:
                yield Revision(one.capture_id, name, shown[name], new, one.captured_at)
                shown[name] = new


def _shown(brief: Brief, name: str) -> str | None:
    value = getattr(brief, name)
    if not _filled(value):
        return None
    if not isinstance(value, tuple):
        return str(value)
    return json.dumps([_words(item) for item in value], ensure_ascii=False)


def _words(item: Author | Resource | PhotoCredit | Category) -> str:
    return item.text if isinstance(item, Resource | PhotoCredit) else item.name
