"""What a brief says when its readings say different things; without a database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipelines.briefs.merge import MergedBrief, merge_readings
from pipelines.briefs.ranked_reading import RankedReading
from scraper.records import Category, Link, Reading
from tests.support.specimens import PATH, make_brief, make_reading

DAYS = [f"2021-06-0{day}T12:00:00Z" for day in range(1, 6)]


def merge(*readings: tuple[Reading, str | None]) -> MergedBrief:
    return merge_readings(PATH, [RankedReading(read, n, at, (str(n),)) for n, (read, at) in enumerate(readings, 1)])


def read_title(title: str | None, fidelity: int = 3) -> Reading:
    return make_reading(make_brief(title=title), fidelity=fidelity)


def test_the_values_of_the_past_are_those_that_were_shown_until_each_change() -> None:
    merged = merge(*zip(map(read_title, ("A", "A", "B", "A", "C")), DAYS, strict=True))
    assert [(past.value, past.until) for past in merged.past if past.field == "title"] == [
        ("A", DAYS[2]),
        ("B", DAYS[3]),
        ("A", DAYS[4]),
    ]
    assert [(change.old, change.new, change.seen_at) for change in merged.revisions] == [
        ("A", "B", DAYS[2]),
        ("B", "A", DAYS[3]),
        ("A", "C", DAYS[4]),
    ]


def test_that_a_value_was_missing_at_first_is_of_the_past_and_later_gaps_change_nothing() -> None:
    titles = (None, "A", None, "B")
    merged = merge(*zip(map(read_title, titles), DAYS[:4], strict=True))
    assert [past.value for past in merged.past if past.field == "title"] == [None, "A"]


def test_two_captures_of_one_instant_are_one_change_of_the_past() -> None:
    merged = merge((read_title("A"), DAYS[0]), (read_title("B"), DAYS[1]), (read_title("C"), DAYS[1]))
    assert [(past.value, past.until) for past in merged.past] == [("A", DAYS[1])]


def test_a_copy_without_a_day_is_no_change() -> None:
    merged = merge((read_title("A"), None), (read_title("B"), DAYS[1]))
    assert (merged.brief.title, merged.revisions) == ("B", ())


@pytest.mark.parametrize("later", [0, 1, 2])
def test_a_less_direct_copy_changes_no_value(later: int) -> None:
    merged = merge((read_title("A"), DAYS[0]), (read_title("B", fidelity=later), DAYS[1]))
    assert (merged.brief.title, merged.revisions, merged.past) == ("A", (), ())


def test_a_post_with_a_page_missing_weighs_as_much_as_an_excerpt() -> None:
    part = replace(read_title("First page"), part=1, parts=2)
    newer = merge((read_title("Excerpt", fidelity=0), DAYS[0]), (part, DAYS[1]))
    older = merge((part, DAYS[0]), (read_title("Excerpt", fidelity=0), DAYS[1]))
    assert (newer.brief.title, newer.missing_parts) == ("First page", (2,))
    assert (older.brief.title, older.missing_parts) == ("Excerpt", ())


def test_a_post_of_which_every_page_is_there_weighs_as_its_weakest() -> None:
    parts = [replace(read_title("Whole", fidelity=weight), part=n, parts=2) for n, weight in ((1, 3), (2, 2))]
    pages = [(part, DAYS[1]) for part in parts]
    assert merge((read_title("Page"), DAYS[0]), *pages).brief.title == "Page"
    assert merge((read_title("Text", fidelity=1), DAYS[0]), *pages).brief.title == "Whole"


def test_categories_in_another_order_are_no_change() -> None:
    river, law = Category("River", "river"), Category("Law", "law")
    first, second = (make_reading(make_brief(categories=order)) for order in ((river, law), (law, river)))
    assert merge((first, DAYS[0]), (second, DAYS[1])).revisions == ()


@pytest.mark.parametrize("weight", [0, 1, 3])
def test_a_label_stands_in_for_a_headline_that_no_copy_shows(weight: int) -> None:
    label = read_title("Brief #7—Environment", weight)
    assert merge((label, DAYS[0])).brief.title == "Brief #7—Environment"
    assert merge((label, DAYS[0]), (read_title("A", weight), DAYS[1])).brief.title == "A"
    assert merge((read_title("A", weight), DAYS[0]), (label, DAYS[1])).brief.title == "A"


@pytest.mark.parametrize(
    "values",
    [
        *({}, {"title": ""}, {"posted_by": ""}, {"path": "/other/"}),
        *({"label": None}, {"label": ""}, {"body": None}, {"body": ""}),
    ],
)
def test_one_reading_gives_what_two_that_show_the_same_give(values: dict[str, Any]) -> None:
    brief = make_brief(number=7, domain="Health", body_html="<p>A</p>", links=(Link("A", "https://a.example/"),))
    reading = make_reading(replace(brief, **values))
    assert merge((reading, DAYS[0])).brief == merge((reading, DAYS[0]), (reading, DAYS[1])).brief
