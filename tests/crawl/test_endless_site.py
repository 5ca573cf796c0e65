"""A site that lists posts without end is left at some point, and what was left is told."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from scraper.address import SITE_HOSTS
from scraper.crawl import site_explorer
from scraper.crawl.site_explorer import PAGES_MAX, PARTS_MAX, SiteAnswer, SiteExplorer
from scraper.errors import OK
from tests.support.loopback import Answer, Pages, serve_pages
from tests.support.scrapy_running import scrapy
from tests.support.small_site import Post, posts_of, robots, sitemap
from tests.support.specimens import SITE, make_extraction, read_rows

_numbers = itertools.count(1)


def name_post() -> str:
    return f"{SITE}/2020/01/02/post-{next(_numbers)}/"


def index_of_indexes() -> str:
    locs = "".join(f"<sitemap><loc>{SITE}/more-{next(_numbers)}.xml</loc></sitemap>" for _ in range(3))
    return f"<sitemapindex>{locs}</sitemapindex>"


def huge_sitemap() -> str:
    return f"<urlset>{''.join(f'<url><loc>{name_post()}</loc></url>' for _ in range(57))}</urlset>"


def endless_feed() -> str:
    return f"<rss><channel><item><link>{name_post()}</link></item></channel></rss>"


def endless_rest() -> str:
    return f'[{{"link": "{name_post()}"}}]'


def same_rest() -> str:
    return f'[{{"link": "{SITE}/2020/01/02/one/"}}]'


def endless_listing() -> str:
    more = f'<a href="{SITE}/category/c{next(_numbers)}/">more</a>'
    return f'<body class="archive"><article><h2><a href="{name_post()}">a</a></h2></article>{more}</body>'


def explore(pattern: str, answer: Callable[[], str]) -> tuple[SiteExplorer, int]:
    """Explore a site that has an answer for addresses of the pattern and for nothing else; with the requests."""
    asked: Counter[str] = Counter()

    async def visit(url: str) -> SiteAnswer:
        asked[url] += 1
        found = re.search(pattern, url)
        body = answer().encode() if found else b"no"
        return SiteAnswer(url, 200 if found else 404, body, "text/html", 99999, make_extraction())

    async def explore_site() -> SiteExplorer:
        explorer = SiteExplorer(SITE + "/", SITE_HOSTS, visit)
        await explorer.explore_site(await visit(SITE + "/robots.txt"), await visit(SITE + "/"))
        return explorer

    return asyncio.run(explore_site()), asked.total()


@pytest.mark.parametrize(
    ("pattern", "answer", "said"),
    [
        (r"\.xml", index_of_indexes, "stopped after 9 requests and 0 posts, with 19 known sitemaps left"),
        (r"\.xml", huge_sitemap, "stopped at 50 posts, with 7 of this list left"),
        ("wp-json", endless_rest, "stopped after 9 requests and 9 posts, with 99990 of 99999 pages left"),
        ("wp-json", same_rest, "stopped, for page 2 of 99999 lists nothing that the pages before it lack"),
        ("/feed/", endless_feed, "stopped after 9 requests and 9 posts, with all further pages left"),
        (r"category|org/$", endless_listing, "stopped after 9 requests and "),
    ],
)
def test_a_channel_without_an_end_is_left_and_told(
    pattern: str, answer: Callable[[], str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_explorer, "POSTS_MAX", 50)
    monkeypatch.setattr(site_explorer, "PAGES_MAX", dict.fromkeys(PAGES_MAX, 9))
    explorer, asked = explore(pattern, answer)
    assert asked < 40
    cuts = [result.state for result in explorer.results if result.is_cut]
    assert any(said in state for state in cuts), cuts
    assert len({address.url for address in explorer.addresses}) <= 50


def test_posts_that_only_posts_link_to_come_to_an_end(tmp_path: Path) -> None:
    posts = [Post(number) for number in range(1, 9)]
    chain = {
        post.path: Answer(post.page().replace(b"</body>", f'<a href="{after.path}">on</a></body>'.encode()))
        for post, after in itertools.pairwise(posts)
    }
    pages: Pages = {**posts_of(posts), **chain, "/robots.txt": robots(""), "/wp-sitemap.xml": sitemap(posts[:3])}
    with serve_pages(pages) as server:
        run = scrapy(tmp_path, "crawl", "briefs", "-a", f"start={server.url}", "-s", "LINKED_POSTS_MAX=2")
    assert run.returncode == OK, run.stderr
    assert read_rows(tmp_path, "SELECT count(*) FROM briefs") == [(5,)]
    said = "links: stopped after 2 posts that no list names, with 1 left"
    assert read_rows(tmp_path, "SELECT kind, message FROM problems WHERE kind = 'cut'") == [("cut", said)]


def test_a_post_whose_pages_have_no_end_is_left_and_told(tmp_path: Path) -> None:
    post = Post(1)
    endless: Pages = {
        f"{post.path}{n}/" if n > 1 else post.path: Answer(
            post.page().replace(b"</p></div>", f'</p><a href="{post.path}{n + 1}/">{n + 1}</a></div>'.encode())
        )
        for n in range(1, 30)
    }
    with serve_pages({**endless, "/robots.txt": robots(""), "/wp-sitemap.xml": sitemap([post])}) as server:
        run = scrapy(tmp_path, "crawl", "briefs", "-a", f"start={server.url}")
    assert run.returncode == OK, run.stderr
    assert [path for path in server.asked if path in endless] == list(endless)[:PARTS_MAX]
    said = f"{post.path}: stopped after some pages of this post, with more left"
    assert read_rows(tmp_path, "SELECT message FROM problems WHERE kind = 'cut'") == [(said,)]
