"""Which address of the sample site shows what: pure functions from a request to an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from demo import machine, markup
from demo.posts import Post, about_page, sample_posts, sample_terms

HTML, XML, JSON = "text/html; charset=UTF-8", "application/xml; charset=UTF-8", "application/json; charset=UTF-8"
_PER_PAGE = 9
_PAGED = re.compile(r"^(?P<path>/(?:[\w-]+/)*?)(?:page/(?P<number>\d{1,4})/)?$")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sends; `headers` besides the content type."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(target: str, base: str) -> Answer:
    """The answer to a request for `target` (path and query); `base` is the site's own address without a slash."""
    parts = urlsplit(target)
    path, query = unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True))
    for respond in (_redirect, _file, _rest, _feed, _post, _listing):
        if found := respond(path, query, base):
            return found
    return _missing(base)


def _missing(base: str) -> Answer:
    return Answer(markup.not_found(base), status=404)


def _redirect(path: str, query: Mapping[str, str], base: str) -> Answer | None:
    """Short links, missing slashes and old sitemap names go where WordPress sends them."""
    target = None
    if path == "/" and query.get("p", "").isdecimal():
        target = next((post.path for post in sample_posts() if post.id == int(query["p"])), None)
    elif path == "/sitemap.xml":
        target = "/wp-sitemap.xml"
    elif not path.endswith("/") and "." not in path and not path.startswith("/wp-json"):
        target = path + "/"
    return Answer(b"", status=301, headers={"Location": base + target}) if target else None


def _file(path: str, _query: Mapping[str, str], base: str) -> Answer | None:
    if path == "/robots.txt":
        return Answer(machine.robots(base), "text/plain; charset=utf-8")
    if path == "/wp-sitemap.xml":
        return Answer(machine.sitemap_index(base), XML)
    if match := re.fullmatch(r"/wp-sitemap-([\w-]+)\.xml", path):
        part = machine.sitemap(base, match[1])
        return Answer(part, XML) if part else _missing(base)
    return Answer(about_page()) if path == "/about/" else None


def _rest(path: str, query: Mapping[str, str], base: str) -> Answer | None:
    if not path.startswith("/wp-json"):
        return None
    route = path.removeprefix("/wp-json").strip("/")
    if route == "":
        return Answer(machine.as_json(machine.rest_root(base)), JSON)
    if route == "wp/v2/posts":
        status, data, headers = machine.rest_posts(base, query)
        return Answer(machine.as_json(data), JSON, status, headers)
    if route == "wp/v2/categories":
        return Answer(machine.as_json([machine.rest_term(base, term) for term in sample_terms()]), JSON)
    if match := re.fullmatch(r"wp/v2/posts/(\d{1,9})", route):
        for post in sample_posts():
            if post.id == int(match[1]):
                return Answer(machine.as_json(machine.rest_post(base, post)), JSON)
    data = {"code": "rest_no_route", "message": "No route was found.", "data": {"status": 404}}
    return Answer(machine.as_json(data), JSON, 404)


def _feed(path: str, query: Mapping[str, str], base: str) -> Answer | None:
    if path != "/feed/":
        return None
    number = int(query.get("paged", "1")) if query.get("paged", "1").isdecimal() else 1
    posts = sample_posts()[(number - 1) * machine.FEED_PAGE : number * machine.FEED_PAGE]
    rss = "application/rss+xml; charset=UTF-8"
    return Answer(machine.feed(base, posts), rss) if posts else _missing(base)


def _post(path: str, _query: Mapping[str, str], _base: str) -> Answer | None:
    found = next((post for post in sample_posts() if post.path == path), None)
    return Answer(found.page, found.content_type) if found else None


def _listing(path: str, query: Mapping[str, str], base: str) -> Answer | None:
    """Home, domain pages, category archives, `/jobs/` with every post, and searches."""
    match = _PAGED.match(path)
    if not match or not (chosen := _chosen(match["path"], query)):
        return None
    heading, body_class, belongs = chosen
    posts = [post for post in sample_posts() if belongs(post)]
    number, last = int(match["number"] or 1), max(1, -(-len(posts) // _PER_PAGE))
    if not 1 <= number <= last:
        return None
    here = posts[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    archive = body_class.startswith(("archive", "search"))
    links = markup.pager(base, match["path"], number, last, "" if archive else "?et_blog")
    whole = 0 if archive or number > 1 else 1  # old domain pages began with a whole post
    items = markup.items(base, here, whole)
    return Answer(markup.listing(base, heading, body_class, items + links))


def _chosen(path: str, query: Mapping[str, str]) -> tuple[str, str, Callable[[Post], bool]] | None:
    """The heading, the body's classes and which posts belong, None where there is no such listing."""
    if path == "/" and "s" in query:
        words = query["s"].lower()
        return "Search Results", "search search-results", lambda post: words in post.content.lower()
    if path in ("/", "/jobs/"):
        return "Latest Posts", ("home " if path == "/" else "") + "page-template-default page", lambda _: True
    slug = path.removeprefix("/category").strip("/")
    term = next((term for term in sample_terms() if term.slug == slug), None)
    if term is None:
        return None
    if path.startswith("/category/"):
        return f"{term.name} Archives", f"archive category category-{slug}", lambda post: term in post.categories
    heading = f"{term.name.upper()} POLICIES, ANALYSIS, AND RESOURCES"
    return heading, "page-template-default page page-id-31", lambda post: term in post.categories
