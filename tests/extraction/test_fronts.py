"""What a template prints above the text: label and byline, the account's name, the picture with its caption."""

# ruff: noqa: E501 - a page's markup in one line is read more easily

from __future__ import annotations

import pytest

from pipelines.extract import extract
from pipelines.extraction.wording.account import read_account_name
from scraper.records import Brief, Capture, Reading

URL = "https://www.usresistnews.org/2020/05/18/two-piers/"
PARTS = (
    "<p><strong>Policy Summary</strong></p><p>The pier of Aldmouth was sold for a song in May, and nobody sang.</p>"
    "<p><strong>Analysis</strong></p><p>A pier that is sold is a pier that is closed to those who fished from it.</p>"
)
HEAD = f'<html><head><link rel="canonical" href="{URL}"><title>Two Piers - USRESIST NEWS</title></head>'
BLOCKS = (
    HEAD + '<body class="single"><div class="wp-site-blocks"><header class="wp-block-template-part"><p>By Web Team</p>'
    '</header><main>{front}<div class="entry-content wp-block-post-content">{text}</div></main></div></body></html>'
)
CLASSIC = (
    HEAD + '<body class="single et_divi_theme"><article class="et_pb_post"><div class="et_post_meta_wrapper">'
    '<h1 class="entry-title">Two Piers</h1>{front}</div><div class="entry-content">{text}</div></article></body></html>'
)
BUILT = (
    HEAD
    + '<body class="single"><div class="et-l et-l--body"><div class="et_pb_module et_pb_post_title et_pb_post_title_0_tb_body">'
    '<h1 class="entry-title">Two Piers</h1>{front}</div><div class="et_pb_module et_pb_post_content">{text}</div></div>'
    "</body></html>"
)
TITLE = '<h1 class="wp-block-post-title">Two Piers</h1>'
LABEL, BYLINE = "Brief #66—Foreign Policy", "By Jose Pena"


def read_page(page: str) -> Reading:
    (reading,) = extract(Capture(page.encode(), URL, "2024-01-01T00:00:00Z", "live", 200)).readings
    return reading


def read_brief(look: str, front: str, text: str = PARTS) -> Brief:
    return read_page(look.format(front=front, text=text)).brief


@pytest.mark.parametrize(
    "front",
    [
        f"{TITLE}<p>{LABEL}</p><p>{BYLINE}</p>",
        f'{TITLE}<div class="wp-block-group"><p class="has-small-font-size">{LABEL}</p><p>{BYLINE}</p></div>',
        f"<p>{LABEL}</p>{TITLE}<h4>{BYLINE}</h4>",
        f'{TITLE}<div class="wp-block-post-excerpt"><p>{LABEL}<br>{BYLINE}</p></div>',
        f'<div class="wp-block-group">{TITLE}<p>{LABEL} | {BYLINE} | May 18, 2020</p></div><hr>',
        f'<div class="wp-block-columns"><div>{TITLE}</div><div><p>{LABEL}</p><ul><li>{BYLINE}</li></ul></div></div>',
    ],
)
def test_a_block_theme_has_label_and_byline_above_the_text(front: str) -> None:
    brief = read_brief(BLOCKS, front)
    assert (brief.kind, brief.label, brief.number, brief.domain) == ("brief", LABEL, 66, "Foreign Policy")
    assert [author.name for author in brief.authors] == ["Jose Pena"]


@pytest.mark.parametrize("name", ["<h1>US Renew News</h1>", "<p>U.S. RESIST NEWS</p>", "<div>USRESIST NEWS</div>"])
def test_the_name_of_the_site_above_the_text_has_written_nothing(name: str) -> None:
    brief = read_brief(BLOCKS, f"{name}<p>{LABEL}</p><p>{BYLINE}</p>")
    assert [author.name for author in brief.authors] == ["Jose Pena"]
    assert [section.heading for section in brief.sections] == ["Policy Summary", "Analysis"]


@pytest.mark.parametrize(
    "front",
    [
        f'{TITLE}<div class="wp-block-post-author-name">By Web Team</div>',
        f'<nav><p>{LABEL}</p></nav>{TITLE}<div class="wp-block-query"><ul><li><p>{LABEL}</p></li></ul></div>',
        f"{TITLE}<p>The office of Jose Pena has read Brief #66 of the court.</p>",
    ],
)
def test_what_else_a_block_theme_has_there_is_none(front: str) -> None:
    brief = read_brief(BLOCKS, front)
    assert (brief.label, brief.authors) == (None, ())


@pytest.mark.parametrize("look", [BLOCKS, CLASSIC, BUILT])
@pytest.mark.parametrize(
    ("caption", "name", "source"),
    [
        ("<figure><img><figcaption>Photo: Ana Kim/Reuters</figcaption></figure>", "Ana Kim", "Reuters"),
        ('<img><p class="wp-caption-text">The pier. Photo by <a href="https://unsplash.com/@a">Ana Kim</a></p>', "Ana Kim", "Unsplash"),
        ("<figure><div><figcaption><em>Image: Getty Images</em></figcaption></div></figure>", None, "Getty Images"),
        ("<figure><figcaption>The pier of Aldmouth at noon</figcaption></figure>", None, None),
    ],
)  # fmt: skip
def test_the_caption_of_the_picture_above_the_text(
    look: str, caption: str, name: str | None, source: str | None
) -> None:
    credits = read_brief(look, (TITLE if look is BLOCKS else "") + caption).photo_credits
    assert [(credit.name, credit.source) for credit in credits] == ([(name, source)] if source else [])


