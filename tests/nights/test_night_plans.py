"""Which posts a night asks for, of what the archive knows and what the site lists."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scraper.archive import KnownPost
from scraper.crawl.night_run import NightRun
from scraper.crawl.recheck_policy import KnownPosts, SiteNews, make_plan
from scraper.crawl.site import Site
from scraper.crawl.site_explorer import ChannelResult, SiteAnswer, drop_made_dates
from scraper.crawl.whats_new import HostMemory
from scraper.dates import format_utc
from scraper.records import Brief, Extraction, FoundAddress, Reading
from tests.support.small_site import Post

BASE = "https://www.usresistnews.org/"
POSTS = [Post(number, BASE.rstrip("/")) for number in range(1, 4)]
FIRST = datetime(2026, 11, 2, 2, tzinfo=UTC)


def make_known(post: Post) -> KnownPost:
    known = KnownPost(post.path, post.link, post.day, "2026-11-01T02:00:00Z", None, "live", None)
    return replace(known, wp_id=post.number, kind="brief", was_listed=True)


@pytest.mark.parametrize(
    ("lastmod", "is_asked"),
    [
        ("2026-11-30T03:00:00+00:00", True),
        ("2026-11-30T01:00:00Z", False),
        ("2026-11-30", True),  # it may have changed after its check
        ("20261129", True),  # that day had not ended everywhere
        ("2026-11-28", False),
        ("2026-11", False),
        ("Mon, 30 Nov 2026 10:00:00 +0000", False),
        (None, False),
    ],
)
def test_a_day_of_change_lasts_to_its_end(lastmod: str | None, is_asked: bool) -> None:
    post = replace(make_known(POSTS[0]), checked_at="2026-11-30T02:00:00Z", was_asked=True)
    news = SiteNews((FoundAddress(post.url or "", "sitemap", lastmod),), has_all_edits=True)
    plan = make_plan(KnownPosts.collect([post], ()), news, FIRST, full=False, full_days=3000, budget=None)
    assert ("edited" in [request.reason for request in plan.requests]) == is_asked


@pytest.mark.parametrize(
    ("changes", "number", "is_made"),
    [
        (["2026-12-01T01:59:00Z", "2026-12-01T02:00:00Z"], 10, True),
        (["2026-12-01", "2026-12-01"], 10, True),
        (["2026-12-01T01:59:00Z", "2026-12-01T02:00:00Z"], 4, False),  # so few may all be edited at once
        (["2026-12-01T01:59:00Z", "2026-11-28T02:00:00Z"], 10, False),
        (["2026-12-01", None], 10, False),
        (["2026-11-29"], 20, False),
    ],
)
def test_dates_that_are_those_of_the_list_say_nothing_of_the_posts(
    changes: list[str | None], number: int, is_made: bool
) -> None:
    posts = tuple(
        FoundAddress(f"{BASE}2020/01/01/post-{n}/", "sitemap", changes[n % len(changes)]) for n in range(number)
    )
    kept = drop_made_dates(posts, datetime(2026, 12, 1, 2, tzinfo=UTC))
    assert {post.lastmod for post in kept} == ({None} if is_made else set(changes))


@pytest.mark.parametrize(
    ("has_total", "is_listed", "asked"), [(True, True, ["missing-check"]), (True, False, []), (False, True, [])]
)
def test_a_missing_post_that_a_list_names_again_is_asked_for_the_same_night(
    has_total: bool, is_listed: bool, asked: list[str]
) -> None:
    """Restored without a new date it is in no list of edits; else its turn comes after as long as it was missing.

    Where the list is read every night it may have named the post all the time.
    """
    since, checked = "2026-05-01T02:00:00Z", format_utc(FIRST - timedelta(days=1))
    missing = replace(make_known(POSTS[0]), status="missing", missing_since=since, checked_at=checked)
    posts = KnownPosts.collect([missing], ())
    listed = frozenset([POSTS[0].path] if is_listed else [])
    news = SiteNews(has_all_edits=True, listed=listed, has_total=has_total)
    plan = make_plan(posts, news, FIRST, full=False, full_days=30, budget=None)
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
