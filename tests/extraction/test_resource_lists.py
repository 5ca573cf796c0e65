"""What heads a list of resources, what stands amid and below it, and what of its items is name and address."""

from __future__ import annotations

import pytest

from pipelines.extraction.line_reader import read_lines
from pipelines.extraction.wording.parts import Parts, compose_text, read_parts
from pipelines.extraction.wording.unread_lists import find_unread_lists
from scraper.markup.html_page import Page

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


@pytest.mark.parametrize(
    "inside",
    [
        f"<p><a href='{BAY}'>Bay Towns</a></p><p>It follows hearings.</p>",
        f"<p><strong><a href='{BAY}'>Bay Towns</a></strong>:</p><p>It follows hearings.</p>",
        f"<div><a href='{BAY}'>Bay Towns</a> –</div><div>It follows hearings.</div>",
        f"<a href='{BAY}'>Bay Towns</a>:<br><br>It follows hearings.",
        f"<h4><a href='{BAY}'>Bay Towns</a></h4>It follows hearings.",
        f"<a href='{BAY}'>Bay </a><a href='{BAY}'><b>Towns</b></a>: It follows hearings.",
        f"<a href='{BAY}'>Bay</a> <a href='{BAY}'> Towns</a><a href='{BAY}'></a> - It follows hearings.",
    ],
)
def test_all_of_a_list_item_is_one_resource(inside: str) -> None:
    parts = read(f"{HEADING}<ul><li>{inside}</li><li><a href='{LAW}'>Law Desk</a></li></ul>")
    assert (names(parts), urls(parts)) == (["Bay Towns", "Law Desk"], [BAY, LAW])
    assert parts.resources[0].value.description == "It follows hearings."


def test_a_term_and_its_description_are_one_and_a_second_link_in_an_item_begins_another() -> None:
    terms = f"<dl><dt><a href='{BAY}'>Bay Towns</a></dt><dd>It follows hearings.</dd><dt>Law Desk</dt></dl>"
    assert names(read(HEADING + terms)) == ["Bay Towns", "Law Desk"]
    assert names(read(HEADING + ITEMS.replace("</li><li>", "<br><br>"))) == ["Bay Towns", "Law Desk"]


@pytest.mark.parametrize(
    ("item", "is_guess"),
    [
        ("Law Desk – <a href='{}'>law.example.org</a>", False),
        ("Law Desk: <a href='{}'>www.law.example.org/desk</a>", False),
        ("Law Desk: free on Mondays (<a href='{}'>law.example.org</a>)", False),
        ("Law Desk: free on Mondays. <a href='{}'>Visit their website</a>", False),
        ("Visit <a href='{}'>Law Desk</a> to learn more.", False),
        ("Read: <a href='{}'>The Law of the Bay</a>", False),
        ("A desk that is free: <a href='{}'>Law Desk</a>.", False),
        ("The people of <a href='{}'>Law Desk</a> are there on Mondays.", True),
    ],
)
def test_the_address_of_a_link_behind_other_words(item: str, is_guess: bool) -> None:
    parts = read(f"{HEADING}<ul><li>{item.format(LAW)}</li></ul>")
    assert (urls(parts), parts.doubts) == ([LAW], [])
    assert parts.resources[0].confidence == ("guessed" if is_guess else "read")


def test_a_link_inside_a_description_is_no_address_and_told() -> None:
    parts = read(f"{HEADING}<ul><li>Law Desk: it sued the <a href='{BAY}'>port</a> in May.</li></ul>")
    assert (urls(parts), [problem.field for problem in parts.doubts]) == ([None], ["resources"])


@pytest.mark.parametrize("mark", ["1. ", "2) ", "(3) ", "b) ", "• "])
@pytest.mark.parametrize("name", ["Bay Towns", f"<a href='{BAY}'>Bay Towns</a>"])
def test_a_number_in_front_belongs_to_no_name(mark: str, name: str) -> None:
    parts = read(f"{HEADING}<p>{mark}{name}: It follows hearings.</p><p>350.org: it acts.</p>")
    assert names(parts) == ["Bay Towns", "350.org"]


BUTTON = (
    "<div class='wp-block-buttons'><div class='wp-block-button'><a class='wp-block-button__link' {}</a></div></div>"
)


