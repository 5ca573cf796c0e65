"""The answers of the sample site, which are those of WordPress: a pure function from a request to an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from jinja2 import Environment, PackageLoader

from demo.posts import Category, Post, list_categories, list_posts
from scraper.sample_site import SAMPLE_HEADER, SAMPLE_HOME, SAMPLE_MARK

_HTML, _XML, _RSS = (f"{kind}; charset=UTF-8" for kind in ("text/html", "application/xml", "application/rss+xml"))
_PER_LISTING, _PER_FEED, _LARGEST_REST_PAGE = 9, 10, 100
_LISTING = re.compile(r"(?P<base>/|/category/(?P<slug>[a-z-]+)/)(?:page/(?P<number>\d{1,4})/)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sends; `headers` are those besides the content type."""

    body: bytes
    content_type: str = _HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {SAMPLE_HEADER: "brief-archive"})


def answer_request(target: str) -> Answer:
    """The answer to a request for `target`, a path with an optional query."""
    parts = urlsplit(target)
    path, query = unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True))
    if path == "/" and query.get("p", "").isdecimal():
        return _redirect_to(next((post.path for post in list_posts() if post.id == int(query["p"])), ""))
    if path == "/robots.txt":
        return Answer(render_template("robots.txt"), "text/plain; charset=utf-8")
    if path in ("/wp-sitemap.xml", "/wp-sitemap-posts-post-1.xml"):
        return Answer(render_template("sitemap.xml", whole=path == "/wp-sitemap.xml", posts=list_posts()), _XML)
    if path == "/wp-json/wp/v2/posts":
        return _answer_rest(query)
    if path == "/feed/":
        return _answer_feed(query)
    if post := next((post for post in list_posts() if post.path == path), None):
        return Answer(render_post(post))
    if match := _LISTING.fullmatch(path):
        return _answer_listing(match["base"], match["slug"], int(match["number"] or 1))
    if path == "/about/":
        return Answer(render_template("about.html"))
    return _redirect_to("" if path.endswith("/") or "." in path or path.startswith("/wp-json") else f"{path}/")


def render_post(post: Post) -> bytes:
    """The page of a post."""
    return render_template(f"{post.look.replace('builder', 'classic')}.html", post=post)


def render_template(template: str, **values: object) -> bytes:
    """The rendered template; `values` add to those that all pages use."""
    common = {"home": SAMPLE_HOME, "mark": SAMPLE_MARK, "categories": list_categories()}
    return _make_environment().get_template(template).render(common | values).encode()


@cache
def _make_environment() -> Environment:
    return Environment(loader=PackageLoader("demo"), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def _redirect_to(path: str) -> Answer:
    if not path:
        return _answer_missing()
    return Answer(b"", status=301, headers={**Answer(b"").headers, "Location": SAMPLE_HOME + path})


def _answer_missing() -> Answer:
    return Answer(render_template("missing.html"), status=404)


def _answer_listing(base: str, slug: str | None, number: int) -> Answer:
    """One page of the list of posts, of all or of a category."""
    posts = [post for post in list_posts() if slug is None or slug in [category.slug for category in post.categories]]
    last = -(-len(posts) // _PER_LISTING)
    if not 1 <= number <= last:
        return _answer_missing()
    shown_posts = posts[(number - 1) * _PER_LISTING : number * _PER_LISTING]
    older = f"{base}page/{number + 1}/" if number < last else None
    category: Category | None = next((item for item in list_categories() if item.slug == slug), None)
    return Answer(render_template("listing.html", posts=shown_posts, category=category, older=older))


def _answer_feed(query: Mapping[str, str]) -> Answer:
    number = int(query["paged"]) if query.get("paged", "").isdecimal() else 1
    posts = list_posts()[(number - 1) * _PER_FEED : number * _PER_FEED]
    return Answer(render_template("feed.xml", posts=posts), _RSS) if posts else _answer_missing()


def _answer_rest(query: Mapping[str, str]) -> Answer:
    """One page of posts as JSON, newest first or last modified first; a page past the end is a 400."""
    after, by_change = query.get("modified_after", "").removesuffix("Z"), query.get("orderby") == "modified"
    posts = [post for post in list_posts() if post.changed_at > after]
    if by_change:
        posts.sort(key=lambda post: post.changed_at, reverse=True)
    size, number = min(int(query.get("per_page", 10)), _LARGEST_REST_PAGE), int(query.get("page", 1))
    pages = -(-len(posts) // size)
    headers = {**Answer(b"").headers, "X-WP-Total": str(len(posts)), "X-WP-TotalPages": str(pages)}
    if number > max(pages, 1):
        error = {"code": "rest_post_invalid_page_number", "message": "No such page.", "data": {"status": 400}}
        return _answer_json(error, 400, headers)
    if number < pages:
        following = urlencode({**query, "page": number + 1})
        headers["Link"] = f'<{SAMPLE_HOME}/wp-json/wp/v2/posts?{following}>; rel="next"'
    fields = [name for name in query.get("_fields", "").split(",") if name]
    shown_posts = map(_format_post, posts[(number - 1) * size : number * size])
    return _answer_json([_select_fields(post, fields) for post in shown_posts], 200, headers)


def _format_post(post: Post) -> dict[str, Any]:
    return {
        "generator": SAMPLE_MARK,
        "id": post.id,
        "date": f"{post.published}T09:00:00",
        "date_gmt": f"{post.published}T14:00:00",
        "modified": post.changed_at,
        "modified_gmt": post.changed_at,
        "slug": post.path.split("/")[-2],
        "type": "post",
        "link": SAMPLE_HOME + post.path,
        "title": {"rendered": post.title.replace("&", "&#038;")},
        "content": {"rendered": post.content, "protected": False},
    }


def _select_fields(post: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in post.items() if not fields or name in ("generator", *fields)}


def _answer_json(data: object, status: int, headers: Mapping[str, str]) -> Answer:
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(body, "application/json; charset=UTF-8", status, headers)
