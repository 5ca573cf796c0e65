"""Feeds and exports that are not well-formed, in any encoding: what is around a fault stays whole or is told."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipelines.extract import extract
from scraper.address import SITE_HOSTS
from scraper.discovery.json_values import parse_dump
from scraper.discovery.post_addresses import find_posts_in_feed, is_feed
from scraper.discovery.xml_items import read_xml_items
from scraper.discovery.xml_repair import balance_tags, repair_characters
from scraper.records import Brief, Capture, Extraction
from scraper.sources.files import read_page
from tests.support.dump_forms import FORMS, XML_FORMS, list_posts, make_posts
from tests.support.histories import Post

_SITE = "https://www.usresistnews.org"
_POSTS = list_posts(_SITE + "{path}", _SITE + "/?p={number}", numbers=True)
_TITLE = "Tolls of river 2"  # of the second of three


def _form(name: str) -> bytes:
    return FORMS[name](_POSTS)


def _read(body: bytes, content_type: str | None = None) -> Extraction:
    return extract(Capture(body, None, "2024-01-01T00:00:00Z", "file", content_type=content_type))


def _briefs(found: Extraction) -> list[Brief]:
    return [reading.brief for reading in found.readings]


def _kinds(found: Extraction) -> set[str]:
    return {problem.kind for problem in found.problems} | {p.kind for r in found.readings for p in r.problems}


_TITLES = {
    "Tolls&nbsp;of&nbsp;river &mdash; 2": "Tolls of river — 2",
    "Tolls of the river&rsquo;s end": "Tolls of the river’s end",
    "Tolls & dues of river 2": "Tolls & dues of river 2",
    "Tolls of AT&T": "Tolls of AT&T",
    "Tolls &amp; dues&hellip;": "Tolls & dues…",
    "Tolls of river \x0b2\x1f": "Tolls of river 2",
    "Tolls of river&#11; 2": "Tolls of river 2",
    "Tolls < dues": "Tolls < dues",
    "Tolls of &river; 2": "Tolls of The Lower River 2",
    "Tolls<br>of river 2": "Tolls of river 2",
    "Tolls <b>of river 2": "Tolls of river 2",
    "Tolls of \ufffe river 2": "Tolls of river 2",
}


@pytest.mark.parametrize("form", XML_FORMS)
@pytest.mark.parametrize("title", _TITLES)
def test_a_fault_in_a_title_costs_nothing(form: str, title: str) -> None:
    whole = _briefs(_read(_form(form)))
    entity = b'<!DOCTYPE rss [<!ENTITY river "The Lower River">]>' if "&river;" in title else b""
    head, _, tail = _form(form).partition(b"?>")
    body = head + b"?>" + entity + tail.replace(_TITLE.encode(), title.encode())
    found = _briefs(_read(body))
    assert [brief.title for brief in found] == [whole[0].title, _TITLES[title], whole[2].title]
    assert [(brief.path, brief.body, brief.published) for brief in found] == [
        (brief.path, brief.body, brief.published) for brief in whole
    ]


_CLOSING = ("</title>", "]]>", "</content:encoded>", "</content>", "</guid>", "</item>", "</entry>", "</link>")


@pytest.mark.parametrize(
    ("form", "lost"), [(form, tag) for form in XML_FORMS for tag in _CLOSING if tag.encode() in _form(form)]
)
def test_a_tag_left_open_costs_no_other_field_and_no_other_post(form: str, lost: str) -> None:
    body = _form(form)
    at = body.index(lost.encode(), body.index(_TITLE.encode()))
    whole, found = _read(body), _read(body[:at] + body[at + len(lost) :])
    assert [brief.path for brief in _briefs(found)] == [brief.path for brief in _briefs(whole)]
    assert [(brief.title, brief.body, brief.number) for brief in _briefs(found)] == [
        (brief.title, brief.body, brief.number) for brief in _briefs(whole)
    ]


def test_what_a_fault_may_have_cost_is_told_with_its_field() -> None:
    body = _form("RSS").replace(f"{_TITLE}</title>".encode(), _TITLE.encode())
    result = [[(p.field, p.kind) for p in reading.problems] for reading in _read(body).readings]
    assert result == [[], [("title", "malformed")], []]


@pytest.mark.parametrize("form", XML_FORMS)
@pytest.mark.parametrize(
    "junk",
    [
        "\n\n\n",
        "\ufeff",
        "\ufeff\n ",
        "<br />\n<b>Warning</b>:  Undefined index: x in <b>/home/x/y.php</b> on line <b>12</b><br />\n",
        "Deprecated: Function f() is deprecated in /home/x/y.php on line 3\n",
        "<!-- cached by a plugin -->\n",
        "<!DOCTYPE html>\n<html><body><p>There has been a critical error.</p></body></html>\n",
        "<font size='1'><table class='xdebug-error' dir='ltr'><tr><th>Warning: x</th></tr></table></font>\n",
        "PHP Notice:  Trying to access array offset in /x.php on line 5\n\n<p>Error</p>\n",
    ],
)
def test_what_a_server_printed_in_front_changes_nothing(form: str, junk: str) -> None:
    whole, body = _read(_form(form)), junk.encode() + _form(form)
    found = _read(body, "text/html")
    assert (_briefs(found), found.outcome) == (_briefs(whole), "feed")
    if form != "export":
        assert is_feed(body) and len(find_posts_in_feed(body, None, SITE_HOSTS)) == 3


def test_a_page_or_a_text_that_speaks_of_feeds_is_none() -> None:
    for text in ("<!DOCTYPE html><html><body><pre><rss></pre></body></html>", "They write <rss> and <feed> in it."):
        assert _read(text.encode()).outcome != "feed"
    assert _read(b"<svg><metadata><rdf:RDF></rdf:RDF></metadata></svg>").outcome != "feed"


@pytest.mark.parametrize("form", XML_FORMS)
@pytest.mark.parametrize("stated", ["ISO-8859-1", "UTF-16", "us-ascii", "utf8mb4"])
def test_a_wrong_encoding_in_the_declaration_is_not_believed(form: str, stated: str) -> None:
    body = _form(form).replace(_TITLE.encode(), "Tolls of the “Río” 2".encode())
    named = f'<?xml version="1.0" encoding="{stated}"?>'.encode() + body.partition(b"?>")[2]
    assert _briefs(_read(named))[1].title == "Tolls of the “Río” 2"
    assert _kinds(_read(named)) == _kinds(_read(body))


_WIDE: dict[str, Callable[[str], bytes]] = {
    "UTF-16 LE": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "UTF-16 LE without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE without a mark": lambda text: text.encode("utf-16-be"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "windows-1252": lambda text: text.encode("windows-1252"),
}
_PAGE = Post("/2019/01/02/post-2/", 72, "Tolls of the “Río” 2")
_ENDINGS = {"REST": "json", "JSON Feed": "json"}


@pytest.mark.parametrize("form", [*FORMS, "HTML"])
@pytest.mark.parametrize("coding", _WIDE)
def test_every_encoding_of_windows_is_read(tmp_path: Path, form: str, coding: str) -> None:
    text = _PAGE.html().decode() if form == "HTML" else _form(form).decode().replace(_TITLE, _PAGE.title)
    if form in _ENDINGS:
        text = text.replace("\\u2014", "—")  # as programs write it that do not escape
    path = tmp_path / f"saved.{'html' if form == 'HTML' else _ENDINGS.get(form, 'xml')}"
    path.write_bytes(_WIDE[coding](text))
    (capture,) = (item for item in read_page(path, SITE_HOSTS) if isinstance(item, Capture))
    brief = _briefs(extract(capture))[0 if form == "HTML" else 1]
    assert (brief.title, brief.label, brief.path) == (_PAGE.title, "Brief #72—Environment", _PAGE.path)


@pytest.mark.parametrize("form", XML_FORMS)
def test_before_a_cut_all_is_read_and_the_cut_is_told(form: str) -> None:
    body = _form(form)
    second = body.index(_TITLE.encode())
    for at in (second + 2, body.index(b"signed", second), body.index(b"Tolls of river 3") + 9, len(body) - 4):
        found = _read(body[:at])
        whole = [reading for reading in found.readings if reading.fidelity]
        count = body[:at].count(b"</item>") + body[:at].count(b"</entry>")
        assert len(whole) == count
        assert "truncated" in {problem.kind for problem in found.problems}
        assert all("truncated" in {p.kind for p in r.problems} for r in found.readings if not r.fidelity)


@pytest.mark.parametrize("form", XML_FORMS)
def test_a_later_piece_of_a_file_and_an_item_without_its_beginning_are_read_and_told(form: str) -> None:
    body = _form(form)
    piece = body[body.index(b"Analysis") :]
    tag = b"<entry>" if form == "Atom" else b"<item>"
    for damaged in (piece, body.replace(tag, b"", 1)):
        found = _read(damaged)
        assert [brief.path for brief in _briefs(found)] == [post.path for post in make_posts()[1:]]
        assert "1 items" in next(p.message for p in found.problems if p.kind == "unread")


def test_a_later_piece_of_an_export_gives_no_drafts() -> None:
    body = _form("export").replace(b"<wp:status>publish", b"<wp:status>draft")
    assert _read(body[body.index(b"Analysis") :]).readings == ()


def test_entities_that_are_no_plain_text_are_not_expanded() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    head, _, tail = _form("RSS").partition(b"?>")
    found = _read(head + b"?>" + bomb.encode() + tail.replace(_TITLE.encode(), b"Tolls &b;&f; of &a;"))
    assert _briefs(found)[1].title == "Tolls &b;&f; of aaaaaaaaaa"


@pytest.mark.parametrize("form", XML_FORMS)
def test_prefixes_do_not_matter(form: str) -> None:
    root = etree.fromstring(_form(form))
    namespaces = sorted({str(e.tag).partition("}")[0][1:] for e in root.iter(etree.Element) if "}" in str(e.tag)})
    body = _form(form).decode().partition("?>")[2]
    for n, namespace in enumerate(namespaces):  # as programs write it that parsed it before
        prefix = next((p for p, address in root.nsmap.items() if address == namespace), None)
        body = body.replace(f"xmlns:{prefix}=" if prefix else "xmlns=", f"xmlns:ns{n}=")
        body = re.sub(rf"(</?){prefix}:" if prefix else r"(</?)(?=[\w]+[\s/>])(?!p>|ul|li|a )", rf"\g<1>ns{n}:", body)
    assert "ns0:" in body and _briefs(_read(body.encode())) == _briefs(_read(_form(form)))


def test_attributes_without_quotes_or_twice_cost_nothing() -> None:
    body = _form("RSS").replace(b"<guid isPermaLink='false'>", b"<guid isPermaLink=false>", 1)
    body = body.replace(b"<guid isPermaLink='false'>", b"<guid isPermaLink='false' isPermaLink='false'>", 1)
    assert _briefs(_read(body)) == _briefs(_read(_form("RSS")))


def test_a_description_is_a_text_only_if_it_does_not_break_off() -> None:
    body = (
        _form("RSS").replace(b"<content:encoded>", b"<description>").replace(b"</content:encoded>", b"</description>")
    )
    found = _read(body)
    assert [brief.body for brief in _briefs(found)] == [brief.body for brief in _briefs(_read(_form("RSS")))]
    assert [p.kind for p in found.readings[0].problems] == ["doubtful"]
    for end in ("[&hellip;]", "… <a href='x'>Read more</a></p>", "...</p>"):
        cut = _read(body.replace(b"]]></description>", f"{end}]]></description>".encode()))
        assert (cut.readings, [p.kind for p in cut.problems]) == ((), ["excerpt"])


def test_files_that_were_joined_are_read_to_the_end() -> None:
    bodies = [FORMS[form](_POSTS[n : n + 1]) for n, form in enumerate(("RSS", "RSS", "RSS"))]
    assert [brief.path for brief in _briefs(_read(b"\n".join(bodies)))] == [post.path for post in make_posts()]


def test_text_that_was_not_escaped_is_text() -> None:
    body = _form("RSS").replace(b"<![CDATA[", b"").replace(b"]]>", b"")
    assert [brief.body for brief in _briefs(_read(body))] == [brief.body for brief in _briefs(_read(_form("RSS")))]
    content = (
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{make_posts()[0].content}</div></content>'
    )
    entry = f"<entry><title>x</title><link href='{_SITE}/2019/01/01/post-1/'/>{content}</entry>"
    (reading,) = _read(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode()).readings
    assert reading.brief.body == _briefs(_read(_form("Atom")))[0].body


@pytest.mark.parametrize(
    "part", [b"<![CDATA[", b"<!--", b"<item>", b"<a>", b"</b>", b"&a", b"<title>", b"<", b"]]>", b"<item><![CDATA["]
)
def test_many_faults_take_no_longer(part: bytes) -> None:
    body = b"<rss><channel>" + part * 8_000
    assert sum(1 for _ in read_xml_items(body)) <= 20_000
    assert isinstance(balance_tags(repair_characters(part * 8_000, {})), bytes)


@given(
    st.lists(st.sampled_from("<a> </a> <item> </item> <![CDATA[ ]]> <!-- --> & &x; < text <title> </title>".split()))
)
def test_no_faults_raise_or_lose_a_text(parts: list[str]) -> None:
    body = ("<rss><channel><item>" + " ".join(parts)).encode()
    items = list(read_xml_items(body))
    assert len(items) >= 1
    balanced = balance_tags(repair_characters(" ".join(parts).encode(), {}))
    assert balanced.count(b"text") == parts.count("text")


@given(st.text('[]{}":, \n12ab\\', max_size=80))
def test_no_json_is_too_strange(text: str) -> None:
    with suppress(ValueError):
        assert isinstance(parse_dump(text.encode()).items, tuple)
    assert _read(text.encode(), "application/json").outcome