BUTTONS = [BUTTON, "<div class='et_pb_button_module_wrapper'><a class='et_pb_button' {}</a></div>"]


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_below_the_heading_is_an_item(button: str) -> None:
    target = f"href='{BAY}'>Bay Towns"
    assert names(read(HEADING + button.format(target) + ITEMS)) == ["Bay Towns", "Bay Towns", "Law Desk"]
    assert names(read(HEADING + button.format(target))) == ["Bay Towns"]
    for other in ("href='https://www.usresistnews.org/'>More", f"href='{BAY}'>Donate", "href='#'>Top"):
        assert names(read(HEADING + ITEMS + button.format(other))) == ["Bay Towns", "Law Desk"]


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_amid_the_text_is_text_and_told(button: str) -> None:
    amid = read(button.format(f"href='{BAY}'>Sign the petition") + HEADING + ITEMS)
    assert (names(amid), body(amid)) == (["Bay Towns", "Law Desk"], body(read("")) + "\n\nSign the petition")
    assert [line.is_doubtful for _, _, line in amid.text][-1]
    for other in ("href='/join/'>Sign the petition", f"href='{BAY}'>Follow us", "href='#'>Top"):
        assert body(read(button.format(other) + HEADING + ITEMS)) == body(read(""))


@pytest.mark.parametrize(
    "print_out",
    [
        "<div class='ns-buttons ns-inline'><div class='ns-inline-cta'>Tell your friends</div></div>",
        "<div class='trinity-player-iframe-wrapper'><p class='trinity-cta'>Hear it read</p></div>",
        "<div class='pt-cv-wrapper'><h4 class='pt-cv-title'><a href='/x'>A Levee</a></h4></div>",
        "<div class='democracy'><strong class='dem-poll-title'>Should the pier be open?</strong></div>",
        "<div class='post-tags'><strong>On</strong> <a href='/tag/p/'>piers</a></div>",
        "<p class='entry-categories'>In <a href='/c/'>Piers</a></p>",
        "<ul class='display-posts-listing'><li><a href='/x'>A Levee for Oxley</a></li></ul>",
        "<p id='breadcrumbs'><a href='/'>Home</a> » <span class='breadcrumb_last'>Piers</span></p>",
        "<h3>Latest Posts</h3><ul class='wp-block-latest-posts'><li><a href='/x'>A Levee</a></li></ul>",
        "<h3>More Environment Stories</h3>",
    ],
)
def test_what_plugins_print_is_neither_text_nor_resource(print_out: str) -> None:
    clean = read(HEADING + ITEMS)
    for markup in (print_out + HEADING + ITEMS, HEADING + ITEMS + print_out):
        parts = read(markup)
        assert (names(parts), body(parts), parts.doubts) == (names(clean), body(clean), [])


@pytest.mark.parametrize(
    ("heading", "is_guess"),
    [
        ("Resistance Resources and Contacts", False),
        ("Action Tools and Resources", False),
        ("Resistance Groups", True),
        ("Organizations", True),
        ("Links:", True),
    ],
)
def test_a_heading_in_a_plain_paragraph(heading: str, is_guess: bool) -> None:
    parts = read(f"<p>{heading}</p>{ITEMS}")
    assert names(parts) == ["Bay Towns", "Law Desk"]
    assert {candidate.confidence for candidate in parts.resources} == {"guessed" if is_guess else "read"}
    assert heading not in body(parts)


def test_links_below_a_line_in_an_unknown_wording_are_told() -> None:
    for line, doubts in (("Friends of the bay", 1), ("The friends of the bay were many.", 0)):
        assert len(list(find_unread_lists(read(f"<p>{line}</p>{ITEMS}")))) == doubts


@pytest.mark.parametrize(
    "items",
    [
        "<p><strong>{}</strong></p><p>It follows hearings.</p><p><a href='{}'>{}</a></p>",
        "<ul><li><strong>{}</strong><br>It follows hearings.<br><a href='{}'>{}</a></li></ul>",
        "<ul><li><p><b>{}</b></p><p>It follows hearings.</p><p><a href='{}'>{}</a></p></li></ul>",
        "<p>{}: It follows hearings.</p><p><a href='{}'>{}</a></p>",
    ],
)
def test_a_resource_in_three_lines_is_one(items: str) -> None:
    markup = "".join(items.format(name, url, url) for name, url in (("Bay Towns", BAY), ("Law Desk", LAW)))
    parts = read(HEADING + markup)
    assert (names(parts), urls(parts)) == (["Bay Towns", "Law Desk"], [BAY, LAW])


def test_an_address_that_is_written_out_is_no_link() -> None:
    for behind in ("https://bay.example.org/", "www.bay.example.org", "(bay.example.org)"):
        parts = read(f"{HEADING}<ul><li>Bay Towns: It follows hearings. {behind}</li></ul>")
        assert (urls(parts), parts.resources[0].value.description) == ([None], f"It follows hearings. {behind}")
