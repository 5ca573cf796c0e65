"""Resources whose name, description and address stand on lines of their own, and those in rows of a table."""

from __future__ import annotations

import pytest

from tests.extraction.test_resource_lists import BAY, HEADING, ITEMS, LAW, body, names, read, urls

LINK, DESK = f"<a href='{BAY}'>{BAY}</a>", f"<a href='{LAW}'>{LAW}</a>"
BAY_LINK = f"<a href='{BAY}'>Bay Towns</a>"
ABOUT, FREE = "It follows hearings at the port.", "Its lawyers work for free."


@pytest.mark.parametrize(
    "items",
    [
        f"<p><b>Bay Towns</b><br>{ABOUT}<br>{LINK}</p><p><b>Law Desk</b><br>{FREE}<br>{DESK}</p>",
        f"<p>Bay Towns<br>{ABOUT}<br>{LINK}</p><p>Law Desk<br>{FREE}<br>{DESK}</p>",
        f"<p>Bay Towns<br>{ABOUT}<br>{LINK}<br>Law Desk<br>{FREE}<br>{DESK}</p>",
        f"<p><b>Bay Towns</b><br>{LINK}<br>{ABOUT}</p><p><b>Law Desk</b><br>{DESK}<br>{FREE}</p>",
        f"<p><a href='{BAY}'>Bay Towns</a><br>{ABOUT}</p><p><a href='{LAW}'>Law Desk</a><br>{FREE}</p>",
        f"<p><a href='{BAY}'>Bay Towns</a><br>{ABOUT}<br>(202) 555-0101</p><p><a href='{LAW}'>Law Desk</a>; {FREE}</p>",
    ],
)
def test_the_lines_of_one_item_are_one_resource(items: str) -> None:
    parts = read(f"{HEADING}{items}")
    assert (names(parts), urls(parts)) == (["Bay Towns", "Law Desk"], [BAY, LAW])
    first, second = (candidate.value.description or "" for candidate in parts.resources)
    assert (ABOUT in first, FREE in second) == (True, True)


def test_sentences_that_call_for_something_are_items_of_their_own() -> None:
    parts = read(f"{HEADING}<p>Write to the port<br>Call the clerk of the harbor.<br>Sign the petition.</p>")
    assert names(parts) == ["Write to the port", "Call the clerk of the harbor.", "Sign the petition."]


def test_a_name_with_a_colon_has_its_description_in_the_next_paragraph() -> None:
    parts = read(f"{HEADING}<p>Bay Towns:</p><p>{ABOUT}</p><p>Law Desk:</p><p>{FREE}</p>")
    assert [(r.value.name, r.value.description) for r in parts.resources] == [("Bay Towns", ABOUT), ("Law Desk", FREE)]


@pytest.mark.parametrize(
    ("items", "expected", "doubts"),
    [
        (f"<p>{BAY_LINK}</p><p>Write to Your Mayor – He decides.</p>", ["Bay Towns", "Write to Your Mayor"], 0),
        (f"<p>{BAY_LINK}</p><p>A union of towns – and mayors – at the port.</p>", ["Bay Towns"], 0),
        (f"<p>{BAY_LINK}</p><p>Help for tenants – Free of charge.</p>", ["Bay Towns"], 1),
        (f"<p>{BAY_LINK}</p><p>{ABOUT}</p>", ["Bay Towns"], 0),
        (f"<p>{BAY_LINK}</p><p>Bay Towns – A union of towns.</p>", ["Bay Towns"], 1),
        (f"<p>{BAY_LINK}</p><p>Sign the petition.</p>", ["Bay Towns"], 1),
        (f"<p>{BAY_LINK}</p><p>{ABOUT}</p><p>{DESK}</p><p>Find a lawyer.</p>", ["Bay Towns", LAW], 0),
        (f"<p>Law Desk: {FREE}</p><p>{DESK}</p>", ["Law Desk"], 1),
        (f"<p>Law Desk: {FREE}<br>{DESK}</p>", ["Law Desk"], 1),
        (f"<p>Call the clerk.</p><p>{DESK}</p>", ["Call the clerk."], 1),
        (f"<p>Law Desk: {FREE}</p><p>{DESK}</p><p>Bay Towns: {ABOUT}</p><p>{LINK}</p>", ["Law Desk", "Bay Towns"], 0),
        (f"<p>Law Desk</p><p>{DESK}</p>", ["Law Desk"], 0),
    ],
)
def test_a_paragraph_that_may_be_an_item_of_its_own_is_told(items: str, expected: list[str], doubts: int) -> None:
    parts = read(f"{HEADING}{items}")
    assert (names(parts), [doubt.kind for doubt in parts.doubts]) == (expected, ["doubtful"] * doubts)


@pytest.mark.parametrize("words", ["Website", "here", "Visit the site"])
def test_the_words_of_a_link_that_only_points_name_no_resource(words: str) -> None:
    cells = f"<td>Bay Towns</td><td>{ABOUT}</td><td><a href='{BAY}'>{words}</a></td>"
    (resource,) = read(f"{HEADING}<table><tr>{cells}</tr></table>").resources
    assert (resource.value.name.startswith("Bay Towns"), resource.value.url) == (True, BAY)
    assert resource.confidence == "guessed"


def test_an_address_in_brackets_behind_the_name_is_the_items() -> None:
    parts = read(f"{HEADING}<p>Bay Towns ({BAY}) – {ABOUT}</p><p><a href='http://'>Law Desk</a>: {FREE}</p>")
    assert (names(parts), urls(parts)) == (["Bay Towns", "Law Desk"], [BAY, None])


@pytest.mark.parametrize(
    "heading",
    [
        "Voting Resources",
        "Learn More &amp; Take Action",
        "Take Action and Get Involved",
        "Recursos",
        "Recursos para votar",
    ],
)
def test_other_words_head_a_list_where_nothing_but_links_is_below(heading: str) -> None:
    assert names(read(f"<h3>{heading}</h3>{ITEMS}")) == ["Bay Towns", "Law Desk"]


@pytest.mark.parametrize("words", ["Engagement<br>Resources", "Resistance<br>Resources:", "Take Action<br>Resources"])
def test_a_heading_that_a_break_parts_heads_the_list(words: str) -> None:
    parts = read(f"<p><b>{words}</b></p>{ITEMS}")
    assert [candidate.value.heading for candidate in parts.resources] == [words.replace("<br>", " ").rstrip(":")] * 2


@pytest.mark.parametrize("mark", ["###", "# # #", "-30-", "– 30 –", "* * *", "______"])
def test_a_mark_of_the_end_is_no_text_and_no_item(mark: str) -> None:
    parts = read(f"{HEADING}{ITEMS}<p>{mark}</p>")
    assert (names(parts), body(parts)) == (["Bay Towns", "Law Desk"], body(read("")))
    assert body(read("<p>-30 degrees</p>")).endswith("-30 degrees")
