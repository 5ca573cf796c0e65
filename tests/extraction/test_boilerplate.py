"""What plugins print into the text is no part of it; what editors wrote stays, whatever its element is called."""

from __future__ import annotations

import re

import pytest

from pipelines.extract import extract
from scraper.records import Capture, Reading
from tests.support.plugin_prints import PRINTS

_PAGE = """<html><head><meta charset="utf-8">
<link rel="canonical" href="https://www.usresistnews.org/2020/05/18/two-piers/"></head><body>
<article class="et_pb_post"><h1 class="entry-title">Two Piers Close</h1><div class="entry-content">
<p>Brief #66—Foreign Policy</p><p>By Mara Whitlock</p>{before}<p><strong>Policy Summary</strong></p>
<p>The harbour council voted in the spring to close two of its four piers to foreign freight.</p>{inside}
<p>Shippers say that the order was written without them, and a survey of captains agrees with that.</p>
<p><strong>Analysis</strong></p><p>Whether the council may do this at all is for the courts to say.</p>
</div></article></body></html>"""
_KEPT = "The clerk keeps a ledger of every ship that was turned away since the order came into force."
_CONTENTS = "".join(
    f'<li><a href="#{name}">{text}</a></li>' for name, text in (("a", "Policy Summary"), ("b", "Analysis"))
)


def _read(*, before: str = "", inside: str = "") -> Reading:
    body = _PAGE.format(before=before, inside=inside).encode()
    url = "https://www.usresistnews.org/2020/05/18/two-piers/"
    (reading,) = extract(Capture(body, url, "2024-05-05T00:00:00Z", "live", 200, content_type="text/html")).readings
    return reading


def _strip(markup: str) -> str:
    return re.sub("<.*?>", "", markup).strip()


def _doubts(reading: Reading) -> list[str]:
    return [problem.kind for problem in reading.problems if problem.field == "body"]


@pytest.mark.parametrize(
    "contents",
    [
        f'<div id="ez-toc-container"><p>Table of Contents</p><nav><ul>{_CONTENTS}</ul></nav></div>',
        f'<div class="lwptoc"><b class="lwptoc_title">Contents</b><ul>{_CONTENTS}</ul></div>',
        f'<div class="toc_container"><p class="toc_title">Contents</p><ul>{_CONTENTS}</ul></div>',
        f'<div class="some-new-plugin"><p>Table of Contents</p><ul>{_CONTENTS}</ul></div>',
        f"<p>Table of Contents</p><ul>{_CONTENTS}</ul>",
    ],
)
def test_a_table_of_contents_is_no_text(contents: str) -> None:
    assert _read(before=contents).brief == _read().brief


@pytest.mark.parametrize(
    ("entries", "left"),
    [
        (["Policy Summary"], []),
        (["Analysis"], []),
        (["Policy Summary", "POLICY SUMMARY", "Analysis"], []),
        (["Policy Summary", "Analysis", "The Ledger"], ["The Ledger"]),
        (["The Ledger", "Policy Summary", "Analysis"], ["The Ledger"]),
        (["The Ledger"], ["The Ledger"]),
        (["The Ledger", "The Ledger", "The Ledger"], ["The Ledger"] * 3),
    ],
)
def test_an_entry_of_the_contents_goes_where_its_heading_follows(entries: list[str], left: list[str]) -> None:
    links = "".join(f'<li><a href="#x">{entry}</a></li>' for entry in entries)
    words = (_read(before=f"<ul>{links}</ul>").brief.body or "").split("\n\n")
    assert [word for word in words if word not in (_read().brief.body or "").split("\n\n")] == left
    assert words.count("Policy Summary") == words.count("Analysis") == 1


@pytest.mark.parametrize("link", ['<a href="#x">Analysis</a> of it', '<a href="#x">Ana</a><a href="#y">lysis</a>'])
def test_a_line_that_is_more_or_less_than_one_link_is_no_entry_of_the_contents(link: str) -> None:
    words = _strip(link)
    assert (_read(before=f"<p>{link}</p>").brief.body or "").split("\n\n").count(words) == 1 + (words == "Analysis")


