"""All readings of one post merged into the brief that the archive shows: pure, and independent of their arrival.

In the order of `RankedReading.order` each value replaces the one before it; an empty value replaces nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from pipelines.briefs.change_class import Change, classify_change
from pipelines.briefs.part_joining import find_missing_parts, join_parts
from pipelines.briefs.ranked_reading import SHRUNK, RankedReading
from scraper.dates import format_utc
from scraper.records import Brief, Evidence, PhotoCredit, Resource

# Fields that move together: the first decides, the others follow it.
_GROUPS = (
    ("label", "number", "domain"),
    ("body", "body_html", "sections", "links"),
    *((name,) for name in ("url", "wp_id", "kind", "title", "published", "modified", "dateline", "posted_by")),
    *((name,) for name in ("authors", "resources", "photo_credits", "categories")),
)
_REMOVABLE = ("label", "title", "dateline", "authors", "resources", "photo_credits")  # what a later copy may lack
_get_single_values = attrgetter(*(group[0] for group in _GROUPS if len(group) == 1))
_LEAD_OF = {name: group[0] for group in _GROUPS for name in group}
_LEADS = ("path", *(group[0] for group in _GROUPS))
# Fields whose changes a reader of the site would notice.
REVISED = (
    *("path", "kind", "label", "number", "domain", "title", "published", "dateline", "body"),
    *("authors", "resources", "photo_credits", "categories"),
)
_ALWAYS = ("path", "kind")  # each post has them, whatever its first copies leave open


@dataclass(frozen=True, slots=True)
class Revision:
    capture_id: int
    field: str
    old: str | None
    new: str | None
    seen_at: str | None

    @property
    def change(self) -> Change:
        return classify_change(self.field, self.old, self.new)


@dataclass(frozen=True, slots=True)
class PastValue:
    """A value that the archive showed for a field until a capture of this instant changed it."""

    field: str
    value: str | None
    until: str


@dataclass(frozen=True, slots=True)
class MergedBrief:
    brief: Brief
    capture_id: int
    evidence: tuple[tuple[int, Evidence], ...]  # with the capture it comes from
    revisions: tuple[Revision, ...]
    past: tuple[PastValue, ...] = ()
    missing_parts: tuple[int, ...] = ()  # numbers of pages of the post that no capture holds
    absent: tuple[tuple[str, str], ...] = ()  # fields that the newest copy does not show, each with what is said of it


def merge_readings(path: str, readings: Sequence[RankedReading]) -> MergedBrief:
    """The brief of `path` out of its readings, at least one."""
    if len(readings) == 1:  # most posts: nothing else that could differ
        (only,) = join_parts(readings)
        brief = only.reading.brief
        if brief.path != path or not _is_complete(brief):
            brief = Brief(path=path, **_take_values(_find_sources([only])))
        return MergedBrief(brief, only.capture_id, only.evidence, (), (), only.missing)
    readings = list(_drop_stand_in_titles(join_parts(readings)))
    by_rank = sorted(_drop_rest_duplicates(readings), key=lambda ranked: ranked.order)
    ordered = list(_keep_kind_with_label(by_rank))
    sources = _find_sources(ordered)
    return MergedBrief(
        Brief(path=path, **_take_values(sources)),
        ordered[-1].capture_id,
        tuple(_collect_evidence(ordered, sources)),
        tuple(_find_revisions(ordered)),
        tuple(_find_past_values(ordered)),
        find_missing_parts(readings),
        tuple(_find_absent_values(ordered, sources)),
    )


def _drop_stand_in_titles(readings: Sequence[RankedReading]) -> Iterator[RankedReading]:
    """The readings; a label that stands in for a headline gives way to one that a copy as good shows."""
    best = max((ranked.reading.fidelity for ranked in readings if _has_headline(ranked.reading.brief)), default=-1)
    for ranked in readings:
        is_better = ranked.reading.fidelity > best or _has_headline(ranked.reading.brief)
        yield ranked if is_better else _clear_fields(ranked, ["title"])


def _keep_kind_with_label(ordered: Sequence[RankedReading]) -> Iterator[RankedReading]:
    """The readings; one that lacks the label of an earlier one leaves the kind to it, for a label makes a brief."""
    has_label = False
    for ranked in ordered:
        has_label = has_label or ranked.reading.brief.label is not None
        is_silent = has_label and ranked.reading.brief.label is None
        yield _clear_fields(ranked, ["kind"]) if is_silent else ranked


def _has_headline(brief: Brief) -> bool:
    return brief.title not in (None, "", brief.label)


def _drop_rest_duplicates(readings: Sequence[RankedReading]) -> Iterator[RankedReading]:
    """The readings; a REST answer without fields that a page shows of the same state, which differ in markup only."""
    pages = [ranked for ranked in readings if not ranked.rest and ranked.captured_at]
    for ranked in readings:
        pages_beside = [
            page for page in pages if page.reading.fidelity >= ranked.reading.fidelity and _is_same_state(ranked, page)
        ]
        groups = [
            group
            for group in _GROUPS
            if group[0] in REVISED and any(_has_field(page, group[0]) for page in pages_beside)
        ]
        yield _clear_fields(ranked, [name for group in groups for name in group]) if groups else ranked


def _is_same_state(ranked: RankedReading, page: RankedReading) -> bool:
    """Whether the page was captured after the change that the REST answer shows, and within a day of the answer."""
    if not ranked.rest or ranked.captured_at is None or page.captured_at is None:
        return False
    since = ranked.reading.brief.modified or _add_days(ranked.captured_at, -1)
    return since <= page.captured_at <= _add_days(ranked.captured_at, 1)


def _add_days(instant: str, days: int) -> str:
    return format_utc(datetime.fromisoformat(instant) + timedelta(days=days))


def _clear_fields(ranked: RankedReading, names: Iterable[str]) -> RankedReading:
    empty: dict[str, Any] = {
        name: () if isinstance(getattr(ranked.reading.brief, name), tuple) else None for name in names
    }
    return replace(ranked, reading=replace(ranked.reading, brief=replace(ranked.reading.brief, **empty)))


def _find_sources(ordered: Sequence[RankedReading]) -> dict[str, RankedReading]:
    """For each group that any reading fills, by its first field, the last reading that does."""
    return {
        group[0]: ranked
        for ranked in ordered
        for group in _GROUPS
        if _has_value(getattr(ranked.reading.brief, group[0]))
    }


def _find_absent_values(
    ordered: Sequence[RankedReading], sources: dict[str, RankedReading]
) -> Iterator[tuple[str, str]]:
    """Find the values of older copies that the newest, as good as they are, does not show: removed, or not read."""
    newest = ordered[-1]
    if newest.rest or not newest.captured_at:
        return
    for field in _REMOVABLE:
        source = sources.get(field)
        is_older = source is not None and (source.captured_at or newest.captured_at) < newest.captured_at
        if source and is_older and source.reading.fidelity == newest.reading.fidelity:
            message = f"The copy of {newest.captured_at} shows none: the value of {source.captured_at} is kept."
            yield field, message
    as_good = [each for each in ordered if not each.rest and each.reading.fidelity == newest.reading.fidelity]
    if newest.reading.brief.kind == "post" and any(each.reading.brief.kind == "brief" for each in as_good):
        yield "kind", f"The copy of {newest.captured_at} shows neither label nor parts of a brief: it counts as a post."
    longest = max(as_good, key=_measure_text)
    if 0 < _measure_text(newest) * SHRUNK <= _measure_text(longest):
        lengths = f"{_measure_text(newest)} characters of text, that of {longest.captured_at} {_measure_text(longest)}"
        yield "body", f"The copy of {newest.captured_at} shows {lengths}: it counts, and may have been cut."


def _measure_text(ranked: RankedReading) -> int:
    return len(ranked.reading.brief.body or "")


def _is_complete(brief: Brief) -> bool:
    """Whether all its values count: none is empty text, and none follows a field that has no value."""
    return bool(brief.label and brief.body) and "" not in _get_single_values(brief)


def _has_value(value: object) -> bool:
    return value is not None and value not in ((), "")


def _take_values(sources: dict[str, RankedReading]) -> dict[str, Any]:
    groups = ((group, sources.get(group[0])) for group in _GROUPS)
    return {
        name: getattr(ranked.reading.brief, name) for group, ranked in groups if ranked is not None for name in group
    }


def _get_lead(field: str) -> str:
    return _LEAD_OF.get(field, field)


def _collect_evidence(
    ordered: Sequence[RankedReading], sources: dict[str, RankedReading]
) -> Iterator[tuple[int, Evidence]]:
    """The evidence of each value from the reading it comes from; of an empty field, from the last with evidence."""
    speakers = {_get_lead(item.field): ranked for ranked in ordered for _, item in ranked.evidence} | sources
    for ranked in ordered:
        for capture_id, item in ranked.evidence:
            if speakers[_get_lead(item.field)] is ranked:
                yield capture_id, item


def _find_revisions(ordered: Sequence[RankedReading]) -> Iterator[Revision]:
    top = [
        ranked for ranked in ordered if ranked.captured_at and ranked.reading.fidelity == ordered[-1].reading.fidelity
    ]
    if len(top) < 2:
        return  # an undated copy does not say when its values were published
    shown = {name: render_value(top[0].reading.brief, name) for name in REVISED}
    for capture_id, together in groupby(top[1:], key=lambda ranked: ranked.capture_id):
        now = dict(shown)
        for ranked in together:  # one REST answer may hold a post under its old and its new path
            now |= {name: render_value(ranked.reading.brief, name) for name in REVISED if _has_field(ranked, name)}
        for name in REVISED:
            if now[name] != shown[name] and (shown[name] or name not in _ALWAYS):
                yield Revision(capture_id, name, shown[name], now[name], ranked.captured_at)
        shown = now


def _find_past_values(ordered: Sequence[RankedReading]) -> Iterator[PastValue]:
    """The values merged from all captures up to each instant, where later captures changed them."""
    best: dict[str, RankedReading] = {}
    shown: dict[str, str | None] | None = None
    by_time = sorted(ordered, key=lambda ranked: (ranked.captured_at or "", ranked.order))
    for instant, together in groupby(by_time, key=lambda ranked: ranked.captured_at or ""):
        for ranked in together:
            for lead in _LEADS:
                if _has_field(ranked, lead) and (lead not in best or ranked.order > best[lead].order):
                    best[lead] = ranked
        now = {
            name: render_value(best[_get_lead(name)].reading.brief, name) if _get_lead(name) in best else None
            for name in REVISED
        }
        for name, value in (shown or {}).items():
            if value != now[name] and (value or name not in _ALWAYS):
                yield PastValue(name, value, instant)
        shown = now


def _has_field(ranked: RankedReading, name: str) -> bool:
    """Whether the reading has a value for the field; a short link (`/?p=N`) is no value for the path."""
    brief = ranked.reading.brief
    return not brief.path.startswith("/?p=") if name == "path" else _has_value(getattr(brief, _get_lead(name)))


def render_value(brief: Brief, name: str) -> str | None:
    """The value of a field as revisions record it."""
    value = getattr(brief, name)
    if not _has_value(value) or (name == "path" and value.startswith("/?p=")):
        return None
    if not isinstance(value, tuple):
        return str(value)
    if name == "categories":  # they have no order
        return json.dumps(sorted({item.slug: item.name for item in value}.values()), ensure_ascii=False)
    items = [item.text if isinstance(item, Resource | PhotoCredit) else item.name for item in value]
    return json.dumps(items, ensure_ascii=False)
