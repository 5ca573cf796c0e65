"""`scrapy crawl briefs` as a user runs it, against a real server on loopback."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from scraper.sources.content_coding import zstd
from tests.support.loopback import HANG_UP, Answer, Pages, Site, serve_pages
from tests.support.scrapy_running import scrapy
from tests.support.small_site import Post, feed, html, listing, posts_of, rest, robots, sitemap, sitemap_index
from tests.support.specimens import read_rows

REAL = "https://www.usresistnews.org"
REST = "/wp-json/wp/v2/posts?per_page=100&page={}&_fields=id,slug,link,date_gmt,modified_gmt"
ROBOTS = robots("User-agent: *\nDisallow: /wp-admin/\n")


def site(posts: list[Post], more: Pages | None = None) -> Pages:
    """A mirror of the real site: its links name the real host."""
    top: Pages = {"/robots.txt": ROBOTS, "/": listing(posts[:3]), "/wp-sitemap.xml": sitemap(posts)}
    return {**posts_of(posts), **top, **(more or {})}


def mirror(count: int) -> list[Post]:
    return [Post(n, REAL) for n in range(1, count + 1)]


def crawl(folder: Path, server: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    words = [word for argument in arguments for word in ("-a", argument)]
    run = scrapy(folder, "crawl", "briefs", "-a", f"start={server.url}", *words)
    assert "Traceback" not in run.stderr
    check_counts(run.stdout)
    return run


def check_counts(output: str) -> None:
    """Each post that was asked for has one count, whatever came of it."""
    for asked, counts in re.findall(r"^(\d+) posts asked for: (.*)$", output, re.MULTILINE):
        assert int(asked) == sum(int(number) for number in re.findall(r"\d+", re.sub(r"\(.*?\)", "", counts)))


def paths(folder: Path) -> set[str]:
    return {path for (path,) in read_rows(folder, "SELECT path FROM briefs")}


def test_every_post_is_a_brief_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    posts = mirror(30)
    with serve_pages(site(posts)) as server:
        first = crawl(tmp_path, server)
        asked = server.times
        second = crawl(tmp_path, server)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert paths(tmp_path) == {post.path for post in posts}
    assert max(asked[post.path] for post in posts) == 1
    assert not [path for path in (server.times - asked) if path.startswith("/20")]
    assert "30 posts asked for: 30 read" in first.stdout
    assert "Captures: 0 new" in second.stdout
    assert read_rows(tmp_path, "SELECT count(DISTINCT warc_file || warc_offset) - count(*) FROM captures") == [(0,)]


def test_each_address_keeps_the_ways_it_was_found_by(tmp_path: Path) -> None:
    posts = mirror(5)
    more: Pages = {"/feed/": feed(posts[:2]), REST.format(1): rest(posts)}
    with serve_pages(site(posts, more)) as server:
        assert crawl(tmp_path, server).returncode == 0
    by_path = dict(read_rows(tmp_path, "SELECT path, found_by FROM pages"))
    assert by_path[posts[0].path] == '["feed", "listing", "rest", "sitemap"]'
    assert by_path[posts[4].path] == '["rest", "sitemap"]'


def test_rest_alone_is_paged_to_its_end(tmp_path: Path) -> None:
    posts = [Post(n) for n in range(1, 8)]
    pages: Pages = {**posts_of(posts), "/robots.txt": ROBOTS, "/": html("nothing listed")}
    pages |= {REST.format(1): rest(posts[:4], 2), REST.format(2): rest(posts[4:], 2)}
    with serve_pages(pages) as server:
        assert crawl(tmp_path, server).returncode == 0
    assert len(paths(tmp_path)) == 7
    assert server.times[REST.format(3)] == 0


def test_without_sitemap_and_rest_feeds_and_listings_find_everything(tmp_path: Path) -> None:
    posts = [Post(n) for n in range(1, 25)]
    menu = '<nav><a href="/harbours/">Harbours</a></nav>'
    pages: Pages = {**posts_of(posts), "/robots.txt": ROBOTS, "/": listing(posts[:3], menu=menu)}
    pages |= {"/feed/": feed(posts[:4]), "/feed/?paged=2": feed(posts[4:8])}
    pages |= {"/harbours/": listing(posts[8:11], "/harbours/page/2/?et_blog")}
    pages |= {"/harbours/page/2/?et_blog": listing(posts[11:14], "/harbours/page/3/?et_blog")}
    pages |= {"/harbours/page/3/?et_blog": listing(posts[14:17])}
    pages |= {"/category/opinion-editorial/": listing(posts[17:])}  # known from before, in no menu
    with serve_pages(pages) as server:
        run = crawl(tmp_path, server)
    assert run.returncode == 0, run.stderr
    assert paths(tmp_path) == {post.path for post in posts}


def test_a_complete_sitemap_spares_the_site_the_paging(tmp_path: Path) -> None:
    posts = mirror(12)
    more: Pages = {"/": listing(posts[:3], "/page/2/"), "/page/2/": listing(posts[3:6]), "/feed/": feed(posts[:3])}
    with serve_pages(site(posts, more)) as server:
        assert crawl(tmp_path, server).returncode == 0
    assert not {"/page/2/", "/feed/?paged=2", "/foreign-policy/"} & set(server.asked)


def test_only_sitemaps_of_posts_are_asked_for(tmp_path: Path) -> None:
    posts = mirror(3)
    index = sitemap_index([f"{REAL}/post-sitemap.xml", f"{REAL}/post_tag-sitemap.xml"])
    named = robots(f"User-agent: *\nDisallow:\nSitemap: {REAL}/sitemap_index.xml")
    more: Pages = {"/robots.txt": named, "/sitemap_index.xml": index, "/post-sitemap.xml": sitemap(posts)}
    pages = site(posts, more)
    del pages["/wp-sitemap.xml"]
    with serve_pages(pages) as server:
        assert crawl(tmp_path, server).returncode == 0
    assert len(paths(tmp_path)) == 3
    assert server.times["/post_tag-sitemap.xml"] == 0


def test_a_newer_lastmod_is_fetched_again(tmp_path: Path) -> None:
    posts = mirror(4)
    with serve_pages(site(posts)) as server:
        crawl(tmp_path, server)
        server.pages["/wp-sitemap.xml"] = sitemap(posts, "2099-01-01T00:00:00+00:00")
        server.pages[posts[0].path] = Answer(posts[0].page().replace(b"harbour plan", b"harbour scheme"))
        assert crawl(tmp_path, server).returncode == 0
    assert server.times[posts[0].path] == 2
    assert ("title",) in read_rows(tmp_path, "SELECT field FROM revisions")
    assert read_rows(tmp_path, "SELECT count(*) FROM captures WHERE outcome = 'brief'") == [(5,)]


def test_redirects_on_the_site_are_followed_and_others_refused(tmp_path: Path) -> None:
    posts = mirror(4)
    doors = ("/?p=1", "/2019/01/01/away/", "/2019/01/01/round/")
    away = Answer(status=302, headers={"Location": "http://127.0.0.2/2019/01/01/inside/"})
    more: Pages = {
        "/?p=1": Answer(status=301, headers={"Location": posts[0].link}),
        "/2019/01/01/away/": away,
        "/2019/01/01/round/": Answer(status=301, headers={"Location": REAL + "/2019/01/01/round/"}),
        "/": html("".join(f"<article><a href='{path}'>x</a></article>" for path in doors)),
    }
    with serve_pages(site(posts, more)) as server:
        run = crawl(tmp_path, server)
    assert run.returncode == 4, run.stderr
    assert paths(tmp_path) == {post.path for post in posts}
    assert max(server.times[post.path] for post in posts) == 1
    result = "\n".join(message for (message,) in read_rows(tmp_path, "SELECT message FROM problems ORDER BY id"))
    assert "leads off the site" in result
    assert f"{doors[2]}: redirects in a circle" in result


def to(location: str, cookie: str = "", status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": location} | ({"Set-Cookie": cookie} if cookie else {}))


_CODINGS: list[tuple[Callable[[bytes], bytes], str]] = [
    (gzip.compress, ""),
    (brotli.compress, ""),
    (zlib.compress, ""),
    (zstd.compress, ""),
    (bytes, "gzip"),
    (gzip.compress, "br"),
    (brotli.compress, "gzip"),
    (lambda page: gzip.compress(gzip.compress(page)), "gzip"),
]


def test_odd_answers_are_read_or_counted_as_no_answer(tmp_path: Path) -> None:
    pages = site(posts := mirror(17))
    for post, (pack, coding) in zip(posts, _CODINGS, strict=False):
        headers = {"Content-Type": "text/html"} | ({"Content-Encoding": coding} if coding else {})
        pages[post.path] = Answer(pack(post.page()), headers=headers)
    counted, slashed, shown, endless, alternating, removed, moved, _, refreshed = (post.path for post in posts[8:17])

    def answer(path: str, cookie: str, onward: str) -> Callable[[], Answer]:
        """The page for who shows the cookie, a redirect that sets it for all others."""
        post = next(post for post in posts if post.path == path)
        return lambda: Answer(post.page()) if cookie in server.headers[-1].get("Cookie", "") else to(onward, cookie)

    pages[counted] = answer(counted, "seen=1", counted + "?cookie_test=1")
    pages[counted + "?cookie_test=1"] = to(counted, "seen=1; Path=/")
    pages[slashed], pages[slashed.rstrip("/")] = to(slashed.rstrip("/"), status=301), Answer(posts[9].page())
    pages[shown] = answer(shown, "wall=ok", shown)
    refresh = f'<meta http-equiv="refresh" content="0;url={refreshed}?r=1">'.encode()
    pages[refreshed], pages[refreshed + "?r=1"] = Answer(refresh), Answer(posts[16].page())
    pages[endless] = to(endless + "?again=1")
    pages[endless + "?again=1"] = to(endless)
    pages[alternating] = to(alternating + "?a=1", "n=1")
    pages[alternating + "?a=1"] = to(alternating + "?a=2", "n=2")
    pages |= {alternating + f"?a={n}": to(alternating + f"?a={n + 1}", f"n={n}") for n in range(2, 9)}
    pages[removed] = to("/", status=301)
    pages[moved] = to(posts[15].path, status=301)
    with serve_pages(pages) as server:
        run = crawl(tmp_path, server)
    assert run.returncode == 4, run.stderr
    assert "17 posts asked for: 13 read, 0 missing, 1 no posts, 3 without an answer" in run.stdout
    assert paths(tmp_path) == {post.path for post in (*posts[:11], *posts[15:])}
    result = [message for (message,) in read_rows(tmp_path, "SELECT message FROM problems WHERE kind = 'unreachable'")]
    assert sorted(message.partition("/20")[2].split(": ")[1] for message in result) == [
        "redirects in a circle",
        f"the site's lists name it, and it redirects to {server.url}/",
        "too many redirects",
    ]
    missing = "SELECT path FROM pages WHERE status = 'missing' AND path LIKE '/20%'"
    assert read_rows(tmp_path, missing) == []  # the sitemap still names the one that leads to the home page
    gaps = scrapy(tmp_path, "gaps").stdout
    assert all(path in gaps for path in (endless, alternating))


def test_missing_posts_are_kept_as_missing_and_silent_ones_make_it_partly(tmp_path: Path) -> None:
    posts = mirror(14)
    failures = (HANG_UP, Answer(b"busy", 503), Answer(b"", 304), Answer(b"<html><title>Short and stout</title>", 418))
    with serve_pages(site(posts)) as server:
        del server.pages[posts[0].path]
        server.pages |= {post.path: answer for post, answer in zip(posts[1:], failures, strict=False)}
        run = crawl(tmp_path, server)
        assert run.returncode == 4
        assert "4 addresses did not answer" in run.stderr
        result = read_rows(tmp_path, "SELECT path, substr(message, 1, 23) FROM problems WHERE kind = 'status'")
        answered = zip(posts[2:], (503, 304, 418), strict=False)
        assert set(result) == {(post.path, f"The server answered {status}") for post, status in answered}
        server.pages |= {post.path: Answer(post.page()) for post in posts[1:]}
        assert crawl(tmp_path, server).returncode == 0
    assert read_rows(tmp_path, f"SELECT status FROM pages WHERE path = '{posts[0].path}'") == [("missing",)]
    assert paths(tmp_path) == {post.path for post in posts[1:]}


def test_max_pages_and_recheck(tmp_path: Path) -> None:
    posts = mirror(20)
    with serve_pages(site(posts)) as server:
        assert crawl(tmp_path, server, "max_pages=15").returncode == 0
        assert len(paths(tmp_path)) == 15
        assert crawl(tmp_path, server).returncode == 0
        assert crawl(tmp_path, server, "recheck=1").returncode == 0
    assert {server.times[post.path] for post in posts} == {2}


def test_scrapy_s_own_ways_work(tmp_path: Path) -> None:
    posts = mirror(4)
    feed_file = tmp_path / "out.jsonl"
    with serve_pages(site(posts)) as server:
        run = scrapy(tmp_path, "crawl", "briefs", "-a", f"start={server.url}", "-O", feed_file)
        parsed = scrapy(tmp_path, "parse", "--spider=briefs", "-a", f"start={server.url}", server.url + posts[0].path)
    assert (run.returncode, run.stderr) == (0, "")
    rows = [json.loads(line) for line in feed_file.read_text().splitlines()]
    assert {row["path"] for row in rows if row["brief"]} == {post.path for post in posts}
    assert server.times["/robots.txt"] == 2  # once a run
    assert posts[0].path in parsed.stdout
    assert scrapy(tmp_path, "list").stdout.split() == ["briefs", "commoncrawl", "wayback"]


def test_a_bot_wall_is_69_and_an_empty_site_is_doubtful(tmp_path: Path) -> None:
    wall = Answer(b"<html><head><title>Just a moment...</title></head><body>Checking.</body></html>", 403)
    with serve_pages({"/robots.txt": ROBOTS, "/": wall}) as server:
        walled = crawl(tmp_path, server)
        server.pages["/"] = html("Welcome.")
        empty = crawl(tmp_path, server)
    assert (walled.returncode, empty.returncode) == (69, 3)
    assert "HTTP 403 (challenge)" in walled.stderr
    assert "no post was found" in empty.stderr


@pytest.mark.parametrize(
    ("rules", "result"),
    [(robots("User-agent: *\nDisallow: /"), "robots.txt forbids it"), (Answer(b"", 503), "HTTP 503"), (HANG_UP, "")],
)
def test_closed_doors_are_69_in_one_line(tmp_path: Path, rules: Answer, result: str) -> None:
    with serve_pages(site(mirror(3), {"/robots.txt": rules})) as server:
        run = crawl(tmp_path, server)
    assert run.returncode == 69
    assert result in run.stderr
    assert "work without the network" in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
    assert set(server.asked) == {"/robots.txt"}
