"""A history of a few posts as many sources tell it, for the tests of order: every capture is read by the program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from scraper.records import Capture, Source

NEW, OLD = "https://www.usresistnews.org", "https://www.usrenewnews.org"
HTML, TEXT = "text/html; charset=utf-8", "text/plain; charset=utf-8"
RIVER, FOREST = "/2019/03/10/the-river-pact/", "/2019/04/02/the-forest-law/"
SLUG, BETTER_SLUG = "/2019/05/06/dam/", "/2019/05/06/the-dam-is-built/"
ONE, OTHER = "/2019/06/07/left/", "/2019/06/07/right/"
STRANGER = "/2020/07/08/the-harbour-toll/"


@dataclass(frozen=True)
class Post:
    """One invented post at one time of its life."""

    path: str
    number: int
    title: str
    host: str = NEW
    author: str = "Rod Maggay"
    resource: tuple[str, str] = ("River Keepers", "https://www.river.example/")
    category: str = "Environment"
    said: str = "Neither side says who pays when the water is low, as it was in the spring."

    def html(self, *, named: bool = True) -> bytes:
        """A single post in Divi's classic template; not `named`, it keeps its permalink to itself."""
        canonical = f'<link rel="canonical" href="{self.host}{self.path}"/>' if named else ""
        return f"""<!DOCTYPE html><html><head><title>{self.title} - USRESIST NEWS</title>{canonical}
<link rel="shortlink" href="{self.host}/?p={self.number}"/><meta property="og:type" content="article"/>
<meta property="article:published_time" content="{self.day}T09:00:00+00:00"/></head>
<body class="post-template-default single single-post postid-{self.number}"><div id="main-content">
<article id="post-{self.number}" class="et_pb_post post-{self.number} post type-post hentry">
<div class="et_post_meta_wrapper"><h1 class="entry-title">{self.title}</h1><p class="post-meta"> by
<span class="author vcard"><a href="/author/desk/" rel="author">Desk</a></span> | <a href="/category/environment/"
rel="category tag">{self.category}</a></p></div><div class="entry-content">{self.content}</div>
</article></div></body></html>""".encode()

    @property
    def day(self) -> str:
        return "-".join(self.path.split("/")[1:4])

    @property
    def content(self) -> str:
        name, url = self.resource
        return f"""<p>Brief #{self.number}—Environment</p><p>By {self.author}</p><p>Policy Summary</p>
<p>The towns on the river have signed a pact about its water, and two of them want to leave it again.</p>
<p>Analysis</p><p>{self.said}</p><p>Engagement Resources</p>
<ul><li><a href="{url}">{name}</a>: neighbours of the water.</li></ul>"""

    def text(self) -> bytes:
        return f"""{self.title}\n\nBrief #{self.number}—Environment\n\nBy {self.author}\n\nPolicy Summary\n
The towns on the river have signed a pact about its water.\n\nAnalysis\n\n{self.said}\n""".encode()

    def print_page(self) -> bytes:
        """As a print plugin shows it."""
        return f"""<html><head><title>{self.title} : USRESIST NEWS : {self.host}{self.path}print/</title>
<link rel="canonical" href="{self.host}{self.path}"/></head><body><main role="main" class="center">
<p class="entry-title">{self.title}</p><div class="print-content">{self.content}</div></main></body></html>""".encode()

    def amp(self) -> bytes:
        return f"""<!doctype html><html amp><head><title>{self.title}</title>
<link rel="canonical" href="{self.host}{self.path}"/></head><body><article class="amp-wp-article"><header
class="amp-wp-article-header"><h1 class="amp-wp-title">{self.title}</h1></header><div
class="amp-wp-article-content">{self.content}</div></article></body></html>""".encode()

    def rest(self) -> dict[str, object]:
        """As WordPress's REST interface gives it: the same, in another dress."""
        title = self.title.replace("'", "&#8217;")
        return {
            "id": self.number,
            "date": f"{self.day}T09:00:00",
            "modified_gmt": f"{self.day}T10:00:00",
            "type": "post",
            "status": "publish",
            "link": self.host + self.path,
            "title": {"rendered": title},
            "content": {"rendered": self.content.replace("'", "&#8217;")},
        }


