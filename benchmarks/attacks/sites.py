"""A site, a Common Crawl and a Wayback on loopback, and the commands that fill an archive from them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.attacks.outcome import run_command
from tests.pywb.front import serve_front
from tests.pywb.history import save_history
from tests.pywb.server import run_pywb
from tests.support.commoncrawl_server import Shelf, serve_common_crawl
from tests.support.loopback import Pages, serve_pages
from tests.support.scrapy_running import TEXT
from tests.support.small_site import Post, feed, listing, posts_of, robots, sitemap
from tests.support.specimens import SITE
from tests.support.warc_writing import Warc

HOST = "https://www.usresistnews.org"
POSTS = [Post(number, HOST) for number in range(1, 61)]
_HIDDEN, _WITHDRAWN = POSTS[5].path, POSTS[6].path


def make_pages(posts: int = len(POSTS)) -> Pages:
    """The pages of a site with some of the posts."""
    lists: Pages = {
        "/robots.txt": robots("User-agent: *\nDisallow:\n"),
        "/": listing(POSTS[:3]),
        "/feed/": feed(POSTS[:10]),
        "/wp-sitemap.xml": sitemap(POSTS[:posts]),
    }
    return {**posts_of(POSTS[:posts]), **lists}


def write_warc(path: Path) -> Path:
    """A WARC file of the posts."""
    warc = Warc()
    for post in POSTS:
        warc.page(post.number % 28 + 1, post.page(), url=SITE + post.path)
    path.write_bytes(b"".join(warc.records))
    return path


def fill_base(folder: Path, posts: int) -> Path:
    """An archive that knows some of the posts and a text, and of which one post is withdrawn."""
    folder.mkdir()
    text = folder.with_name("text.txt")
    text.write_text(TEXT, encoding="utf-8")
    with run_servers(posts) as verbs:
        for line in (verbs["crawl"], ["ingest", str(text)], ["withdraw", _WITHDRAWN, "--reason", "asked"]):
            run_command(folder, line)
    return folder


def list_verbs(servers: dict[str, list[str]], folder: Path) -> dict[str, list[str]]:
    """The arguments of each command that writes, for an archive that `fill_base` made; files go to the folder."""
    return servers | {
        "ingest": ["ingest", str(write_warc(folder / "source.warc"))],
        "reextract": ["reextract", "--all"],
        "rebuild": ["rebuild", "--replace"],
        "journal": ["rebuild", "--journal"],
        "withdraw": ["withdraw", _HIDDEN, "--reason", "asked"],
        "undo": ["withdraw", _WITHDRAWN, "--undo"],
        "authors": ["authors", "merge", "Ada Wren", "Mara Quill", "--reason", "one person"],
        "snapshot": ["snapshot"],
        "export": ["export", "csv", "-o", str(folder / "disk/briefs.csv")],
    }


def list_places(folder: Path) -> list[str]:
    """The settings that lead what a command writes into the folder."""
    return ["-s", f"SNAPSHOT={folder / 'public/archive.db'}", "-s", f"REPORTS_DIR={folder / 'reports'}"]


@contextmanager
def run_servers(posts: int = len(POSTS)) -> Iterator[dict[str, list[str]]]:
    """The arguments of crawl, wayback and commoncrawl that lead to servers of this machine."""
    shelf = Shelf("CC-MAIN-2019-13")
    for post in POSTS[:posts]:
        shelf.page(post.link, f"20190320{post.number:06}", post.page())
    with (
        tempfile.TemporaryDirectory() as name,
        serve_pages(make_pages(posts)) as site,
        serve_common_crawl(shelf) as crawl,
        run_pywb(Path(name), save_history(Path(name))) as collection,
        serve_front(collection) as wayback,
    ):
        yield {
            "crawl": ["crawl", "briefs", "-a", f"start={site.url}"],
            "commoncrawl": ["crawl", "commoncrawl", "-a", f"index={crawl.url}"],
            "wayback": ["crawl", "wayback", "-a", f"archive={wayback.url}"],
            "nightly": ["nightly", "--start", site.url, "-s", "NIGHTLY_FREE_MB=0"],
        }
