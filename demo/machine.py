"""What the sample site tells machines: robots.txt, sitemaps, the REST API and feeds, as WordPress writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from demo.markup import SITE
from demo.posts import Post, Term, sample_posts, sample_terms

FEED_PAGE = 10
_MAX_PER_PAGE = 100
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_SITEMAP_NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

Json = dict[str, Any]


def robots(base: str) -> bytes:
    """The rules, and where the sitemap is."""
    rules = "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n"
    return f"{rules}\nSitemap: {base}/wp-sitemap.xml\n".encode()


def sitemap_index(base: str) -> bytes:
    """The parts of the sitemap."""
    names = ("posts-post-1", "posts-page-1", "taxonomies-category-1")
    parts = "".join(f"<sitemap><loc>{base}/wp-sitemap-{name}.xml</loc></sitemap>" for name in names)
    style = f'<?xml-stylesheet type="text/xsl" href="{base}/wp-sitemap-index.xsl" ?>'
    return f"{_XML}\n{style}\n<sitemapindex {_SITEMAP_NS}>{parts}</sitemapindex>\n".encode()


def sitemap(base: str, name: str) -> bytes | None:
    """One part of the sitemap, None for a part there is not."""
    if name == "posts-post-1":
        posts = reversed(sample_posts())
        urls = "".join(f"<url><loc>{base}{p.path}</loc><lastmod>{p.modified}+00:00</lastmod></url>" for p in posts)
    elif name == "posts-page-1":
        urls = "".join(f"<url><loc>{base}{path}</loc></url>" for path in ("/", "/about/"))
    elif name == "taxonomies-category-1":
        urls = "".join(f"<url><loc>{base}/category/{term.slug}/</loc></url>" for term in sample_terms())
    else:
        return None
    return f"{_XML}\n<urlset {_SITEMAP_NS}>{urls}</urlset>\n".encode()


def rest_root(base: str) -> Json:
    """The API's index, short."""
    routes = {f"/wp/v2/{name}": {"namespace": "wp/v2", "methods": ["GET"]} for name in ("posts", "categories")}
    return {"name": SITE, "url": base, "home": base, "namespaces": ["oembed/1.0", "wp/v2"], "routes": routes}


def rest_posts(base: str, query: Mapping[str, str]) -> tuple[int, Any, dict[str, str]]:
    """Status, answer and headers of `/wp/v2/posts`; a page past the end is a 400."""
    posts = _selected(query)
    size = min(max(int(query.get("per_page", 10)), 1), _MAX_PER_PAGE)
    number = int(query.get("page", 1))
    pages = -(-len(posts) // size)
    if number > max(pages, 1):
        message = "The page number requested is larger than the number of pages available."
        return 400, {"code": "rest_post_invalid_page_number", "message": message, "data": {"status": 400}}, {}
    headers = {"X-WP-Total": str(len(posts)), "X-WP-TotalPages": str(pages)}
    if number < pages:
        rest = "&".join(f"{k}={v}" for k, v in sorted({**query, "page": str(number + 1)}.items()))
        headers["Link"] = f'<{base}/wp-json/wp/v2/posts?{rest}>; rel="next"'
    return 200, [_fields(rest_post(base, post), query) for post in posts[(number - 1) * size : number * size]], headers


def _selected(query: Mapping[str, str]) -> list[Post]:
    """WordPress's order and filters: newest first unless asked otherwise."""
    key = "modified" if query.get("orderby") == "modified" else "published"
    posts = sorted(sample_posts(), key=lambda post: (getattr(post, key), post.path))
    if query.get("order", "desc") != "asc":
        posts.reverse()
    after, slug = query.get("modified_after", ""), query.get("slug")
    return [post for post in posts if post.modified > after and slug in (None, post.slug)]


def _fields(post: Json, query: Mapping[str, str]) -> Json:
    wanted = {name.partition(".")[0] for name in query.get("_fields", "").split(",") if name}
    if "_embed" not in query:
        post = {key: value for key, value in post.items() if key != "_embedded"}
    return {key: value for key, value in post.items() if key in wanted} if wanted else post


def rest_post(base: str, post: Post) -> Json:
    """One post, its author and categories embedded."""
    terms = [rest_term(base, term) for term in post.categories]
    return {
        "id": post.id,
        "date": f"{post.published}T09:00:00",
        "date_gmt": f"{post.published}T14:00:00",
        "guid": {"rendered": f"{base}/?p={post.id}"},
        "modified": post.modified,
        "modified_gmt": post.modified,
        "slug": post.slug,
        "status": "publish",
        "type": "post",
        "link": base + post.path,
        "title": {"rendered": escape(post.title, quote=False)},
        "content": {"rendered": post.content, "protected": False},
        "excerpt": {"rendered": f"<p>{escape(post.teaser, quote=False)}</p>\n", "protected": False},
        "author": 2,
        "categories": [term.id for term in post.categories],
        "tags": [],
        "_embedded": {"author": [{"id": 2, "name": post.account}], "wp:term": [terms, []]},
    }


def rest_term(base: str, term: Term) -> Json:
    """One category; the name is HTML, as WordPress sends it."""
    link = f"{base}/category/{term.slug}/"
    name = escape(term.name, quote=False)
    return {"id": term.id, "name": name, "slug": term.slug, "taxonomy": "category", "link": link, "parent": 0}


def feed(base: str, posts: Sequence[Post]) -> bytes:
    """An RSS feed with the whole content of each post."""
    namespaces = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:atom="http://www.w3.org/2005/Atom"'
    )
    items = "\n".join(_item(base, post) for post in posts)
    return f"""{_XML}<rss version="2.0" {namespaces}>
<channel>
<title>{SITE}</title>
<atom:link href="{base}/feed/" rel="self" type="application/rss+xml" />
<link>{base}</link>
<description>Keeping Democracy Alive</description>
<language>en-US</language>
<generator>https://wordpress.org/?v=6.7.1</generator>
{items}
</channel>
</rss>
""".encode()


def _item(base: str, post: Post) -> str:
    day = date.fromisoformat(post.published)
    categories = "".join(f"<category><![CDATA[{term.name}]]></category>" for term in post.categories)
    return f"""<item><title>{escape(post.title, quote=False)}</title><link>{base}{post.path}</link>
<pubDate>{day:%a, %d %b %Y} 14:00:00 +0000</pubDate><dc:creator><![CDATA[{post.account}]]></dc:creator>{categories}
<guid isPermaLink="false">{base}/?p={post.id}</guid><description><![CDATA[<p>{escape(post.teaser)}</p>]]></description>
<content:encoded><![CDATA[{post.content}]]></content:encoded></item>"""


def as_json(data: object) -> bytes:
    """The bytes of an answer."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
