"""Feeds of RSS 1.0: items beside the channel, their identity an attribute, day and account in Dublin Core."""

from __future__ import annotations

import pytest

from pipelines.extract import extract
from scraper.records import Capture
from tests.support.histories import Post

_SITE = "https://www.usresistnews.org"
_POST = Post("/2019/01/02/tolls/", 72, "Tolls of river 2")
_URL = _SITE + _POST.path
_FEED = """<?xml version="1.0"?><rdf:RDF xmlns="{rss}" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:t="http://purl.org/dc/terms/" xmlns:r="{rss}"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel rdf:about="https://www.usresistnews.org/">
<title>News</title><dc:date>2020-05-05T00:00:00Z</dc:date><dc:creator>Somebody Else</dc:creator><items><rdf:Seq>
<rdf:li rdf:resource="https://www.usresistnews.org/2019/01/02/tolls/"/></rdf:Seq></items></channel>{item}</rdf:RDF>"""
_RSS, _OLD = "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"
_TEXT = f"<content:encoded><![CDATA[{_POST.content}]]></content:encoded>"
_LINK, _TITLE = f"<link>{_URL}</link>", f"<title>{_POST.title}</title>"
_DAY, _DESK = "<dc:date>2019-01-02T14:00:00Z</dc:date>", "<dc:creator>Desk</dc:creator>"
_CREATED = "<t:created>2019-01-02T14:00:00Z</t:created>"
_VALUE = f"<rdf:value><![CDATA[{_POST.content}]]></rdf:value>"
_XHTML = '<content:format rdf:resource="http://www.w3.org/1999/xhtml"/>'

ITEMS = {
    "as specified": f'<item rdf:about="{_URL}">{_TITLE}{_LINK}{_DAY}{_DESK}{_TEXT}</item>',
    "without a link": f'<item rdf:about="{_URL}">{_TITLE}{_DAY}{_DESK}{_TEXT}</item>',
    "a proxy's link": f'<item rdf:about="{_URL}">{_TITLE}<link>http://proxy.example/~r/1</link>{_DAY}{_DESK}{_TEXT}</item>',
    "without about": f"<item>{_TITLE}{_LINK}{_DAY}{_DESK}{_TEXT}</item>",
    "a prefix": f"<r:item><r:title>{_POST.title}</r:title><r:link> {_URL}\n</r:link>{_DAY}{_DESK}{_TEXT}</r:item>",
    "a day alone": f'<item rdf:about="{_URL}">{_TITLE}{_LINK}<dc:date>2019-01-02</dc:date>{_DESK}{_TEXT}</item>',
    "an evening": f'<item rdf:about="{_URL}">{_TITLE}{_LINK}<dc:date>2019-01-03T02:00Z</dc:date>{_DESK}{_TEXT}</item>',
    "terms": f"<item>{_TITLE}{_LINK}{_CREATED}<t:creator>Desk</t:creator>{_TEXT}</item>",
    "a title of Dublin Core": f"<item><dc:title>{_POST.title}</dc:title>{_LINK}{_DAY}{_DESK}{_TEXT}</item>",
    "a list of forms": f"<item>{_TITLE}{_LINK}{_DAY}{_DESK}<content:items><rdf:Bag><rdf:li><content:item>{_XHTML}"
    f"{_VALUE}</content:item></rdf:li></rdf:Bag></content:items></item>",
}


@pytest.mark.parametrize("rss", [_RSS, _OLD])
@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS.keys())
def test_an_item_gives_address_title_day_account_and_text(item: str, rss: str) -> None:
    found = extract(Capture(_FEED.format(rss=rss, item=item).encode(), None, "2024-01-01T00:00:00Z", "file"))
    (reading,) = found.readings
    brief = reading.brief
    assert (brief.path, brief.title, brief.published, brief.posted_by) == (
        _POST.path,
        _POST.title,
        "2019-01-02",
        "Desk",
    )
    assert ([author.name for author in brief.authors], len(brief.resources)) == (["Rod Maggay"], 1)
    assert [address.url for address in found.found][:1] == [_URL]
    assert (found.problems, reading.problems) == ((), ())


@pytest.mark.parametrize(
    ("day", "published"), [("2019-01-03T02:00:00+00:00", "2019-01-02"), ("2019-01-03", "2019-01-03")]
)
def test_an_identity_by_number_and_a_state_of_its_own(day: str, published: str) -> None:
    about = f'<item rdf:about="{_SITE}/?p=72">'
    item = f"{about}{_TITLE}<t:issued>{day}</t:issued><t:modified>2019-02-02T14:00:00Z</t:modified>{_TEXT}</item>"
    body = _FEED.format(rss=_RSS, item=item).encode()
    (reading,) = extract(Capture(body, None, "2024-01-01T00:00:00Z", "file")).readings
    brief = reading.brief
    assert (brief.path, brief.wp_id, brief.published, brief.modified) == (
        "/?p=72",
        72,
        published,
        "2019-02-02T14:00:00Z",
    )
