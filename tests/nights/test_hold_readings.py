"""Which readings of a post are held; without a database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.briefs.holding import Holding, hold_readings
from pipelines.briefs.ranked_reading import RankedReading
from pipelines.briefs.reading_rows import ReadingRow, set_hearsay_aside
from scraper.records import Problem
from tests.support.specimens import PATH, make_brief, make_reading

LONG, CUT, NOTICE = "The pact was signed by the river. " * 30, "The pact was signed.", "This post was removed."


def rank(day: int, body: str | None = LONG, *, fidelity: int = 3, **values: object) -> RankedReading:
    """What the site showed on that day."""
    read = make_reading(make_brief(body=body, sections=()), fidelity=fidelity)
    known: dict[str, object] = {"is_live": True, "shown": body, "crawl_id": day, **values}
    return RankedReading(read, day, f"2022-06-{day:02}T02:00:00Z", (str(day),), **known)  # type: ignore[arg-type]


def hold(*readings: RankedReading) -> Holding:
    return hold_readings(readings, lambda _: False)


def count_days(readings: tuple[RankedReading, ...]) -> list[int]:
    return [ranked.capture_id for ranked in readings]


def test_a_cut_that_a_good_night_followed_is_held_and_not_reported() -> None:
    found = hold(rank(1), rank(2, CUT), rank(3))
    assert (count_days(found.counting), count_days(found.held), found.reports) == ([1, 3], [2], ())


def test_a_cut_of_what_is_less_direct_is_not_reported() -> None:
    """The page itself, though older, says more than a list."""
    found = hold(rank(1), rank(2, fidelity=1), rank(3, CUT, fidelity=1))
    assert (count_days(found.held), found.reports) == ([3], ())


def test_a_cut_that_is_the_newest_is_reported() -> None:
    found = hold(rank(1), rank(2, CUT))
    assert count_days(found.held) == [2]
    assert "has 20 characters" in found.reports[0]


@pytest.mark.parametrize(("body", "is_told"), [(None, True), ("Half of it.", False)])
def test_a_page_without_a_text_is_reported_though_it_weighs_nothing(body: str | None, is_told: bool) -> None:
    """The other was read of a damaged page: the next good one makes up for it."""
    found = hold(rank(1), rank(2, body, fidelity=0, verdict="held"))
    assert (count_days(found.held), len(found.reports)) == ([2], is_told)


def test_what_a_run_reads_is_reported_once_it_was_judged() -> None:
    unjudged, held = (hold(rank(1), rank(2, LONG + "More.", verdict=verdict)) for verdict in ("unjudged", "held"))
    assert (count_days(unjudged.held), unjudged.reports) == ([2], ())
    assert (count_days(held.held), held.reports[0][:17]) == ([2], "Run 2 is doubtful")


@pytest.mark.parametrize(
    ("kinds", "is_live", "is_held"),
    [(("short",), True, True), (("short", "cut"), True, False), ((), True, False), (("short",), False, False)],
)
def test_a_notice_in_the_place_of_a_page_weighs_as_much_as_the_page(
    kinds: tuple[str, ...], is_live: bool, is_held: bool
) -> None:
    notice = rank(2, NOTICE, fidelity=0, is_live=is_live)
    problems = tuple(Problem("body", kind, "told") for kind in kinds)
    result = replace(notice, reading=replace(notice.reading, problems=problems))
    found = hold(rank(1), result)
    assert count_days(found.held) == ([2] if is_held else [])
    assert {each.reading.fidelity for each in (*found.counting, *found.held)} == ({3} if is_held else {0, 3})


@pytest.mark.parametrize(("second_run", "is_held"), [(3, False), (None, False), (2, True)])
def test_a_cut_that_another_run_read_again_counts(second_run: int | None, is_held: bool) -> None:
    found = hold(rank(1), rank(2, CUT), rank(3, CUT, crawl_id=second_run))
    assert (2 in count_days(found.held)) == is_held


@pytest.mark.parametrize(
    ("record", "shown", "is_told"), [(1, "a", False), (2, "b", False), (2, "a", True), (2, None, True)]
)
def test_what_a_saved_file_shows_after_the_site_is_set_aside_and_told_where_it_differs(
    record: int, shown: str | None, is_told: bool
) -> None:
    def row(day: int, record: int, shown: str | None, is_live: bool) -> ReadingRow:
        place = (PATH, None)
        known = (place, shown, False, is_live, not is_live, False, None, None)
        return ReadingRow(day, f"2022-06-{day:02}T02:00:00Z", 3, record, (str(day),), *known)

    rows = [row(1, 1, "b", True), row(2, record, shown, False)]
    kept, result = set_hearsay_aside(rows)
    assert kept == rows[:1]
    assert result == (
        ["A saved file of 2022-06-02T02:00:00Z shows what the site did not show 2022-06-01T02:00:00Z."] * is_told
    )
