"""Both hosts of the real site, and which address is asked for."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from scraper.crawl.argument_values import list_changed_values
from scraper.crawl.arguments import Arguments
from scraper.crawl.frontier import is_newer
from scraper.crawl.site import Site
from scraper.errors import BadArgument
from tests.support.loopback import Answer, Pages, serve_pages
from tests.support.scrapy_running import scrapy
from tests.support.small_site import Post, listing, posts_of, robots, sitemap

NEW, OLD = "usresistnews.org", "usrenewnews.org"
QUICK = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_START_DELAY=0", "-s", "RETRY_TIMES=0")
STAND = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scraper.crawl.robots.StrictRobotsTxtMiddleware": 100,
    "tests.support.two_hosts.Stand": 1000,
}


def host(name: str, numbers: range) -> Pages:
    posts = [Post(number, f"https://www.{name}") for number in numbers]
    top: Pages = {"/robots.txt": robots("User-agent: *\nDisallow:"), "/": listing(posts[:2])}
    pages: Pages = {**posts_of(posts), **top, "/wp-sitemap.xml": sitemap(posts)}
    return {f"/{name}{path}": answer for path, answer in pages.items()}


def crawl(folder: Path, pages: Pages) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    words = ["crawl", "briefs", *QUICK, "-s", "CONTACT=me@keepers.org"]
    with serve_pages(pages) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("STAND", server.url)
        run = scrapy(folder, *words, "-s", f"DOWNLOADER_MIDDLEWARES={json.dumps(STAND)}")
    assert "Traceback" not in run.stderr
    return run, server.asked


def briefs(folder: Path) -> dict[str, str]:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        return dict(db.execute("SELECT path, url FROM briefs").fetchall())


def test_a_post_on_both_hosts_is_asked_for_once(tmp_path: Path) -> None:
    run, asked = crawl(tmp_path, {**host(NEW, range(1, 11)), **host(OLD, range(6, 16))})
    assert run.returncode == 0, run.stderr
    assert set(briefs(tmp_path)) == {Post(number).path for number in range(1, 16)}
    posts = [path for path in asked if "/brief-" in path]
    assert len(posts) == 15
    assert f"/{NEW}{Post(8).path}" in posts
    assert f"/{OLD}{Post(12).path}" in posts


def test_a_host_that_moved_as_a_whole_is_explored_once(tmp_path: Path) -> None:
    home = Answer(status=301, headers={"Location": f"https://{NEW}/"})
    moved: Pages = {f"/{OLD}/": home, f"/{OLD}/robots.txt": robots("")}
    moved |= {f"/{NEW}/": listing([Post(1, f"https://{NEW}")])}
    run, asked = crawl(tmp_path, {**host(NEW, range(1, 5)), **moved})
    assert run.returncode == 0, run.stderr
    assert len(briefs(tmp_path)) == 4
    assert asked.count(f"/{NEW}/wp-sitemap.xml") <= 2  # www. and not are two servers
    assert not [path for path in asked if path.startswith(f"/{OLD}/20")]


def test_one_host_down_is_partly(tmp_path: Path) -> None:
    run, asked = crawl(
        tmp_path, {**host(NEW, range(1, 5)), f"/{NEW}/robots.txt": Answer(b"", 503), **host(OLD, range(3, 9))}
    )
    assert run.returncode == 4
    assert len(briefs(tmp_path)) == 6
    assert [path for path in asked if path.startswith(f"/{NEW}/")] == [f"/{NEW}/robots.txt"]


@pytest.mark.parametrize(
    ("start", "url", "asked"),
    [
        (None, f"http://{NEW}/2019/01/02/x/", f"https://www.{NEW}/2019/01/02/x/"),
        (None, f"https://www.{OLD}/?p=7#more", f"https://www.{OLD}/?p=7"),
        ("http://[::1]:8000/blog/", f"https://www.{NEW}/2019/01/02/x/", "http://[::1]:8000/2019/01/02/x/"),
        ("https://mirror.example/", "https://mirror.example", "https://mirror.example/"),
    ],
)
def test_which_server_answers(start: str | None, url: str, asked: str) -> None:
    assert Site(start).request_url(url) == asked


def test_after_a_move_the_new_server_is_asked() -> None:
    site = Site()
    site.use_server_of(f"https://www.{NEW}/", f"https://{NEW}/")
    assert site.request_url(f"https://www.{NEW}/a/") == f"https://{NEW}/a/"
    assert site.request_url(f"https://www.{OLD}/a/") == f"https://www.{OLD}/a/"


@pytest.mark.parametrize(
    "location", ["ftp://x/", "http://127.0.0.1/", "http://[", "//evil.test/", f"https://{NEW}.evil.test/"]
)
def test_redirects_that_leave_the_site(location: str) -> None:
    assert Site().resolve_redirect(f"https://www.{NEW}/a/", location) is None


@pytest.mark.parametrize("start", ["x", "file:///etc", "http://", "http://[", "http://host:port/", "http://h:0/"])
def test_starts_that_are_no_site(start: str) -> None:
    with pytest.raises(BadArgument):
        Site(start)


@pytest.mark.parametrize("words", [{"max_pages": "0"}, {"max_pages": "-1"}, {"force": "maybe"}, {"delay": "1"}])
def test_arguments_nobody_knows(words: dict[str, str]) -> None:
    with pytest.raises(BadArgument):
        Arguments.read(words)


def test_arguments_are_read_and_told_again() -> None:
    words = {"start": "http://127.0.0.1/", "max_pages": "5", "force": "1", "recheck": "no"}
    read = Arguments.read(words)
    assert (read.max_pages, read.force, read.recheck) == (5, True, False)
    assert list_changed_values(read) == {"start": "http://127.0.0.1/", "force": "True", "max_pages": "5"}


@pytest.mark.parametrize(
    ("lastmod", "expected"),
    [
        ("2026-01-02T00:00:00+00:00", True),
        ("2026-01-01T02:00:00+03:00", False),
        ("2026-01-01T00:00:01", True),
        ("2026-01-02", True),
        ("2026-01-01", True),  # it may mean the evening
        ("2025-12-31", True),  # which is later in the west
        ("2025-12-30", False),
        ("yesterday", False),
        ("", False),
        (None, False),
    ],
)
def test_newer(lastmod: str | None, expected: bool) -> None:
    assert is_newer(lastmod, "2026-01-01T00:00:00Z") is expected
