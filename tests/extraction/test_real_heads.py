"""Heads as the site really has them, each in several forms (issue numbers of the site's own pages)."""

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
CLASSIC = """<html><head><meta charset="utf-8"><link rel="canonical" href="{url}"></head><body>
<article class="et_pb_post"><h1 class="entry-title">Two Piers Close</h1><div class="entry-content">{text}</div>
</article></body></html>"""
_BUILT = """<html><head><meta charset="utf-8"><link rel="canonical" href="{url}"><meta name="author" content="Web Team">
</head><body><header class="et-l et-l--header"><div class="et_builder_inner_content">{header}</div></header>
<div class="et-l et-l--body"><div class="et_builder_inner_content">
<div class="et_pb_module et_pb_post_title"><h1 class="entry-title">Two Piers Close</h1></div>
{above}<div class="et_pb_module et_pb_post_content">{text}</div></div></div></body></html>"""


def read_page(page: str) -> Reading:
    """Read the post of a page."""
    capture = Capture(page.encode(), URL, "2024-05-05T00:00:00Z", "live", 200, content_type="text/html")
    (reading,) = extract(capture).readings
    return reading


def classic(text: str) -> Brief:
    """What is read of a post under the classic template."""
    return read_page(CLASSIC.format(url=URL, text=text)).brief


def read_template(*modules: str, text: str = PARTS, header: str = "") -> Brief:
    """What is read under a template that has text modules above the content."""
    above = "".join(f'<div class="et_pb_module et_pb_text"><div>{module}</div></div>' for module in modules)
    return read_page(_BUILT.format(url=URL, above=above, text=text, header=header)).brief


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


@pytest.mark.parametrize(
    "label",
    [
        "Brief #36 – Economic Policy",
        "Economic Policy Brief #36",
        "Brief #36—Economy",
        "Brief #36 – Economic Policy Brief",
    ],
)
def test_a_known_spelling_of_a_domain_is_no_guess(label: str) -> None:
    reading = read_page(CLASSIC.format(url=URL, text=f"<p>{label}</p><p>By Jose Pena</p>{PARTS}"))
    assert (reading.brief.label, reading.brief.domain) == (label, "Economics")
    assert not reading.problems


@pytest.mark.parametrize("title", ["USRESIST SHARE: March", "US Renew News Newsletter #12", "Weekly Digest of March 3"])
@pytest.mark.parametrize(
    "item", ["<li>Foreign Policy Brief #209: Two Piers</li>", "<p>Immigration Brief #7 and more</p>"]
)
def test_a_digest_s_items_are_no_labels_that_went_unread(title: str, item: str) -> None:
    page = CLASSIC.format(url=URL, text=f"{item}{PARTS}").replace("Two Piers Close", title)
    reading = read_page(page)
    assert reading.brief.label is None
    assert "label" not in {problem.field for problem in reading.problems}


@pytest.mark.parametrize(
    ("title", "is_digest"),
    [
        ("USRESIST SHARE: March", True),
        ("March 2021 Newsletter", True),
        ("Our Weekly News", True),
        ("News Roundup", True),
        ("The Newsletter Nobody Read", False),
        ("A Town Bans Its Newsletter", False),
        ("Weekly News Cycles", False),
    ],
)
def test_the_label_of_a_digest_is_another_post_s_and_told(title: str, is_digest: bool) -> None:
    reading = read_page(CLASSIC.format(url=URL, text=LABEL + PARTS).replace("Two Piers Close", title))
    is_told = "label" in {problem.field for problem in reading.problems}
    assert (reading.brief.label is None, is_told) == (is_digest, is_digest)


@pytest.mark.parametrize("element", ["<p>{}</p>", "<h3>{}</h3>", "<p><strong>{}</strong></p>"])
@pytest.mark.parametrize(
    "line",
    ["Letter issued on January 11, 2018", "Order signed January 11, 2018", "Statement sent on January 11, 2018"],
)
def test_what_was_done_on_a_day_is_no_dateline(line: str, element: str) -> None:
    reading = read_page(CLASSIC.format(url=URL, text=f"{LABEL}<p>By Jose Pena</p>{element.format(line)}{PARTS}"))
    assert reading.brief.dateline is None
    assert line in (reading.brief.body or "")
    assert not reading.problems


def test_nor_is_it_the_headline_of_a_bare_text() -> None:
    text = f"Letter issued on January 11, 2018\n\nPolicy Summary\n\n{'The council met. ' * 9}".encode()
    (reading,) = extract(Capture(text, URL, "2024-05-05T00:00:00Z", "file", 200, content_type="text/plain")).readings
    assert (reading.brief.title, reading.brief.dateline) == (None, None)


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
    brief = read_template(*modules)
    assert (brief.kind, brief.label, brief.number) == ("brief", "Brief #66—Foreign Policy", 66)
    assert (brief.domain, names(brief)) == ("Foreign Policy", ["Jose Pena"])
    assert [section.heading for section in brief.sections] == ["Policy Summary", "Analysis"]


