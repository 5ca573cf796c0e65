"""The text of a whole page, as Common Crawl keeps it: menu, headline, the theme's line, post, sidebar."""

# ruff: noqa: E501 - the lines of a text in one line are read more easily

from __future__ import annotations

import pytest

from pipelines.extract import extract
from pipelines.extraction.text_lines import read_text_lines
from scraper.records import Brief, Capture

URL = "https://www.usresistnews.org/2020/07/14/two-piers-close/"
TITLE, LABEL = "Two Piers Close", "Brief #81—Foreign Policy"
ONE = "The port sold both of its piers in May, and the crews were told on the day after."
TWO = "A pier that is sold is a pier that is closed."
RESOURCES = "Engagement Resources\nBay Towns – follows hearings.\n"
POST = f"{LABEL}\nBy Ada Wren\nPolicy Summary\n{ONE}\nAnalysis\n{TWO}\n{RESOURCES}"


def read(text: str) -> Brief:
    (reading,) = extract(
        Capture(text.encode(), URL, "2024-01-01T00:00:00Z", "warc", content_type="text/plain")
    ).readings
    return reading.brief


@pytest.mark.parametrize(
    ("meta", "account"),
    [
        ("", None),
        ("Jul 14, 2020\n", None),
        ("July 14, 2020\n", None),
        ("by Web Team | Jul 14, 2020 | Foreign Policy | 0 comments\n", "Web Team"),
        ("by Web Team | Jul 14, 2020\n", "Web Team"),
        ("Jul 14, 2020 | Foreign Policy\n", None),
        ("Posted on Jul 14, 2020 by Web Team\n", "Web Team"),
        ("Posted by Web Team on Jul 14, 2020\n", "Web Team"),
        ("Jul 14, 2020\nTable of Contents\nPolicy Summary\nAnalysis\n", None),
    ],
)
@pytest.mark.parametrize("menu", ["", "Home\nForeign Policy\nCivil Rights\nJobs\n", "USRESIST NEWS\nDonate\n"])
@pytest.mark.parametrize("foot", ["", "Recent Posts\nThe Old Mill (Education Policy Brief #12)\nPin It on Pinterest\n"])
def test_a_post_is_cut_out_of_its_page(menu: str, meta: str, account: str | None, foot: str) -> None:
    brief = read(f"{TITLE} - USRESIST NEWS\n{menu}{TITLE}\n{meta}{POST}{foot}")
    assert (brief.title, brief.label, brief.posted_by, brief.dateline) == (TITLE, LABEL, account, None)
    assert [author.name for author in brief.authors] == ["Ada Wren"]
    assert brief.body == f"Policy Summary\n\n{ONE}\n\nAnalysis\n\n{TWO}"
    assert [resource.name for resource in brief.resources] == ["Bay Towns"]


def test_the_editors_own_lines_below_the_headline_stay() -> None:
    brief = read(f"{TITLE} | US Renew News\nHome\n{TITLE}\n{LABEL}\nBy Ada Wren | June 3, 2020\n{ONE}\n{TWO}\n")
    assert (brief.dateline, [author.name for author in brief.authors]) == ("2020-06-03", ["Ada Wren"])
    assert (brief.body, brief.posted_by) == (f"{ONE}\n\n{TWO}", None)


def test_a_page_without_a_headline_begins_at_its_label() -> None:
    brief = read(f"USRESIST NEWS\nHome\nCivil Rights\nJul 14, 2020\n{POST}")
    assert (brief.title, brief.label, (brief.body or "")[:14]) == (LABEL, LABEL, "Policy Summary")


def test_an_opinion_without_a_headline_begins_at_its_kicker() -> None:
    brief = read(f"USRESIST NEWS\nHome\nCivil Rights\nJul 14, 2020\nOP ED\nBy Ada Wren\n{ONE}\n{TWO}\n")
    assert (brief.kind, [author.name for author in brief.authors]) == ("opinion", ["Ada Wren"])
    assert (brief.body or "").endswith(f"{ONE}\n\n{TWO}") and "Civil" not in (brief.body or "")


