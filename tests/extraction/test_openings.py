"""Bylines, labels and days with something else behind them on their line: a heading, a sentence, known words."""

from __future__ import annotations

import pytest

from tests.extraction.test_people import LABEL, PROSE, TEXT, has_problem, names, reading

ADA, LEO = "Ada Wren", "Leo Marsh"
SENTENCE = PROSE.removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    "behind",
    ["Policy Summary", "POLICY SUMMARY", "Policy", "Analysis", "Introduction", "Key Takeaways", "Executive Summary",
     "Resistance Resources", "Foreign Policy", "Health and Gender Policy", "Immigration", "Washington DC", "Op Ed",
     "Part Two", "The Harbor Rule", "The Harbor", "Unsplash", "What Happened", "Elections", "New York", "Read More"],
)  # fmt: skip
@pytest.mark.parametrize("writers", [[ADA], [ADA, LEO]])
def test_a_name_ends_where_known_words_begin(behind: str, writers: list[str]) -> None:
    found = reading(LABEL + f"<p>By {' and '.join(writers)} {behind}</p>" + TEXT)
    assert names(found) == writers
    assert found.brief.label == "Brief #62 – Technology"


@pytest.mark.parametrize(
    ("line", "name", "role"),
    [
        (f"By {ADA}, Policy Analyst", ADA, "Policy Analyst"),
        (f"By {ADA}, Foreign Policy Analyst", ADA, "Foreign Policy Analyst"),
        ("By Victoria Law", "Victoria Law", None),
        ("By: Victoria Law", "Victoria Law", None),
        ("By Mary Ann Law", "Mary Ann Law", None),
        ("By Mary Health", "Mary Health", None),
        (f"Analysis by {ADA}", ADA, None),
        (f"By {ADA} U.S. RESIST NEWS", ADA, None),
    ],
)
def test_roles_and_surnames_are_no_such_words(line: str, name: str, role: str | None) -> None:
    found = reading(LABEL + f"<p>{line}</p>" + TEXT)
    assert [(author.name, author.role) for author in found.brief.authors] == [(name, role)]


@pytest.mark.parametrize(
    ("front", "label", "day", "writers"),
    [
        ("Brief #62 – Technology", "Brief #62 – Technology", None, []),
        (f"Brief #62 – Technology By {ADA}", "Brief #62 – Technology", None, [ADA]),
        ("Brief #52 Immigration April 24, 2018", "Brief #52 Immigration", "2018-04-24", []),
        ("January 25, 2018", None, "2018-01-25", []),
        (f"By <a href='/x'>{ADA}</a>", None, None, [ADA]),
    ],
)
@pytest.mark.parametrize("joint", [" Policy Summary ", " Policy Summary", " Policy Summary: "])
def test_a_head_is_parted_from_the_heading_behind_it(
    front: str, label: str | None, day: str | None, writers: list[str], joint: str
) -> None:
    brief = reading(f"<p>{front}{joint}{SENTENCE}</p>{TEXT}").brief
    assert (brief.label, brief.dateline, [author.name for author in brief.authors]) == (label, day, writers)
    assert (brief.sections[0].heading, brief.sections[0].text) == ("Policy Summary", SENTENCE)


@pytest.mark.parametrize("joint", [" – ", "—", ". ", ": ", " | ", " ", ", "])
@pytest.mark.parametrize(
    "writers", ["J. P. O’Neil", "Rodney A. Maggay", "Ada St. Clair", "Ada Wren, Jr.", "Dr. Ada Wren"]
)
def test_a_byline_before_its_sentence_is_a_guess(writers: str, joint: str) -> None:
    found = reading(
        LABEL + f"<p>By {writers}{joint.lstrip('.') if writers.endswith('.') else joint}{SENTENCE}</p>" + TEXT
    )
    assert (names(found), has_problem(found, "authors")) == ([writers], True)
    assert (found.brief.body or "").startswith("The port authority")


@pytest.mark.parametrize(
    "byline", [f"<em>By {ADA}</em>", f"<b>By {ADA}</b>", f"By <a href='mailto:x@y.example'>{ADA}</a>"]
)
def test_one_that_is_set_apart_is_read(byline: str) -> None:
    found = reading(LABEL + f"<p>{byline} – {SENTENCE}</p>" + TEXT)
    assert (names(found), has_problem(found, "authors")) == ([ADA], False)
    assert found.brief.authors[0].contact == ("mailto:x@y.example" if "mailto" in byline else None)
    assert (found.brief.body or "").startswith("The port authority")


@pytest.mark.parametrize(
    "text",
    [
        "By Popular Demand – The port authority withdrew its rule, and nobody minded.",
        "By June 2021, the port authority had withdrawn its rule, and nobody minded.",
        "By Executive Order 13769, President Lark banned the ships that the port had let in.",
        "By Land and Sea. The port authority withdrew its rule, and nobody minded.",
        f"By {ADA}’s count, the port authority had withdrawn its rule and nobody minded.",
        "By Election Day the port authority had withdrawn its rule and nobody minded.",
    ],
)
def test_sentences_that_begin_with_by_are_text(text: str) -> None:
    found = reading(LABEL + f"<p>{text}</p>" + TEXT)
    assert (names(found), has_problem(found, "authors")) == ([], False)
    assert (found.brief.body or "").startswith(text)


@pytest.mark.parametrize("sentence", ["Supporters of the rule say that nobody minded it.", "– the rule is void."])
def test_a_name_that_nothing_parts_from_its_sentence_is_told(sentence: str) -> None:
    found = reading(LABEL + f"<p>By {ADA} {sentence}</p>" + TEXT)
    assert (names(found), has_problem(found, "authors")) == ([], True)


def test_a_label_behind_a_byline_is_read() -> None:
    brief = reading(f"<p>By {ADA} Brief #63—Technology</p>{TEXT}").brief
    assert ([author.name for author in brief.authors], brief.label) == ([ADA], "Brief #63—Technology")


@pytest.mark.parametrize("joint", [" – ", ". ", ": ", " "])
@pytest.mark.parametrize("label", ["Brief #62—Technology", "Brief #62 – Civil Rights Policy"])
def test_a_label_before_its_sentence_is_read(label: str, joint: str) -> None:
    brief = reading(f"<p>{label}{joint}{SENTENCE}</p>{TEXT}").brief
    assert (brief.label, brief.number, (brief.body or "")[:8]) == (label, 62, "The port")


@pytest.mark.parametrize(
    "text",
    [
        f"<p>Brief #57—Foreign Policy {SENTENCE}</p><p>Brief #58—Immigration {SENTENCE}</p>",
        "<p>Brief #57—Foreign Policy covered the first vote; this one takes up the second, which nobody had foreseen"
        " when the port authority met in the spring.</p>",
        f"<p>Brief #57—Harbor Watchers {SENTENCE}</p>",
    ],
)
def test_labels_of_a_digest_and_in_sentences_are_told_and_text(text: str) -> None:
    found = reading(text + TEXT)
    assert (found.brief.label, has_problem(found, "label")) == (None, True)
