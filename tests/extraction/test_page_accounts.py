"""Accounts of an unknown look: what head and theme agree on is believed, and what is alone is told."""

from __future__ import annotations

import json

import pytest

from pipelines.extract import extract
from scraper.records import Capture
from tests.support.unknown_look import FRAME, JSON_LD, TEXT, URL, list_flags, read_unknown

MARA, JONAS, IDA = "Mara Whitlock", "Jonas Okafor", "Ida Fenn"
BOTH = f"{MARA}, {JONAS}"
LINK, OTHER = f'<a href="/author/m/">{MARA}</a>', f'<a href="/author/j/">{JONAS}</a>'


def _jsonld(*names: str, kind: str = "Person") -> str:
    article = {"@type": "NewsArticle", "author": [{"@type": kind, "name": name} for name in names]}
    return f"{JSON_LD}{json.dumps(article)}</script>"


def _meta(*names: str, key: str = "author") -> str:
    return "".join(f'<meta name="{key}" content="{name}">' for name in names)


def _byline(text: str) -> str:
    return f'<p class="byline">{text}</p>'


def _read(head: str, shown: str) -> tuple[str | None, list[str]]:
    reading = read_unknown(f'{shown}<div class="t">{TEXT}</div>', head)
    return reading.brief.posted_by, list_flags(reading, "posted_by")


@pytest.mark.parametrize(
    ("shown", "account"),
    [
        (_byline(f"By {LINK} and {OTHER}"), BOTH),
        (_byline(f"By {LINK}, Reporter, and {OTHER}, Editor"), BOTH),
        (_byline(f"By <span>{MARA}</span> | <span>{JONAS}</span>"), BOTH),
        (_byline(f"By {LINK} and {JONAS}"), BOTH),
        (f'<div class="author-line">{LINK}</div><div class="author-line">{OTHER}</div>', BOTH),
        (_byline(f"By {LINK}. More from {OTHER}"), MARA),
        (_byline(f'By {LINK} in <a href="/author/category/piers/">Piers and Ports</a>'), MARA),
        (_byline(f'By {LINK} <a href="mailto:m@port.example">m@port.example</a>'), MARA),
        (_byline(f"By <span>{MARA}</span> • <span>Staff Writer</span> • May 3, 2021"), MARA),
        (_byline(f"By {LINK}") + _byline(f"Edited by {OTHER}"), MARA),
        (_byline(f"Words by {MARA}, photos by {JONAS}"), MARA),
        (_byline(f"By {MARA} with reporting by {JONAS}"), MARA),
        (_byline(f"By {MARA}, with additional reporting from {JONAS}"), MARA),
        (_byline(f"By {MARA}, translated by {JONAS}"), MARA),
        (_byline(f"By {MARA} for Harbour View"), MARA),
        (_byline("By Zuri"), "Zuri"),
        (f'<div id="author_line">{MARA}</div>', MARA),
        (f'<a rel="author" href="/author/admin/">{MARA}</a>', MARA),
        (f'<div class="author"><a href="/m/"><img alt="Photo of {MARA}"></a></div>', MARA),
        (f'<div class="author-card"><img alt="{MARA}\'s avatar"></div>', MARA),
        (f'<ol><li class="comment"><p class="author">{JONAS}</p></li></ol>' + _byline(f"By {MARA}"), MARA),
    ],
)
def test_a_byline_names_all_its_writers_and_nobody_else(shown: str, account: str) -> None:
    assert _read("", shown) == (account, [])


@pytest.mark.parametrize(
    "shown",
    [
        f'<ol class="commentlist"><li class="comment"><p class="comment-author">{JONAS}</p></li></ol>',
        f'<div class="related-posts">{_byline(JONAS)}</div>',
        f"<article>{_byline(JONAS)}</article>",
        f"<nav>{OTHER}</nav>",
        f"<aside>{_byline(JONAS)}</aside>",
        "<ul>" + "".join(f'<li><a href="/author/{n}/">Columnist Number {n}</a></li>' for n in range(9)) + "</ul>",
        '<form><label class="author">Your Name</label></form>',
        _byline(f"Translated by {JONAS}"),
        _byline(f"Edited by {OTHER}"),
        '<a rel="author" href="/author/admin/">admin</a>',
        '<a rel="author" href="/author/j/">All Articles</a>',
        '<div class="author"><img alt="logo"></div>',
        '<div class="author-date">Published on</div>',
    ],
)
def test_who_stands_elsewhere_or_only_helped_is_no_account(shown: str) -> None:
    assert _read("", shown) == (None, ["missing"])


