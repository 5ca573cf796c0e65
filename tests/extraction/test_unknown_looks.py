"""Pages in a look that nobody knows: their text and account are found wherever a theme puts them."""

from __future__ import annotations

import pytest

from pipelines.extract import extract
from scraper.records import Capture
from tests.support.unknown_look import (
    BODY,
    COMMENT,
    FIRST,
    FRAME,
    JSON_LD,
    LINKS,
    SECOND,
    TEASER,
    TEXT,
    THIRD,
    URL,
    list_flags,
    read_unknown,
)


def _caption(text: str) -> str:
    return f"<figure><img><figcaption>{text}</figcaption></figure>"


@pytest.mark.parametrize(
    "body",
    [
        f'<div class="story-9f">{TEXT}</div>',
        f'<div class="main sidebar-left"><div class="widget">{TEXT}</div></div>',
        f'<form id="aspnet"><div class="col">{TEXT}</div></form>',
        f'<div class="c1">{FIRST}<br><br>{SECOND}<br><br>{THIRD}</div>',
        f'<div class="w"><div>{FIRST}</div><div>{SECOND}</div><div>{THIRD}</div></div>',
        f"<table><tr><td><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></td><td><ul>{LINKS}</ul></td></tr></table>",
        f'<div class="a"><div class="b"><p>{FIRST}</p></div><div class="ad-slot"><a href="/s/">Shop</a></div>'
        f'<div class="b"><p>{SECOND}</p><p>{THIRD}</p></div></div>',
        f'<div class="entry-content"><p>Piers.</p></div><div class="real">{TEXT}</div>',
        f'<div class="t">{TEXT}<p class="imageCaption">The pier at dawn, when nobody was there to see it.</p></div>',
        f'<div class="t">{TEXT}<span class="image-source">Ann Lee/Reuters</span></div>',
        f'<div class="body-and-footer">{TEXT}</div>',
        f"<table><tr><td><p>{FIRST}</p><section><p>{SECOND}</p><p>{THIRD}</p></section></td></tr></table>",
        f'<div class="t">{TEXT}</div><div class="footer-text">{COMMENT * 9}</div>',
        f'<div class="article-body">{TEXT}</div>' + f'<div class="article-body">{COMMENT * 3}</div>' * 6,
        f'<div class="t">{TEXT}</div><div class="comment-list">{COMMENT * 9}</div>',
        f'<div class="t">{TEXT}<div class="Carousel-slides"><p>{"The pier lies still. " * 4}</p></div></div>',
        f'<div class="t">{TEXT}<div class="cta wide"><p>{"Nobody pays for this but you. " * 3}</p></div></div>',
        f'<div class="t">{TEXT}<p>This advertisement has not loaded yet, but your article continues below.</p></div>',
        f'<div class="t">{TEXT}</div><div id="onetrust-consent-sdk">{COMMENT * 9}</div>',
        f'<div class="article-body">{TEXT}</div><article><div class="article-body">{COMMENT * 4}</div></article>',
        f'<div class="t">{TEXT}<div class="box"><div>{TEASER}</div><div>{TEASER}</div></div></div>',
        f'<div class="t">{TEXT}<script>var gallery = "{COMMENT * 9}";</script></div>',
        f'<div class="t">{TEXT}<noscript>{COMMENT * 9}</noscript><template>{COMMENT * 9}</template></div>',
    ],
)
def test_the_text_is_found_and_nothing_else(body: str) -> None:
    assert read_unknown(body).brief.body == BODY


def test_the_article_with_the_post_s_own_number_is_the_text_however_much_stands_beside_it() -> None:
    others = f'<div class="more">{COMMENT * 12}</div>'
    page = FRAME.format(head="", links=LINKS, body=f'<article class="post-41 post">{TEXT}</article>{others}')
    own = page.replace('class="single"', 'class="post-template single postid-41"')
    (reading,) = extract(Capture(own.encode(), URL, None, "live", 200, content_type="text/html")).readings
    assert reading.brief.body == BODY


def test_sentences_that_end_without_a_space_are_prose() -> None:
    text = "港の議会は四つの埠頭のうち二つを閉じることを決めた。船主たちは自分たち抜きで書かれたと言う。" * 3
    assert read_unknown(f'<div class="t"><p>{text}</p></div>').brief.body == text


@pytest.mark.parametrize("tag", ["script", "style", "noscript", "textarea", "iframe", "template"])
def test_what_no_browser_shows_is_no_text_in_a_known_look(tag: str) -> None:
    """However long it is beside the text."""
    content = f'<div class="entry-content">{TEXT}<{tag}>{"var a = 1; " * 200}</{tag}></div>'
    reading = read_unknown(
        f'<article class="et_pb_post"><h1 class="entry-title">Two Piers Close</h1>{content}</article>'
    )
    assert reading.brief.body == BODY