_FIRST = Post(RIVER, 41, "The river's pact")
_EDITED = replace(_FIRST, host=OLD, title="The river's new pact", author="Rodney A. Maggay")
_LATEST = replace(_FIRST, title="The river's last pact", author="RODNEY A. MAGGAY")
_FOREST = Post(FOREST, 42, "The forest law", resource=("River keepers", "http://river.example"), category="environment")
_DAM = Post(SLUG, 43, "The dam")
_LEFT, _RIGHT = Post(ONE, 51, "What the left bank says"), Post(OTHER, 52, "What the right bank says")
_STRANGER = Post(STRANGER, 41, "A toll for the harbour", host=OLD, author="U.S. Resist News Staff")


def _got(
    body: bytes,
    at: str | None,
    address: str | None,
    source: Source = "wayback",
    status: int | None = 200,
    content_type: str = HTML,
) -> Capture:
    headers = (("Content-Type", content_type),) if status else ()
    return Capture(body, address, f"{at}Z" if at else None, source, status, headers, content_type)


def _make_redirect(path: str, to: str, at: str, status: int = 301, host: str = NEW) -> Capture:
    sent = _got(b"", at, host + path, status=status)
    return replace(sent, headers=(("Location", to),))


def _river() -> Iterator[Capture]:
    """Versions of one post, of both hosts, from every kind of source."""
    page, bare, wayback = _LATEST.html(), "http://usresistnews.org" + RIVER, "https://web.archive.org/web/"
    for day in (1, 3, 5, 9):
        yield _got(page, f"2024-02-{day:02}T03:00:00", NEW + RIVER, "live")
    yield _got(replace(_LATEST, said="It was changed for a day.").html(), "2024-02-04T12:00:00", NEW + RIVER)
    old = _got(_FIRST.html(), "2019-04-01T00:00:00", f"{wayback}20190401000000id_/{bare}")
    yield replace(old, memento=f"{wayback}20190401000000/{bare}")
    yield replace(old, source="warc", url="http://usresistnews.org:80" + RIVER.rstrip("/"), name="b.warc.gz")
    yield replace(old, source="warc", url=NEW + RIVER + "?utm_source=x", name="a.warc.gz")
    edited = _got(_EDITED.html(), "2021-05-05T05:05:05", OLD + RIVER, "commoncrawl")
    yield edited
    yield replace(edited, source="wacz", name="c.wacz")
    yield replace(edited, truncated=True, source="warc", name="cut.warc.gz")
    yield _got(_EDITED.html()[:1400], "2025-01-01T00:00:00", OLD + RIVER)
    yield replace(_got(_LATEST.html()[:1900], "2025-02-01T00:00:00", NEW + RIVER), truncated=True)
    yield _got(_LATEST.text(), "2025-03-01T00:00:00", NEW + RIVER, "file", None, TEXT)
    yield _got(_LATEST.text(), None, None, "file", None, TEXT)
    yield _got(_FIRST.html(), None, NEW + RIVER, "file", None)
    yield _got(replace(_FIRST, title="From tomorrow's world").html(), "2099-01-01T00:00:00", NEW + RIVER, "warc")
    yield _got(_EDITED.print_page(), "2025-04-01T00:00:00", OLD + RIVER + "print/")
    yield _got(_EDITED.amp(), "2025-05-01T00:00:00", OLD + RIVER + "amp/")


