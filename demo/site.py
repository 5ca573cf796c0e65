"""Which address of the sample site shows what, as WordPress would: a pure function from a request to an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from jinja2 import Environment, PackageLoader

from demo.posts import Category, Post, sample_categories, sample_posts
from scraper.sample_site import SAMPLE_HEADER, SAMPLE_HOME, SAMPLE_MARK

_HTML, _XML, _RSS = (f"{kind}; charset=UTF-8" for kind in ("text/html", "application/xml", "application/rss+xml"))
_PER_LISTING, _PER_FEED, _MOST_REST = 9, 10, 100
_LISTING = re.compile(r"(?P<base>/|/category/(?P<slug>[a-z-]+)/)(?:page/(?P<number>\d{1,4})/)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sends; `headers` besides the content type."""

    body: bytes
    content_type: str = _HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {SAMPLE_HEADER: "brief-archive"})


def answer(target: str) -> Answer:
    """The answer to a request for `target`, which is path and query."""
    parts = urlsplit(target)
    path, query = unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True))
    if path == "/" and query.get("p", "").isdecimal():
        return _redirect(next((post.path for post in sample_posts() if post.id == int(query["p"])), ""))
    if path == "/robots.txt":
        return Answer(render("robots.txt"), "text/plain; charset=utf-8")
    if path in ("/wp-sitemap.xml", "/wp-sitemap-posts-post-1.xml"):
        return Answer(render("sitemap.xml", whole=path == "/wp-sitemap.xml", posts=sample_posts()), _XML)
    if path == "/wp-json/wp/v2/posts":
        return _rest(query)
    if path == "/feed/":
        return _feed(query)
    if post := next((post for post in sample_posts() if post.path == path), None):
        return Answer(render_post(post))
    if match := _LISTING.fullmatch(path):
        return _listing(match["base"], match["slug"], int(match["number"] or 1))
    if path == "/about/":
        return Answer(render("about.html"))
    return _missing() if path.endswith("/") or "." in path or path.startswith("/wp-json") else _redirect(f"{path}/")


def render_post(post: Post) -> bytes:
    """The page of a post in its look."""
    return render(f"{post.look.replace('builder', 'classic')}.html", post=post)


def render(template: str, **values: object) -> bytes:
    """A page of the site; the words of a template may use what every page shows, too."""
    known = {"home": SAMPLE_HOME, "mark": SAMPLE_MARK, "categories": sample_categories()}
    return _environment().get_template(template).render(known | values).encode()


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("demo"), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def _redirect(path: str) -> Answer:
    known = Answer(b"")
    return Answer(b"", status=301, headers={**known.headers, "Location": SAMPLE_HOME + path}) if path else _missing()


def _missing() -> Answer:
    return Answer(render("missing.html"), status=404)


def _listing(base: str, slug: str | None, number: int) -> Answer:
    """The home page or that of a category; further pages have older posts."""
    posts = [post for post in sample_posts() if slug is None or slug in [category.slug for category in post.categories]]
    last = -(-len(posts) // _PER_LISTING)
    if not 1 <= number <= last:
        return _missing()
    here = posts[(number - 1) * _PER_LISTING : number * _PER_LISTING]
    older = f"{base}page/{number + 1}/" if number < last else None
    category: Category | None = next((one for one in sample_categories() if one.slug == slug), None)
    return Answer(render("listing.html", posts=here, category=category, older=older))


def _feed(query: Mapping[str, str]) -> Answer:
    number = int(query["paged"]) if query.get("paged", "").isdecimal() else 1
    posts = sample_posts()[(number - 1) * _PER_FEED : number * _PER_FEED]
    return Answer(render("feed.xml", posts=posts), _RSS) if posts else _missing()


def _rest(query: Mapping[str, str]) -> Answer:
    """A list of posts, newest first, or the last edited first; a page past the end is a 400."""
    after, by_change = query.get("modified_after", "").removesuffix("Z"), query.get("orderby") == "modified"
    posts = [post for post in sample_posts() if post.changed_at > after]
    if by_change:
        posts.sort(key=lambda post: post.changed_at, reverse=True)
    size, number = min(int(query.get("per_page", 10)), _MOST_REST), int(query.get("page", 1))
    pages = -(-len(posts) // size)
    headers = {**Answer(b"").headers, "X-WP-Total": str(len(posts)), "X-WP-TotalPages": str(pages)}
    if number > max(pages, 1):
        told = {"code": "rest_post_invalid_page_number", "message": "No such page.", "data": {"status": 400}}
        return _json(told, 400, headers)
    if number < pages:
        following = urlencode({**query, "page": number + 1})
        headers["Link"] = f'<{SAMPLE_HOME}/wp-json/wp/v2/posts?{following}>; rel="next"'
    wanted = [name for name in query.get("_fields", "").split(",") if name]
    here = map(_rest_post, posts[(number - 1) * size : number * size])
    return _json([_with_fields(post, wanted) for post in here], 200, headers)


def _rest_post(post: Post) -> dict[str, Any]:
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


def _with_fields(post: Mapping[str, Any], wanted: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in post.items() if not wanted or name in ("generator", *wanted)}


def _json(data: object, status: int, headers: Mapping[str, str]) -> Answer:
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(body, "application/json; charset=UTF-8", status, headers)
