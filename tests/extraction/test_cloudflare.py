"""E-mail addresses that Cloudflare hides are read wherever they stand; where the code is damaged, a problem says so."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from pipelines.extract import extract
from scraper.records import Capture, Reading

URL = "https://www.usresistnews.org/2020/05/18/two-piers/"
Read = Callable[[str, str], Reading]
ADDRESS = "clerk@larkin.example.org"
_TEXT = (
    "<p>Brief #66—Foreign Policy</p><p>By Mara Whitlock</p><p>The harbour council voted to close two of its piers.</p>"
)
_LISTED = "<p><strong>Resistance Resources</strong></p><ul><li>{}: Follows hearings.</li></ul>"
_CLOSING = "<p>This Brief was submitted by USRESIST NEWS Analyst Mara Whitlock: {}</p>"


def _encode(address: str, key: int = 0x5A) -> str:
    return bytes([key, *(byte ^ key for byte in address.encode())]).hex()


def _span(code: str) -> str:
    return f'<span class="__cf_email__" data-cfemail="{code}">[email&#160;protected]</span>'


def _link(code: str, words: str, front: str = "/") -> str:
    return f'<a href="{front}cdn-cgi/l/email-protection#{code}">{words}</a>'


def _build_forms(code: str) -> list[str]:
    return [
        _span(code),
        f'<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="{code}">[email&#160;protected]</a>',
        _link(code, _span(code)),
        _link(code, f"<strong>{_span(code)}</strong>"),
        _link(code, "[email&#160;protected]"),
        _link(code, _span(code), "https://web.archive.org/web/2019id_/https://www.usresistnews.org/"),
        f'<a href="../../cdn-cgi/l/email-protection.html#{code}">{_span(code)}</a>',
        f'<span data-cfemail="{code}">[adresse&#160;protégée]</span>',
    ]


CODES = [_encode(ADDRESS), _encode(ADDRESS, 0x00), _encode(ADDRESS, 0xF3).upper()]
DAMAGED = [_encode(ADDRESS)[:-1], "zz" + _encode(ADDRESS)[2:], _encode(ADDRESS)[:20], "", "5a", _encode("no address")]


def _read_html(text: str, title: str) -> Reading:
    page = f"""<html><head><link rel="canonical" href="{URL}"></head><body><article class="et_pb_post">
<h1 class="entry-title">{title}</h1><div class="entry-content">{text}</div></article></body></html>"""
    return _read(page, URL, "text/html")


def _read_rest(text: str, title: str) -> Reading:
    post = {"id": 9, "date": "2020-05-18T09:00:00", "link": URL, "type": "post", "status": "publish"}
    answer = json.dumps([{**post, "title": {"rendered": title}, "content": {"rendered": text}}])
    return _read(answer, "https://www.usresistnews.org/wp-json/wp/v2/posts", "application/json")


def _read_feed(text: str, title: str) -> Reading:
    feed = f"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item>
<title><![CDATA[{title}]]></title><link>{URL}</link><content:encoded><![CDATA[{text}]]></content:encoded></item>
</channel></rss>"""
    return _read(feed, "https://www.usresistnews.org/feed/", "application/rss+xml")


def _read(text: str, url: str, content_type: str) -> Reading:
    capture = Capture(text.encode(), url, "2024-05-05T00:00:00Z", "live", 200, content_type=content_type)
    (reading,) = extract(capture).readings
    return reading


each_source = pytest.mark.parametrize("read", [_read_html, _read_rest, _read_feed])


@each_source
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("form", range(8))
def test_an_address_is_read_wherever_it_stands(read: Read, code: str, form: int) -> None:
    hidden = _build_forms(code)[form]
    text = f"{_TEXT}<p>Write to {hidden} by Friday.</p>{_LISTED.format(hidden)}{_CLOSING.format(hidden)}"
    reading = read(text, f"Write to {hidden}")
    brief = reading.brief
    assert brief.title == f"Write to {ADDRESS}"
    assert f"Write to {ADDRESS} by Friday." in (brief.body or "")
    assert {link.url for link in brief.links} <= {f"mailto:{ADDRESS}"}
    assert "cdn-cgi" not in (brief.body_html or "")
    assert [(r.name, r.url, r.description) for r in brief.resources] == [
        (ADDRESS, f"mailto:{ADDRESS}", "Follows hearings.")
    ]
    assert [author.contact for author in brief.authors] == [f"mailto:{ADDRESS}"]
    assert not {"title", "body", "resources", "authors"} & {problem.field for problem in reading.problems}


@each_source
@pytest.mark.parametrize("words", ["Contact", "the clerk"])
def test_a_link_with_words_of_its_own_keeps_them(read: Read, words: str) -> None:
    brief = read(f"{_TEXT}<p>Ask {_link(CODES[0], words)} for it.</p>", "Two Piers").brief
    assert [(link.text, link.url) for link in brief.links] == [(words, f"mailto:{ADDRESS}")]


