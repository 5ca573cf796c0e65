"""What a page shows of other posts, and of other addresses, is none of this one's; what is deep in it is."""

from __future__ import annotations

import json

import pytest

from pipelines.extract import extract
from scraper.records import Brief, Capture

URL = "https://www.usresistnews.org/2020/05/18/two-piers/"
_TEXT = "<p>Brief #66—Foreign Policy</p><p>By Jose Pena</p><p>The council voted in the spring to close two piers.</p>"
_META = (
    '<p class="post-meta">by <span class="author vcard"><a href="/author/desk/">{account}</a></span> | '
    '<span class="published">{day}</span> | <a href="/category/{slug}/" rel="category tag">{slug}</a></p>'
)
_OTHER = _META.format(account="Night Desk", day="Jan 2, 2019", slug="technology")
_OWN = _META.format(account="Web Team", day="May 18, 2020", slug="foreign-policy")
_ITEM = f'<article class="et_pb_post"><h2 class="entry-title"><a href="/2019/01/02/x/">Other</a></h2>{_OTHER}</article>'
TEASERS = [
    f"<aside>{_ITEM}</aside>",
    f'<div class="et_pb_posts">{_ITEM}{_ITEM}</div>',
    f'<section class="more"><article class="post">{_OTHER}</article></section>',
    f"<aside>{_OTHER}</aside>",
    f'<div id="sidebar">{_ITEM}</div>',
]


def read(page: str, url: str = URL) -> Brief:
    capture = Capture(page.encode(), url, "2024-05-05T00:00:00Z", "live", 200, content_type="text/html; charset=utf-8")
    (reading,) = extract(capture).readings
    return reading.brief


def build(own: str, *, before: str = "", behind: str = "", canonical: str = URL, head: str = "") -> str:
    return (
        f'<html><head><link rel="canonical" href="{canonical}">{head}</head><body class="single-post">{before}'
        f'<article class="et_pb_post post-7"><h1 class="entry-title">Two Piers Close</h1>{own}'
        f'<div class="entry-content">{_TEXT}</div></article>{behind}</body></html>'
    )


@pytest.mark.parametrize("teaser", TEASERS)
@pytest.mark.parametrize("place", ["before", "behind"])
def test_account_and_category_of_another_post_are_none_of_this_one_s(teaser: str, place: str) -> None:
    brief = read(build("", **{place: teaser}))
    assert (brief.posted_by, brief.published) == (None, "2020-05-18")
    assert not brief.categories


@pytest.mark.parametrize("teaser", TEASERS)
def test_those_of_this_post_are_found_behind_another(teaser: str) -> None:
    brief = read(build(_OWN, before=teaser))
    assert (brief.posted_by, brief.published) == ("Web Team", "2020-05-18")
    assert [category.slug for category in brief.categories] == ["foreign-policy"]


@pytest.mark.parametrize(
    "canonical",
    [
        "https://www.usresistnews.org/",
        "https://elsewhere.example.org/2019/01/02/other/",
        "https://www.usresistnews.org/category/technology/",
        "https://staging.example.net/2018/03/04/two-piers/",
        "https://amp.example.com/c/s/www.usresistnews.org/2019/01/02/two-piers/",
    ],
)
def test_an_address_that_is_not_the_post_s_gives_no_day(canonical: str) -> None:
    assert read(build("", canonical=canonical)).published == "2020-05-18"


@pytest.mark.parametrize("depth", [10, 250, 400, 1500])
@pytest.mark.parametrize("tag", ["div", "section", "blockquote"])
def test_text_is_read_however_deep_it_is(tag: str, depth: int) -> None:
    deep = f"<{tag}>" * depth + "<p>The ferry stays.</p>" + f"</{tag}>" * depth
    post = {"id": 7, "type": "post", "status": "publish", "link": URL, "title": {"rendered": "Two Piers Close"}}
    post |= {"date": "2020-05-18T09:00:00", "content": {"rendered": f"{_TEXT}{deep}<p>Nobody disputes the vote.</p>"}}
    capture = Capture(json.dumps(post).encode(), None, None, "file", content_type="application/json")
    (reading,) = extract(capture).readings
    assert (reading.brief.body or "").split("\n\n")[-2:] == ["The ferry stays.", "Nobody disputes the vote."]


