"""Headings that a break parts, captions that are sentences, and characters that are printed as pictures."""

from __future__ import annotations

import pytest

from pipelines.extraction.layouts import GenericLayout
from pipelines.extraction.lines import Line
from pipelines.extraction.wording.parts import read_parts
from scraper.markup.html_page import Page
from tests.extraction.test_people import LABEL, TEXT, has_problem, reading
from tests.extraction.test_resource_lists import HEADING, ITEMS

PROSE = "The harbor council voted late in the spring to shelve the plan that its own engineers had drawn."


def headings(content: str) -> list[str | None]:
    sections = reading(f"{LABEL}<p>{PROSE}</p>{content}<p>{PROSE}</p>").brief.sections
    return [section.heading for section in sections][1:]


@pytest.mark.parametrize("element", ["<h3>{}</h3>", "<p><strong>{}</strong></p>"])
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("What the Rule Means<br>for the Piers", ["What the Rule Means for the Piers"]),
        ("The Vote:<br/>41 to 12", ["The Vote: 41 to 12"]),
        ("What the Rule<br>Means for<br>the Piers", ["What the Rule Means for the Piers"]),
        ("Policy<br>Summary", ["Policy Summary"]),
        ("1.<br>The Vote at the Pier", ["1. The Vote at the Pier"]),
        ("Analysis<br>The Vote at the Pier", ["Analysis", "The Vote at the Pier"]),
        ("The Vote at the Pier<br>June 3, 2021", ["The Vote at the Pier", "June 3, 2021"]),
    ],
)
def test_a_heading_with_a_break_is_one_heading(element: str, words: str, found: list[str]) -> None:
    assert headings(element.format(words)) == found


def test_other_lines_of_one_element_are_not_joined() -> None:
    assert headings("<h3>The Vote at the Pier<br>Photo by Jo Simm on Unsplash</h3>") == ["The Vote at the Pier"]
    assert headings("<p><strong>Ada Wren</strong><br><strong>The Vote at the Pier</strong></p>")[:1] == ["Ada Wren"]
    assert headings("<p><strong>The Vote at the Pier</strong><br>The council met.</p>") == ["The Vote at the Pier"]
    found = reading(TEXT + HEADING + "<p><strong>Bay Towns Fund<br>Open Piers Fund</strong></p>")
    assert [resource.name for resource in found.brief.resources] == ["Bay Towns Fund", "Open Piers Fund"]
    assert len(reading(TEXT + HEADING + ITEMS).brief.resources) > 1


def test_a_caption_of_a_sentence_is_told() -> None:
    sentence = "The mill’s owner told this paper in May that he would never sell."
    for text, is_doubtful in (
        (sentence, True),
        ("The mill in June.", False),
        (f"{sentence} Jo Simm/Reuters", False),
        (f"{sentence[:-1]} to anybody at all", True),
    ):
        doubts = read_parts([Line(PROSE), Line(text, "caption"), Line(PROSE)], None).doubts
        assert [doubt.field for doubt in doubts] == ["body"] * is_doubtful
    assert has_problem(reading(f"<figure><figcaption>{sentence}</figcaption></figure>{TEXT}"), "body")


@pytest.mark.parametrize("name", ["emoji", "wp-smiley", "size-full emoji"])
def test_a_picture_of_a_character_is_that_character(name: str) -> None:
    image = f'<img draggable="false" class="{name}" alt="®" src="https://s.w.org/ae.svg">'
    assert "the Bay® pier costs" in (
        reading(f"<p>Of all, the Bay{image} pier costs more than it did.</p>").brief.body or ""
    )


def test_other_pictures_have_no_words() -> None:
    image = '<img class="alignleft" alt="A pier at dawn" src="/pier.jpg">'
    body = reading(f"<p>Of all, the Bay{image}men are paid more than they were.</p>").brief.body or ""
    assert "the Baymen are" in body


def test_a_picture_of_a_character_stays_in_the_headline() -> None:
    headline = 'Two Mills <img class="emoji" alt="❤" src="/2764.svg"> <img class="logo" alt="A pier"> Close'
    page = Page(f'<body class="single-post"><h1 class="entry-title">{headline}</h1></body>'.encode(), "text/html", None)
    titles = [candidate.value for candidate in GenericLayout(page).title()]
    assert titles[0] == "Two Mills ❤ Close"
