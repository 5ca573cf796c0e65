"""Readings of a post that is split over several pages: each with the other pages of its time, as one reading. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipelines.briefs.ranked_reading import RankedReading
from scraper.records import Author, Brief, Reading, Section

_LISTS = ("resources", "photo_credits", "links")
_ByPart = Mapping[int, Sequence[RankedReading]]


def join_parts(readings: Sequence[RankedReading]) -> list[RankedReading]:
    """The readings, each page of a split post joined with the others as they were then.

    A page that was first captured later stands for what was there before. A reading that lacks a page counts as cut
    off: it replaces no whole one.
    """
    by_part: dict[int, list[RankedReading]] = defaultdict(list)
    for ranked in sorted(readings, key=_get_time):
        if ranked.reading.parts > 1:
            by_part[ranked.reading.part].append(ranked)
    return [_join(ranked, by_part) if ranked.reading.parts > 1 else ranked for ranked in readings]


def find_missing_parts(joined: Sequence[RankedReading]) -> tuple[int, ...]:
    """The numbers of the pages that no capture holds, as the newest of the joined readings shows the post."""
    return max(joined, key=_get_time).missing


def _get_time(ranked: RankedReading) -> tuple[str, tuple[str, ...]]:
    return ranked.captured_at or "", ranked.tie


def _join(ranked: RankedReading, by_part: _ByPart) -> RankedReading:
    chosen = dict(_choose_parts(ranked, by_part))
    count = max(part.reading.parts for part in chosen.values())
    parts = [chosen[number] for number in sorted(chosen)]
    missing = tuple(number for number in range(1, count + 1) if number not in chosen)
    fidelity = 0 if missing else min(part.reading.fidelity for part in parts)
    first = parts[0].reading
    joined = Reading(_join_briefs([part.reading.brief for part in parts]), first.evidence, first.problems, fidelity)
    return replace(ranked, reading=joined, parts=tuple(parts), missing=missing)


def _choose_parts(ranked: RankedReading, by_part: _ByPart) -> Iterator[tuple[int, RankedReading]]:
    """Choose of each page the newest reading at that time, else the first after it."""
    count, number = ranked.reading.parts, 1
    while number <= count:
        if versions := by_part.get(number):
            before = [part for part in versions if _get_time(part) <= _get_time(ranked)]
            part = before[-1] if before else versions[0]
            count = max(count, part.reading.parts)
            yield number, part
        number += 1


def _join_briefs(briefs: Sequence[Brief]) -> Brief:
    """One brief of the pages: the values of the first, and of all of them what hangs on the text."""
    first = briefs[0]
    # Without those that show the first again, as for a number that the post has no page of.
    pages = [brief for index, brief in enumerate(briefs) if index == 0 or brief.body != first.body]
    values: dict[str, Any] = {name: tuple(item for brief in pages for item in getattr(brief, name)) for name in _LISTS}
    values |= {
        name: next((value for brief in pages if (value := getattr(brief, name)) is not None), None)
        for name in ("title", "published", "dateline", "posted_by", "wp_id")
    }
    labelled = next((brief for brief in pages if brief.label), first)
    values |= {name: getattr(labelled, name) for name in ("label", "number", "domain")}
    return replace(
        first,
        **values,
        kind=next((brief.kind for brief in pages if brief.kind != "post"), "post"),
        modified=max((brief.modified for brief in pages if brief.modified), default=None),
        body=_join_texts(brief.body for brief in pages),
        body_html=_join_texts((brief.body_html for brief in pages), "\n"),
        sections=_join_sections(brief.sections for brief in pages),
        authors=_join_authors(brief.authors for brief in pages),
    )


def _join_texts(texts: Iterable[str | None], between: str = "\n\n") -> str | None:
    return between.join(text for text in texts if text) or None


def _join_sections(lists: Iterable[tuple[Section, ...]]) -> tuple[Section, ...]:
    """The sections in order; a page that begins without a heading goes on with the last one."""
    joined: list[Section] = []
    for sections in lists:
        for index, section in enumerate(sections):
            if joined and index == 0 and section.heading is None:
                joined[-1] = replace(joined[-1], text=_join_texts((joined[-1].text, section.text)) or "")
            else:
                joined.append(section)
    return tuple(joined)


def _join_authors(lists: Iterable[tuple[Author, ...]]) -> tuple[Author, ...]:
    """Each writer once; the closing line of the last page adds roles and contacts."""
    by_name: dict[str, Author] = {}
    for author in (author for authors in lists for author in authors):
        key = author.name.casefold()
        old = by_name.setdefault(key, author)
        by_name[key] = replace(old, role=old.role or author.role, contact=old.contact or author.contact)
    return tuple(by_name.values())