def _answers() -> Iterator[Capture]:
    """What the servers said when the page was not there, or not itself."""
    nothing = (
        b"<html><head><title>Page not found - USRESIST NEWS</title></head><body class='error404'>No.</body></html>"
    )
    for host, at in ((OLD, "2024-02-02T00:00:00"), (NEW, "2022-01-01T00:00:00"), (OLD, "2022-01-01T00:00:00")):
        yield _got(nothing, at, host + RIVER, status=404)
    yield _got(nothing, "2018-01-01T00:00:00", NEW + RIVER)
    yield _got(nothing, "2020-02-02T00:00:00", NEW + RIVER, "live", 404)
    yield _got(nothing, "2020-02-09T00:00:00", NEW + RIVER, "live", 404)
    wall = b"<html><head><title>Just a moment...</title></head><body><div id='cf-challenge'></div></body></html>"
    yield _got(wall, "2026-01-01T00:00:00", NEW + RIVER, "live", 503)
    yield _make_redirect(RIVER, NEW + RIVER, "2023-01-01T00:00:00", host="http://usresistnews.org")
    yield _make_redirect(RIVER, NEW + RIVER + "?x=1", "2023-01-01T00:00:00", host="http://www.usresistnews.org")
    links = f'<article class="et_pb_post"><h2><a href="{FOREST}">The forest law</a></h2></article>'
    yield _got(f"<html><body class='home blog'>{links}</body></html>".encode(), "2020-01-01T00:00:00", NEW + "/")


def _machines() -> Iterator[Capture]:
    """Feeds and REST answers, which hold several posts."""
    item = f"""<item><title>{_LATEST.title}</title><link>{NEW}{RIVER}?utm_source=rss</link><guid>{NEW}/?p=41</guid>
<pubDate>Sun, 10 Mar 2019 09:00:00 +0000</pubDate>
<content:encoded><![CDATA[{_LATEST.content}]]></content:encoded></item>"""
    feed = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>USRESIST NEWS</title>{item}</channel></rss>""".encode()
    yield _got(feed, "2024-03-01T00:00:00", NEW + "/feed/", content_type="application/rss+xml")
    for at, posts in (("2019-04-01T12:00:00", (_FIRST,)), ("2024-02-01T04:00:00", (_LATEST, _FOREST))):
        body = json.dumps([post.rest() for post in posts]).encode()
        yield _got(body, at, NEW + "/wp-json/wp/v2/posts?page=1", content_type="application/json")


def _others() -> Iterator[Capture]:
    """Posts that move, that swap their addresses, that share a number, that are known by number alone."""
    first = _got(_FOREST.html(), "2019-05-01T00:00:00", NEW + FOREST)
    yield first
    yield replace(first, source="live")
    yield _got(replace(_FOREST, host=OLD, category="Environment").html(), "2021-05-01T00:00:00", OLD + FOREST, "wacz")
    for at in ("2019-03-20T00:00:00", "2024-06-01T00:00:00"):
        yield _got(_FIRST.html(named=False), at, NEW + "/?p=41")
    yield _got(_STRANGER.html(), "2021-08-01T00:00:00", OLD + STRANGER)
    yield _got(_FOREST.html(named=False), "2020-06-01T00:00:00", OLD + "/?p=42")
    moved = replace(_DAM, path=BETTER_SLUG, title="The dam is built")
    yield _got(_DAM.html(), "2019-06-01T00:00:00", NEW + SLUG)
    yield _got(_DAM.html(named=False), "2019-06-02T00:00:00", NEW + "/?p=43")
    yield _make_redirect(SLUG, NEW + BETTER_SLUG, "2020-06-01T00:00:00")
    yield _got(moved.html(), "2020-07-01T00:00:00", NEW + BETTER_SLUG)
    yield _make_redirect(BETTER_SLUG, SLUG, "2021-06-01T00:00:00")
    yield _make_redirect(SLUG, OLD + RIVER, "2019-07-01T00:00:00", 302)
    yield _got(_DAM.html(), "2021-07-01T00:00:00", NEW + SLUG)
    for post in (_LEFT, _RIGHT):
        swapped = replace(post, path=OTHER if post.path == ONE else ONE)
        yield _got(post.html(), "2019-07-01T00:00:00", NEW + post.path)
        yield _got(swapped.html(), "2021-07-01T00:00:00", NEW + swapped.path)
    yield _got(_RIGHT.html(named=False), "2020-07-01T00:00:00", NEW + "/?p=52")


def captures() -> list[Capture]:
    """The whole history, by no order in particular."""
    return [*_river(), *_answers(), *_machines(), *_others()]
