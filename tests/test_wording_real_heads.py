"""Heads and credits as the site really has them, each in several forms (issue numbers of the site's own pages)."""

from __future__ import annotations

import pytest

from pipelines.extract import extract
from scraper.records import Brief, Capture, Reading

URL = "https://www.usresistnews.org/2020/05/18/two-piers/"
LABEL = "<p>Brief #66—Foreign Policy</p>"
PARTS = (
    "<h3>Policy Summary</h3><p>The harbour council voted in the spring to close two piers near Port Larkin.</p>"
    "<h3>Analysis</h3><p>Nobody disputes the vote; whether the ferry can run without both piers is the question.</p>"
)
_CLASSIC = """<html><head><meta charset="utf-8"><link rel="canonical" href="{url}"></head><body>
<article class="et_pb_post"><h1 class="entry-title">Two Piers Close</h1><div class="entry-content">{text}</div>
</article></body></html>"""
_BUILT = """<html><head><meta charset="utf-8"><link rel="canonical" href="{url}"><meta name="author" content="Web Team">
</head><body><header class="et-l et-l--header"><div class="et_builder_inner_content">{header}</div></header>
<div class="et-l et-l--body"><div class="et_builder_inner_content">
<div class="et_pb_module et_pb_post_title"><h1 class="entry-title">Two Piers Close</h1></div>
{above}<div class="et_pb_module et_pb_post_content">{text}</div></div></div></body></html>"""


def _read(page: str) -> Reading:
    capture = Capture(page.encode(), URL, "2024-05-05T00:00:00Z", "live", 200, content_type="text/html")
    (reading,) = extract(capture).readings
    return reading


def classic(text: str) -> Brief:
    """What is read of a post under the classic template."""
    return _read(_CLASSIC.format(url=URL, text=text)).brief


def built(*modules: str, text: str = PARTS, header: str = "") -> Brief:
    """What is read under a template that has text modules above the content."""
    above = "".join(f'<div class="et_pb_module et_pb_text"><div>{module}</div></div>' for module in modules)
    return _read(_BUILT.format(url=URL, above=above, text=text, header=header)).brief


def names(brief: Brief) -> list[str]:
    return [author.name for author in brief.authors]


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("BY JOSE PENA AND MARA WHITLOCK", ["JOSE PENA", "MARA WHITLOCK"]),
        ("BY JOSE PENA, ODELL FINCH AND MARA WHITLOCK", ["JOSE PENA", "ODELL FINCH", "MARA WHITLOCK"]),
        ("BY JOSE PENA, ODELL FINCH, AND MARA WHITLOCK", ["JOSE PENA", "ODELL FINCH", "MARA WHITLOCK"]),
        ("BY JOSE PENA WITH MARA WHITLOCK", ["JOSE PENA", "MARA WHITLOCK"]),
        ("By Jose Pena And Mara Whitlock", ["Jose Pena", "Mara Whitlock"]),
        ("BY: JOSE PENA & MARA WHITLOCK", ["JOSE PENA", "MARA WHITLOCK"]),
        ("BY ANDREA SANDERS", ["ANDREA SANDERS"]),
    ],
)
def test_a_byline_in_capitals_names_as_many(byline: str, authors: list[str]) -> None:
    assert names(classic(f"{LABEL}<p>{byline}</p>{PARTS}")) == authors


@pytest.mark.parametrize("tag", ["h2", "h3", "h4", "h5", "h6"])
@pytest.mark.parametrize("head", ["By Jose Pena", "By Jose Pena | May 18, 2020"])
def test_a_byline_as_a_heading_is_no_section(tag: str, head: str) -> None:
    brief = classic(f"{LABEL}<{tag}>{head}</{tag}>{PARTS}")
    assert names(brief) == ["Jose Pena"]
    assert [section.heading for section in brief.sections] == ["Policy Summary", "Analysis"]


@pytest.mark.parametrize("tag", ["h2", "h3", "h4", "h5", "h6"])
@pytest.mark.parametrize("day", ["May 18, 2020", "May 18,2020", "18 May 2020"])
def test_a_date_as_a_heading_below_the_byline_is_the_dateline(tag: str, day: str) -> None:
    brief = classic(f"{LABEL}<p>By Jose Pena</p><{tag}>{day}</{tag}>{PARTS}")
    assert brief.dateline == "2020-05-18"
    assert [section.heading for section in brief.sections] == ["Policy Summary", "Analysis"]


def test_dates_one_below_another_are_a_chronicle() -> None:
    text = "<h3>May 18, 2020</h3><p>The council met.</p><h3>May 19, 2020</h3><p>The council voted.</p>"
    brief = classic(f"{LABEL}<p>By Jose Pena</p>{text}")
    assert brief.dateline is None
    assert [section.heading for section in brief.sections] == ["May 18, 2020", "May 19, 2020"]