AT_BAY = "**Engagement Resources**\n\n*   [Bay Towns](https://bay.example.org/) – follows hearings.\n\n"
MENU = "[![U.S. RESIST NEWS](/logo.png)](https://www.usresistnews.org/)\n\n*   [Home](/)\n\n*   [Jobs](/jobs/)\n\n"


@pytest.mark.parametrize("front", ["", f"Title: {TITLE} - USRESIST NEWS\n\nURL Source: {URL}\n\nMarkdown Content:\n"])
@pytest.mark.parametrize("contents", ["", "![A pier](/pier.jpg)\n\n", "*   [Policy Summary](#policy-summary)\n\n"])
def test_a_page_in_markdown(front: str, contents: str) -> None:
    title = "" if front else f"{TITLE} - USRESIST NEWS\n\n"
    brief = read(
        f"{front}{title}{MENU}# {TITLE}\n\nJul 14, 2020 | [Foreign Policy](/category/foreign-policy/)\n\n{contents}"
        f"{LABEL}\n\nBy Ada Wren\n\n## Policy Summary\n\n{ONE}\n\n## Analysis\n\n{TWO}\n\n"
        f"{AT_BAY}#### Recent Posts\n\n*   [The Old Mill](/mill/)\n"
    )
    assert (brief.title, brief.label, brief.dateline) == (TITLE, LABEL, None)
    assert brief.body == f"Policy Summary\n\n{ONE}\n\nAnalysis\n\n{TWO}"
    assert [(resource.name, resource.url) for resource in brief.resources] == [
        ("Bay Towns", "https://bay.example.org/")
    ]


@pytest.mark.parametrize("head", [f"{URL}\n# {TITLE}\n\n", f"# {TITLE}\n\n"])
@pytest.mark.parametrize("mark", ["*", "_"])
def test_marks_around_a_headline_or_a_whole_line_are_none_of_it(head: str, mark: str) -> None:
    credit = f"{mark}Photo by [Io Vale](https://unsplash.com/@io) on Unsplash{mark}"
    brief = read(f"{head}{LABEL}\n\nBy Ada Wren\n\n## Policy Summary\n\n{ONE}\n\n*One* boat *sank*.\n\n{credit}\n")
    assert (brief.title, brief.label) == (TITLE, LABEL)
    assert brief.body == f"Policy Summary\n\n{ONE}\n\nOne boat sank."
    assert [(picture.text, picture.name) for picture in brief.photo_credits] == [
        ("Photo by Io Vale on Unsplash", "Io Vale")
    ]


DUMP = "   [U.S. RESIST NEWS]\n\n     * Home\n     * Foreign Policy\n     * Civil Rights\n\n   {}\n\n   Jul 14, 2020\n\n   {}\n"


@pytest.mark.parametrize(
    ("headline", "title"),
    [
        (TITLE, TITLE),
        ("Another Title Than the Address Has", "Another Title Than the Address Has"),
        ("A Title So Long That It Goes On\n   In the Next Line", "A Title So Long That It Goes On In the Next Line"),
    ],
)
@pytest.mark.parametrize(
    "head", [f"{LABEL}\n\n   By Ada Wren\n\n   ", f"{LABEL}\n   By Ada Wren\n\n   ", "By Ada Wren\n\n   ", ""]
)
def test_a_dump_of_a_page_begins_below_its_menu(headline: str, title: str, head: str) -> None:
    text = DUMP.format(headline, f"{head}Policy Summary\n\n   {ONE}\n\n   Analysis\n\n   {TWO}")
    (reading,) = extract(
        Capture(text.encode(), URL, "2024-01-01T00:00:00Z", "file", content_type="text/plain")
    ).readings
    brief = reading.brief
    assert (brief.title, brief.label) == (title, LABEL if LABEL in head else None)
    assert brief.body == f"Policy Summary\n\n{ONE}\n\nAnalysis\n\n{TWO}"
    assert any("menu" in problem.message for problem in reading.problems if problem.field == "body")


