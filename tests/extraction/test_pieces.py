"""Heads in pieces: names with parentheses, labels that a break parts, headlines on several lines."""

from __future__ import annotations

import pytest

from tests.extraction.test_real_heads import CLASSIC, LABEL, PARTS, URL, classic, names, read_page


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("By Ann Lowe (Health and Gender Policy Analyst)", [("Ann Lowe", "Health and Gender Policy Analyst")]),
        ("By Ann Lowe (Health, Gender and Education Analyst)", [("Ann Lowe", "Health, Gender and Education Analyst")]),
        ("By Ann Lowe (Intern) and Jose Pena (Law Fellow)", [("Ann Lowe", "Intern"), ("Jose Pena", "Law Fellow")]),
        ("By Ann Lowe (Reporter), Jose Pena", [("Ann Lowe", "Reporter"), ("Jose Pena", None)]),
        ("By Robert (Bob) Lowe and Jose Pena", [("Robert (Bob) Lowe", None), ("Jose Pena", None)]),
        ("By Ann Lowe, Jose Pena", [("Ann Lowe", None), ("Jose Pena", None)]),
    ],
)  # fmt: skip
def test_names_are_not_parted_within_parentheses(byline: str, people: list[tuple[str, str | None]]) -> None:
    brief = classic(f"{LABEL}<p>{byline}</p>{PARTS}")
    assert [(author.name, author.role) for author in brief.authors] == people


@pytest.mark.parametrize(
    "byline",
    [
        "By Ann Lowe and Jose de la Pena and Mara Whitlock and Sam Post",
        "By Ann Lowe, Jose Pena, Odell Finch, Mara Whitlock and Art House",
        "By Ann Lowe (Health and",
        "By: Ann Lowe; Jose Pena; Mara Whitlock; the Harbor Coalition",
        "BY ANN LOWE, JOSE PENA, ODELL FINCH, MARA WHITLOCK, AND ART HOUSE",
    ],
)
def test_a_long_byline_that_is_not_read_is_told(byline: str) -> None:
    reading = read_page(CLASSIC.format(url=URL, text=f"{LABEL}<p>{byline}</p>{PARTS}"))
    assert reading.brief.authors or ("authors", "unread") in {(p.field, p.kind) for p in reading.problems}


@pytest.mark.parametrize(
    "head",
    [
        "<p>Brief #66—<br>Foreign Policy</p>",
        "<p>Foreign Policy<br/>Brief #66</p>",
        "<p>Brief #66 –</p><p>Foreign Policy</p>",
        "<h4>Brief #66</h4><h4>Foreign Policy</h4>",
        "<p><strong>Brief #66—<br /></strong>Foreign Policy</p>",
        "<p>Breif #66—Foreign Policy</p>",
        "<p>BRIEF # 66 FOREIGN POLICY</p>",
    ],
)
def test_a_label_in_pieces_or_with_a_slip_has_its_number_and_domain(head: str) -> None:
    brief = classic(f"{head}<p>By Jose Pena</p>{PARTS}")
    assert (brief.number, brief.domain, names(brief)) == (66, "Foreign Policy", ["Jose Pena"])
    assert [section.heading for section in brief.sections] == ["Policy Summary", "Analysis"]


@pytest.mark.parametrize(
    "line", ["<p>Two Piers<br>Close</p>", "<h2>Two<br/>Piers<br/>Close</h2>", "<p><b>Two Piers</b><br><b>Close</b></p>"]
)
def test_a_headline_that_the_text_repeats_on_several_lines_is_no_text(line: str) -> None:
    brief = classic(f"{line}{LABEL}<p>By Jose Pena</p>{PARTS}")
    assert (brief.number, [section.heading for section in brief.sections]) == (66, ["Policy Summary", "Analysis"])


@pytest.mark.parametrize("by", ["By", "by", "BY:", "By :"])
@pytest.mark.parametrize("form", ["<p>{}<br>{}</p>", "<p>{}</p><p>{}</p>", "<h4>{}</h4><h4>{}</h4>"])
@pytest.mark.parametrize(
    ("line", "people"), [("Ann Lowe", ["Ann Lowe"]), ("Ann Lowe and Jose Pena", ["Ann Lowe", "Jose Pena"])]
)
def test_by_and_its_names_on_lines_of_their_own_are_a_byline(form: str, by: str, line: str, people: list[str]) -> None:
    brief = classic(f"{LABEL}{form.format(by, line)}{PARTS}")
    assert names(brief) == people
    assert [section.heading for section in brief.sections] == ["Policy Summary", "Analysis"]


def test_by_above_what_is_no_name_names_nobody() -> None:
    brief = classic(f"{LABEL}<p>By</p><p>The council is against it.</p>{PARTS}")
    assert names(brief) == []
    assert "The council is against it." in (brief.body or "")
