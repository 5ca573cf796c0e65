"""Bylines that stand beside something else on their line, or twice; day lines and headings with odd ends."""

from __future__ import annotations

import pytest

from tests.extraction.test_people import LABEL, PROSE, TEXT, has_problem, names, reading

ADA, LEO = "Ada Wren", "Leo Marsh"


@pytest.mark.parametrize("gap", [" ", ", ", " – ", "; "])
@pytest.mark.parametrize("credit", ["Photos by Io Vale", "photo by Io Vale", "Photo: Io Vale"])
def test_a_credit_behind_the_byline_is_no_part_of_it(gap: str, credit: str) -> None:
    found = reading(f"{LABEL}<p>By {ADA}{gap}{credit}</p>{TEXT}")
    (picture,) = found.brief.photo_credits
    assert (names(found), picture.text, picture.name, picture.source) == ([ADA], credit, "Io Vale", None)
    assert (found.brief.body or "").startswith("Policy Summary")


@pytest.mark.parametrize(
    ("line", "writers"),
    [
        (f"By: By {ADA}", [ADA]),
        (f"By {ADA} By {LEO}", [ADA, LEO]),
        (f"By, {ADA}", [ADA]),
        (f"Text by {ADA}", [ADA]),
        (f"By {ADA} and the U.S. Resist News Staff", [ADA, "U.S. Resist News Staff"]),
        (f"By Guest Blogger {ADA}", [ADA]),
    ],
)
def test_the_names_keep_nothing_of_the_words_around_them(line: str, writers: list[str]) -> None:
    assert names(reading(f"{LABEL}<p>{line}</p>{TEXT}")) == writers


@pytest.mark.parametrize("line", ["By Guest Author", f"By {ADA} by mail"])
def test_a_byline_without_a_name_is_told(line: str) -> None:
    found = reading(f"{LABEL}<p>{line}</p>{TEXT}")
    assert (names(found), has_problem(found, "authors")) == ([], True)


@pytest.mark.parametrize(
    "head",
    [
        f"<p>Brief #62 – Technology – By {ADA} – June 3, 2019</p>",
        f"{LABEL}<p>June 3, 2019 by {ADA}</p>",
        f"{LABEL}<p>June 3, 2019 – By {ADA}</p>",
        f"{LABEL}<p>By {ADA}</p><p>The 3rd of June, 2019</p>",
    ],
)
def test_a_day_beside_label_or_byline_is_the_dateline(head: str) -> None:
    brief = reading(head + TEXT).brief
    assert (brief.dateline, [author.name for author in brief.authors]) == ("2019-06-03", [ADA])


@pytest.mark.parametrize("day", ["June 3, 20019", "June 3, 209", "Jun. 3, 20190"])
def test_a_mistyped_year_is_told_and_no_text(day: str) -> None:
    found = reading(f"{LABEL}<p>{day}</p>{TEXT}")
    assert (found.brief.dateline, has_problem(found, "dateline"), day in (found.brief.body or "")) == (
        None,
        True,
        False,
    )


@pytest.mark.parametrize("line", ["OP-ED by Ada Wren", "Op Ed By Ada Wren", "Guest Editorial by Ada Wren"])
def test_a_kicker_with_a_byline_makes_an_opinion(line: str) -> None:
    found = reading(f"<p>{line}</p>{PROSE}{PROSE}")
    assert (found.brief.kind, names(found)) == ("opinion", [ADA])


@pytest.mark.parametrize("heading", ["<b>Policy Summary.</b> ", "<u>POLICY SUMMARY:</u> ", "<b>Policy Summary</b>. "])
def test_a_heading_runs_in_whatever_ends_it(heading: str) -> None:
    found = reading(f"{LABEL}{PROSE.replace('<p>', '<p>' + heading)}<p><b>Analysis.</b></p>{PROSE}").brief.sections
    assert [(section.heading or "").lower() for section in found] == ["policy summary", "analysis"]


@pytest.mark.parametrize(
    ("line", "heading", "is_told"),
    [
        ("Policy Summary The council of Oxley voted in May to close two piers.", "Policy Summary", False),
        ("POLICY SUMMARY The council of Oxley voted in May to close two piers.", "POLICY SUMMARY", False),
        ("Policy Summary of the council: it voted in May to close two piers.", None, False),
        ("Policy Summary And Votes On Two Piers Of The Town", None, False),
        ("Analysis The council of Oxley voted in May to close two piers.", None, True),
        ("Analysis of the vote shows that the council of Oxley was tired.", None, False),
    ],
)
def test_a_heading_that_lost_its_end(line: str, heading: str | None, *, is_told: bool) -> None:
    found = reading(f"{LABEL}<p>By {ADA}</p><p>{line}</p>{PROSE}")
    assert ((found.brief.sections[0].heading), has_problem(found, "sections")) == (heading, is_told)