@pytest.mark.parametrize(
    "line",
    [
        "<p>Advertisement</p>",
        "<p>Facebook Twitter WhatsApp</p>",
        "<p>Link copied</p>",
        "<p>Article content</p>",
        "<p>3 min read</p>",
        "<p>Read more: A Bridge Too Slow</p>",
        '<p><a href="/x/">A Bridge Too Slow for Its Town</a></p>',
        '<ul><li><a href="/x/">A Bridge Too Slow</a></li><li><a href="/y/">The Quiet Audit</a></li></ul>',
    ],
)
def test_lines_of_the_theme_amid_the_text_are_dropped(line: str) -> None:
    reading = read_unknown(f'<div class="t"><p>{FIRST}</p>{line}<p>{SECOND}</p>{line}<p>{THIRD}</p></div>')
    assert reading.brief.body == BODY


@pytest.mark.parametrize("line", ["Brief #12—Environment", "By Mara Whitlock", "Brief #12 | By Mara Whitlock"])
def test_a_line_of_the_head_that_stands_twice_is_read(line: str) -> None:
    head = "<p>Brief #12—Environment</p><p>By Mara Whitlock</p>"
    brief = read_unknown(f'<div class="t">{head}<p>{line}</p>{TEXT}</div>').brief
    assert (brief.number, [author.name for author in brief.authors], brief.body) == (12, ["Mara Whitlock"], BODY)


def test_a_table_above_the_first_paragraph_is_text() -> None:
    rows = "".join(f"<tr><td>Pier {n}</td><td>{n} ships</td></tr>" for n in range(20))
    assert "Pier 7 7 ships" in (read_unknown(f'<div class="t"><table>{rows}</table>{TEXT}</div>').brief.body or "")


def test_a_caption_amid_the_text_is_no_paragraph() -> None:
    caption = "<p>A pier at dawn (Image: GETTY )</p>"
    brief = read_unknown(f'<div class="t"><p>{FIRST}</p>{caption}<p>{SECOND}</p><p>{THIRD}</p></div>').brief
    assert brief.body == BODY
    assert [credit.source for credit in brief.photo_credits] == ["Getty Images"]


@pytest.mark.parametrize(
    "line",
    [
        "Nobody came.",
        "“We waited all night.”",
        "The piers are these: north, south, east, west.",
        "Q: Who pays?",
        "Subscribe to this view and the plan looks odd.",
        "Follow the money on its way to the port.",
        "Copyright law is what the port lives by.",
        "Most read the draft.",
        "Related: the law has four parts.",
    ],
)
def test_short_lines_of_the_editors_stay(line: str) -> None:
    assert line in (read_unknown(f'<div class="t"><p>{FIRST}</p><p>{line}</p><p>{SECOND}</p></div>').brief.body or "")
    assert line in (read_unknown(f'<div class="t"><p>{line}</p>{TEXT}</div>').brief.body or "")


def test_a_title_that_only_the_document_has_is_a_guess() -> None:
    page = FRAME.replace("<h1>Two Piers Close</h1>", "").format(
        head="", links=LINKS, body=f'<div class="t">{TEXT}</div>'
    )
    (reading,) = extract(Capture(page.encode(), URL, None, "live", 200, content_type="text/html")).readings
    assert (reading.brief.title, list_flags(reading, "title")) == ("Two Piers Close", ["guessed"])


def test_a_card_of_the_account_is_no_text() -> None:
    card = "<p>Mara Whitlock covers the harbour for us and lives by the sea with two dogs.</p>"
    reading = read_unknown(f'<div class="t">{TEXT}{card}</div>', '<meta name="author" content="Mara Whitlock">')
    assert reading.brief.body == BODY


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        ('<meta name="author" content="Mara Whitlock">', ""),
        ('<meta name="author" content="By Mara Whitlock">', ""),
        (f'{JSON_LD}{{"@type": "NewsArticle", "author": [{{"name": "Mara Whitlock"}}]}}</script>', ""),
        (
            JSON_LD + '{"@graph": [{"@type": "Article", "author": {"@id": "#m"}}, '
            '{"@type": "Person", "@id": "#m", "name": "Mara Whitlock"}]}</script>',
            "",
        ),
        ("", '<a rel="author" href="/author/mara/">View all posts by Mara Whitlock</a>'),
        ("", '<div class="author-card"><a href="/author/mara/">Mara Whitlock</a> writes on harbours.</div>'),
        ("", '<p class="byline">Posted by Mara Whitlock on May 18, 2020</p>'),
        ("", '<span class="post-author">Written by: Mara Whitlock |</span>'),
    ],
)  # fmt: skip
def test_the_account_is_its_name_alone(head: str, shown: str) -> None:
    assert read_unknown(f'{shown}<div class="t">{TEXT}</div>', head).brief.posted_by == "Mara Whitlock"


