"""Links of feeds that name no host: they count from the base that the feed states, else from its own address."""

from __future__ import annotations

import pytest

from pipelines.extract import extract
from scraper.records import Capture

SITE, PATH = "https://www.usresistnews.org", "/2019/06/04/the-ferry-stops/"
WORDS = "The council stops the ferry in the winter, and the islands wait for the spring and for the courts."
ATOM = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"{base}><title>Site</title>{link}<entry{own}>'
    '<title>The Ferry Stops</title><link rel="alternate" href="{href}"/><id>tag:site,2019:1</id>'
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Brief #66—Foreign Policy<br/>By Mara '
    'Whitlock</p><p>{words}</p><p><a href="/2019/06/05/more/">more</a></p></div></content></entry></feed>'
)
RSS = (
    '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{link}<item><title>The Ferry '
    "Stops</title><link>{href}</link><content:encoded><![CDATA[<p>{words}</p>]]></content:encoded></item></channel></rss>"
)


def atom(*, href: str, base: str = "", link: str = "", own: str = "") -> str:
    return ATOM.format(base=base, link=link, own=own, href=href, words=WORDS)


BASE = f' xml:base="{SITE}/"'
SELF = f'<link rel="self" type="application/atom+xml" href="{SITE}/feed/atom/?a=1&amp;b=2"/>'
FEEDS = {
    "a base for all": atom(base=BASE, href=PATH),
    "a base of its own": atom(own=BASE, href=PATH),
    "a base in two parts": atom(base=BASE, own=' xml:base="2019/06/"', href="./04/the-ferry-stops/"),
    "without its first stroke": atom(base=BASE, href=PATH[1:]),
    "the feed's own link": atom(link=SELF, href=PATH),
    "the channel's link": RSS.format(link=f"<link>{SITE}</link>", href=PATH, words=WORDS),
    "whole all the same": atom(base=' xml:base="https://other.example/"', href=SITE + PATH),
}


@pytest.mark.parametrize("text", FEEDS.values(), ids=FEEDS.keys())
def test_a_link_without_a_host(text: str) -> None:
    found = extract(Capture(text.encode(), None, "2024-01-01T00:00:00Z", "file", content_type="application/xml"))
    (reading,) = found.readings
    assert (reading.brief.path, reading.brief.url) == (PATH, SITE + PATH)
    assert WORDS in (reading.brief.body or "")


@pytest.mark.parametrize("href", ["", "a ferry", "tag:site,2019:1", PATH])
def test_what_is_no_link_or_has_no_base_stays_unknown(href: str) -> None:
    base = "" if href == PATH else BASE
    text = atom(base=base, href=href)
    found = extract(Capture(text.encode(), None, "2024-01-01T00:00:00Z", "file", content_type="application/xml"))
    (reading,) = found.readings
    assert reading.brief.path in (PATH, found.path) or reading.brief.path.startswith("urn:")
    assert reading.brief.url is None
