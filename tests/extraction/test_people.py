"""Who wrote a brief: every wording of byline and closing, and their hostile neighbours."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.extract import extract
from pipelines.extraction.lines import Line, LineKind, Span
from pipelines.extraction.wording.byline import read_byline
from pipelines.extraction.wording.closing_line import read_closing
from scraper.records import Capture, Reading

LABEL = "<p>Brief #62 – Technology</p>"
PROSE = "<p>The port authority withdrew its dredging rule, and the committee objected the same afternoon.</p>"
TEXT = f"<p><strong>Policy Summary</strong></p>{PROSE}<p><strong>Analysis</strong></p>{PROSE}"


def reading(content: str) -> Reading:
    """What is read of a post with this content, below the headline `The Harbor Rule`."""
    page = (
        '<html><head><meta charset="UTF-8"><title>The Harbor Rule - USRESIST NEWS</title></head>'
        '<body class="single-post"><article class="et_pb_post post-7 post type-post">'
        '<h1 class="entry-title">The Harbor Rule</h1>'
        f'<div class="entry-content">{content}</div></article></body></html>'
    )
    capture = Capture(
        page.encode(), "https://usresistnews.org/2021/03/05/harbor/", "2026-01-02T03:04:05Z", "file",
        content_type="text/html; charset=UTF-8",
    )  # fmt: skip
    (found,) = extract(capture).readings
    return found


def names(found: Reading) -> list[str]:
    return [author.name for author in found.brief.authors]


def has_problem(found: Reading, field: str) -> bool:
    return any(problem.field == field for problem in found.problems)


def closing(text: str, kind: LineKind = "p", *, bold: bool = False) -> list[tuple[str, str | None]] | None:
    line = Line(text, kind, spans=(Span("strong", 0, len(text)),) if bold else ())
    read = read_closing(line)
    return [(author.name, author.role) for author in read[0]] if read else None


ROLES = [
    "Health and Gender Policy Analyst",
    "Health & Gender Analyst",
    "Elections and Politics Analyst",
    "Jobs and Infrastructure Analyst",
    "Arts and Culture Reporter",
    "Health, Education and Gender Analyst",
    "Research Assistant",
    "PhD Candidate",
    "Editor-in-Chief",
    "Co-Founder",
    "Guest Columnist",
    "Executive Director",
]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_no_second_writer(role: str) -> None:
    assert closing(f"This Brief was submitted by USRESIST NEWS {role} Rosa Klebb: Contact") == [("Rosa Klebb", role)]
    byline = read_byline(f"By Rosa Klebb, {role}")
    assert byline is not None
    assert [(author.name, author.role) for author in byline.authors] == [("Rosa Klebb", role)]


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By Rosa Klebb, Health Analyst, and Tom Riddell, Intern", [("Rosa Klebb", "Health Analyst"),
                                                                      ("Tom Riddell", "Intern")]),
        ("By Rosa Klebb and Technology Analyst Tom Riddell", [("Rosa Klebb", None),
                                                                ("Tom Riddell", "Technology Analyst")]),
        ("By Rosa Klebb (Intern)", [("Rosa Klebb", "Intern")]),
        ("By Rosa Klebb – Technology Analyst", [("Rosa Klebb", "Technology Analyst")]),
        ("By Rosa Klebb, U.S. RESIST NEWS", [("Rosa Klebb", None)]),
        ("By Rosa Klebb, Special to U.S. Resist News", [("Rosa Klebb", None)]),
        ("By Rosa Klebb and U.S. RESIST NEWS", [("Rosa Klebb", None), ("U.S. RESIST NEWS", None)]),
        ("By Rosa Klebb (Updated June 10, 2020)", [("Rosa Klebb", None)]),
        ("By Rosa Klebb (rosa@example.org)", [("Rosa Klebb", None)]),
        ("By Rosa Klebb on 10 June 2020", [("Rosa Klebb", None)]),
        ("By Rosa Klebb / Tom Riddell", [("Rosa Klebb", None), ("Tom Riddell", None)]),
        ("Author: Rosa Klebb", [("Rosa Klebb", None)]),
        ("Authors: Rosa Klebb and Tom Riddell", [("Rosa Klebb", None), ("Tom Riddell", None)]),
        ("Contributing Writer: Rosa Klebb", [("Rosa Klebb", "Contributing Writer")]),
        ("– By Rosa Klebb", [("Rosa Klebb", None)]),
        ("By – Rosa Klebb", [("Rosa Klebb", None)]),
        ("Story by Rosa Klebb", [("Rosa Klebb", None)]),
        ("Op Ed by Rosa Klebb", [("Rosa Klebb", None)]),
        ("Policy Brief by Rosa Klebb", [("Rosa Klebb", None)]),
        ("Written and researched by Rosa Klebb", [("Rosa Klebb", None)]),
        ("By: Cher", [("Cher", None)]),
        ("By Rosa Klebb and Tom Riddell, Gun Control Analysts", [("Rosa Klebb", "Gun Control Analysts"),
                                                                  ("Tom Riddell", "Gun Control Analysts")]),
    ],
)  # fmt: skip
def test_bylines(line: str, people: list[tuple[str, str | None]]) -> None:
    byline = read_byline(line)
    assert byline is not None
    assert [(author.name, author.role) for author in byline.authors] == people


@pytest.mark.parametrize(
    "line",
    [
        "By Land and Sea",
        "By Popular Vote",
        "By Unanimous Consent",
        "By Foreign Policy",
        "By Harbor Coalition",
        "By Rosa Klebb – Special Report",
        "Created by Harbor Trust",
        "Edited by Tom Riddell",
        "Editor: Tom Riddell",
        "Opinion by Justice Halsey",
        "Note: Rosa Klebb",
        "Interview by Rosa Klebb with Tom Riddell",
        "By Rosa Klebb and Tom Riddell Immigration Analysts",
    ],
)
def test_no_byline(line: str) -> None:
    assert read_byline(line) is None


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Brief submitted by Rosa Klebb", [("Rosa Klebb", None)]),
        ("Researched and written by Rosa Klebb", [("Rosa Klebb", None)]),
        ("This brief was written and edited by Rosa Klebb.", [("Rosa Klebb", None)]),
        ("This Brief was submitted by USRESIST NEWS Analyst Rosa Klebb on March 4, 2021.", [("Rosa Klebb", "Analyst")]),
        ("Posted by USRESIST NEWS Analyst Rosa Klebb", [("Rosa Klebb", "Analyst")]),
    ],
)
def test_closings(line: str, people: list[tuple[str, str | None]]) -> None:
    assert closing(line) == people


@pytest.mark.parametrize(
    "verb",
    ["Introduced", "Endorsed", "Signed", "Vetoed", "Founded", "Hosted", "Sponsored", "Owned", "Published", "Edited"],
)
def test_what_is_done_to_other_things_is_no_closing(verb: str) -> None:
    assert closing(f"{verb} by Odell Finch") is None
    assert closing(f"{verb} by Senator Ruth Pellworth and Mary Dunn.", "li") is None


@pytest.mark.parametrize("kind", ["li", "h"])
def test_a_closing_among_items_and_headings_speaks_of_the_brief(kind: LineKind) -> None:
    assert closing("Written by Odell Finch", kind) is None
    assert closing("This Brief was written by Odell Finch", kind) == [("Odell Finch", None)]


def test_what_is_made_is_no_text_unless_the_house_made_it() -> None:
    assert closing("Developed by Harbor Trust") is None
    assert closing("Developed by Harbor Trust", bold=True) is None
    assert closing("Developed by USRESIST NEWS Analyst Rosa Klebb") == [("Rosa Klebb", "Analyst")]


@pytest.mark.parametrize(
    "line",
    [
        f"<h3>By Land and Sea</h3>{PROSE}",
        f"<h3>By Harvest Moon</h3>{PROSE}",
        "<p><strong>By Popular Vote</strong></p>",
        "<p>by rosa klebb</p>",
        "<p>Rosa Klebb | March 3, 2021</p>",
        "<p>Rosa Klebb</p>",
        "<p>Report by Rosa Klebb of Halvorsen</p>",
    ],
)
def test_a_doubtful_byline_is_told_and_not_believed(line: str) -> None:
    found = reading(LABEL + line + TEXT)
    assert names(found) == []
    assert has_problem(found, "authors")


@pytest.mark.parametrize("line", ["<p>– Rosa Klebb</p>", "<p>Edited by Rosa Klebb</p>", "<h4>Written by Rosa K</h4>"])
def test_a_doubtful_signature_is_told_and_not_believed(line: str) -> None:
    found = reading(LABEL + TEXT + line)
    assert names(found) == []
    assert has_problem(found, "authors")


@pytest.mark.parametrize(
    "head",
    [
        "<h4>Brief #62 – Technology</h4><h4>By Rosa Klebb</h4>",
        "<h3>By: Rosa Klebb</h3>",
        "<h3>By Rosa Klebb</h3><p>Brief #62 – Technology</p>",
        "<p>Brief #62 – Technology</p><p>By</p><p>Rosa Klebb</p>",
        "<p>Brief #62 – Technology</p><p><em>This is part one of a series.</em></p><p>By Rosa Klebb</p>",
    ],
)
def test_a_byline_in_a_head_of_headings_or_behind_a_note(head: str) -> None:
    found = reading(head + TEXT)
    assert names(found) == ["Rosa Klebb"]
    assert not has_problem(found, "authors")


def test_what_is_done_by_people_stays_in_the_text() -> None:
    items = "<ul><li>Introduced by Senator Ruth Pellworth</li><li>Vetoed by Mary Dunn</li></ul>"
    found = reading(f"{LABEL}<h3>Endorsed by Donald Quill</h3>{TEXT}{items}<p>Signed by Governor Priya Dunmore.</p>")
    assert names(found) == []
    body = found.brief.body or ""
    for line in (
        "Endorsed by Donald Quill",
        "Introduced by Senator Ruth Pellworth",
        "Signed by Governor Priya Dunmore.",
    ):
        assert line in body
    assert not has_problem(found, "authors")


@example(["Health and "] * 17 + ["more"], "By ")
@given(
    st.lists(st.sampled_from(["Health", "and", "&", ",", "By", "policy", "Analyst", "(", "Rosa", "K.", "–", "written"]),
             max_size=40),
    st.sampled_from(["By ", "This brief was written by ", "Written and "]),
)  # fmt: skip
def test_no_list_of_fields_and_roles_takes_long(words: list[str], front: str) -> None:
    line = front + " ".join(words)
    read_byline(line)
    read_closing(Line(line))


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("BY ROSA KLEBB, PH.D. AND BO MCRAE", ["ROSA KLEBB, PH.D.", "BO MCRAE"]),
        ("BY SAM DE LA CRUZ JR., PHD, AND LI-MEI O’ROURKE SR.", ["SAM DE LA CRUZ JR., PHD", "LI-MEI O’ROURKE SR."]),
        ("BY SAM OXLEY, JR. AND ROSA KLEBB III, ESQ.", ["SAM OXLEY, JR.", "ROSA KLEBB III, ESQ."]),
        ("By Rosa Klebb, Psy.D., Bo McRae, R.N. and Cy Lee", ["Rosa Klebb, Psy.D.", "Bo McRae, R.N.", "Cy Lee"]),
        ("By Rosa Klebb, JD, LLM & Bo McRae, MSW", ["Rosa Klebb, JD, LLM", "Bo McRae, MSW"]),
        ("By Rosa Klebb, M.Ed., and Bo McRae, Pharm.D.", ["Rosa Klebb, M.Ed.", "Bo McRae, Pharm.D."]),
        ("An interview by Rosa Klebb", ["Rosa Klebb"]),
        ("Guest post by Rosa Klebb", ["Rosa Klebb"]),
        ("By Rosa Klebb + Bo McRae", ["Rosa Klebb", "Bo McRae"]),
        ("By Rosa Klebb – and Bo St. John", ["Rosa Klebb", "Bo St. John"]),
        ("By Rosa Klebb @rosa_k and Bo McRae (@bo)", ["Rosa Klebb", "Bo McRae"]),
        ("By Rosa Klebb; edited by Bo McRae", ["Rosa Klebb"]),
        ("By: Rosa Klebb (Edited by: Bo McRae)", ["Rosa Klebb"]),
        ("By Rosa Klebb, reviewed by Bo McRae and Cy Lee, June 10, 2020", ["Rosa Klebb"]),
        ("By Юлия Петрова and 王小明", ["Юлия Петрова", "王小明"]),
    ],
)
def test_degrees_handles_and_editors_are_no_writers(line: str, people: list[str]) -> None:
    byline = read_byline(line)
    assert byline is not None
    assert [author.name for author in byline.authors] == people


@pytest.mark.parametrize("line", ["By Rosa Klebb, edited by the sea", "By Rosa Klebb – keeper of lamps", "By 王"])
def test_what_else_follows_a_name_leaves_it_unread(line: str) -> None:
    assert read_byline(line) is None


@pytest.mark.parametrize("mark", [": ", " – ", " (", " | "])
def test_a_byline_leads_to_its_writer(mark: str) -> None:
    end = ")" if "(" in mark else ""
    line = f'<p>By Rosa Klebb{mark}<a href="mailto:rk@usresistnews.org">Contact</a>{end}</p>'
    (author,) = reading(LABEL + line + TEXT).brief.authors
    assert author.name == "Rosa Klebb"
    assert author.contact == "mailto:rk@usresistnews.org" or mark == " | "


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("By Rosa Klebb – keeper of lamps", "authors"),
        ("Courtesy of the Oxley Ferry Company", "photo_credits"),
        ("Brief Nr 233 of Foreign Policy", "label"),
    ],
)
def test_the_text_is_doubted_where_a_line_that_may_be_none_stays_in_it(line: str, field: str) -> None:
    found = reading(LABEL * (field != "label") + f"<p>{line}</p>" + TEXT)
    assert line in (found.brief.body or "") and has_problem(found, field) and has_problem(found, "body")
    assert not has_problem(reading(LABEL + TEXT), "body")
