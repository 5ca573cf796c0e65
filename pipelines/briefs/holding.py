"""Which readings of a post are held: doubtful ones, until a good night has read the same. Pure.

All captures of the post decide together, so that the order in which they come in does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipelines.briefs.ranked_reading import SHRUNK, RankedReading
from scraper.records import Brief

# Verdicts on a run whose readings do not count by themselves; `unexplained` is one on a single page of a good run.
DOUBTFUL = ("unjudged", "held", "unexplained")

# Whether a good night found a capture, by its id, as it was.
Confirmation = Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class Holding:
    """The readings of a post that count, those that are held, and what to report of these."""

    counting: tuple[RankedReading, ...]
    held: tuple[RankedReading, ...]
    reports: tuple[str, ...]


def hold_readings(readings: Sequence[RankedReading], is_confirmed: Confirmation) -> Holding:
    """Hold what the site showed in a doubtful run, and a text that shrank, unless a good night saw the same later.

    What is newer than all that counts, and as direct, is reported.
    """
    last: dict[object, RankedReading] = {}
    counting: list[RankedReading] = []
    doubts: list[tuple[RankedReading, str]] = []
    readings = [_weigh_notice(ranked, readings) for ranked in readings]
    for ranked in sorted(readings, key=lambda ranked: ranked.order):
        reading = ranked.reading
        form = reading.fidelity, ranked.rest, reading.part, reading.parts
        doubt = _find_doubt(ranked, last.get(form))
        if doubt and not _is_seen_again(ranked, readings) and not is_confirmed(ranked.capture_id):
            doubts.append((ranked, doubt))
            continue
        counting.append(ranked)
        # What others recorded is held against the site only while the site itself has shown nothing.
        if (
            reading.brief.body
            and not ranked.is_hearsay
            and (ranked.is_live or form not in last or not last[form].is_live)
        ):
            last[form] = ranked
    newest = max((ranked.captured_at or "" for ranked in counting), default="")
    best = max((ranked.reading.fidelity for ranked in counting), default=0)
    pending = [
        (ranked, doubt)
        for ranked, doubt in doubts
        if (ranked.captured_at or "") > newest and (ranked.reading.fidelity >= best or not ranked.reading.brief.body)
    ]
    reports = {doubt for ranked, doubt in pending if ranked.verdict != "unjudged"}  # what runs is judged at its end
    return Holding(tuple(counting), tuple(ranked for ranked, _ in doubts), tuple(sorted(reports)))


def _weigh_notice(ranked: RankedReading, readings: Sequence[RankedReading]) -> RankedReading:
    """Give a short text the weight of the page that it replaced: held as a cut is, it may be the editors' last word."""
    kinds = {problem.kind for problem in ranked.reading.problems if problem.field == "body"}
    if ranked.reading.fidelity or not ranked.is_live or kinds != {"short"}:
        return ranked
    weights = [
        other.reading.fidelity
        for other in readings
        if other.is_live and not other.rest and (other.captured_at or "") < (ranked.captured_at or "")
    ]
    return replace(ranked, reading=replace(ranked.reading, fidelity=max(weights, default=0)))


def _find_doubt(ranked: RankedReading, before: RankedReading | None) -> str | None:
    """Say why a reading is doubtful, `before` being the last of its form that counts; None if it is not."""
    if not ranked.is_live or ranked.verdict == "accepted":
        return None
    if before and before.shown is not None and before.shown == ranked.shown:
        return None
    length, usual = len(ranked.reading.brief.body or ""), len(before.reading.brief.body or "") if before else 0
    if ranked.verdict == "unexplained":
        reason = f"The page changed until {ranked.captured_at} though no list announced an edit, so it is held."
    elif ranked.verdict in DOUBTFUL:
        reason = f"Run {ranked.crawl_id} is doubtful, so what it read at {ranked.captured_at} is held."
    elif before and before.is_live and _shows_other_post(ranked.reading.brief, before.reading.brief):
        reason = f"The page shows another title and number at {ranked.captured_at} than before, so it is held."
    elif 0 < length * SHRUNK <= usual:
        reason = f"The text has {length} characters at {ranked.captured_at} and had {usual} before, so it is held."
    else:
        return None
    by_hand = f", or by `briefs accept {ranked.crawl_id}`" if ranked.crawl_id else ""
    return f"{reason} It comes in when another night reads the same{by_hand}."


def _shows_other_post(brief: Brief, before: Brief) -> bool:
    """Whether number and title are another post's; each alone may change, as on another host or by an edit."""
    numbers, titles = (brief.wp_id, before.wp_id), (brief.title, before.title)
    return None not in (*numbers, *titles) and numbers[0] != numbers[1] and titles[0] != titles[1]


def _is_seen_again(ranked: RankedReading, readings: Sequence[RankedReading]) -> bool:
    """Whether a later capture of another run that is not doubtful shows the same."""
    return any(
        other.verdict not in DOUBTFUL
        and (other.crawl_id is None or other.crawl_id != ranked.crawl_id)
        and (other.captured_at or "") > (ranked.captured_at or "")
        and _shows_same(ranked, other)
        for other in readings
    )


def _shows_same(ranked: RankedReading, other: RankedReading) -> bool:
    if ranked.verdict in DOUBTFUL:
        return ranked.shown is not None and ranked.shown == other.shown
    return (ranked.reading.brief.body or "").split() == (other.reading.brief.body or "").split()
