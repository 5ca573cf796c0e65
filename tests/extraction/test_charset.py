"""A few bytes that are no UTF-8 do not change how the rest of a page is read, and what they were is told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract import extract
from scraper.markup.charset import decode_text
from scraper.records import Brief, Capture

_CUT, _CURLY, _ACCENT, _NEVER = b"\xe2\x80", b"\x92", b"\xe9", b"\xff"  # of UTF-8, windows-1252, Latin-1, of none
_PLACES = {
    "meta": '<meta name="description" content="The council{} votes">',
    "comment": "<!-- cached by{} a plugin -->",
    "script": "<script>var tag = '{}';</script>",
}
_PAGE = """<!DOCTYPE html><html><head>{charset}<title>Piers close - USRESIST NEWS</title>{head}
<link rel="canonical" href="https://www.usresistnews.org/2019/06/04/pier-closing/">
<meta property="article:published_time" content="2019-06-04T14:00:00+00:00"></head><body>
<article class="et_pb_post"><h1 class="entry-title">Piers “close” at Port Larkín</h1><div class="entry-content">
<p>Brief #66—Foreign Policy</p><p>By José Peña and Mara Whitlock</p>
<p>The council’s vote was “clear”{prose}, said the harbour master – nobody disputes that now.</p>
</div></article></body></html>"""
_META = '<meta charset="utf-8">'
_FEED = """<?xml version="1.0" encoding="{charset}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item>
<title>Piers close at Port Larkín</title><link>https://www.usresistnews.org/2019/06/04/pier-closing/</link>
<pubDate>Tue, 04 Jun 2019 14:00:00 +0000</pubDate><content:encoded><![CDATA[<p>Brief #66—Foreign Policy</p>
<p>By José Peña</p><p>The council’s vote was “clear”{prose}, and nobody disputes it now.</p>]]></content:encoded>
</item></channel></rss>"""


def _bytes(text: str, bad: bytes) -> bytes:
    return text.encode().replace(b"{}", bad)


def _page(*, head: str = "", prose: str = "", charset: str = _META, bad: bytes = b"") -> bytes:
    return _bytes(_PAGE.format(charset=charset, head=head, prose=prose), bad)


def _brief(body: bytes, content_type: str = "text/html") -> tuple[Brief, set[str]]:
    url = "https://www.usresistnews.org/2019/06/04/pier-closing/"
    found = extract(Capture(body, url, "2024-05-05T00:00:00Z", "live", 200, content_type=content_type))
    (reading,) = found.readings
    return reading.brief, {problem.kind for problem in found.problems}


@pytest.mark.parametrize("bad", [_CUT, _CURLY, _ACCENT, _NEVER], ids=["cut", "curly", "accent", "never"])
@pytest.mark.parametrize("charset", [_META, ""], ids=["stated", "evident"])
@pytest.mark.parametrize("place", _PLACES)
def test_a_bad_byte_beside_the_brief_changes_nothing_of_it(bad: bytes, charset: str, place: str) -> None:
    whole, _ = _brief(_page(charset=charset))
    found, _ = _brief(_page(head=_PLACES[place], charset=charset, bad=bad))
    assert found == whole
    assert [author.name for author in found.authors] == ["José Peña", "Mara Whitlock"]


@pytest.mark.parametrize("bad", [_CUT, _CURLY, _ACCENT, _NEVER], ids=["cut", "curly", "accent", "never"])
def test_a_bad_byte_in_the_text_is_one_character_and_told(bad: bytes) -> None:
    whole, _ = _brief(_page())
    found, problems = _brief(_page(prose="{}", bad=bad))
    assert found.body == (whole.body or "").replace("“clear”", "“clear”\ufffd")
    assert replace(found, body=None, body_html=None, sections=()) == replace(
        whole, body=None, body_html=None, sections=()
    )
    assert "charset" in problems


@pytest.mark.parametrize(("charset", "bad"), [("UTF-8", _CUT), ("UTF-8", _NEVER)])
def test_feeds_keep_their_charset_too(charset: str, bad: bytes) -> None:
    body = _bytes(_FEED.format(charset=charset, prose="{}"), bad)
    found, problems = _brief(body, "application/rss+xml")
    assert (found.label, found.title) == ("Brief #66—Foreign Policy", "Piers close at Port Larkín")
    assert "“clear”\ufffd" in (found.body or "")
    assert "charset" in problems


@pytest.mark.parametrize(
    "charset",
    ["ISO-8859-1", "iso8859-1", "ISO_8859-1", "iso-ir-100", "IBM819", "csISOLatin1", "us-ascii", "windows-1252"],
)
def test_feeds_that_name_latin_1_mean_windows_1252(charset: str) -> None:
    body = _FEED.format(charset=charset, prose="").encode("windows-1252")
    found, problems = _brief(body, "application/rss+xml")
    assert (found.label, found.title) == ("Brief #66—Foreign Policy", "Piers close at Port Larkín")
    assert "council’s vote was “clear”" in (found.body or "")
    assert not problems


@pytest.mark.parametrize("bad", [_CUT, _CURLY, _ACCENT, _NEVER], ids=["cut", "curly", "accent", "never"])
@pytest.mark.parametrize("stated", ["", "<meta charset='windows-1252'>"], ids=["none", "another"])
@pytest.mark.parametrize("text", ["council’s", "José", "— a dash"])
def test_one_good_character_outweighs_one_bad_place_where_no_charset_is_stated(
    text: str, stated: str, bad: bytes
) -> None:
    body = _bytes(f"{stated}<p>The {text} vote</p><p>2019 {{}} harbour</p>", bad)
    read, charset = decode_text(body, None)
    assert (charset == "utf-8", text in read) == (not stated, not stated)


@pytest.mark.parametrize("charset", [_META, "", '<meta charset="iso-8859-1">'])
def test_a_page_of_windows_1252_is_read_as_that_whatever_it_says(charset: str) -> None:
    found, problems = _brief(_page(charset=charset).decode().encode("windows-1252"))
    whole, _ = _brief(_page())
    assert found == whole
    assert not problems


_DASH, _C1 = "\N{EM DASH}", "\x97"


@pytest.mark.parametrize("dash", [_C1, "&#151;", "&#x97;"], ids=["control", "decimal", "hexadecimal"])
@pytest.mark.parametrize("kind", ["html", "feed", "json", "json escapes", "text"])
def test_a_control_is_the_mark_that_windows_1252_has_in_its_place(kind: str, dash: str) -> None:
    post = (
        f"Two Piers {_DASH} Port Larkin",
        f"<p>Brief #66{_DASH}Foreign Policy</p><p>The council{_DASH}at last{_DASH}voted.</p>",
    )
    title, content = (text.replace(_DASH, _C1 if kind == "text" else dash) for text in post)
    link = "https://www.usresistnews.org/2019/06/04/pier-closing/"
    forms = {
        "html": f"<title>x</title><h1 class=entry-title>{title}</h1><div class=entry-content>{content}</div>",
        "feed": _FEED.format(charset="utf-8", prose="")
        .replace("Piers close at Port Larkín", title)
        .replace("<![CDATA[<p>Brief #66—Foreign Policy</p>", f"<![CDATA[{content}"),
        "text": "\n\n".join([title, *content.removeprefix("<p>").removesuffix("</p>").split("</p><p>")]),
    }
    item = {"id": 1, "link": link, "title": {"rendered": title}, "content": {"rendered": content}}
    body = forms.get(kind) or json.dumps([item], ensure_ascii=kind == "json escapes")
    types = {"html": "text/html", "feed": "application/rss+xml", "text": "text/plain"}
    found, _ = _brief(body.encode(), types.get(kind, "application/json"))
    assert (found.title, found.label) == (post[0], f"Brief #66{_DASH}Foreign Policy")
    assert f"The council{_DASH}at last{_DASH}voted." in (found.body or "")


@given(st.text(min_size=40).filter(lambda text: sum(char > "\x7f" for char in text) > 8), st.data())
def test_one_bad_byte_costs_one_place(text: str, data: st.DataObject) -> None:
    text = text.replace("\ufffd", "").replace("\ufeff", "")
    at = data.draw(st.integers(0, len(text)))
    body = text[:at].encode("utf-8", "ignore") + _NEVER + text[at:].encode("utf-8", "ignore")
    read, charset = decode_text(b"<meta charset=utf-8>" + body, None)
    assert charset == "utf-8"
    assert read.count("\ufffd") == 1
