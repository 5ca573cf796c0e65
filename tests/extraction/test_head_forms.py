"""Heads over several lines: a joint on a line of its own, a role below its writer, dashes in labels, joined letters."""

from __future__ import annotations

import pytest

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.parts import read_parts
from scraper.markup.html_page import collapse_spaces
from tests.extraction.test_people import LABEL, PROSE, TEXT, has_problem, names, reading
from tests.extraction.test_resource_lists import HEADING, ITEMS

ADA, LEO = "Ada Wren", "Leo Marsh"


@pytest.mark.parametrize(
    "byline",
    [
        f"<p>By {ADA}<br>and<br>{LEO}</p>",
        f"<p>By {ADA}</p><p>&amp;</p><p>{LEO}</p>",
        f"<p>by: {ADA}</p><p>with</p><p>{LEO}</p>",
    ],
)
def test_a_joint_on_a_line_of_its_own_joins_two_writers(byline: str) -> None:
    found = reading(LABEL + byline + TEXT)
    assert names(found) == [ADA, LEO]
    assert (found.brief.body or "").startswith("Policy Summary")


def test_such_a_line_before_anything_else_is_text() -> None:
    found = reading(LABEL + f"<p>By {ADA}</p><p>and</p>" + TEXT)
    assert (names(found), (found.brief.body or "")[:3]) == ([ADA], "and")


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("U.S. RESIST NEWS Reporter", "Reporter"),
        ("Foreign Policy Analyst", "Foreign Policy Analyst"),
        ("<em>USRESIST NEWS Health and Gender Policy Analyst</em>", "Health and Gender Policy Analyst"),
    ],
)
@pytest.mark.parametrize("gap", ["<br>", "</p><p>"])
def test_a_role_below_the_byline_is_the_writers(line: str, role: str, gap: str) -> None:
    found = reading(LABEL + f"<p>By {ADA}{gap}{line}</p>" + TEXT)
    assert [(author.name, author.role) for author in found.brief.authors] == [(ADA, role)]
    assert (found.brief.body or "").startswith("Policy Summary") and not has_problem(found, "authors")


def test_a_role_below_two_writers_is_nobodys() -> None:
    found = reading(LABEL + f"<p>By {ADA} and {LEO}</p><p>Staff Writers</p>" + TEXT)
    assert [(author.name, author.role) for author in found.brief.authors[:2]] == [(ADA, None), (LEO, None)]


@pytest.mark.parametrize(
    ("label", "number", "domain"),
    [
        ("Brief #58 Part II—Foreign Policy", 58, "Foreign Policy"),
        ("Brief—Foreign Policy #58", 58, "Foreign Policy"),
        ("Brief #58 Update—Gun Control", 58, "Gun Control"),
    ],
)
def test_words_in_front_of_a_dash_are_no_domain(label: str, number: int, domain: str) -> None:
    found = reading(f"<p>{label}</p><p>By {ADA}</p>{TEXT}")
    assert (found.brief.label, found.brief.number, found.brief.domain) == (label, number, domain)
    assert [item.confidence for item in found.evidence if item.field == "label" and item.chosen] == ["guessed"]


@pytest.mark.parametrize(
    ("label", "domain"),
    [
        ("Foreign Policy: Brief #58", "Foreign Policy"),
        ("Foreign Policy—Brief #58", "Foreign Policy"),
        ("Foreign Policy Brief: #58", "Foreign Policy"),
        ("Brief ＃58—Immigration", "Immigration"),
    ],
)
def test_a_label_with_a_mark_too_many_is_read_and_a_guess(label: str, domain: str) -> None:
    found = reading(f"<p>{label}</p><p>By {ADA}</p>{TEXT}")
    assert (found.brief.label, found.brief.number, found.brief.domain) == (label, 58, domain)
    assert [item.confidence for item in found.evidence if item.field == "label" and item.chosen] == ["guessed"]


@pytest.mark.parametrize("name", ["José Ángel de la Cruz y Moreno", "Ngũgĩ wa Kamau", "Ada von und zu Wren"])
@pytest.mark.parametrize("line", ["By {}", "(By {})", "– By {} –", "**By {}**", "By {} • March 2021"])
def test_names_with_particles_and_bylines_between_marks(line: str, name: str) -> None:
    assert names(reading(LABEL + f"<p>{line.format(name)}</p>" + TEXT)) == [name]


def test_a_byline_below_a_label_without_a_domain_is_none() -> None:
    found = reading(f"<p>Brief #58—</p><p>By {ADA}</p>{TEXT}")
    assert (names(found), found.brief.domain) == ([ADA], None)