@pytest.mark.parametrize("tag", ["div", "span", "blockquote", "b", "ul"])
def test_a_page_that_is_too_deep_for_the_parser_is_told_to_be_cut_off(tag: str) -> None:
    page = build("").replace("<p>The council", f"{f'<{tag}>' * 3000}<p>The council")
    capture = Capture(page.encode(), URL, "2024-05-05T00:00:00Z", "live", 200, content_type="text/html; charset=utf-8")
    extraction = extract(capture)
    assert extraction.readings[0].brief.number == 66
    assert ("body", "truncated") in {(problem.field, problem.kind) for problem in extraction.problems}


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="jp-relatedposts"><p class="jp-relatedposts-post-date">July 2, 2018</p></div>',
        '<div class="yarpp"><p>Ferries and tolls, a longer story of the harbour.</p></div>',
        '<div style="display:none"><p>By Nobody At All, who never wrote a line.</p></div>',
        '<div class="saboxplugin-wrap"><p>Mara Whitlock writes about harbours. She lives in Port Larkin.</p></div>',
        '<div class="et_social_inline"><p>12Shares</p></div>',
    ],
)
@pytest.mark.parametrize("form", ["<div>{}</div>", "{}<br><br>", "<section><span>{}</span></section>"])
def test_the_only_paragraph_is_not_the_text_where_the_text_is_in_other_elements(markup: str, form: str) -> None:
    lines = (
        "Brief #66—Foreign Policy",
        "By Jose Pena",
        "The council voted in the spring to close two piers near Port Larkin, and the ferry company did not object.",
        "Nobody disputes the vote; whether the ferry can run without both piers is the question that remains.",
    )
    text = "".join(form.format(line) for line in lines)
    page = build("").replace(_TEXT, text.replace(form.format(lines[3]), markup + form.format(lines[3])))
    assert read(page).body == "\n\n".join(lines[2:])


@pytest.mark.parametrize(
    ("passage", "is_told"),
    [
        ('<div class="zq"><ul><li><a href="/2019/01/02/x/">A Levee</a></li></ul></div>', True),
        ('<p><strong>You may also like</strong></p><p><a href="/2019/01/02/x/">A Levee</a></p>', True),
        ('<p>We told of <a href="/2019/01/02/x/">a levee</a> before.</p>', False),
        ('<ul><li><a href="https://levee.example.org/">A Levee</a></li></ul>', False),
    ],
)
def test_links_to_other_posts_amid_the_text_are_told(passage: str, is_told: bool) -> None:
    page = build(_OWN).replace(_TEXT, f"{_TEXT}{passage}<p>Shippers say that the order was made without them.</p>")
    capture = Capture(page.encode(), URL, "2024-05-05T00:00:00Z", "live", 200, content_type="text/html")
    (reading,) = extract(capture).readings
    assert any("another post of the site" in problem.message for problem in reading.problems) is is_told
    assert "evee" in (reading.brief.body or "")


@pytest.mark.parametrize(
    ("own", "head", "name", "how"),
    [
        ("", "", "foreign-policy", "guessed"),
        (_OWN, "", "foreign-policy", "stated"),
        ("", '{"@type": "Article", "articleSection": ["Foreign Policy"]}', "Foreign Policy", "stated"),
    ],
)
def test_a_category_without_a_name_has_its_slug_as_a_guess(own: str, head: str, name: str, how: str) -> None:
    page = build(own, head=f'<script type="application/ld+json">{head}</script>' if head else "")
    capture = Capture(page.replace("post-7", "post-7 category-foreign-policy").encode(), URL, None, "file")
    (reading,) = extract(capture).readings
    assert [category.name for category in reading.brief.categories] == [name]
    assert [item.confidence for item in reading.evidence if item.field == "categories"] == [how]
