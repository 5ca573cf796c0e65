"""The head of a brief: datelines in every wording, lines of several parts, headings that are datelines or bylines."""

from __future__ import annotations

import pytest

from pipelines.extraction.wording.dateline import Dateline, read_dateline
from tests.extraction.test_people import LABEL, PROSE, TEXT, has_problem, names, reading


@pytest.mark.parametrize(
    ("line", "dateline", "field"),
    [
        ("Technology Policy Brief #62 | By: Rosa Klebb | Analyst | January 23, 2025", "2025-01-23", None),
        ("Technology Policy Brief #62 | By: Rosa Klebb | Part 2 | January 23, 2025", "2025-01-23", None),
        ("Technology Policy Brief #62 | By: Rosa Klebb | Januray 23, 2025", None, "dateline"),
        ("Technology Policy Brief #62 | By: Rosa Klebb | 3/4/2025", None, "dateline"),
        ("Technology Policy Brief | By: Rosa Klebb | January 23, 2025", "2025-01-23", "label"),
        ("Technology Policy Brief #62 / By: Rosa Klebb / January 23, 2025", "2025-01-23", None),
    ],
)
def test_one_bad_part_loses_no_other(line: str, dateline: str | None, field: str | None) -> None:
    found = reading(f"<p>{line}</p>{TEXT}")
    assert names(found) == ["Rosa Klebb"]
    assert found.brief.dateline == dateline
    assert found.brief.number == (None if field == "label" else 62)
    assert field is None or has_problem(found, field)
    unread = [problem.message for problem in found.problems if "head line" in problem.message]
    assert ("Part 2" in line) == any("'Part 2'" in message for message in unread)


def test_a_line_of_very_many_parts_is_no_head_line() -> None:
    line = "By: Rosa Klebb | " + " | ".join(f"Pier {number}" for number in range(60))
    found = reading(f"<p>{line}</p>{TEXT}")
    assert (found.brief.authors, line in (found.brief.body or "")) == ((), True)


def test_prose_with_a_bar_stays_prose() -> None:
    line = "Brief #62 – Technology | what the towns along the inlet said when they were asked about the old piers"
    assert line in (reading(f"<p>{line}</p>{TEXT}").brief.body or "")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1/25/2018", "2018-01-25"),
        ("1/25/18", "2018-01-25"),
        ("1-25-2018", "2018-01-25"),
        ("25.1.2018", "2018-01-25"),
        ("4/4/2018", "2018-04-04"),
        ("2018-01-25", "2018-01-25"),
        ("— January 25, 2018 —", "2018-01-25"),
        ("Date: January 25, 2018", "2018-01-25"),
        ("Posted: January 25, 2018", "2018-01-25"),
        ("January 25, 2018:", "2018-01-25"),
        ("3/4/2018", None),
        ("3/4/18", None),
        ("31/31/2018", None),
        ("February 30, 2018", None),
        ("January 25-27, 2018", None),
        ("Updated January 25, 2018", None),
        ("Summer 2018", None),
    ],
)
def test_datelines(text: str, day: str | None) -> None:
    found = reading(f"{LABEL}<p>{text}</p>{TEXT}")
    assert found.brief.dateline == day
    assert has_problem(found, "dateline") == (day is None)


@pytest.mark.parametrize("text", ["January 25, 2018 was a cold day", "Brief 2018", "1-800-555", "In 2018", "24/7"])
def test_other_numbers_are_no_datelines(text: str) -> None:
    assert read_dateline(text) is None


@pytest.mark.parametrize("mark", ["<h3>{}</h3>", "<p><strong>{}</strong></p>"])
def test_the_first_day_of_a_chronicle_is_no_dateline(mark: str) -> None:
    days = "".join(mark.format(day) + PROSE for day in ("March 3, 2019", "April 9, 2019"))
    found = reading(LABEL + days)
    assert found.brief.dateline is None
    assert "March 3, 2019" in (found.brief.body or "")


@pytest.mark.parametrize(
    "text", ["(January 25, 2018)", "[January 25, 2018]", "( Jan. 25, 2018 )", "(Posted January 25, 2018)"]
)
def test_a_dateline_in_brackets(text: str) -> None:
    assert read_dateline(text) == Dateline("2018-01-25")


@pytest.mark.parametrize(
    ("head", "people", "day"),
    [
        ("<h4>By Rosa Klebb June 10,2020</h4>" + PROSE, ["Rosa Klebb"], None),
        ("<h6><em>by Rosa Klebb</em></h6>" + TEXT, ["Rosa Klebb"], None),
        ("<h3>January 21, 2018</h3>" + TEXT, [], "2018-01-21"),
        ("<h4><strong>October 21, 2018</strong></h4>" + PROSE, [], "2018-10-21"),
        ("<h2>By Rosa Klebb</h2><h3>(October 21, 2018)</h3>" + PROSE, ["Rosa Klebb"], "2018-10-21"),
    ],
)
def test_a_heading_of_an_unlabelled_post_is_its_head(head: str, people: list[str], day: str | None) -> None:
    found = reading(head)
    assert (names(found), found.brief.dateline) == (people, day)
    assert not {section.heading for section in found.brief.sections} - {None, "Policy Summary", "Analysis"}


@pytest.mark.parametrize(
    "text",
    [
        f"<h3>By Rosa Klebb</h3>{PROSE}<h3>By Bo McRae</h3>{PROSE}",
        f"<h3>January 21, 2018</h3>{PROSE}<h3>January 22, 2018</h3>{PROSE}",
    ],
)
def test_headings_one_below_another_stay_headings(text: str) -> None:
    found = reading(text)
    assert (names(found), found.brief.dateline, len(found.brief.sections)) == ([], None, 2)


def test_a_heading_that_may_be_a_byline_is_told_as_both() -> None:
    found = reading(f"<h3>By Harvest Moon</h3>{PROSE}")
    assert has_problem(found, "authors")
    assert has_problem(found, "sections")


@pytest.mark.parametrize("time", [" 9:30 PM", " at 9:30 p.m. EST", ", 21:30", " @ 9pm", " – 9:30:05"])
def test_a_time_of_day_behind_a_dateline(time: str) -> None:
    for day in ("May 11, 2021", "2021-05-11", "Posted: 5/13/2021"):
        assert read_dateline(day + time) == read_dateline(day)
