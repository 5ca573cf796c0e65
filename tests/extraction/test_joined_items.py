"""Several resources in one item, and where a list of resources ends at a heading of something else."""

from __future__ import annotations

import pytest

from tests.extraction.test_resource_lists import BAY, HEADING, ITEMS, LAW, body, names, read, urls

A, B, C = (f"<a href='{url}'>{name}</a>" for name, url in (("Bay Towns", BAY), ("Law Desk", LAW), ("Co-op", f"{BAY}c")))
POST = "https://www.usresistnews.org/2019/01/01/the-old-pier/"


@pytest.mark.parametrize(
    "items",
    [
        f"<p>{A}, {B}</p>",
        f"<p>{A} | {B}</p>",
        f"<p>{A}; {B}.</p>",
        f"<ul><li>{A} and {B}</li></ul>",
        f"<p>• {A} • {B}</p>",
        f"<p>{A} ▪ {B}</p>",
        f"<p>• {A}: It follows hearings. • {B}: free.</p>",
    ],
)
def test_names_joined_by_marks_are_as_many_resources(items: str) -> None:
    parts = read(f"{HEADING}{items}")
    assert (names(parts), urls(parts)) == (["Bay Towns", "Law Desk"], [BAY, LAW])


def test_three_names_behind_a_heading_in_the_line_are_three_resources() -> None:
    parts = read(f"<p><strong>Engagement Resources:</strong> {A}, {B}, and {C}</p>")
    assert names(parts) == ["Bay Towns", "Law Desk", "Co-op"]


@pytest.mark.parametrize(
    "item",
    [
        f"<p>{A}, <a href='{LAW}'>Facebook</a>, <a href='{BAY}c'>Instagram</a></p>",
        f"<p>{A} | <a href='{LAW}'>Donate today</a></p>",
        f"<p>{A} and <a href='{LAW}'>its report</a></p>",
        f"<p>{A}, <a href='{LAW}'>law.example.org</a></p>",
        f"<p>{A}, {B} and whoever mends nets</p>",
        f"<p><a href='{BAY}'>Bay</a> <a href='{BAY}'>Towns</a></p>",
    ],
)
def test_further_pages_of_one_organisation_are_no_further_resources(item: str) -> None:
    assert len(names(read(f"{HEADING}{item}"))) == 1


@pytest.mark.parametrize(
    "heading",
    [
        "<h3>Related Briefs</h3>",
        "<p><strong>Other posts in this series</strong></p>",
        "<p>More from U.S. RESIST NEWS:</p>",
        "<h4>Support Our Work</h4>",
        "<h3>Correction</h3>",
        f"<h3>Anything</h3><ul><li><a href='{POST}'>The Old Pier</a></li></ul>",
    ],
)
def test_a_heading_of_something_else_ends_the_list(heading: str) -> None:
    parts = read(f"{HEADING}{ITEMS}{heading}<ul><li><a href='{LAW}&p'>Pier Fund</a></li></ul>")
    assert names(parts) == ["Bay Towns", "Law Desk"]
    assert "Pier Fund" in body(parts)


@pytest.mark.parametrize(
    "items",
    [
        f"{ITEMS}<ul><li><a href='{POST}'>The Old Pier</a></li></ul>",
        f"<table><tr><th>Group</th><th>Aim</th></tr><tr><td>{A}</td><td>hearings</td></tr><tr><td>{B}</td></tr></table>",
        f"<p>Bay Towns</p><p><a href='{BAY}'>{BAY}</a></p><p>It follows hearings.</p>",
    ],
)
def test_an_item_that_may_be_none_is_told(items: str) -> None:
    assert [(doubt.field, doubt.kind) for doubt in read(f"{HEADING}{items}").doubts] == [("resources", "doubtful")]
    assert not read(f"{HEADING}{ITEMS}").doubts


def test_a_sign_in_front_of_the_heading_is_no_word_of_it() -> None:
    assert names(read(f"<h3>📣 Engagement Resources</h3>{ITEMS}")) == ["Bay Towns", "Law Desk"]