def test_a_subject_belongs_to_the_link_alone() -> None:
    link = _link(_encode(f"{ADDRESS}?subject=Two%20piers"), "[email&#160;protected]")
    brief = _read_html(f"{_TEXT}<p>Ask {link} for it.</p>", "Two Piers").brief
    assert [(link.text, link.url) for link in brief.links] == [(ADDRESS, f"mailto:{ADDRESS}?subject=Two%20piers")]


@pytest.mark.parametrize("code", DAMAGED)
@pytest.mark.parametrize("form", range(8))
def test_a_damaged_code_gives_no_address_and_is_told(code: str, form: int) -> None:
    hidden = _build_forms(code)[form]
    text = f"{_TEXT}<p>Write to {hidden} by Friday.</p>{_LISTED.format(hidden)}{_CLOSING.format(hidden)}"
    reading = _read_html(text, f"Write to {hidden}")
    brief = reading.brief
    assert "Write to [email protected] by Friday." in (brief.body or "")
    assert (brief.links, [resource.url for resource in brief.resources]) == ((), [None])
    assert [author.contact for author in brief.authors] == [None]
    told_fields = {problem.field for problem in reading.problems if problem.kind == "unread"}
    assert {"title", "body", "resources", "authors"} <= told_fields


_HIDDEN_BY_PLUGINS = [
    '<span id="eeb-48"></span><script>(function(){ var ml = "x"; })();</script><noscript>*protected email*</noscript>',
    '<a href="javascript:;" data-enc-email="pyrex[at]x"><span></span><noscript>*protected email*</noscript></a>',
    "<noscript>This email address is being protected from spambots. You need JavaScript enabled to view it.</noscript>",
    '<span id="cloak7">This e-mail address is being protected from spam bots, you need JavaScript to see it.</span>',
    "<a href=\"javascript:DeCryptX('1d0m2f')\"><img src='/mail.png' alt=''></a>",
    '<a href="javascript:linkTo_UnCryptMailto(%27nbjmup%27);"></a>',
    "<NOSCRIPT>*Protected Email*</NOSCRIPT>",
    "<A HREF=\"JavaScript:DeCryptX('1d0m2f')\"><IMG SRC='/mail.png' ALT=''></A>",
    "<script>document.write('<a href=\"mai' + 'lto:cle' + 'rk@x.example.org\">clerk</a>')</script>",
]


@each_source
@pytest.mark.parametrize("hidden", _HIDDEN_BY_PLUGINS)
def test_what_a_plugin_hides_is_told(read: Read, hidden: str) -> None:
    reading = read(f"{_TEXT}<p>Write to {hidden} by Friday.</p>{_LISTED.format(hidden)}", "Two Piers")
    assert "Write to [email protected] by Friday." in (reading.brief.body or "")
    assert (reading.brief.links, [resource.url for resource in reading.brief.resources]) == ((), [None])
    assert {"body", "resources"} <= {problem.field for problem in reading.problems if problem.kind == "unread"}


def test_an_address_that_is_written_backwards_is_turned_round() -> None:
    hidden = f'<span style="unicode-bidi:bidi-override;direction:rtl">{ADDRESS[::-1]}</span>'
    assert f"Write to {ADDRESS}." in (_read_html(f"{_TEXT}<p>Write to {hidden}.</p>", "Two Piers").brief.body or "")


@pytest.mark.parametrize(
    "text", ["Read the <a href='javascript:void(0)'>protected email</a> act.", "The email protected us."]
)
def test_other_words_and_scripts_hide_nothing(text: str) -> None:
    reading = _read_html(f"{_TEXT}<p>{text}</p>", "Two Piers")
    assert (reading.brief.body or "").endswith(text.replace("<a href='javascript:void(0)'>", "").replace("</a>", ""))
    assert (reading.brief.links, [p for p in reading.problems if p.kind == "unread"]) == ((), [])


@pytest.mark.parametrize("words", ["Contact", "[email&#160;protected]"])
def test_a_link_without_its_code_is_none(words: str) -> None:
    link = f'<a href="/cdn-cgi/l/email-protection">{words}</a>'
    reading = _read_html(_TEXT + f"<p>Ask {link} for it.</p>" + _CLOSING.format(link), "Two Piers")
    assert reading.brief.links == ()
    assert {problem.field for problem in reading.problems if problem.kind == "unread"} == {"body", "authors"}


@pytest.mark.parametrize(
    ("item", "name", "url"),
    [
        (ADDRESS, ADDRESS, f"mailto:{ADDRESS}"),
        (f"Harbour Desk: {ADDRESS}", "Harbour Desk", f"mailto:{ADDRESS}"),
        (f"Harbour Desk – {_span(CODES[0])}", "Harbour Desk", f"mailto:{ADDRESS}"),
        ("www.bay.example.org", "www.bay.example.org", "http://www.bay.example.org"),
    ],
)
def test_a_bare_address_of_a_mailbox_is_an_address(item: str, name: str, url: str) -> None:
    text = f"{_TEXT}<p><strong>Resistance Resources</strong></p><ul><li>{item}</li></ul>"
    (resource,) = _read_html(text, "Two Piers").brief.resources
    assert (resource.name, resource.url) == (name, url)
