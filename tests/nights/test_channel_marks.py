"""Each way in to the site has a mark of its own, which only its own good answers move."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from scraper.crawl.recheck_policy import SiteNews
from scraper.crawl.site_explorer import ChannelResult, SiteAnswer
from scraper.crawl.whats_new import HostMemory, NewsSearch
from scraper.records import Extraction
from tests.support.small_site import Post, feed, rest, sitemap

BASE = "https://www.usresistnews.org/"
POSTS = [Post(number, BASE.rstrip("/")) for number in range(1, 4)]
FIRST = datetime(2026, 11, 2, 2, tzinfo=UTC)


class SmallServer:
    """Answers for feed, REST and sitemap, each of which may be shut."""

    def __init__(self) -> None:
        self.memory = {"feed:usresistnews.org:since": "2026-11-01T02:00:00Z"}
        self.edited: list[Post] = []
        self.posts = list(POSTS)
        self.shut: set[str] = set()
        self.asked: list[str] = []
        self.etag = "one"
        self.date: dict[str, str] = {}  # the header of REST
        self.rest_body: bytes | None = None  # in place of its list

    def answer(self, url: str, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> SiteAnswer:
        return SiteAnswer(url, status, body, None, None, Extraction("/", url, None, "other", None, None), headers or {})

    async def visit(self, url: str, headers: Mapping[str, str]) -> SiteAnswer | None:
        channel = "rest" if "wp-json" in url else "sitemap" if "sitemap" in url else "feed"
        self.asked.append(url)
        if channel in self.shut:
            return self.answer(url, b"", 403)
        if channel == "feed":
            is_same = headers.get("If-None-Match") == self.etag
            return self.answer(url, feed(self.posts).body, 304 if is_same else 200, {"etag": self.etag})
        if channel == "rest" and self.rest_body is not None:
            return self.answer(url, self.rest_body)
        if channel == "sitemap":
            return self.answer(url, sitemap(self.posts).body)
        edited, others = (
            json.loads(rest(self.edited, modified="2026-11-09T00:00:00").body),
            json.loads(rest(self.posts).body),
        )
        return self.answer(
            url, json.dumps(edited + others).encode(), headers={"x-wp-total": str(len(self.posts))} | self.date
        )

    def search(self, night: int) -> tuple[SiteNews | None, HostMemory]:
        """One night that comes to a good end."""
        self.asked.clear()
        memory, results = HostMemory(BASE, self.memory.get), list[ChannelResult]()
        now = FIRST + timedelta(days=night)
        known = [post.path for post in POSTS]
        search = NewsSearch(BASE, frozenset(["usresistnews.org"]), self.visit, memory, known, now, results)

        async def find() -> SiteNews | None:
            robots = self.answer(BASE + "robots.txt", b"")
            return await search.find_news(robots, await self.visit(BASE + "feed/", memory.build_conditions()))

        news = asyncio.run(find())
        memory.note_channels(results, now)
        self.memory |= memory.new
        return news, memory

    def find_missing(self, night: int) -> set[str] | None:
        """The known posts that a whole list lacks tonight, None without such a list."""
        news, _ = self.search(night)
        assert news
        return None if news.listed is None else {post.path for post in POSTS} - news.listed

    def find_since(self) -> str:
        """From when REST was asked for edits tonight."""
        found = [re.search(r"&_=([^&]*)", url) for url in self.asked]
        return next(match[1] for match in found if match)


def begin() -> SmallServer:
    server = SmallServer()
    server.search(0)
    return server


def test_rest_is_asked_from_its_own_last_answer() -> None:
    server = begin()
    server.shut = {"rest"}
    for night, etag in enumerate(("two", "three", "three"), 1):
        server.etag = etag
        _, memory = server.search(night)
        assert memory.shut == {"rest": "2026-11-02T02:00:00Z"}
    server.shut, server.edited = set(), POSTS[:1]
    news, memory = server.search(4)  # the feed is not changed, and REST is asked all the same
    assert server.find_since() == "2026-11-02T01:59:00Z"
    assert news
    assert [address.url for address in news.addresses] == [POSTS[0].link]
    assert (news.has_all_edits, memory.shut) == (True, {})
    server.search(5)
    assert len(server.asked) == 2  # all is told: an unchanged feed and the number of posts are enough


def test_a_shut_feed_leaves_its_mark_and_moves_that_of_rest() -> None:
    server = begin()
    server.shut = {"feed"}
    server.search(1)
    news, memory = server.search(2)
    assert memory.shut == {"feed": "2026-11-02T02:00:00Z"}
    assert news
    assert news.has_all_edits
    assert server.find_since() == "2026-11-03T01:59:00Z"


def test_all_that_is_shut_is_named() -> None:
    server = begin()
    server.shut = {"rest"}
    server.etag = "two"
    server.search(1)
    server.shut, server.etag = {"rest", "feed", "sitemap"}, "three"
    news, memory = server.search(2)
    assert news is None
    assert sorted(memory.shut) == ["feed", "rest", "sitemap"]


@pytest.mark.parametrize("etag", ["one", "two"])
def test_a_post_that_leaves_the_lists_is_known_the_same_night(etag: str) -> None:
    """Whether or not the feed shows a change."""
    server = begin()
    assert server.find_missing(1) is None
    server.etag = etag
    server.posts = POSTS[1:]
    assert server.find_missing(2) == {POSTS[0].path}
    assert server.find_missing(3) is None


@pytest.mark.parametrize("etag", ["one", "two"])
def test_where_rest_is_closed_for_good_the_sitemap_shows_which_post_left(etag: str) -> None:
    """Though the feed is as it was: nothing but a whole list shows that a post is gone."""
    server = SmallServer()
    server.shut = {"rest"}
    server.search(0)
    server.etag, server.posts = etag, POSTS[1:]
    assert server.find_missing(1) == {POSTS[0].path}


def test_a_post_that_moved_leaves_its_old_address() -> None:
    server = begin()
    server.search(1)
    moved = Post(9, POSTS[0].host)
    server.etag, server.edited, server.posts = "two", [moved], [*POSTS[1:], moved]
    assert server.find_missing(2) == {POSTS[0].path}


@pytest.mark.parametrize("shut", [{"sitemap"}, {"rest", "sitemap"}])
def test_without_a_whole_list_nothing_is_missing(shut: set[str]) -> None:
    server = begin()
    server.search(1)
    server.shut, server.posts = shut, POSTS[1:]
    assert server.find_missing(2) is None


def test_an_edit_is_found_though_the_feed_comes_from_a_cache() -> None:
    server = begin()
    server.search(1)
    server.edited = POSTS[1:2]
    news, _ = server.search(2)
    assert news
    assert [address.url for address in news.addresses] == [POSTS[1].link]


@pytest.mark.parametrize("body", [b"[]", b'[{"id": 1, "link": "/2019/02/02/brief-1/"}]', b"<html></html>"])
def test_a_rest_list_that_shows_no_edits_is_shut_and_leaves_its_mark(body: bytes) -> None:
    """It is empty, has no instants of change, or is no list at all."""
    server = begin()
    server.search(1)
    server.etag, server.rest_body = "two", body
    _, memory = server.search(2)
    assert memory.shut == {"rest": "2026-11-03T02:00:00Z"}
    server.rest_body, server.edited = None, POSTS[:1]
    news, _ = server.search(3)
    assert server.find_since() == "2026-11-03T01:59:00Z"
    assert news
    assert POSTS[0].link in {address.url for address in news.addresses}


@pytest.mark.parametrize(
    ("date", "since"),
    [
        ("Wed, 04 Nov 2026 02:00:00 GMT", "2026-11-03T01:59:00Z"),  # ours is a day behind, or the site's ahead
        ("Sun, 01 Nov 2026 02:00:00 GMT", "2026-11-01T01:59:00Z"),
        ("", "2026-11-03T01:59:00Z"),
    ],
)
def test_of_two_clocks_the_slower_one_marks_what_was_asked(date: str, since: str) -> None:
    server = begin()
    server.date = {"date": date} if date else {}
    server.search(1)
    server.search(2)
    assert server.find_since() == since
