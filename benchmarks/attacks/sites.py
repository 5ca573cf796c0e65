"""A site, a Common Crawl and a Wayback on loopback, and the commands that fill an archive from them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.pywb.front import front
from tests.pywb.history import saved
from tests.pywb.server import pywb
from tests.support.commoncrawl_server import Shelf, common_crawl
from tests.support.loopback import Pages, serving
from tests.support.small_site import Post, feed, listing, posts_of, robots, sitemap

HOST = "https://www.usresistnews.org"
POSTS = [Post(number, HOST) for number in range(1, 61)]


def make_pages(posts: int = len(POSTS)) -> Pages:
    """The pages of a site with some of the posts."""
    lists: Pages = {
        "/robots.txt": robots("User-agent: *\nDisallow:\n"),
        "/": listing(POSTS[:3]),
        "/feed/": feed(POSTS[:10]),
        "/wp-sitemap.xml": sitemap(POSTS[:posts]),
    }
    return {**posts_of(POSTS[:posts]), **lists}


@contextmanager
def run_servers(posts: int = len(POSTS)) -> Iterator[dict[str, list[str]]]:
    """The arguments of crawl, wayback and commoncrawl that lead to servers of this machine."""
    shelf = Shelf("CC-MAIN-2019-13")
    for post in POSTS[:posts]:
        shelf.page(post.link, f"20190320{post.number:06}", post.page())
    with (
        tempfile.TemporaryDirectory() as name,
        serving(make_pages(posts)) as site,
        common_crawl(shelf) as crawl,
        pywb(Path(name), saved(Path(name))) as collection,
        front(collection) as wayback,
    ):
        yield {
            "crawl": ["crawl", "briefs", "-a", f"start={site.url}"],
            "commoncrawl": ["crawl", "commoncrawl", "-a", f"index={crawl.url}"],
            "wayback": ["crawl", "wayback", "-a", f"archive={wayback.url}"],
            "nightly": ["nightly", "--start", site.url, "-s", "NIGHTLY_FREE_MB=0"],
        }
