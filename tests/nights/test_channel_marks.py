"""Each way in to the site has a mark of its own, which only its own good answers move."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scraper.archive import KnownPost
from scraper.crawl.night_run import NightRun
from scraper.crawl.recheck_policy import KnownPosts, SiteNews, make_plan
from scraper.crawl.site import Site
from scraper.crawl.site_explorer import ChannelResult, SiteAnswer
from scraper.crawl.whats_new import HostMemory, NewsSearch
from scraper.dates import format_utc
from scraper.records import Brief, Extraction, FoundAddress, Reading
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


def test_a_post_that_moved_leaves_its_old_address() -> None:
    server = begin()
    server.search(1)
    moved = Post(9, POSTS[0].host)
    server.etag, server.edited, server.posts = "two", [moved], [*POSTS[1:], moved]
    assert server.find_missing(2) == {POSTS[0].path}


@pytest.mark.parametrize("shut", ["rest", "sitemap"])
def test_without_a_whole_list_nothing_is_missing(shut: str) -> None:
    server = begin()
    server.search(1)
    server.shut, server.posts = {shut}, POSTS[1:]
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


def make_known(post: Post) -> KnownPost:
    known = KnownPost(post.path, post.link, post.day, "2026-11-01T02:00:00Z", None, "live", None)
    return replace(known, wp_id=post.number, kind="brief", was_listed=True)


@pytest.mark.parametrize(("is_listed", "asked"), [(True, ["missing-check"]), (False, [])])
def test_a_missing_post_that_a_list_names_again_is_asked_for_the_same_night(is_listed: bool, asked: list[str]) -> None:
    """Restored without a new date it is in no list of edits; else its turn comes after as long as it was missing."""
    since, checked = "2026-05-01T02:00:00Z", format_utc(FIRST - timedelta(days=1))
    missing = replace(make_known(POSTS[0]), status="missing", missing_since=since, checked_at=checked)
    posts = KnownPosts.collect([missing], ())
    addresses = (FoundAddress(POSTS[0].link, "sitemap"),) if is_listed else ()
    plan = make_plan(posts, SiteNews(addresses, has_all_edits=True), FIRST, full=False, full_days=30, budget=None)
    assert [request.reason for request in plan.requests] == asked


def test_what_left_the_lists_is_asked_for_and_one_probe_is_spare() -> None:
    posts = KnownPosts.collect(
        [make_known(POSTS[0]), make_known(POSTS[1]), replace(make_known(POSTS[2]), was_listed=False)], ()
    )
    news = SiteNews(has_all_edits=True, listed=frozenset([POSTS[1].path]), has_total=True)
    plan = make_plan(posts, news, FIRST, full=False, full_days=30, budget=None)
    assert sorted((request.reason, request.path) for request in plan.requests) == [
        ("probe", plan.requests[0].path),
        ("unlisted", POSTS[0].path),
    ]
    assert plan.spare
    assert {plan.spare.path, plan.requests[0].path} == {POSTS[1].path, POSTS[2].path}


def test_what_waits_to_be_read_is_asked_for_each_night() -> None:
    first, second = map(make_known, POSTS[:2])
    waiting = [replace(first, unread_edit="2026-11-01T00:00:00Z"), replace(second, is_held=True)]
    plan = make_plan(KnownPosts.collect(waiting, ()), SiteNews(), FIRST, full=False, full_days=30, budget=None)
    assert [(request.reason, request.path) for request in plan.requests] == [
        ("edited", POSTS[0].path),
        ("held", POSTS[1].path),
    ]


@pytest.mark.parametrize(("held", "probes"), [(0, 1), (1, 3), (2, 6), (4, 12), (30, 15)])
def test_where_something_is_held_others_show_whether_it_is_these_posts_alone(held: int, probes: int) -> None:
    known = map(make_known, map(Post, range(60)))
    posts = KnownPosts.collect([replace(post, is_held=n < held) for n, post in enumerate(known)], ())
    news = SiteNews(has_all_edits=True, has_total=True)
    plan = make_plan(posts, news, FIRST, full=False, full_days=3000, budget=None)
    assert [request.reason for request in plan.requests].count("probe") == probes
    assert not plan.news_paths


@pytest.mark.parametrize(("budget", "is_asked"), [(None, True), (4, True), (3, False)])
def test_rest_is_asked_for_the_texts_of_edited_posts_without_instants(budget: int | None, is_asked: bool) -> None:
    """Where the budget has room beside the pages, and not for pages that say themselves when they were changed."""
    dated, short = replace(make_known(POSTS[1]), states_change=True), replace(make_known(POSTS[2]), path="/?p=3")
    posts = KnownPosts.collect([make_known(POSTS[0]), dated, short], ())
    memory = HostMemory(BASE, lambda key: None)
    memory.note_channels([ChannelResult("rest", BASE, "found")], FIRST)
    night = NightRun(FIRST, False, False, 3000, budget, posts, lambda key: None, None, memories=[memory])
    plan = night.plan_requests([FoundAddress(post.link, "rest", "2026-11-02T00:00:00Z") for post in POSTS[:2]], 0)
    assert plan.news_paths == {post.path for post in POSTS[:2]}
    assert night.text_requests == [[POSTS[0].link]] * is_asked
    if not is_asked:
        return
    answer = Extraction(
        "/", None, None, "rest", None, None, (Reading(Brief(path=POSTS[0].path, body="Text"), (), (), 3),)
    )
    asked: list[str] = []

    async def visit(url: str) -> SiteAnswer:
        asked.append(url)
        return SiteAnswer(url, 200, b"", None, None, answer)

    assert asyncio.run(night.read_announced_texts(visit, Site()))[POSTS[0].path].body == "Text"
    assert f"slug={POSTS[0].path.split('/')[-2]}&" in asked[0]


def test_a_new_post_with_a_known_number_has_its_old_address_asked() -> None:
    posts = KnownPosts.collect(map(make_known, POSTS), ())
    night = NightRun(FIRST, False, False, 30, None, posts, lambda key: None, None)
    moved, brief = "/2026/10/30/the-new-name/", Brief(path="/2026/10/30/the-new-name/", wp_id=POSTS[0].number)
    page = Extraction(moved, None, None, "brief", None, None, (Reading(brief, (), (), 3),))
    assert night.take_old_urls(replace(page, path=POSTS[0].path)) == []
    assert night.take_old_urls(page) == [POSTS[0].link]
    assert night.take_old_urls(page) == []


def test_a_listed_post_that_only_an_archive_has_is_asked_for() -> None:
    only_archived = replace(make_known(POSTS[0]), was_asked=False)
    news = SiteNews((FoundAddress(POSTS[0].link, "feed"), FoundAddress(POSTS[1].link, "feed")), has_all_edits=True)
    posts = KnownPosts.collect([only_archived, make_known(POSTS[1])], ())
    plan = make_plan(posts, news, FIRST, full=False, full_days=3000, budget=None)
    assert [(request.reason, request.path) for request in plan.requests] == [
        ("probe", POSTS[1].path),
        ("new", POSTS[0].path),
    ]