@pytest.mark.parametrize(
    "module",
    [
        '<div class="et_pb_module et_pb_blurb"><h4 class="et_pb_module_header"><span>{}</span></h4></div>',
        '<div class="et_pb_module et_pb_heading"><h4 class="et_pb_module_heading">{}</h4></div>',
        '<div class="et_pb_module et_pb_code"><div class="et_pb_code_inner"><p>{}</p></div></div>',
        '<div class="et_pb_module et_pb_post_title"><h2>{}</h2></div>',
        '<div class="et_pb_module et_pb_toggle"><div class="et_pb_module et_pb_text"><p>{}</p></div></div>',
    ],
)
@pytest.mark.parametrize("place", ["above", "beside"])
def test_the_label_stands_in_a_module_of_any_kind_above_or_beside(module: str, place: str) -> None:
    row = '<div class="et_pb_row"><div class="et_pb_column">{}</div><div class="et_pb_column">{}</div></div>'
    label = module.format("Brief #66—Foreign Policy")
    content = f'<div class="et_pb_module et_pb_post_content">{PARTS}</div>'
    columns = row.format(label, content) if place == "above" else row.format(content, label)
    page = _BUILT.format(url=URL, header="", above="", text="").replace(
        '<div class="et_pb_module et_pb_post_content"></div>', columns
    )
    assert read_page(page).brief.label == "Brief #66—Foreign Policy"


def test_a_list_of_other_posts_beside_the_content_gives_no_label() -> None:
    other = (
        '<div class="et_pb_module et_pb_posts"><article class="et_pb_post"><p>Brief #9—Immigration</p></article></div>'
    )
    content = f'<div class="et_pb_row"><div class="et_pb_module et_pb_post_content">{PARTS}</div>{other}</div>'
    page = _BUILT.format(url=URL, header="", above="", text="").replace(
        '<div class="et_pb_module et_pb_post_content"></div>', content
    )
    assert read_page(page).brief.label is None


@pytest.mark.parametrize("place", ['<h1 class="entry-title">', '<div class="entry-content">'])
def test_a_label_between_the_head_of_the_article_and_the_content(place: str) -> None:
    page = CLASSIC.format(url=URL, text=PARTS).replace(place, f"<p>Brief #66—Foreign Policy</p>{place}")
    assert read_page(page).brief.label == "Brief #66—Foreign Policy"


def test_what_else_a_template_has_is_none_of_the_brief_s() -> None:
    brief = read_template(
        "<p>By Web Team</p>", "<p>May 18, 2020</p>", header="<div class='et_pb_text'><p>By Ada Fenn</p></div>"
    )
    assert (names(brief), brief.posted_by, brief.dateline) == ([], "Web Team", None)


def test_what_the_text_repeats_is_told_once() -> None:
    text = "<p>Brief #66—Foreign Policy</p><p>By Jose Pena</p>" + PARTS
    brief = read_template("<p>Brief #66—Foreign Policy</p>", "<p>By Jose Pena</p>", text=text)
    assert (brief.number, names(brief)) == (66, ["Jose Pena"])
    assert [section.heading for section in brief.sections] == ["Policy Summary", "Analysis"]


@pytest.mark.parametrize(
    ("line", "categories"),
    [
        ("On <u>May 18, 2020 @ 9:00 am</u> In <u>Foreign Policy</u> | <u>No Comments</u>", ["foreign-policy"]),
        (
            "On May 18, 2020 @ 9:00 am In Foreign Policy,Health &amp; Gender | 2 Comments",
            ["foreign-policy", "health-gender"],
        ),
        ("On <time>May 18, 2020</time> In Health &amp; Gender, Immigration", ["health-gender", "immigration"]),
        ("On May 18, 2020 In <a href='/category/gun-control/' rel='category tag'>Gun Control</a>", ["gun-control"]),
        ("On May 18, 2020 | No Comments", []),
    ],
)
@pytest.mark.parametrize("element", ['<p id="BlogDate">{}</p>', '<span class="entry-date">{}</span>'])
def test_a_print_page_names_its_categories(element: str, line: str, categories: list[str]) -> None:
    head = element.format(f"Posted By <cite>desk</cite> {line}")
    page = (
        f'<html><head><link rel="canonical" href="{URL}"></head><body class="print"><h1 class="entry-title">Two Piers'
    )
    brief = read_page(f'{page} Close</h1>{head}<div id="BlogContent">{LABEL}{PARTS}</div></body></html>').brief
    assert [category.slug for category in brief.categories] == categories