@pytest.mark.parametrize("look", [BLOCKS, CLASSIC, BUILT])
@pytest.mark.parametrize(
    ("front", "credit", "kind"),
    [
        (f"<p>{LABEL} | {BYLINE}</p><p>Photo by Ana Kim on Unsplash</p>", ("Ana Kim", "Unsplash"), "brief"),
        (f"<p>{LABEL}</p><p>{BYLINE}</p><p>Photograph: Anadolu/Getty Images</p>", ("Anadolu", "Getty Images"), "brief"),
        (f"<p>SPECIAL GUEST OP ED | {BYLINE}</p>", None, "opinion"),
        (f"<h4>JULY OP ED</h4><p>{BYLINE}</p>", None, "opinion"),
        (f'<p><a href="/category/opinion/">Opinion</a></p><p>{BYLINE}</p>', None, "brief"),
    ],
)
def test_kicker_and_credit_above_the_text(
    look: str, front: str, credit: tuple[str | None, str | None] | None, kind: str
) -> None:
    brief = read_brief(look, (TITLE if look is BLOCKS else "") + front)
    assert [(found.name, found.source) for found in brief.photo_credits] == ([credit] if credit else [])
    assert ([author.name for author in brief.authors], brief.kind) == (["Jose Pena"], kind)


AUTHOR = '<span class="author vcard"><a href="https://www.usresistnews.org/author/x/" rel="author">{}</a></span>'


@pytest.mark.parametrize(
    "accounts",
    [
        AUTHOR.format("Rosa Klebb and Ida Lund"),
        AUTHOR.format("Rosa Klebb, Editor"),
        f"{AUTHOR.format('Rosa Klebb')} and {AUTHOR.format('Ida Lund')}",
        f"{AUTHOR.format('Rosa Klebb')}, {AUTHOR.format('Ida Lund')}",
    ],
)
def test_several_accounts_above_the_text_have_written_nothing(accounts: str) -> None:
    brief = read_brief(CLASSIC, f'<p class="post-meta">by {accounts} | <span class="published">May 18, 2020</span></p>')
    assert (brief.authors, brief.dateline, (brief.posted_by or "")[:10]) == ((), None, "Rosa Klebb")


def test_a_caption_in_a_list_of_other_posts_is_none() -> None:
    other = '<div class="wp-block-query"><figure><figcaption>Photo: Ana Kim/Reuters</figcaption></figure></div>'
    assert read_brief(BLOCKS, TITLE + other).photo_credits == ()


@pytest.mark.parametrize(
    "text",
    [
        *("By Rosa Klebb", "by: Rosa Klebb", "Posts by Rosa Klebb", "View all posts by Rosa Klebb", "Author: Rosa Klebb"),
        *("Written by Rosa Klebb", "Posted By Rosa Klebb On May 3, 2021 @ 9:00 am In Gun Control", "Rosa Klebb |"),
        *("Posted by: Rosa Klebb on 3 May 2021", "Published by Rosa Klebb, May 3, 2021", "Article by Rosa Klebb"),
    ],
)  # fmt: skip
def test_an_account_is_its_name_alone(text: str) -> None:
    assert read_account_name(text) == "Rosa Klebb"


@pytest.mark.parametrize(
    "name", ["editor-desk", "Byron Poole", "Bylines Desk", "Author Desk", "desk2020", "By", "Ida On May"]
)
def test_an_account_may_be_called_anything(name: str) -> None:
    assert read_account_name(name) == name


@pytest.mark.parametrize(
    "account",
    [
        '<a rel="author">By Rosa Klebb</a>',
        '<a href="/author/r/"><img></a><a href="/author/r/">Rosa Klebb</a><span>is a keeper of lamps since 1990.</span>',
        "Posted by Rosa Klebb",
    ],
)
def test_an_account_of_a_page_is_its_name_alone(account: str) -> None:
    front = f'<p class="post-meta">by <span class="author vcard">{account}</span></p>'
    assert read_brief(CLASSIC, front).posted_by == "Rosa Klebb"


@pytest.mark.parametrize(
    "head",
    [
        '<span class="entry-author">Posted By desk</span><span class="entry-date">On May 18, 2020 @ 9:00 am</span>'
        '<span class="entry-category">In Gun Control</span>',
        '<p id="BlogDate">Posted By desk On May 18, 2020 @ 9:00 am In Gun Control | No Comments</p>',
        '<p id="BlogDate">Posted By <u>desk</u> On <u>May 18, 2020 @ 9:00 am</u> In <u>Gun Control</u></p>',
    ],
)
def test_a_print_page_names_its_account(head: str) -> None:
    page = f'<html><body class="print"><h1>Two Piers</h1>{head}<div class="entry-content">{PARTS}</div></body></html>'
    brief = read_page(page).brief
    assert (brief.posted_by, [category.name for category in brief.categories]) == ("desk", ["Gun Control"])