def test_a_value_that_two_places_agree_on_is_no_guess_and_one_that_is_alone_is() -> None:
    stated = '<meta property="article:published_time" content="2020-05-18T14:00:00+00:00">'
    shown = '<time datetime="{}">x</time>'
    text = f'<div class="t">{TEXT}</div>'
    assert not list_flags(read_unknown(shown.format("2020-05-18") + text, stated), "published")
    assert "guessed" in list_flags(read_unknown(shown.format("2021-03-02") + text, stated), "published")


@pytest.mark.parametrize(
    ("other", "is_guess"),
    [
        ("Closed at Night | Two Piers Close", True),
        ("Two Piers Close » Archive » Closed at Night", True),
        ("Two Piers Close | Opinion", False),
        ("Harbours: Two Piers Close", False),
        ("Two Piers Close", False),
        ("Two Piers", True),
        ("What the council did at night", True),
    ],
)
def test_a_headline_that_another_place_repeats_with_more_around_it_is_no_guess(other: str, is_guess: bool) -> None:
    page = FRAME.replace("<title>Two Piers Close</title>", "<title></title>")
    head = f'<meta property="og:title" content="{other}">'
    body = page.format(head=head, links=LINKS, body=f'<div class="t">{TEXT}</div>').encode()
    (reading,) = extract(Capture(body, URL, None, "live", 200, content_type="text/html")).readings
    assert reading.brief.title == "Two Piers Close"
    assert ("guessed" in list_flags(reading, "title")) is is_guess


@pytest.mark.parametrize(
    ("shown", "is_guess"),
    [
        ("Mara Whitlock, Harbour Editor", False),
        ("Mara Whitlock", False),
        ("USRESIST NEWS", False),
        ("SeeWriter", False),
        ("View Author Archive", False),
        ("Jonas Okafor", True),
        ("Jonas Okafor, Mara Whitlock", True),
    ],
)
def test_what_is_no_other_person_contradicts_no_account(shown: str, is_guess: bool) -> None:
    head = '<meta name="author" content="Mara Whitlock">'
    reading = read_unknown(f'<p class="author-line">{shown}</p><p>Mara Whitlock</p><div class="t">{TEXT}</div>', head)
    assert reading.brief.posted_by == "Mara Whitlock"
    assert ("guessed" in list_flags(reading, "posted_by")) is is_guess


def test_a_house_as_account_beside_another_is_a_guess() -> None:
    shown = '<p class="author-line">University of Aldmouth</p>'
    reading = read_unknown(f'{shown}<div class="t">{TEXT}</div>', '<meta name="author" content="HarbourX">')
    assert "guessed" in list_flags(reading, "posted_by")


@pytest.mark.parametrize(
    ("picture", "text", "name", "source"),
    [
        (_caption('Dawn. <i class="credit">Photo: Ann Lee/AP</i>'), "Photo: Ann Lee/AP", "Ann Lee", "AP"),
        (_caption("The pier at dawn. (AP Photo/Ann Lee)"), "AP Photo/Ann Lee", "Ann Lee", "AP"),
        (_caption("The pier at dawn (Picture: Getty)"), "Picture: Getty", None, "Getty Images"),
        ('<div class="ImageCredit">Ann Lee / Shutterstock</div>', "Ann Lee / Shutterstock", "Ann Lee", "Shutterstock"),
        ('<div class="media-caption">A pier. Photograph: Ann Lee</div>', "Photograph: Ann Lee", "Ann Lee", None),
        ('<p class="photographer">© 2020 Ann Lee</p>', "© 2020 Ann Lee", "Ann Lee", None),
        ('<p itemprop="creditText">© 2020 Ann Lee</p>', "© 2020 Ann Lee", "Ann Lee", None),
        ('<p id="photo-credit">Ann Lee/AP</p>', "Ann Lee/AP", "Ann Lee", "AP"),
        ('<p itemprop="caption">A pier. Photograph: Ann Lee</p>', "Photograph: Ann Lee", "Ann Lee", None),
    ],
)  # fmt: skip
def test_the_credit_of_a_picture_beside_the_text_is_found(
    picture: str, text: str, name: str | None, source: str | None
) -> None:
    reading = read_unknown(f'<article>{picture}<div class="t">{TEXT}</div></article>')
    (credit,) = reading.brief.photo_credits
    assert (credit.text, credit.name, credit.source) == (text, name, source)
    assert reading.brief.body == BODY


@pytest.mark.parametrize(
    "beside",
    [
        "<aside><figure><figcaption>A bridge. Photo: Ann Lee/Reuters</figcaption></figure></aside>",
        '<div class="related"><span class="credit">Ann Lee/Reuters</span></div>',
        "<figure><figcaption>The council (left) and the pier (right)</figcaption></figure>",
        '<div class="credit-card-offer">Ann Lee Bank</div>',
        '<p itemprop="author-credit">Ann Lee/AP</p>',
        '<div id="related"><p itemprop="creditText">Ann Lee/AP</p></div>',
    ],
)
def test_what_stands_beside_the_post_is_no_credit(beside: str) -> None:
    assert not read_unknown(f'<article>{beside}<div class="t">{TEXT}</div></article>').brief.photo_credits
