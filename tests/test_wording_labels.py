"""What is about a brief is no label of one; a label that may be misread is a guess; no date depends on the clock."""

from __future__ import annotations

import pytest

from pipelines.extraction.wording.domains import CANONICAL
from pipelines.extraction.wording.label import are_one_label, read_closing_label, read_label
from scraper.dates import parse_visible_date


@pytest.mark.parametrize(
    "line",
    [
        "The Facts Behind Brief #57",
        "Update to Brief #57",
        "Who Reads a Court Brief #18",
        "As told in Technology Brief #57",
        "What to Know About Brief #3",
    ],
)
def test_prose_about_a_brief_is_no_label(line: str) -> None:
    assert read_label(line) is None


@pytest.mark.parametrize(
    ("line", "domain"),
    [
        ("Brief #18 – Foriegn Policy", "Foreign Policy"),
        ("Election & Politics Policy Brief #18", "Elections & Politics"),
        ("Election and Politics Policy Brief #18", "Elections & Politics"),
        ("Civil Right Policy Brief #18", "Civil Rights"),
        ("Brief #18 – Tecnology", "Technology"),
    ],
)
def test_a_domain_but_for_a_slip_is_a_guess(line: str, domain: str) -> None:
    label = read_label(line)
    assert label is not None
    assert (label.domain, label.number, label.text) == (domain, 18, line)
    assert label.is_lenient


def test_other_words_in_front_of_a_domain_make_the_label_a_guess() -> None:
    label = read_label("Betting Rules Foreign Policy Brief #18")
    assert label is not None
    assert label.is_lenient


@pytest.mark.parametrize(
    ("line", "domain"),
    [
        *((f"{name} Brief #7", name) for name in CANONICAL),
        ("Environmental Policy Brief #7", "Environment"),
        ("Brief #7—California Dispatch", "California Dispatch"),
        ("2026 Democratic Primary Preview Series Brief #7", "2026 Democratic Primary Preview Series"),
        ("Brief #7—Fishing Boat Dispatch", "Fishing Boat Dispatch"),
    ],
)
def test_what_the_site_writes_is_certain(line: str, domain: str) -> None:
    label = read_label(line)
    assert label is not None
    assert (label.domain, label.is_lenient) == (domain, False)


@pytest.mark.parametrize("text", ["2 days ago", "5 hours ago", "yesterday", "in 3 weeks", "March 5"])
def test_a_visible_date_that_depends_on_the_day_is_none(text: str) -> None:
    assert parse_visible_date(text) is None


@pytest.mark.parametrize("end", ["Foreign Policy Brief 209", "Foreign Policy Brief No. 209"])
def test_a_closing_label_without_its_sign_is_a_guess(end: str) -> None:
    found = read_closing_label(f"Harbour Talks ({end})")
    assert found is not None
    assert (found[0], found[1].text, found[1].number, found[1].is_lenient) == ("Harbour Talks", end, 209, True)


def test_a_number_in_brackets_is_no_label() -> None:
    assert read_closing_label("Harbour Talks (Amicus Brief 2021)") is None
    assert read_closing_label("Harbour Talks (Foreign Policy 2021)") is None


@pytest.mark.parametrize(
    ("line", "domain"),
    [
        ("Breif #58—Environment", "Environment"),
        ("Brif #58 – Gun Control", "Gun Control"),
        ("Foreign Policy Bief #58", "Foreign Policy"),
        ("BREIF #58—CIVIL RIGHTS", "Civil Rights"),
        ("Bief No. 58 – Technology", "Technology"),
        ("BRIEF #58 GUN CONTROL", "Gun Control"),
        ("BRIEF # 58 HEALTH AND GENDER", "Health & Gender"),
    ],
)
def test_a_slip_in_brief_or_capitals_without_a_dash_are_a_guess(line: str, domain: str) -> None:
    label = read_label(line)
    assert label is not None
    assert (label.text, label.number, label.domain, label.is_lenient) == (line, 58, domain, True)


@pytest.mark.parametrize(
    "line", ["Bill #58—Environment", "Beef #58 – Technology", "Brick #58", "Brief #58 told the court"]
)
def test_other_words_before_a_number_are_no_slip(line: str) -> None:
    assert read_label(line) is None


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("Brief #58—", "Environment"),
        ("Brief #58 –", "Environmental Policy"),
        ("Brief #58", "Environment"),
        ("Environment", "Brief #58"),
        ("Environment Policy", "Brief #58"),
        ("BRIEF #58 -", "ENVIRONMENT"),
    ],
)
def test_a_label_that_a_break_parts_is_one(line: str, following: str) -> None:
    assert are_one_label(line, following)


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("Brief #58", "By Rosa Klebb"),
        ("Brief #58", "Two Piers Close"),
        ("Brief #58—Environment", "Technology"),
        ("Technology", "Environment Brief #58"),
        ("Brief #58—", "The council voted in the spring. It voted again in May."),
    ],
)
def test_what_follows_a_label_is_no_part_of_it(line: str, following: str) -> None:
    assert not are_one_label(line, following)
