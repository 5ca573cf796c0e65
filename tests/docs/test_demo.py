"""The sample site answers as WordPress does, and says of itself on each page what it is."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.request import Request, urlopen

import pytest

from demo.posts import list_older_copies, list_posts
from demo.server import HOST, open_server, serve_site
from demo.site import Answer, answer_request, render_post
from pipelines.extract import extract
from scraper.records import Brief, Capture
from scraper.sample_site import SAMPLE_HEADER, SAMPLE_HOME, SAMPLE_MARK, SAMPLE_PORT, is_sample_page

PATHS = {post.path for post in list_posts()}
_OTHERS = (
    *("/", "/page/2/", "/category/foreign-policy/", "/about/", "/feed/", "/robots.txt", "/wp-sitemap.xml"),
    *("/wp-sitemap-posts-post-1.xml", "/wp-json/wp/v2/posts", "/2019/02/20/harbor-fees-return/", "/nothing/"),
)


def find_links(body: bytes) -> set[str]:
    """The posts that a listing, feed, sitemap or REST answer names."""
    return set(re.findall(rf"{SAMPLE_HOME}(/\d{{4}}/\d\d/\d\d/[^/\"<]+/)", body.decode()))


def brief_of(page: bytes, path: str) -> Brief:
    capture = Capture(page, SAMPLE_HOME + path, "2026-01-01T00:00:00Z", "live", 200, (), "text/html; charset=UTF-8")
    return extract(capture).readings[0].brief


def test_it_is_small_and_shows_looks_and_wordings_of_many_years() -> None:
    assert 30 <= len(PATHS) <= 45
    assert {post.look for post in list_posts()} == {"classic", "builder", "theme", "gutenberg"}
    assert {post.published[:4] for post in list_posts()} >= {str(year) for year in range(2017, 2026)}
    briefs = [brief_of(answer_request(post.path).body, post.path) for post in list_posts()]
    assert {brief.kind for brief in briefs} == {"brief", "opinion", "blog", "post"}
    assert len({re.sub(r"[\w&]+", "", brief.label or "") for brief in briefs}) >= 6  # the marks around words
    assert sum(len(brief.authors) > 1 for brief in briefs) >= 2
    assert sum(bool(brief.photo_credits) for brief in briefs) >= 6
    assert {item.heading for brief in briefs for item in brief.resources} == {
        "Engagement Resources",
        "Resistance Resources",
    }
    assert all(brief.url == SAMPLE_HOME + brief.path for brief in briefs)


@pytest.mark.parametrize("target", [*_OTHERS, *sorted(PATHS)])
def test_each_answer_can_be_known_by_its_header_and_by_its_bytes(target: str) -> None:
    found = answer_request(target)
    assert found.headers[SAMPLE_HEADER]
    assert is_sample_page(Capture(found.body, None, None, "file"))
    assert is_sample_page(Capture(b"", None, None, "file", headers=tuple(found.headers.items())))


def test_nothing_else_is_taken_for_it() -> None:
    comment = f"<p>They say: {SAMPLE_MARK}</p>".encode()  # what a reader may write below a real page
    assert not is_sample_page(Capture(b" " * 5000 + comment, "https://www.usresistnews.org/", None, "live"))


def test_the_older_copies_say_something_else_than_the_posts_of_today() -> None:
    today = {post.path: brief_of(render_post(post), post.path) for post in list_posts()}
    differing = set()
    for copy in list_older_copies():
        once, now = brief_of(render_post(copy.post), copy.post.path), today.get(copy.post.path)
        assert now is None or once != now
        differing |= {name for name in ("label", "title", "body") if now and getattr(once, name) != getattr(now, name)}
        for name in ("authors", "resources", "photo_credits"):
            differing |= {name} if now and getattr(once, name) != getattr(now, name) else set()
    assert differing == {"label", "title", "body", "authors", "resources", "photo_credits"}


def test_robots_names_a_sitemap_that_names_every_post() -> None:
    assert f"Sitemap: {SAMPLE_HOME}/wp-sitemap.xml".encode() in answer_request("/robots.txt").body
    assert b"/wp-sitemap-posts-post-1.xml" in answer_request("/wp-sitemap.xml").body
    assert find_links(answer_request("/wp-sitemap-posts-post-1.xml").body) == PATHS


def test_listings_page_through_every_post() -> None:
    found, target = set(), "/"
    while target:
        page = answer_request(target)
        found |= find_links(page.body)
        older = re.search(rb'href="[^"]*?(/page/\d+/)" >&laquo; Older', page.body)
        target = older[1].decode() if older else ""
    assert found == PATHS
    assert answer_request("/page/99/").status == 404


def test_rest_tells_totals_and_refuses_pages_past_the_end() -> None:
    first = answer_request("/wp-json/wp/v2/posts?per_page=20&_fields=id,link")
    pages = -(-len(PATHS) // 20)
    assert (first.headers["X-WP-Total"], first.headers["X-WP-TotalPages"]) == (str(len(PATHS)), str(pages))
    assert all(set(post) == {"generator", "id", "link"} for post in json.loads(first.body))
    rest = "/wp-json/wp/v2/posts?per_page=20&_fields=id,link"
    numbered = (answer_request(f"{rest}&page={n}") for n in range(1, pages + 1))
    assert set().union(*(find_links(page.body) for page in numbered)) == PATHS
    past = answer_request(f"/wp-json/wp/v2/posts?per_page=20&page={pages + 1}")
    assert (past.status, json.loads(past.body)["code"]) == (400, "rest_post_invalid_page_number")


def test_rest_tells_what_was_edited() -> None:
    edited = answer_request("/wp-json/wp/v2/posts?orderby=modified&modified_after=2025-09-10T00:00:00Z")
    changed = [post["modified"] for post in json.loads(edited.body)]
    assert changed == sorted(changed, reverse=True)
    assert min(changed) > "2025-09-10"


def test_feeds_have_ten_items_a_page_and_an_end() -> None:
    pages = -(-len(PATHS) // 10)
    assert set().union(*(find_links(answer_request(f"/feed/?paged={n}").body) for n in range(1, pages + 1))) == PATHS
    assert answer_request(f"/feed/?paged={pages + 1}").status == 404


def test_short_links_lead_to_the_post_and_strangers_nowhere() -> None:
    post = list_posts()[0]
    assert answer_request(f"/?p={post.id}").headers["Location"] == SAMPLE_HOME + post.path
    assert answer_request(post.path.rstrip("/")).status == 301
    assert answer_request("/2019/01/01/never-written/").status == 404


@pytest.fixture
def busy_port() -> Iterator[None]:
    """Another program listens on the port that the sample site usually has."""
    with socket.socket() as other:
        with suppress(OSError):  # it does so already
            other.bind((HOST, SAMPLE_PORT))
            other.listen()
        yield


@pytest.mark.usefixtures("busy_port")
def test_a_port_in_use_is_left_to_its_program() -> None:
    with pytest.raises(OSError, match="in use"):
        open_server(SAMPLE_PORT)
    with open_server(None) as server:
        assert server.server_port != SAMPLE_PORT


def test_the_server_sends_what_the_site_answers() -> None:
    with serve_site(0) as start:
        for method in ("GET", "HEAD"):
            with urlopen(Request(f"{start}about/", method=method)) as got:
                result: Answer = answer_request("/about/")
                assert got.read() == (result.body if method == "GET" else b"")
                assert got.headers[SAMPLE_HEADER] == result.headers[SAMPLE_HEADER]
                assert int(got.headers["Content-Length"]) == len(result.body)
