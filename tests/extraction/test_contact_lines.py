"""Lines that say whom to write to about a brief, and closing lines that break off: who is the writer, what is text."""

from __future__ import annotations

import pytest

from tests.extraction.test_people import LABEL, PROSE, TEXT, has_problem, names, reading
from tests.extraction.test_resource_lists import HEADING, ITEMS

ADA, MAIL = "Ada Wren", "mailto:ada@usresistnews.org"
LINK, BOX = f"<a href='{MAIL}'>{ADA}</a>", f"<a href='{MAIL}'>ada@usresistnews.org</a>"
ASKS = [
    f"For comments on this brief contact {LINK}",
    f"To comment on this Brief, please contact {ADA} at {BOX}.",
    f"Questions or comments? E-mail {ADA}: {BOX}",
    f"Contact the author: {LINK}",
    f"Contact: {LINK}",
    f"Email {ADA} at {BOX}",
    f"{ADA}, Gun Control Analyst, can be reached at {BOX}.",
    f"{ADA}, Gun Control Analyst: <a href='{MAIL}'>Contact</a>",
]


@pytest.mark.parametrize("line", ASKS)
@pytest.mark.parametrize(
    "place", ["{}", "{line}" + HEADING + ITEMS, HEADING + ITEMS + "{line}"], ids=["", "above", "below"]
)
def test_whom_to_write_to_is_the_writer_as_a_guess_and_no_resource(line: str, place: str) -> None:
    found = reading(LABEL + TEXT + place.replace("{}", "{line}").format(line=f"<p>{line}</p>"))
    assert [(author.name, author.contact) for author in found.brief.authors] == [(ADA, MAIL)]
    assert has_problem(found, "authors") and ADA not in (found.brief.body or "")
    assert len(found.brief.resources) == (2 if "Resources" in place else 0)


@pytest.mark.parametrize("line", ASKS)
def test_the_writer_of_the_byline_has_the_address_and_others_are_told(line: str) -> None:
    known = reading(f"{LABEL}<p>By {ADA}</p>{TEXT}<p>{line}</p>")
    assert [(author.name, author.contact) for author in known.brief.authors] == [(ADA, MAIL)]
    assert not has_problem(known, "authors")
    other = reading(f"{LABEL}<p>By Leo Marsh</p>{TEXT}<p>{line}</p>")
    assert (names(other), has_problem(other, "authors")) == (["Leo Marsh"], True)


def test_an_address_without_a_name_is_told() -> None:
    found = reading(f"{LABEL}{TEXT}<p>For comments or questions on this brief please contact {BOX}.</p>")
    assert (names(found), has_problem(found, "authors"), "comments" in (found.brief.body or "")) == ([], True, False)


@pytest.mark.parametrize(
    "line",
    [
        "To comment on the rule, contact the port authority before June.",
        "Questions about the rule led many to contact the agency.",
        "Contact your senator before the vote.",
        "Contact Ada Wren's office before the vote.",
        "Comments on the plan may be e-mailed to the clerk.",
    ],
)
def test_calls_to_write_to_others_are_text(line: str) -> None:
    found = reading(f"{LABEL}{TEXT}<p>{line}</p>{PROSE}")
    assert (names(found), line in (found.brief.body or "")) == ([], True)


def test_items_of_a_list_name_no_writer() -> None:
    desk = "<a href='mailto:desk@law.example.org'>Law Desk</a>"
    items = f"<ul><li>Contact {desk}</li><li>Contact Ada Wren, Director</li></ul>"
    found = reading(LABEL + TEXT + HEADING + items)
    assert (names(found), len(found.brief.resources)) == ([], 2)


@pytest.mark.parametrize(
    "line",
    [
        f"<p>This Brief was written by<br>Gun Control Analyst<br>{ADA}: <a href='{MAIL}'>Contact</a></p>",
        f"<p>Brief submitted by:</p><p>USRESIST NEWS Gun Control Analyst {ADA}: <a href='{MAIL}'>Contact</a></p>",
    ],
)
def test_a_closing_line_that_breaks_off_goes_on_in_the_next(line: str) -> None:
    (author,) = reading(f"{LABEL}{TEXT}{HEADING}{ITEMS}{line}").brief.authors
    assert (author.name, author.role, author.contact) == (ADA, "Gun Control Analyst", MAIL)


def test_the_life_of_a_writer_below_its_heading_names_them() -> None:
    found = reading(f"{LABEL}{TEXT}<p><b>About the Author</b></p><p>{ADA} is a writer at the harbor.</p>")
    assert (names(found), has_problem(found, "authors"), "harbor." in (found.brief.body or "")) == ([ADA], True, False)


def test_a_front_that_no_name_follows_stays_text() -> None:
    found = reading(f"{LABEL}{TEXT}<p>The rule that Ada Wren stood by</p>{PROSE}")
    assert (names(found), "stood by" in (found.brief.body or "")) == ([], True)