def test_the_numbers_of_links_in_a_dump_are_no_text() -> None:
    text = f"{TITLE}\n\n[1]{LABEL}\n\n{ONE} [2]More of it.\n\n[3]Two piers."
    links = "\n\nReferences\n\n   Visible links:\n   1. https://a.example.org/\n   2. https://b.example.org/\n   3. https://c.example.org/\n"
    brief = read(text + links)
    assert (brief.label, brief.body) == (LABEL, f"{ONE} More of it.\n\nTwo piers.")
    notes = read(text.replace("[1]", "").replace("[3]", "").replace(" [2]", "[1] ") + links).body or ""
    assert "[1] More of it." in notes and "https://b.example.org/" in notes


@pytest.mark.parametrize("above", ["", "Foreign Policy\n\n", "U.S. RESIST NEWS\n\n"])
def test_a_pasted_text_keeps_its_lines(above: str) -> None:
    brief = read(f"{above}{TITLE}\n\nHow a town lost its boats\n\n{LABEL}\n\nBy Ada Wren\n\n{ONE}\n\n{TWO}\n")
    assert "How a town lost its boats" in f"{brief.title} {brief.body}" and brief.label == LABEL


@pytest.mark.parametrize(
    ("closing", "name", "role"),
    [
        ("This brief was submitted by USRESIST NEWS Civil Rights Principal\nAnalyst Ada Wren: Contact", "Ada Wren", "Civil Rights Principal Analyst"),
        ("This brief was submitted by USRESIST NEWS Immigration Analyst Ada\nWren: Contact", "Ada Wren", "Immigration Analyst"),
        ("This Brief was developed by USRESIST NEWS Analyst Ada Wren. Contact:\n", "Ada Wren", "Analyst"),
    ],
)  # fmt: skip
def test_a_closing_line_that_was_wrapped_is_one(closing: str, name: str, role: str) -> None:
    (author,) = read(f"{LABEL}\n\n{ONE}\n\n{TWO}\n\n{closing}\n").authors
    assert (author.name, author.role) == (name, role)


def test_a_headline_that_stands_again_below_the_text_begins_none() -> None:
    brief = read(f"{TITLE} - USRESIST NEWS\n\n{LABEL}\n\n{ONE} {TWO}\n\n{TITLE}\n\n{TWO}\n")
    assert (brief.title, brief.label, (brief.body or "").startswith(ONE)) == (TITLE, LABEL, True)


@pytest.mark.parametrize("head", ["", f"{LABEL}\n\n", "By Ada Wren\n\n"])
@pytest.mark.parametrize("name", [" - USRESIST NEWS", " | US Renew News"])
def test_the_site_s_name_behind_a_headline_is_no_text(name: str, head: str) -> None:
    brief = read(f"{TITLE}{name}\n\n{head}{ONE} {TWO}\n\n{TWO}\n")
    assert (brief.title, brief.body) == (TITLE, f"{ONE} {TWO}\n\n{TWO}")


def test_a_text_that_begins_without_the_site_is_left_whole() -> None:
    brief = read(f"{TITLE}\n\nRecent Posts\n\n{ONE}\n\n{TITLE}\n\n{TWO}\n")
    assert ONE in (brief.body or "") and TWO in (brief.body or "")


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        (f"{TITLE}\n{LABEL}\n{ONE}\n{TWO}\n{ONE}\n", 5),  # no blank lines: each is a paragraph
        (f"{TITLE}\n{LABEL}\n\n{ONE}\n{TWO}\n{ONE}\n", 2),
        ("\n".join([ONE[:70], ONE[70:], TWO, ONE[:70], ONE[70:]]), 1),  # wrapped
    ],
)
def test_lines_of_a_text_without_blank_ones_are_paragraphs(text: str, blocks: int) -> None:
    assert len({line.block for line in read_text_lines(text)}) == blocks


@pytest.mark.parametrize(("front", "count"), [("Resistance Resources: ", 1), ("Resistance resources: ", 0)])
def test_a_plain_heading_of_resources_may_stand_before_its_item(front: str, count: int) -> None:
    assert len(read(f"{LABEL}\n\n{ONE}\n\n{front}Bay Towns – follows hearings.\n").resources) == count