@pytest.mark.parametrize(
    "furniture",
    [
        '<span class="bctt-click-to-tweet"><a href="https://x.com/i">The towns will pay.</a></span>',
        '<div class="tm-click-to-tweet"><a href="https://x.com/i">The towns will pay.</a></div>',
        '<div class="irp-wrapper"><a href="/2019/02/20/fees/">READ MORE: Harbor Fees Return</a></div>',
        '<div class="kk-star-ratings"><div class="kksr-legend">5/5 - (3 votes)</div></div>',
        "<p>4.5/5 - (12 votes)</p>",
        '<p class="post-modified-info">Last Updated on May 3, 2021 by <a href="/author/desk/">desk</a></p>',
        "<p>Last modified on May 3, 2021</p>",
        '<div class="m-a-box"><h5>desk</h5><p>The desk puts up what the reporters write, every single day.</p></div>',
        '<div class="saboxplugin-wrap"><p>The desk puts up what the reporters write, every single day of it.</p></div>',
        '<div class="sfsiaftrpstwpr"><p>Please follow and like us:</p></div>',
        "<h3>Spread the love</h3>",
        '<div class="wordads-ad-wrapper"><div>Advertisements</div></div>',
        '<div class="code-block code-block-1"><p>Bay Insurance keeps your boat afloat. Get a quote today.</p></div>',
        '<div class="mc4wp-form"><p>Never miss a brief again. Sign up for the letter of each week.</p></div>',
        '<div class="newsletter-box"><p>Never miss a brief again: sign up.</p><form><input name="e"></form></div>',
        '<div class="share-bar"><a href="/f">Facebook</a> <a href="/t">Twitter</a></div>',
        '<aside><a href="https://www.usresistnews.org/2019/02/20/fees/">Harbor Fees Return</a></aside>',
    ],
)
def test_what_looks_like_a_print_is_no_text(furniture: str) -> None:
    assert _read(inside=furniture).brief == _read().brief


@pytest.mark.parametrize("name", PRINTS)
def test_what_plugins_print_is_no_text(name: str) -> None:
    values = {
        "prose": "The harbour desk writes about the bay and its towns for this site, and has done so since spring.",
        "link": "https://www.usresistnews.org/2019/02/20/fees/",
        "contents": _CONTENTS,
    }
    printed = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], PRINTS[name])
    assert _read(inside=printed).brief == _read().brief


@pytest.mark.parametrize(
    "element",
    [
        '<div class="ad-hoc-committee">{}</div>',
        '<div class="share-of-trade">{}</div>',
        '<div class="donations-law">{}</div>',
        '<div class="related-case">{}</div>',
        '<div class="modal-text">{}</div>',
        '<div class="banner-quote">{}</div>',
        '<div class="sidebar-note">{}</div>',
        '<div id="menu-of-options">{}</div>',
        '<p class="subscribe-to-this-view">{}</p>',
        "<aside>{}</aside>",
        '<div class="et_pb_promo"><div class="et_pb_promo_description">{}</div></div>',
        '<div class="et_pb_cta">{}</div>',
        '<div class="democracy">{}</div>',
        '<div class="comment-period">{}</div>',
        '<div class="author-information-act">{}</div>',
        '<div class="social-security">{}</div>',
        '<div class="navigation-rights">{}</div>',
        '<div class="promo-of-trade">{}</div>',
        '<div class="print-media">{}</div>',
        '<div class="breadcrumb">{}</div>',
        '<div class="code-block">{}</div>',
        '<p class="rating-agency">{}</p>',
    ],
)
def test_prose_in_an_element_that_is_only_named_so_stays_and_is_told(element: str) -> None:
    text = f"<p>{_KEPT}</p>" if not element.startswith("<p") else _KEPT
    reading = _read(inside=element.format(text))
    assert _KEPT in (reading.brief.body or "")
    assert _doubts(reading) == ["doubtful"]


@pytest.mark.parametrize(
    "inside", ["<p>Forty boats left the bay.</p>", "<p>Forty <a href='/b'>boats</a> left the bay.</p>"]
)
@pytest.mark.parametrize("name", ["share-of-trade", "sidebar-note", "banner-quote", "related-case"])
def test_a_short_line_in_such_an_element_stays_too(name: str, inside: str) -> None:
    reading = _read(inside=f'<div class="{name}">{inside}</div>')
    assert "Forty boats left the bay." in (reading.brief.body or "")
    assert _doubts(reading) == ["doubtful"]


@pytest.mark.parametrize(
    ("inside", "stays"),
    [
        (f"<p>{_KEPT * 4}</p>", True),
        (f"<p>{_KEPT}</p>", False),
        (f"<p>{'Name of the ship and its port ' * 20}</p>", False),
        (f"<p><a href='/x'>{_KEPT * 4}</a> {_KEPT}</p>", False),
        (f"<p><a href='/x'>{_KEPT}</a> {_KEPT * 4}</p>", True),
    ],
)
@pytest.mark.parametrize("control", ["<input>", "<button>Send</button>", "<select></select>", "<textarea></textarea>"])
@pytest.mark.parametrize("outer", ["<form>{}</form>", '<div class="sidebar-note"><form>{}</form></div>'])
def test_a_form_is_text_where_it_holds_much_prose(outer: str, control: str, inside: str, stays: bool) -> None:
    form = outer.format(inside + control)
    reading = _read(inside=form + "<p>The harbour council hears of nothing else in these days.</p>" * 20)
    assert (_strip(inside) in (reading.brief.body or "")) is stays
    assert _doubts(reading) == (["doubtful"] if stays else [])


