"""What heads a list of resources, what stands amid and below it, and what of its items is name and address."""

from __future__ import annotations

import pytest

from pipelines.extraction.lines import read_lines
from pipelines.extraction.wording.parts import Parts, compose_text, read_parts
from scraper.html_page import Page

PROSE = "The port authority withdrew its dredging rule in a two-page notice, and the committee objected. " * 2
BAY, LAW = "https://bay.example.org/", "https://law.example.org/desk?id=4"
ITEMS = (
    f"<ul><li><a href='{BAY}'>Bay Towns</a>: It follows hearings.</li><li><a href='{LAW}'>Law Desk</a>: free.</li></ul>"
)
HEADING = "<p><strong>Engagement Resources</strong></p>"


def read(markup: str) -> Parts:
    page = Page(f"<body><div id='c'><h4>Analysis</h4><p>{PROSE}</p>{markup}</div></body>".encode(), "text/html", None)
    content = page.find_first("//div[@id='c']")
    assert content is not None
    return read_parts(read_lines(content, None), "A title")


def names(parts: Parts) -> list[str]:
    return [candidate.value.name for candidate in parts.resources]


def urls(parts: Parts) -> list[str | None]:
    return [candidate.value.url for candidate in parts.resources]


def body(parts: Parts) -> str:
    return compose_text(parts).body or ""


NOTES = [
    "Correction: the clerk was misnamed.",
    "CORRECTION (June 9, 2021): the clerk was misnamed.",
    "Update, June 9, 2021: the court ruled.",
    "Editor’s note – the bill was withdrawn.",
    "Note to readers: this list is short.",
    "*Note: the list was made in May.",
    "[Clarification: the mill is closed.]",
    "Full disclosure: the writer knows the clerk.",
    "Sources: Oxley Paper; Tarn Record.",
    "References – Oxley Paper",
    "This brief was updated: see above.",
    "An earlier version of this brief misnamed the clerk: she is Ana Kim.",
    "The views expressed here are those of the author: they are not ours.",
    "Read our earlier brief: A Levee for Oxley.",
]


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("items", [ITEMS, ITEMS.replace("ul>", "div>").replace("li>", "p>")], ids=["list", "plain"])
def test_a_note_below_the_list_is_text(note: str, items: str) -> None:
    parts = read(f"{HEADING}{items}<p>{note}</p>")
    assert names(parts) == ["Bay Towns", "Law Desk"]
    assert note in body(parts)


def test_items_go_on_behind_a_note_and_not_behind_sources() -> None:
    more = f"<ul><li><a href='{BAY}?2'>Pier Watch</a></li></ul>"
    assert names(read(f"{HEADING}{ITEMS}<p>Note: more below.</p>{more}")) == ["Bay Towns", "Law Desk", "Pier Watch"]
    assert names(read(f"{HEADING}{ITEMS}<p>Sources:</p>{more}")) == ["Bay Towns", "Law Desk"]


def test_a_link_in_a_note_and_a_paragraph_of_no_known_kind_are_told() -> None:
    parts = read(f"{HEADING}{ITEMS}<p>Update: the court <a href='{BAY}?2'>ruled</a>.</p>")
    assert [problem.kind for problem in parts.doubts] == ["doubtful"]
    parts = read(f"{HEADING}{ITEMS}<p>Thanks to: the clerk of Oxley</p>")
    assert [(problem.field, problem.kind) for problem in parts.doubts] == [("resources", "doubtful")]
    assert not read(f"{HEADING}{ITEMS}").doubts


@pytest.mark.parametrize(
    "line",
    [
        "Tags: piers, harbor",
        "Tagged with: <a href='/tag/p/'>piers</a>",
        "Posted in: Foreign Policy",
        "Filed under Foreign Policy",
        "Categories: Foreign Policy, Education",
        "Share this: Facebook Twitter",
        "Share on: Facebook | X | Email",
        "Sharing is caring!",
        "<a href='/print/'>Print This Post</a> <a href='/email/'>Email This Post</a>",
        "Listen to this article",
    ],
)
def test_what_themes_print_below_the_list_is_nothing(line: str) -> None:
    parts = read(f"{HEADING}{ITEMS}<p>{line}</p>")
    assert (names(parts), body(parts)) == (["Bay Towns", "Law Desk"], body(read("")))


@pytest.mark.parametrize(
    ("heading", "is_guess"),
    [
        (
            "<p><b>Engagement Resources (Click or tap on resource URL to visit links where available)</b></p>",
            0,
        ),
        ("<p><b>Resistance Resources</b> <em>(Click or Tap to Visit)</em></p>", 0),
        ("<h4>Engagement Resources: Click or Tap to Visit</h4>", 0),
        ("<h3>Resistance Resources for Dock Workers and Their Families</h3>", 0),
        ("<p><strong>For Engagement Resources, see:</strong></p>", 0),
        ("<p><strong>Engagament Resources</strong></p>", 0),
        ("<p><strong>Resistence Resources:</strong></p>", 0),
        ("<p><strong>Recomended Resources</strong></p>", 0),
        ("<p><strong>Resources to Engage</strong></p>", 0),
        ("<h3>Resources for Asylum Seekers</h3>", 1),
        ("<h3>Additional Resources on Dredging</h3>", 1),
        ("<h3>Engagement</h3>", 1),
        ("<p><strong>Action Steps:</strong></p>", 1),
        ("<p><strong>Organizations Working on Dredging</strong></p>", 1),
    ],
)
def test_a_heading_in_more_or_other_words(heading: str, is_guess: int) -> None:
    parts = read(heading + ITEMS)
    assert names(parts) == ["Bay Towns", "Law Desk"]
    assert {candidate.confidence for candidate in parts.resources} == {"guessed" if is_guess else "read"}


@pytest.mark.parametrize(
    "heading",
    ["Water Resources for Farmers", "Engagement", "Resources for the Mill", "Action Steps", "Responses"],
)
def test_such_words_above_prose_head_the_text(heading: str) -> None:
    parts = read(f"<h3>{heading}</h3><p>{PROSE}</p>{ITEMS}")
    assert names(parts) == []
    assert heading in body(parts)


@pytest.mark.parametrize("label", ["<em>{}</em>", "{}", "<i>{}:</i>", "<strong>{}</strong>"])
def test_a_heading_of_a_group_ends_no_list(label: str) -> None:
    first, second = ITEMS.replace("</li><li>", "</li></ul>|<ul><li>").split("|")
    groups = f"<p>{label.format('National')}</p>{first}<p>{label.format('In the State')}</p>{second}"
    assert names(read(HEADING + groups)) == ["Bay Towns", "Law Desk"]
    plain = groups.replace("ul>", "div>").replace("li>", "p>")
    if "em>" in label:
        assert names(read(HEADING + plain)) == ["Bay Towns", "Law Desk"]
