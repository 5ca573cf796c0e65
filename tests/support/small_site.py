"""A small site in the shapes of the real one, of invented prose: posts, sitemap, REST, feed, listings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from tests.support.loopback import Answer, Pages

XML = {"Content-Type": "application/xml"}
JSON = {"Content-Type": "application/json"}
TEXT = {"Content-Type": "text/plain"}
DOMAINS = ("Foreign Policy", "Civil Rights", "Environment", "Education")


@dataclass(frozen=True)
class Post:
    number: int
    host: str = ""  # what the site calls itself in its links

    @property
    def path(self) -> str:
        return f"/{2018 + self.number % 8}/{1 + self.number % 12:02}/{1 + self.number % 28:02}/brief-{self.number}/"

    @property
    def day(self) -> str:
        return "-".join(self.path.split("/")[1:4])

    @property
    def link(self) -> str:
        return self.host + self.path

    def page(self) -> bytes:
        """A single post in Divi's classic template, the label on the first line of the body."""
        domain = DOMAINS[self.number % 4]
        return f"""<!DOCTYPE html><html><head><title>The harbour plan of town {self.number} - USRESIST NEWS</title>
<link rel="canonical" href="{self.link}"/><meta property="og:type" content="article"/>
<meta property="article:published_time" content="{self.day}T09:00:00+00:00"/></head>
<body class="post-template-default single single-post postid-{self.number}">
<div id="main-content"><div id="content-area"><div id="left-area">
<article id="post-{self.number}" class="et_pb_post post-{self.number} post type-post hentry">
<div class="et_post_meta_wrapper"><h1 class="entry-title">The harbour plan of town {self.number}</h1>
<p class="post-meta"> by <span class="author vcard"><a href="/author/desk/" rel="author">Desk</a></span> |
<span class="published">{self.day}</span></p></div>
<div class="entry-content"><p>Brief #{self.number}—{domain}</p><p>By Mara Quill</p>
<p>Policy Summary</p><p>The council of town {self.number} wants a deeper harbour, and has asked two firms for plans.
The first would close the old quay for a year; the second would keep it open and cost twice as much.</p>
<p>Analysis</p><p>Neither plan says who pays when the dredging takes longer than promised, as it did before.</p>
<p>Engagement Resources</p><ul><li><a href="https://example.org/quay">Quay Watch</a>: neighbours of the harbour.</li>
</ul></div></article></div></div></div></body></html>""".encode()

    def item(self) -> str:
        """As a listing shows it."""
        return f"""<article id="post-{self.number}" class="et_pb_post post type-post hentry"><h2 class="entry-title">
<a href="{self.link}">The harbour plan of town {self.number}</a></h2>
<div class="post-content"><p>The council…</p><a href="{self.link}" class="more-link">read more</a></div></article>"""


def html(body: str, classes: str = "home blog") -> Answer:
    return Answer(f"<html><head><title>U.S. News</title></head><body class='{classes}'>{body}</body></html>".encode())


def robots(text: str) -> Answer:
    return Answer(text.encode(), headers=TEXT)


def posts_of(posts: Sequence[Post]) -> Pages:
    return {post.path: Answer(post.page()) for post in posts}


def sitemap(posts: Sequence[Post], lastmod: str = "") -> Answer:
    mark = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    urls = "".join(f"<url><loc>{post.link}</loc>{mark}</url>" for post in posts)
    body = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    return Answer(body.encode(), headers=XML)


def sitemap_index(addresses: Sequence[str]) -> Answer:
    maps = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return Answer(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'.encode())


def feed(posts: Sequence[Post]) -> Answer:
    items = "".join(f"<item><title>Plan</title><link>{post.link}</link></item>" for post in posts)
    return Answer(f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode(), headers=XML)


def rest(posts: Sequence[Post], pages: int = 1, modified: str = "2019-01-01T00:00:00") -> Answer:
    body = [{"id": post.number, "link": post.link, "modified_gmt": modified} for post in posts]
    return Answer(json.dumps(body).encode(), headers={**JSON, "X-WP-TotalPages": str(pages)})


def listing(posts: Sequence[Post], older: str = "", menu: str = "") -> Answer:
    pager = f'<div class="pagination"><div class="alignleft"><a href="{older}">Older Entries</a></div></div>'
    return html(menu + "".join(post.item() for post in posts) + (pager if older else ""))