@pytest.mark.parametrize("words", ["By Invitation Only", "By Members Only"])
def test_a_set_phrase_is_no_byline(words: str) -> None:
    assert names(reading(LABEL + f"<p>By {ADA}</p>" + TEXT + f"<p>{words}</p>" + PROSE)) == [ADA]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("علی رضا\u200cزاده", "علی رضا\u200cزاده"),
        ("👩\u200d⚖️ spoke", "👩\u200d⚖️ spoke"),
        ("क्\u200dष", "क्\u200dष"),
        ("Har\u200cbor \u200dBoard\u200b", "Harbor Board"),
    ],
)
def test_letters_and_signs_stay_joined_as_published(text: str, kept: str) -> None:
    assert collapse_spaces(text) == kept
    assert kept in (reading(LABEL + TEXT + f"<p>It says {text} here.</p>").brief.body or "")


def test_a_writer_with_a_joined_name() -> None:
    assert names(reading(LABEL + "<p>By علی رضا\u200cزاده</p>" + TEXT)) == ["علی رضا\u200cزاده"]


def test_the_lines_of_preformatted_text_are_lines() -> None:
    lines = (
        f"Brief #62 – Technology\nBy {ADA}\nMarch 5, 2021\n\nPolicy Summary\nOne pier.\n\nTwo piers.\n\nAnalysis\nNone."
    )
    brief = reading(f"<pre>{lines}</pre>{HEADING}{ITEMS}").brief
    assert (brief.label, brief.dateline, len(brief.resources)) == ("Brief #62 – Technology", "2021-03-05", 2)
    assert brief.body == "Policy Summary\n\nOne pier.\n\nTwo piers.\n\nAnalysis\n\nNone."
    verse = reading(LABEL + TEXT + "<pre>O pier of stone,\nO pier of tar.</pre>").brief.body or ""
    assert verse.endswith("\n\nO pier of stone, O pier of tar.")


@pytest.mark.parametrize("heading", ["<h3>Policy<br>Summary</h3>", "<p><b>Policy<br/>Analysis</b></p>"])
def test_a_usual_heading_over_two_lines_is_one(heading: str) -> None:
    sections = reading(LABEL + heading + PROSE).brief.sections
    assert [section.heading for section in sections] == [
        "Policy Summary" if "Summary" in heading else "Policy Analysis"
    ]


@pytest.mark.parametrize("joint", [": ", " – ", " | ", ":"])
def test_a_label_in_front_of_the_headline_is_read(joint: str) -> None:
    parts = read_parts([Line(f"Brief #58—Environment{joint}Two Piers Close"), Line(PROSE)], "Two Piers Close")
    assert [label.value.text for label in parts.head.labels] == ["Brief #58—Environment"]


def test_a_label_in_front_of_other_words_is_none() -> None:
    for line, title in (("Brief #58—Environment: Two Piers Close", "A Closing"), ("Brief #58—Environment", "T")):
        labels = read_parts([Line(line), Line(PROSE)], title).head.labels
        assert [label.value.text for label in labels] == ([line] if ":" not in line else [])


@pytest.mark.parametrize("dash", ["–", "-", "—", "•", "·", "/"])
def test_a_date_behind_a_byline_and_a_mark_is_a_dateline(dash: str) -> None:
    head = read_parts([Line(f"By {ADA} {dash} June 3, 2019"), Line(PROSE)], None).head
    assert [day.value for day in head.datelines] == ["2019-06-03"]
    assert [author.name for found in head.authors for author in found.value] == [ADA]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (f"Technology Policy Brief #62 | {ADA} | March 5, 2021", [ADA]),
        (f"Brief #62 – Technology | {ADA} | March 2021", [ADA]),
        ("Brief #62 | Social Justice | March 5, 2021", []),
        ("Technology Policy Brief #62 | Second of Three Parts | March 5, 2021", []),
    ],
)
def test_a_bare_name_between_label_and_day_is_a_guess(line: str, names: list[str]) -> None:
    head = read_parts([Line(line), Line(PROSE)], None).head
    assert [author.name for found in head.authors for author in found.value] == names
    assert {found.confidence for found in head.authors} == ({"guessed"} if names else set())
    assert len(head.labels) == 1 and bool(head.doubts) is not bool(names)


@pytest.mark.parametrize(
    "line", ["The Pier Opens ({})", "{}: The Pier Opens", "{}", "{} | March 5, 2021", "The Pier Opens (Policy {})"]
)
@pytest.mark.parametrize(
    ("label", "how"), [("Breif #62 – Immigration", "guessed"), ("Brief #62 – Immigration", "read")]
)
def test_a_misspelt_label_is_a_guess_wherever_the_head_has_it(line: str, label: str, how: str) -> None:
    head = read_parts([Line(line.format(label)), Line(PROSE)], "The Pier Opens").head
    assert [(found.value.number, found.confidence) for found in head.labels] == [(62, how)]
