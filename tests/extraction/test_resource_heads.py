"""Headings of resources in quotation marks, and rows of a table that name its columns."""

from __future__ import annotations

import pytest

from tests.extraction.test_resource_lists import BAY, ITEMS, LAW, PROSE, body, names, read

DESK = f"<a href='{LAW}'>Law Desk</a>"


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("<h3>“Engagement Resources”</h3>", "“Engagement Resources”"),
        ('<p>"Resistance Resources":</p>', '"Resistance Resources"'),
        ("<p><strong>“Engagement Resources:”</strong></p>", "“Engagement Resources”"),
        ("<h3>‘Resources’</h3>", "‘Resources’"),
    ],
)
def test_quotation_marks_around_the_heading_stay_and_hide_nothing(heading: str, shown: str) -> None:
    parts = read(heading + ITEMS)
    assert [(c.value.heading, c.value.name) for c in parts.resources] == [(shown, "Bay Towns"), (shown, "Law Desk")]


@pytest.mark.parametrize(
    ("heading", "items", "is_told"),
    [
        ("Resources", f"<p>{PROSE[:90]}.</p><p>{PROSE[:70]}.</p>", True),
        ("Engagement Resources", f"<p>{PROSE[:90]}.</p><p>{PROSE[:70]}.</p>", False),
        ("Resources", "<p>Bay Towns</p><p>Law Desk</p>", False),
        ("Resources", ITEMS, False),
    ],
)
def test_sentences_without_an_address_below_a_vague_heading_are_told(heading: str, items: str, is_told: bool) -> None:
    parts = read(f"<p>{heading}</p>{items}")
    assert len(parts.resources) == 2
    assert bool([problem for problem in parts.doubts if "taken for a resource" in problem.message]) is is_told


@pytest.mark.parametrize(
    ("head", "is_resource"),
    [
        ("<th>Organization</th><th>What they do</th>", False),
        ("<td>Name</td><td>Website</td>", False),
        ("<th>Group</th><th>What it does</th>", False),
        ("<td><b>Organizations</b></td><td><b>Links</b></td>", False),
        ("<td>Bay Watch</td><td>Website</td>", True),
        ("<td>Resources</td>", True),
    ],
)
def test_a_row_of_words_for_columns_is_no_resource(head: str, is_resource: bool) -> None:
    rows = f"<tr><td><a href='{BAY}'>Bay Towns</a></td><td>It follows.</td></tr>"
    rows += f"<tr><td><a href='{LAW}'>Law Desk</a></td><td>It is free.</td></tr>"
    parts = read(f"<h3>Engagement Resources</h3><table><tr>{head}</tr>{rows}</table>")
    assert names(parts)[-2:] == ["Bay Towns", "Law Desk"]
    assert (len(parts.resources) == 3 or bool(parts.empty_headings)) is is_resource
    assert "Organization" not in body(parts)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"Resistance Resources: <a href='{BAY}'>Bay Towns</a>: free.", ["Bay Towns"]),
        (f"Resistance Resources – <a href='{BAY}'>Bay Towns</a> – free.", ["Bay Towns"]),
        (f"ENGAGEMENT RESOURCES <a href='{BAY}'>Bay Towns</a>", ["Bay Towns"]),
        (f"Engagement Resources: <a href='{BAY}'>Bay Towns</a>: free.<br>{DESK}", ["Bay Towns", "Law Desk"]),
        ("Engagement Resources: Bay Towns – It follows hearings.", ["Bay Towns"]),
        ("Engagement Resources: The port has none. It never had.", []),
        (f"Resistance Resources are listed by <a href='{BAY}'>Bay Towns</a>.", []),
        (f"Engagement Resources – some free, most not – come from <a href='{BAY}'>Bay Towns</a>.", []),
    ],
)
def test_a_heading_that_runs_into_its_items_needs_no_strong_letters(line: str, expected: list[str]) -> None:
    parts = read(f"<p>{line}</p>")
    assert names(parts) == expected
    assert ("esources" in body(parts) or "ESOURCES" in body(parts)) is not bool(expected)
