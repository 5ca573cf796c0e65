"""What came for a post and is not the post, or not all of it, is told, ends with 4 and is asked for again."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from scraper.crawl.capture_response import build_capture
from tests.crawl.test_spider import crawl, mirror, paths, site
from tests.support.loopback import Answer, serve_pages
from tests.support.specimens import read_rows

FATAL = b"<br />\n<b>Fatal error</b>:  Uncaught Error: Call to undefined function quay() in /srv/plugin.php:12"

WELCOME = (
    b"<title>Welcome</title><body class='page page-id-7'><h1>Welcome</h1><p>Choose a language to go on.</p></body>"
)


def test_what_is_not_the_post_counts_as_no_answer_and_is_asked_for_again(tmp_path: Path) -> None:
    posts = mirror(40)
    pages = site(posts)
    whole, odd = posts[0].page(), [post.path for post in posts[3:13]]
    part = {"Content-Type": "text/html", "Content-Range": f"bytes 0-899/{len(whole)}"}
    answers = [
        Answer(b"<html><head></head><body></body></html>"),
        Answer(FATAL),
        Answer(b'{"code":"rest_no_route","message":"No route"}', headers={"Content-Type": "application/json"}),
        Answer(b"", 302, {"Location": "javascript:alert(1)"}),
        Answer(b"", 302, {"Location": "http://[::bad"}),
        Answer(posts[20].page()),
        Answer(posts[9].page()[:900], 206, part),
        Answer(b"", 302, {"Location": "/?back=1"}),  # to a list
        Answer(b"", 302, {"Location": "https://accounts.example.org/"}),
        Answer(b"", 302, {"Location": "/welcome/"}),
    ]
    pages |= dict(zip(odd, answers, strict=True)) | {"/welcome/": Answer(WELCOME)}
    with serve_pages(pages) as server:
        run = crawl(tmp_path, server)
        assert (run.returncode, "40 posts asked for: 31 read" in run.stdout) == (4, True), run.stdout
        assert "0 missing, 0 no posts, 9 without an answer" in run.stdout
        result = "SELECT DISTINCT captures.path FROM problems JOIN captures ON captures.id = capture_id"
        assert {path for (path,) in read_rows(tmp_path, result)} >= {*odd[:5], odd[6], odd[8]}
        absent = "SELECT message FROM problems WHERE message LIKE '/%: the site''s lists name it, and %'"
        assert {message.partition(":")[0] for (message,) in read_rows(tmp_path, absent)} == set(odd[7:])
        kinds = read_rows(tmp_path, "SELECT count(*) FROM problems WHERE message LIKE '%another post''s page%'")
        assert kinds == [(1,)]
        pages |= {post.path: Answer(post.page()) for post in posts}
        run = crawl(tmp_path, server)
    assert (run.returncode, "10 posts asked for: 10 read" in run.stdout) == (0, True), run.stdout
    assert paths(tmp_path) == {post.path for post in posts}


def test_the_same_bytes_with_another_head_are_read_anew(tmp_path: Path) -> None:
    posts = mirror(30)
    pages = site(posts)
    typed, torn = posts[3], posts[4]
    pages[typed.path] = Answer(typed.page(), headers={"Content-Type": "application/pdf"})
    pages[torn.path] = Answer(torn.page(), short=500)
    with serve_pages(pages) as server:
        assert crawl(tmp_path, server).returncode == 4
        pages |= {post.path: Answer(post.page()) for post in posts}
        for asked in (2, 0):
            run = crawl(tmp_path, server)
            assert (run.returncode, f"{asked} posts asked for: {asked} read" in run.stdout) == (0, True), run.stdout
    assert paths(tmp_path) == {post.path for post in posts}


@pytest.mark.parametrize(
    ("stated", "is_part"),
    [
        ("bytes 0-8/99", True),
        ("bytes 50-98/99", True),
        ("bytes 0-98/99", False),
        ("bytes */99", False),
        ("none", False),
    ],
)
def test_a_part_of_a_page_is_cut(stated: str, is_part: bool) -> None:
    response = HtmlResponse("https://www.usresistnews.org/", body=b"<p>", headers={"Content-Range": stated})
    assert build_capture(response).truncated == is_part