@pytest.mark.parametrize(
    ("head", "shown", "account"),
    [
        (_meta("ann lee"), _byline("by ann lee"), "ann lee"),
        (_meta("Zuri"), '<p class="author">Zuri</p>', "Zuri"),
        (_jsonld("Associated Press"), _byline("By Associated Press"), "Associated Press"),
        (_meta("marawhitlock"), _byline(f"By {MARA}"), MARA),
        (_meta("mara.whitlock"), LINK, MARA),
        (_meta("admin"), LINK, MARA),
        (_jsonld(MARA, JONAS), _byline(f"By {MARA} and {JONAS}"), BOTH),
        (_jsonld(MARA, JONAS), _byline(f"By {LINK}") + f"<p>Photography by {JONAS}</p>", MARA),
        (_meta(f"{MARA}, {JONAS}"), _byline(f"By {LINK}") + _byline(f"Reviewed by {OTHER}"), MARA),
        (_meta(MARA, JONAS), _byline(f"By {MARA} and {JONAS}"), BOTH),
        (_meta("Whitlock, Mara", "Okafor, Jonas", key="citation_author"), _byline(BOTH), BOTH),
        (_meta(f"{MARA}, Harbour Press"), _byline(f"By {MARA}"), MARA),
        (_meta("Harbour View"), OTHER + _byline("By Harbour View"), "Harbour View"),
        (_meta("USRESIST NEWS"), "", "USRESIST NEWS"),
        (_meta(f"{MARA} USRESIST NEWS"), _byline(f"By {MARA}"), MARA),
        (_meta(f"{MARA}, USRESIST NEWS"), _byline(f"By {MARA}"), MARA),
    ],
)  # fmt: skip
def test_what_head_and_theme_agree_on_is_no_guess(head: str, shown: str, account: str) -> None:
    assert _read(head, shown) == (account, [])


@pytest.mark.parametrize(
    ("head", "shown", "account"),
    [
        (_meta(MARA), "", MARA),  # the page shows it nowhere
        (_meta("mwhitlock"), "<p>mwhitlock</p>", "mwhitlock"),
        ("", '<p class="author">mwhitlock</p>', "mwhitlock"),
        ("", _byline("by ann lee"), "ann lee"),
        ("", _byline(f"By {MARA} and others"), MARA),
        ("", _byline("Aldmouth High School"), "Aldmouth High School"),
        ("", _byline("Associated Press"), "Associated Press"),
        (_jsonld("Science Q", kind="Organization"), "<p>Science Q</p>", "Science Q"),
        (_jsonld("Science Q", kind="Organization"), _byline(f"by {MARA} / piers"), MARA),
        (_jsonld(MARA, JONAS), _byline(f"By {MARA}"), BOTH),
        (_jsonld(MARA), _byline(f"By {MARA} and {JONAS}"), MARA),
        (_meta(MARA), _byline(f"By {JONAS}"), MARA),
        (_jsonld(MARA) + _meta(JONAS), f"{LINK}<p class='author-line'>{JONAS}</p>", MARA),
        (
            _meta(MARA) + _jsonld("Harbour Q", kind="Organization") + _meta("Harbour Q", key="creator"),
            f"<p>{MARA}</p>",
            MARA,
        ),
    ],
)
def test_what_is_alone_or_contradicted_is_a_guess(head: str, shown: str, account: str) -> None:
    assert _read(head, shown) == (account, ["guessed"])


def test_the_byline_behind_the_headline_is_the_post_s() -> None:
    """Those in front of it may be of other posts, and so may those in the text of a live blog."""
    other = f'<p class="author">By {JONAS}</p>'
    body = f'<p class="author">By {MARA}</p><div class="t">{TEXT}{other}</div>'
    page = FRAME.replace("<h1>", f"{other}<h1>").format(head="", links="", body=body).encode()
    (reading,) = extract(Capture(page, URL, None, "live", 200, content_type="text/html")).readings
    assert (reading.brief.posted_by, list_flags(reading, "posted_by")) == (MARA, [])
