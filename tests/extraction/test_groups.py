"""Organisations in bylines, by the form of their names, and lines at the end that say who the writer is."""

from __future__ import annotations

import pytest

from tests.extraction.test_people import LABEL, TEXT, has_problem, names, reading

ADA = "Ada Wren"


@pytest.mark.parametrize(
    "name",
    ["Harbor Rights Watch", "Lighthouse International", "Aldmouth Press", "Lamp Institution", "Tide Staff", "Oar Team",
     "Keepers Without Lamps", "Reporters Without Borders", "Mill Workers United", "Tug Lives Matter", "Reef News",
     "Tide Magazine", "Gull Movement"],
)  # fmt: skip
def test_an_organisation_is_a_collective(name: str) -> None:
    for line, all_names in ((f"By {name}", [name]), (f"By {ADA} and {name}", [ADA, name])):
        authors = reading(LABEL + f"<p>{line}</p>" + TEXT).brief.authors
        assert [author.name for author in authors] == all_names
        assert (authors[-1].kind, authors[-1].role) == ("collective", None)


def test_a_surname_that_ends_names_of_organisations_is_a_guess() -> None:
    for name, is_guess in (("Ada Press", True), ("Ada Staff", True), ("Free Harbor Press", False)):
        assert has_problem(reading(LABEL + f"<p>By {name}</p>" + TEXT), "authors") is is_guess, name


@pytest.mark.parametrize(
    ("line", "role"),
    [
        (ADA, None),
        (f"Human Rights Analyst {ADA}", "Human Rights Analyst"),
        (f"{ADA}, Women’s Rights Reporter", "Women’s Rights Reporter"),
        (f"Staff Writer {ADA}", "Staff Writer"),
    ],
)
def test_a_person_is_none(line: str, role: str | None) -> None:
    (author,) = reading(LABEL + f"<p>By {line}</p>" + TEXT).brief.authors
    assert (author.name, author.kind, author.role) == (ADA, "person", role)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By The Editors", "The Editors"),
        ("by the Editors", "Editors"),
        ("By The U.S. Resist News Staff", "U.S. Resist News Staff"),
        ("By the U.S. RESIST NEWS Staff", "U.S. RESIST NEWS Staff"),
    ],
)
def test_a_group_without_a_name_keeps_its_article(line: str, name: str) -> None:
    (author,) = reading(LABEL + f"<p>{line}</p>" + TEXT).brief.authors
    assert (author.name, author.kind) == (name, "collective")


@pytest.mark.parametrize(
    ("line", "role"),
    [
        (f"The author, {ADA}, is an Analyst at U.S. RESIST NEWS.", "Analyst"),
        (f"{ADA}, the author of this brief, can be reached at a@lamps.example", None),
        (f"This Brief’s author is {ADA}.", None),
        (f"The writer of this post is {ADA}", None),
        (f"—{ADA}, Analyst", "Analyst"),
        (f"Respectfully submitted, {ADA}", None),
        (f"{ADA} reports for U.S. RESIST NEWS", None),
        (f"{ADA} writes about harbors for US Renew News.", None),
        (f"{ADA} / U.S. RESIST NEWS", None),
        (f"Our Principal Analyst is {ADA} who can be reached at a@lamps.example", "Principal Analyst"),
    ],
)
def test_a_line_at_the_end_presents_the_writer(line: str, role: str | None) -> None:
    found = reading(LABEL + TEXT + f"<p>{line}</p>")
    (author,) = found.brief.authors
    assert (author.name, author.role, has_problem(found, "authors")) == (ADA, role, True)
    assert author.contact == ("mailto:a@lamps.example" if "@" in line else None)
    assert ADA not in (found.brief.body or "")


@pytest.mark.parametrize(
    "line",
    [
        f"{ADA}, the author of this rule, can be reached in May.",
        f"The author, {ADA}, is a professor at Lark College.",
        f"{ADA} reports for duty.",
        f"Our senator is {ADA} who can be reached at 555-0134.",
        "This brief was updated on June 3, 2021.",
    ],
)
def test_what_presents_others_is_text(line: str) -> None:
    found = reading(LABEL + TEXT + f"<p>{line}</p>")
    assert (names(found), line in (found.brief.body or "")) == ([], True)


def test_who_updated_a_brief_did_not_write_it() -> None:
    found = reading(LABEL + TEXT + f"<p>This brief was updated by {ADA}</p>")
    assert (names(found), has_problem(found, "authors")) == ([], True)
    assert names(reading(LABEL + TEXT + f"<p>This brief was written and updated by {ADA}</p>")) == [ADA]
