"""The verdict over a few pages, and `scrapy probe` on a site that fits and on one that does not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract import extract
from scraper.crawl.probe import SAMPLE, choose_sample, count_judged_pages, judge_pages
from scraper.records import Capture, Extraction
from tests.support.loopback import NOT_FOUND, Answer, Pages, serve_pages
from tests.support.scrapy_running import scrapy
from tests.support.small_site import Post, listing, posts_of, robots, sitemap

STRANGE = b"<html><body><div>Entirely another thing, without any shape that somebody agreed on.</div></body></html>"
OPINION = b"""<html><head><meta property="article:published_time" content="2019-01-02T00:00:00Z"></head>
<body class="single single-post"><article id="post-1" class="et_pb_post post-1 post">
<h1 class="entry-title">A thought</h1><div class="entry-content">
<p>Somebody thought about a harbour for a long while and wrote this down.</p></div></article>"""


def page(body: bytes, number: int = 1) -> Extraction:
    post = Post(number, "https://www.usresistnews.org")
    return extract(Capture(body, post.link, "2026-01-01T00:00:00Z", "live", 200, content_type="text/html"))


def briefs(count: int) -> list[Extraction]:
    return [page(Post(n, "https://www.usresistnews.org").page(), n) for n in range(count)]


def missing() -> Extraction:
    return extract(Capture(NOT_FOUND.body, "https://www.usresistnews.org/2019/01/01/x/", None, "live", 404))


def test_pages_that_read_well_are_good() -> None:
    verdict = judge_pages(briefs(12))
    assert verdict.good
    assert verdict.lines == ("12 of 12 pages read well, 12 of them as briefs",)


def test_missing_pages_are_no_further_ground_for_a_verdict() -> None:
    assert count_judged_pages([*briefs(1), page(STRANGE), missing()]) == 2
    assert count_judged_pages([missing()] * 3) == 3


@pytest.mark.parametrize(("strange", "good"), [(4, True), (5, False), (12, False)])
def test_two_thirds_decide(strange: int, good: bool) -> None:
    assert judge_pages(briefs(12 - strange) + [page(STRANGE)] * strange).good is good


def test_missing_pages_say_nothing() -> None:
    assert judge_pages([*briefs(3), *[missing()] * 9]).good
    assert not judge_pages([missing()] * 12).good
    assert not judge_pages([]).good


def test_a_site_without_any_brief_has_another_wording() -> None:
    assert not judge_pages([page(OPINION)] * 6).good
    assert judge_pages([page(OPINION)] * 5).good
    assert judge_pages([page(OPINION)] * 5 + briefs(1)).good


@given(st.lists(st.integers(0, 400), unique=True), st.integers(0, SAMPLE))
def test_spread_takes_what_there_is_from_first_to_last(numbers: list[int], number: int) -> None:
    urls = [Post(n, "https://www.usresistnews.org").link for n in numbers]
    chosen = choose_sample(urls, number)
    assert len(chosen) == len(set(chosen)) == min(number, len(urls))
    if chosen:
        days = sorted(Post(n).day for n in numbers)
        assert [Post(n).day for n in numbers if Post(n, "https://www.usresistnews.org").link == chosen[0]] == days[:1]


def site(posts: list[Post], body: bytes | None = None) -> Pages:
    pages = posts_of(posts) if body is None else {post.path: Answer(body) for post in posts}
    top: Pages = {"/robots.txt": robots("User-agent: *\nAllow: /\n"), "/": listing(posts[:3])}
    return {**pages, **top, "/wp-sitemap.xml": sitemap(posts)}


def captures_and_briefs(folder: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        count = "SELECT (SELECT count(*) FROM captures), (SELECT count(*) FROM briefs)"
        captures, rows = db.execute(count).fetchone()
        return captures, rows


def test_probe_shows_ways_pages_and_verdict_and_stores_captures_alone(tmp_path: Path) -> None:
    posts = [Post(n, "https://www.usresistnews.org") for n in range(20)]
    with serve_pages(site(posts)) as server:
        run = scrapy(tmp_path, "probe", server.url)
    assert run.returncode == 0, run.stderr
    assert "Verdict: the rules hold" in run.stdout
    for words in ("/wp-sitemap.xml", "divi_classic", "heading.emdash", "photo_credits", posts[0].path):
        assert words in run.stdout
    assert server.asked.count(posts[1].path) <= 1
    assert len([path for path in server.asked if path.startswith("/20")]) == SAMPLE
    captures, rows = captures_and_briefs(tmp_path)
    assert captures >= SAMPLE
    assert rows == 0


def test_probe_of_a_strange_site_says_so(tmp_path: Path) -> None:
    with serve_pages(site([Post(n) for n in range(20)], STRANGE)) as server:
        run = scrapy(tmp_path, "probe", server.url)
    assert run.returncode == 3
    assert "Verdict: the rules do not hold here" in run.stdout
    assert captures_and_briefs(tmp_path)[1] == 0


def test_a_crawl_stops_at_a_strange_site_unless_forced(tmp_path: Path) -> None:
    posts = [Post(n) for n in range(20)]
    with serve_pages(site(posts, STRANGE)) as server:
        first = scrapy(tmp_path, "crawl", "briefs", "-a", f"start={server.url}")
        asked = len([path for path in server.asked if path.startswith("/20")])
        assert captures_and_briefs(tmp_path)[1] == 0
        second = scrapy(tmp_path, "crawl", "briefs", "-a", f"start={server.url}", "-a", "force=1")
    assert (first.returncode, asked) == (3, SAMPLE)
    assert "--force goes on" in first.stderr
    assert "Traceback" not in first.stderr
    assert (second.returncode, "20 addresses did not answer, or with nothing of a post" in second.stderr) == (4, True)
    assert {post.path for post in posts} <= set(server.asked)


def test_nothing_listening_is_69(tmp_path: Path) -> None:
    with serve_pages({}) as server:
        url = server.url
    run = scrapy(tmp_path, "probe", url)
    assert run.returncode == 69
    assert len(run.stderr.strip().splitlines()) == 1
