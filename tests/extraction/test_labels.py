"""What is about a brief is no label of one; a label that may be misread is a guess; no date depends on the clock."""
# ruff: noqa: E501 - a label and a page's markup in one line are read more easily

from __future__ import annotations

import pytest

from pipelines.extraction.wording.domains import CANONICAL
from pipelines.extraction.wording.label import are_one_label, read_closing_label, read_label
from scraper.dates import parse_visible_date
from tests.extraction.test_real_heads import CLASSIC, URL, classic, read_page


@pytest.mark.parametrize(
    "line",
    [
        "The Facts Behind Brief #57",
        "Update to Brief #57",
        "Who Reads a Court Brief #18",
        "As told in Technology Brief #57",
        "What to Know About Brief #3",
        "Amicus Brief #2",
        "Legal Brief #7",
        "Supreme Court Brief #7",
        "AMICUS CURIAE BRIEF #7",
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


@pytest.mark.parametrize(
    ("behind", "domain", "is_guess"),
    [
        ("Foreign Policy, Part 2", "Foreign Policy", False),
        ("Foreign Policy Part II", "Foreign Policy", False),
        ("Immigration, Update", "Immigration", False),
        ("Immigration, June 2021", "Immigration", False),
        ("Civil Rights, Voting", "Civil Rights", True),
        ("Immigration/Civil Rights", "Immigration/Civil Rights", True),
        ("Health, Gender", "Health, Gender", False),
        ("Partisan Districts", "Partisan Districts", False),
    ],
)
def test_what_stands_behind_a_domain_is_no_part_of_it(behind: str, domain: str, *, is_guess: bool) -> None:
    label = read_label(f"Brief #18—{behind}")
    assert label is not None
    assert (label.domain, label.is_lenient, label.text) == (domain, is_guess, f"Brief #18—{behind}")


def test_a_brief_of_no_known_domain_and_no_series_is_a_guess() -> None:
    news, health = read_closing_label("Two Mills (News Brief #4)"), read_label("Health Policy Brief #4")
    assert news and news[1].is_lenient
    assert health and not health.is_lenient


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


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Harbour Talks: Foreign Policy Brief #233", "Foreign Policy Brief #233"),
        ("Harbour Talks (Foreign Policy, Brief #233)", "Foreign Policy, Brief #233"),
        ("Harbour Talks (Foreign Policy: Brief #233)", "Foreign Policy: Brief #233"),
        ("Harbour Talks: The Facts Behind Foreign Policy Brief #233", None),
        ("Harbour Talks: Boat Policy Brief #233", None),
    ],
)
def test_a_known_domain_marks_a_label_behind_a_title(title: str, label: str | None) -> None:
    found = read_closing_label(title)
    assert (found and (found[0], found[1].text, found[1].number)) == (label and ("Harbour Talks", label, 233))


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


@pytest.mark.parametrize(
    ("line", "number", "domain"),
    [
        *((f"Brief #118—Education{tail}", 118, "Education") for tail in (".", ",", ":", " (Part 2)", " (more)", " – Updated")),
        ("UPDATED Brief #118—Education", 118, "Education"),
        ("Updated: Brief #118 – Foreign Policy", 118, "Foreign Policy"),
        ("Foreign Policy Brief #118 (Revised)", 118, "Foreign Policy"),
        ("Brief #132nd—Education", 132, "Education"),
        ("Brief 117—Immigration", 117, "Immigration"),
        ("Policy Brief 117 – Immigration", 117, "Immigration"),
    ],
)  # fmt: skip
def test_a_note_or_a_mark_around_a_label_makes_it_a_guess(line: str, number: int, domain: str) -> None:
    label = read_label(line)
    assert label is not None
    assert (label.text, label.number, label.domain, label.is_lenient) == (line, number, domain, True)


def test_a_minus_sign_is_a_dash() -> None:
    label = read_label("Brief #97 \u2212 Gun Control Policy")
    assert label is not None
    assert (label.number, label.domain, label.is_lenient) == (97, "Gun Control", False)


@pytest.mark.parametrize(
    "line",
    [
        *("Read Brief #57.", "Brief #57 (Part 2) of the court", "Brief 57.", "A brief 12 hours:", "Update: brief remarks."),
        *("Brief #57: the harbor, continued", "Part 2 of Brief #57", "Brief 9 days in Education, and more"),
    ],
)  # fmt: skip
def test_notes_and_marks_around_other_words_make_no_label(line: str) -> None:
    label = read_label(line)
    assert label is None or label.domain is None


PARTS = "<p><strong>Policy Summary</strong></p><p>The pier of Aldmouth was sold for a song in May, and nobody sang.</p>"
LONG = "<p>The pier of Aldmouth has been for sale for as long as anybody can think, and nobody has ever bought it.</p>"


@pytest.mark.parametrize(
    "note", ["<p>Editor’s note: this is the first of three.</p>", LONG, LONG + "<p>A pier at dawn.</p>"]
)
@pytest.mark.parametrize("head", ["<p>{}<br>By Jose Pena</p>", "<p>{}</p><p>By Jose Pena</p>", "<h4>{}</h4>"])
def test_a_label_behind_a_note_is_the_brief_s(note: str, head: str) -> None:
    brief = classic(note + head.format("Brief #211 – Technology Policy") + PARTS)
    assert (brief.number, brief.domain, [author.name for author in brief.authors]) == (
        211,
        "Technology",
        ["Jose Pena"] if "Pena" in head else [],
    )
    assert "Brief #211" not in (brief.body or "")


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG}<p>Brief #211 – Technology</p><p>By Jose Pena</p>{LONG}<p>Brief #9 – Education</p><p>By Ada Fenn</p>{LONG}",
        f"{LONG}<p>Brief #211 – Technology</p>{LONG}{PARTS}",
        f"{PARTS}<p>Brief #211 – Technology</p><p>By Jose Pena</p>{LONG}",
        f"{PARTS}{LONG}<p>Brief #211 – Technology</p>",
    ],
)
def test_a_label_amid_the_text_or_one_of_several_is_not(text: str) -> None:
    assert classic(text).label is None


def test_a_label_at_the_end_is_told() -> None:
    reading = read_page(CLASSIC.format(url=URL, text=f"{PARTS}{LONG}<p>Brief #211 – Technology</p>"))
    assert ("label", "unread") in {(problem.field, problem.kind) for problem in reading.problems}


@pytest.mark.parametrize(
    ("behind", "is_told"),
    [
        ("<p>Brief #9 – Education</p><p>By Ada Fenn</p>", True),
        ("<p>Brief #211 – Technology</p>", False),
        ("<p>Read Brief #9 for more.</p>", False),
        ("<p>Update #9</p>", False),
    ],
)
def test_a_second_label_amid_the_text_is_told(behind: str, *, is_told: bool) -> None:
    text = f"<p>Brief #211 – Technology</p><p>By Jose Pena</p>{PARTS}{behind}{LONG}"
    reading = read_page(CLASSIC.format(url=URL, text=text))
    assert (reading.brief.number, "#9" in (reading.brief.body or "")) == (211, "#9" in behind)
    assert (("label", "doubtful") in {(problem.field, problem.kind) for problem in reading.problems}) is is_told


@pytest.mark.parametrize("line", ["Breif USRN Blog", "Brif USRN Blog"])
def test_a_slip_in_a_label_without_a_number_is_told(line: str) -> None:
    reading = read_page(CLASSIC.format(url=URL, text=f"<p>{line}</p>{PARTS}{LONG}"))
    assert ("label", "unread") in {(problem.field, problem.kind) for problem in reading.problems}