@pytest.mark.parametrize("words", ["var a = 'x'; ", "Forty boats left the bay. "])
@pytest.mark.parametrize("tag", ["script", "style", "svg", "select", "textarea", "noscript", "template", "nav"])
def test_what_no_reader_sees_is_no_text_however_long(tag: str, words: str) -> None:
    assert _read(inside=f"<{tag}>{words * 100}</{tag}>").brief == _read().brief


def test_a_print_that_is_longer_than_half_of_the_text_is_told() -> None:
    bio = f'<div class="m-a-box">{"<p>The desk puts up what the reporters write, every day.</p>" * 6}</div>'
    assert _doubts(_read(inside=bio)) == ["doubtful"]


def test_a_heading_in_such_an_element_stays_too() -> None:
    reading = _read(inside=f'<h3 class="banner-heading">The Ledger</h3><p>{_KEPT}</p>')
    assert "The Ledger" in [section.heading for section in reading.brief.sections]


@pytest.mark.parametrize(
    "wrapper",
    [
        '<div class="comments-open">{}</div>',
        '<div class="sidebar-active">{}</div>',
        '<div class="widget-area-group">{}</div>',
        '<div class="modal-enabled">{}</div>',
        '<div class="mc4wp-page">{}</div>',
        "<aside>{}</aside>",
    ],
)
def test_what_holds_half_of_the_paragraphs_is_the_text(wrapper: str) -> None:
    head, tail = _PAGE.split("{before}")
    text, end = tail.split("\n</div></article>")
    page = head + wrapper.format(text.format(inside="")) + "\n</div></article>" + end
    url = "https://www.usresistnews.org/2020/05/18/two-piers/"
    capture = Capture(page.encode(), url, "2024-05-05T00:00:00Z", "live", 200, content_type="text/html")
    (reading,) = extract(capture).readings
    assert reading.brief == _read().brief
    assert _doubts(reading) == []


_GIFT = '<p>Your donation keeps USRESIST NEWS alive. <a href="https://www.usresistnews.org/donate/">Here</a>.</p>'


@pytest.mark.parametrize(
    "heading", ["Support Our Work", "Donate", "Help Us Grow", "Please Give Today", "Keep Us Going!"]
)
@pytest.mark.parametrize("form", ["<h2>{}</h2>", "<p><strong>{}</strong></p>"])
def test_an_appeal_takes_its_heading_with_it(heading: str, form: str) -> None:
    appeal = form.format(heading) + _GIFT
    assert _read(inside=appeal + "<h3>Outlook</h3>").brief.body == _read(inside="<h3>Outlook</h3>").brief.body


def test_a_heading_stays_where_more_than_an_appeal_stands_below_it() -> None:
    brief = _read(inside=f"<h2>Support for the Piers</h2>{_GIFT}<p>{_KEPT}</p>").brief
    assert f"Support for the Piers\n\n{_KEPT}" in (brief.body or "")


@pytest.mark.parametrize("front", ["Read also: ", "", "See also » ", "From the archive – "])
@pytest.mark.parametrize("form", ["<p><strong>{}</strong></p>", "<p>{}</p>", "<blockquote><p>{}</p></blockquote>"])
def test_a_pointer_to_another_post_is_no_heading_and_told(form: str, front: str) -> None:
    link = f'{front}<a href="https://www.usresistnews.org/2019/02/20/fees/">Harbor Fees Return</a>'
    reading = _read(inside=form.format(link))
    assert f"{front}Harbor Fees Return" in (reading.brief.body or "")
    assert [section.heading for section in reading.brief.sections] == ["Policy Summary", "Analysis"]
    assert _doubts(reading) == ["doubtful"]


def test_words_beside_a_button_stay_and_are_told() -> None:
    reading = _read(inside="<div class='x1'><p>Buy us a coffee</p><button>Pay $5</button></div>")
    assert "Buy us a coffee" in (reading.brief.body or "")
    assert _doubts(reading) == ["doubtful"]


@pytest.mark.parametrize("name", ["charitable-trusts", "trinity-church", "hustle-and-trade"])
def test_words_with_which_plugins_begin_their_names_are_the_editors_too(name: str) -> None:
    reading = _read(inside=f'<div class="{name}"><p>{_KEPT}</p></div>')
    assert (_KEPT in (reading.brief.body or ""), _doubts(reading)) == (True, [])
