"""Small choices that a page alone hardly shows: each half of their conditions counts."""

from __future__ import annotations

import pytest
from lxml.html import fromstring, tostring

from pipelines.extraction.foreign_texts import UNMARKED, doubt_text
from pipelines.extraction.layouts.tabs import move_tab_names
from pipelines.extraction.layouts.variants import is_print
from pipelines.extraction.lines import Line, Span
from pipelines.extraction.wording.closing_line import read_closing
from pipelines.extraction.wording.resource_headings import read_long_heading
from pipelines.extraction.wording.text_headline import find_title_line
from scraper.markup.html_page import Page
from scraper.records import Author, Brief, PhotoCredit
from tests.support.specimens import make_resource

HEADING = "Engagement Resources for Asylum Seekers"


@pytest.mark.parametrize(
    ("values", "is_doubtful"),
    [
        ({}, True),
        ({"label": "Brief #7"}, False),
        ({"authors": (Author("Ada Fenn"),)}, False),
        ({"resources": (make_resource("River Keepers"),)}, False),
        ({"photo_credits": (PhotoCredit("Photo: Ada Fenn", "Ada Fenn", None, None),)}, False),
        ({"kind": "opinion"}, False),
    ],
)
def test_one_mark_of_the_site_is_enough_for_a_text(values: dict[str, object], is_doubtful: bool) -> None:
    brief = Brief(**{"path": "urn:x", "kind": "post", "body": "a\n\nb", **values})  # type: ignore[arg-type]
    assert doubt_text(brief) == (UNMARKED if is_doubtful else None)


@pytest.mark.parametrize(
    "bar",
    ["<b role='tab'>One</b><b role='tab'>Two</b>", "<ul><li>One</li><li>Two</li></ul>", "<b>One</b><b>Two</b>"],
)
def test_the_names_of_tabs_are_found_however_they_are_marked(bar: str) -> None:
    panels = "<div role='tabpanel'>1</div><div role='tabpanel'>2</div>"
    content = fromstring(f"<div><section><div role='tablist'>{bar}</div>{panels}</section></div>")
    move_tab_names(content)
    text = tostring(content, encoding="unicode")
    assert "<h4>One</h4>1" in text
    assert "<h4>Two</h4>2" in text
    assert "tablist" not in text


@pytest.mark.parametrize(
    ("head", "body", "is_printed"),
    [
        ("<title>The Pier » Print</title>", "<p>Text</p>", True),
        ("<title>The Pier</title>", "<p>Article printed from A</p><p>URL to article: B</p>", True),
        ("<title>The Pier</title>", "<p>Article printed from A</p>", False),
        ("<title>The Pier » News</title>", "<p>Text</p>", False),
    ],
)
def test_a_print_page_says_so_in_its_title_or_at_its_foot(head: str, body: str, is_printed: bool) -> None:
    assert is_print(Page(f"<html><head>{head}</head><body>{body}</body></html>".encode(), None, None)) == is_printed


@pytest.mark.parametrize(
    ("line", "is_heading"),
    [
        (Line(HEADING, "h"), True),
        (Line(HEADING + ":"), True),
        (Line(HEADING, spans=(Span("strong", 0, len(HEADING)),)), True),
        (Line(HEADING), False),
        (Line(HEADING, "h", spans=(Span("a", 0, 10, "https://a.example/"),)), False),
        (Line(f"{HEADING}{' of the river and of all its towns' * 5}", "h"), False),
        (Line(HEADING + ".", "h"), False),
    ],
)
def test_a_long_heading_of_resources_is_short_set_apart_and_no_link(line: Line, is_heading: bool) -> None:
    assert (read_long_heading(line) is not None) == is_heading


@pytest.mark.parametrize(
    ("text", "is_headline"),
    [("The pier closes", True), ("The pier closes.", False), ("The pier closes:", False), ("a " * 29 + "b", False)],
)
def test_the_headline_of_a_bare_text_is_short_and_no_sentence(text: str, is_headline: bool) -> None:
    assert (find_title_line([Line(text), Line("It was loud.")]) is not None) == is_headline


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("This Brief was written by Ada Fenn, ada@fenn.example", ["Ada Fenn"]),
        ("This Brief was written by Ada Fenn", ["Ada Fenn"]),
        ("This Brief was written by Ada Fenn" + " and nobody else of the house" * 20, None),
        ("This Brief was written for Ada Fenn", None),
    ],
)
def test_a_closing_line_is_short_and_says_by_whom(text: str, who: list[str] | None) -> None:
    found = read_closing(Line(text))
    assert (found and [author.name for author in found[0]]) == who