@pytest.mark.parametrize(
    ("label", "number", "domain"),
    [
        ("Foreign Policy Brief #163 – Foreign Policy", 163, "Foreign Policy"),
        ("Civil Rights Brief #12 – Civil Rights", 12, "Civil Rights"),
        ("Environment Policy Brief #9 – Environment", 9, "Environment"),
    ],
)
def test_a_label_that_says_its_domain_twice(label: str, number: int, domain: str) -> None:
    brief = classic(f"<p>{label}</p><p>By Jose Pena</p>{PARTS}")
    assert (brief.label, brief.number, brief.domain) == (label, number, domain)


@pytest.mark.parametrize("line", ["The Court Brief #12 – Civil Rights", "Environment Brief #9 – Foreign Policy"])
def test_other_words_in_front_are_no_label(line: str) -> None:
    assert classic(f"<p>{line}</p><p>By Jose Pena</p>{PARTS}").number is None


@pytest.mark.parametrize(
    "modules",
    [
        ("<p>Brief #66—Foreign Policy</p><p>By Jose Pena</p>",),
        ("<p>Brief #66—Foreign Policy</p>", "<p>By Jose Pena</p>"),
        ("<h4>Brief #66—Foreign Policy</h4>", "<span>By Jose Pena</span>"),
        ("<p>Home / Briefs</p>", "Brief #66—Foreign Policy", "<p>Share this</p>", "<p>By Jose Pena | May 18, 2020</p>"),
    ],
)
def test_label_and_byline_in_modules_of_the_template(modules: tuple[str, ...]) -> None:
    brief = built(*modules)
    assert (brief.kind, brief.label, brief.number) == ("brief", "Brief #66—Foreign Policy", 66)
    assert (brief.domain, names(brief)) == ("Foreign Policy", ["Jose Pena"])
    assert [section.heading for section in brief.sections] == ["Policy Summary", "Analysis"]


def test_what_else_a_template_has_is_none_of_the_brief_s() -> None:
    brief = built(
        "<p>By Web Team</p>", "<p>May 18, 2020</p>", header="<div class='et_pb_text'><p>By Ada Fenn</p></div>"
    )
    assert (names(brief), brief.posted_by, brief.dateline) == ([], "Web Team", None)


def test_what_the_text_repeats_is_told_once() -> None:
    text = "<p>Brief #66—Foreign Policy</p><p>By Jose Pena</p>" + PARTS
    brief = built("<p>Brief #66—Foreign Policy</p>", "<p>By Jose Pena</p>", text=text)
    assert (brief.number, names(brief)) == (66, ["Jose Pena"])
    assert [section.heading for section in brief.sections] == ["Policy Summary", "Analysis"]


@pytest.mark.parametrize("name", ["visuals by K", "photos by lanty", "k by k", "Standsome Worklifestyle"])
@pytest.mark.parametrize(
    "credit",
    [
        "<p>Photo by <a href='https://unsplash.com/@k'>{}</a></p>",
        "<p>Photo by {} on <a href='https://unsplash.com/'>Unsplash</a></p>",
        "<p>unsplash-logoPhoto by {}</p>",
    ],
)
def test_photographers_have_any_name_where_the_place_is_sure(name: str, credit: str) -> None:
    brief = classic(f"{LABEL}<p>By Jose Pena</p>{PARTS}{credit.format(name)}")
    assert [(found.name, found.source) for found in brief.photo_credits] == [(name, "Unsplash")]
    assert "hoto by" not in (brief.body or "")


@pytest.mark.parametrize(
    ("credit", "name"),
    [
        ("Featured Photo: Collage by Ann Lowe for U.S. RESIST NEWS, 2024", "Ann Lowe"),
        ("Featured Photo: Illustration by Ann Lowe, 2023", "Ann Lowe"),
        ("Image: Artwork by Ann Lowe", "Ann Lowe"),
    ],
)
def test_who_made_a_collage_is_named(credit: str, name: str) -> None:
    (found,) = classic(f"{LABEL}{PARTS}<p>{credit}</p>").photo_credits
    assert (found.text, found.name) == (credit, name)


@pytest.mark.parametrize(
    "caption",
    [
        "A man walks past the pier. AFP/Getty Image",
        "A man walks past the pier. AFP/Getty Images",
        "The pier “in the spring.” Reuters",
        "Two boats (left and right). AP",
    ],
)
def test_a_caption_that_ends_in_an_agency_is_told(caption: str) -> None:
    reading = _read(_CLASSIC.format(url=URL, text=f"{LABEL}{PARTS}<p>{caption}</p>"))
    problems = {(problem.field, problem.kind) for problem in reading.problems}
    assert reading.brief.photo_credits or ("photo_credits", "unread") in problems
