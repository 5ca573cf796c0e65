"""Bylines that go over two lines, carry links and notes, or may name a place; writers named without `By`."""

from __future__ import annotations

import pytest

from tests.extraction.test_people import LABEL, PROSE, TEXT, has_problem, names, reading

ADA, LEO = "Ada Wren", "Leo Marsh"


@pytest.mark.parametrize(
    "byline",
    [
        f"<p>By {ADA}<br>and {LEO}</p>",
        f"<p>By {ADA}</p><p>&amp; {LEO}</p>",
        f"<p>By {ADA},<br>{LEO}</p>",
        f"<p>By {ADA} and</p><p>{LEO}</p>",
        f"<p>By {ADA} &amp;<br>{LEO}</p>",
        f"<p>BY {ADA.upper()}<br>AND {LEO.upper()}</p>",
        f"<h4>By: {ADA}</h4><h4>with {LEO}</h4>",
    ],
)
def test_a_byline_goes_on_below(byline: str) -> None:
    found = reading(LABEL + byline + TEXT)
    assert [name.title() for name in names(found)] == [ADA, LEO]
    assert (found.brief.body or "").startswith("Policy Summary")


@pytest.mark.parametrize("line", [LEO, f"and {LEO}", f"&amp; {LEO}"])
def test_a_name_below_the_head_or_behind_the_end_is_told(line: str) -> None:
    head = LABEL + f"<p>By {ADA}</p><p>The port is shut today.</p>"
    found = reading(LABEL + f"<p>By {ADA}<br>{LEO}</p>" + TEXT if line == LEO else head + TEXT + f"<p>{line}</p>")
    assert names(found) == [ADA]
    assert has_problem(found, "authors")


def test_prose_below_a_byline_is_no_second_writer() -> None:
    for line in ("and the council voted.", "with Port Lark behind it, the law passed", "The council"):
        found = reading(LABEL + f"<p>By {ADA}<br>{line}</p>" + TEXT)
        assert names(found) == [ADA], line
        assert line in (found.brief.body or "")
    found = reading(LABEL + f"<p>By {ADA},</p><p>Key Takeaways</p>" + PROSE)
    assert (names(found), found.brief.sections[0].heading) == ([ADA], "Key Takeaways")


@pytest.mark.parametrize(
    ("link", "contact"),
    [
        ("<a href='mailto:a@b.example'>Contact</a>", "mailto:a@b.example"),
        ("<a href='https://b.example/a'>E-mail me</a>", "https://b.example/a"),
        (": <a href='mailto:a@b.example'>Contact the author</a>", "mailto:a@b.example"),
        ("(<a href='https://b.example/a'>Bio</a>)", None),
        ("| <a href='https://b.example/a'>Follow</a>", None),
        ("<a href='https://b.example/a'>More by Ada</a>", None),
        ("<a href='https://b.example/a'>Contact</a> <a href='https://b.example/b'>LinkedIn</a>", "https://b.example/a"),
        ("<a href='https://b.example/a'>Bio</a> <a href='https://b.example/b'>Contact</a>", "https://b.example/b"),
    ],
)
def test_the_words_of_links_are_no_part_of_a_name(link: str, contact: str | None) -> None:
    (author,) = reading(LABEL + f"<p>By {ADA} {link}</p>" + TEXT).brief.authors
    assert (author.name, author.contact) == (ADA, contact)


def test_a_link_that_begins_inside_a_name_makes_it_a_guess() -> None:
    for markup, is_guess in ((f"{ADA} <a href='/x'>Portfolio</a>", True), (f"<a href='/x'>{ADA}</a>", False)):
        assert has_problem(reading(LABEL + f"<p>By {markup}</p>" + TEXT), "authors") is is_guess


@pytest.mark.parametrize("mark", ["<sup>1</sup>", "<sup><a href='#n'>12</a></sup>", "*", " †", "[1]", "[a]", "²"])
def test_a_footnote_s_mark_is_no_part_of_a_name(mark: str) -> None:
    assert names(reading(LABEL + f"<p>By {ADA}{mark} and {LEO}{mark}</p>" + TEXT)) == [ADA, LEO]


def test_what_only_commas_join_may_be_a_place_and_is_a_guess() -> None:
    for behind in ("Port Lark", "Harbor Watch", "Washington D.C."):
        assert has_problem(reading(LABEL + f"<p>By {ADA}, {behind}</p>" + TEXT), "authors"), behind
    for behind in (f" and {LEO}", f", {LEO} and Jo Vale", ", Policy Analyst", ", Ph.D.", ", U.S. RESIST NEWS"):
        assert not has_problem(reading(LABEL + f"<p>By {ADA}{behind}</p>" + TEXT), "authors"), behind


@pytest.mark.parametrize(
    ("line", "role", "is_guess"),
    [
        (f"{ADA}, Foreign Policy Analyst", "Foreign Policy Analyst", True),
        (f"{ADA}, USRESIST NEWS Reporter", "Reporter", True),
        (f"Byline: {ADA}", None, False),
        (f"By-line: {ADA}", None, False),
    ],
)
def test_a_writer_is_named_without_by(line: str, role: str | None, is_guess: bool) -> None:
    found = reading(LABEL + f"<p>{line}</p>" + TEXT)
    assert [(author.name, author.role) for author in found.brief.authors] == [(ADA, role)]
    assert has_problem(found, "authors") is is_guess
    assert ADA not in (found.brief.body or "")
