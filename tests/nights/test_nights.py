"""Nights against a small site that counts what it is asked: which posts, why, and what the next night remembers."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.briefs.verdicts import Verdicts
from pipelines.ingest import run_steps
from scraper.address import SITE_HOSTS, host_of
from scraper.archive import CaptureItem
from scraper.records import Capture, FoundAddress
from tests.support.loopback import Answer, Pages, Site, serve_pages
from tests.support.scrapy_running import scrapy
from tests.support.small_site import Post, feed, html, listing, posts_of, rest, robots, sitemap
from tests.support.specimens import open_archive, read_rows

POSTS = [Post(number) for number in range(1, 21)]
QUIET = {"ETag": '"one"', "Last-Modified": "Mon, 02 Nov 2026 10:00:00 GMT", "Date": "Tue, 03 Nov 2026 02:00:00 GMT"}
ROBOTS = robots("User-agent: *\nDisallow: /private/\n")


def site(**headers: str) -> Pages:
    """No REST and no dates in the sitemap: what was edited nobody tells."""
    pages: Pages = {**posts_of(POSTS), "/robots.txt": ROBOTS, "/": listing(POSTS[:3])}
    xml = Answer(feed(POSTS[:10]).body, headers={"Content-Type": "application/rss+xml", **headers})
    return pages | {"/wp-sitemap.xml": sitemap(POSTS), "/feed/": xml}


def night(folder: Path, server: Site, *words: str) -> subprocess.CompletedProcess[str]:
    """One night; `server.asked` is about that night alone."""
    server.asked.clear()
    server.headers.clear()
    return scrapy(folder, "crawl", "briefs", "-a", f"start={server.url}", "-a", "nightly=1", *words)


def list_requests(server: Site) -> list[str]:
    return [path for path in server.asked if path.startswith("/20")]


def counts(folder: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(read_rows(folder, "SELECT counts FROM crawls ORDER BY id DESC LIMIT 1")[0][0])
    return result


def age(folder: Path, days: int) -> None:
    """As if everything had been looked at that many days earlier."""
    with closing(sqlite3.connect(folder / "archive.db")) as db, db:
        for table, column in (("captures", "captured_at"), ("pages", "checked_at"), ("checks", "checked_at")):
            db.execute(f"UPDATE {table} SET {column} = strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '-{days} days')")


def test_a_night_after_nothing_happened_asks_the_lists_and_two_posts(tmp_path: Path) -> None:
    with serve_pages(site(**QUIET)) as server:
        assert night(tmp_path, server).returncode == 0
        assert len(list_requests(server)) == 20
        server.pages["/feed/"] = Answer(status=304, headers=QUIET)
        run = night(tmp_path, server)
    assert run.returncode == 0, run.stderr
    assert server.asked[:4] == ["/robots.txt", "/feed/", "/sitemap_index.xml", "/wp-sitemap.xml"]
    assert len(server.asked) == 6
    conditional = server.headers[1]
    assert conditional["If-None-Match"] == '"one"'
    assert conditional["If-Modified-Since"] == QUIET["Last-Modified"]
    assert conditional["Cache-Control"] == "max-age=0"
    result = counts(tmp_path)
    assert (result["asked/probe"], result["requests"], result["requests_saved"]) == (2, 6, 14)
    assert (result["status/304"], result["coverage/read"], result["coverage/title/found"]) == (1, 2, 2)
    assert not read_rows(tmp_path, "SELECT 1 FROM captures WHERE status = 304")


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    with serve_pages(site(**QUIET)) as server:
        unknown = night(tmp_path, server, "-a", "dry_run=1")
        assert list(tmp_path.iterdir()) == []
        assert list_requests(server) == []
        night(tmp_path, server)
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.suffix in (".db", ".gz")}
        run = night(tmp_path, server, "-a", "dry_run=1")
    assert "20 posts would be asked for" in unknown.stdout
    assert (run.returncode, list_requests(server)) == (0, [])
    assert "the newest post" in run.stdout
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.suffix in (".db", ".gz")} == before


def test_what_nobody_tells_is_looked_at_by_age(tmp_path: Path) -> None:
    changed = {**QUIET, "ETag": '"two"', "Last-Modified": "Tue, 03 Nov 2026 01:00:00 GMT"}
    with serve_pages(site(**QUIET)) as server:
        night(tmp_path, server)
        age(tmp_path, 20)
        server.pages["/feed/"] = site(**changed)["/feed/"]
        assert night(tmp_path, server).returncode == 0
        result = counts(tmp_path)
        assert night(tmp_path, server).returncode == 0
    assert result.get("asked/due", 0) == len([post for post in POSTS if post.day >= "2026"])
    assert counts(tmp_path).get("asked/due", 0) == 0
    assert len(list_requests(server)) == 2


def test_everything_is_looked_at_again_by_flag_and_after_some_weeks(tmp_path: Path) -> None:
    with serve_pages(site(**QUIET)) as server:
        night(tmp_path, server)
        night(tmp_path, server, "-a", "full=1")
        assert len(list_requests(server)) == 20
        age(tmp_path, 31)
        assert night(tmp_path, server, "-s", "NIGHTLY_REQUEST_BUDGET=12").returncode == 0
        assert len(server.asked) == 12
        assert counts(tmp_path)["skipped/budget"] == 12
        first = set(list_requests(server))
        night(tmp_path, server)
    assert len(first | set(list_requests(server))) == 20
    assert len(first & set(list_requests(server))) <= 2  # probes


def test_a_missing_post_is_not_asked_for_each_night(tmp_path: Path) -> None:
    with serve_pages(site()) as server:  # a feed without validators: all lists are read each night
        gone = POSTS[4].path
        del server.pages[gone]
        assert night(tmp_path, server).returncode == 0
        assert counts(tmp_path)["missing"] == 1
        night(tmp_path, server)
        assert gone not in server.asked
        age(tmp_path, 1)
        night(tmp_path, server)
        assert gone in server.asked
        server.pages[gone] = Answer(POSTS[4].page())
        age(tmp_path, 1)
        night(tmp_path, server)
    assert counts(tmp_path)["back"] == 1
    assert read_rows(tmp_path, f"SELECT count(*) FROM briefs WHERE path = '{gone}'") == [(1,)]


def test_an_edit_whose_page_did_not_answer_is_asked_for_again(tmp_path: Path) -> None:
    pages = site(**QUIET) | {"/wp-sitemap.xml": sitemap(POSTS, "2020-01-01")}
    with serve_pages(pages) as server:
        night(tmp_path, server)
        edited = sitemap(POSTS[:1], "2099-01-01").body.replace(b"</urlset>", b"")
        rest_of = sitemap(POSTS[1:], "2020-01-01").body.partition(b"<url>")[2]
        server.pages["/wp-sitemap.xml"] = Answer(edited + b"<url>" + rest_of)
        server.pages["/feed/"] = site(**QUIET | {"ETag": '"two"'})["/feed/"]
        server.pages[POSTS[0].path] = Answer(b"", 500)
        assert night(tmp_path, server).returncode == 4
        server.pages[POSTS[0].path] = Answer(POSTS[0].page())
        assert night(tmp_path, server).returncode == 0
    assert server.headers[1]["If-None-Match"] == '"one"'
    assert POSTS[0].path in server.asked


def test_an_edit_that_a_killed_night_fetched_is_read_the_next_night(tmp_path: Path) -> None:
    """What the killed one kept is held; the edit need not wait for a third night."""
    post = POSTS[1]
    edited = post.page().replace(b"</h1>", b" again</h1>").replace(b" - USRESIST", b" again - USRESIST")
    with serve_pages(site(**QUIET)) as server:
        night(tmp_path, server)
        age(tmp_path, 1)
        server.pages[post.path] = Answer(edited)
        # The next night is not of the same second: one page of one second is one capture.
        at = (datetime.now(UTC) - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        capture = Capture(edited, server.url + post.path, at, "live", 200, (), "text/html")
        with open_archive(tmp_path) as archive:
            archive.begin_run("briefs", {"nightly": "1"})
            assert archive.crawl_id
            Verdicts(archive.transaction).begin(archive.crawl_id)
            archive.add_found([FoundAddress(server.url + post.path, "rest", at)])
            run_steps(archive, CaptureItem(capture, SITE_HOSTS | {host_of(server.url)}, store_readings=False))
            archive.commit()
        assert night(tmp_path, server).returncode == 0
        assert list_requests(server).count(post.path) == 1
    title = read_rows(tmp_path, "SELECT title, count(*) FROM briefs JOIN revisions ON brief_id = briefs.id")
    assert title == [("The harbour plan of town 2 again", 1)]
    assert read_rows(tmp_path, "SELECT 1 FROM problems WHERE kind = 'held'") == []


def test_a_theme_that_broke_overnight_is_doubtful_and_changes_no_value(tmp_path: Path) -> None:
    with serve_pages(site(**QUIET)) as server:
        night(tmp_path, server)
        before = read_rows(tmp_path, "SELECT path, title, body FROM briefs")
        for post in POSTS:
            server.pages[post.path] = html("<p>Welcome.</p>", "single-post")
        server.pages["/feed/"] = Answer(status=304, headers=QUIET)
        run = night(tmp_path, server)
    assert run.returncode == 3
    assert "the rules do not hold" in run.stderr
    assert read_rows(tmp_path, "SELECT path, title, body FROM briefs") == before
    assert counts(tmp_path)["finish_reason"] == "finished"


def test_rest_tells_of_edits_and_a_scheduled_post_shows_in_the_feed(tmp_path: Path) -> None:
    with serve_pages(site(**QUIET)) as server:
        night(tmp_path, server)
        new = Post(40)
        server.pages |= {new.path: Answer(new.page()), "/feed/": site(**QUIET | {"ETag": '"two"'})["/feed/"]}
        server.pages["/feed/"] = Answer(feed([new, *POSTS[:9]]).body, headers={**QUIET, "ETag": '"two"'})
        query = "per_page=100&page=1&orderby=modified&_=2026-11-02T09:59:00Z&_fields=id,slug,link,date_gmt,modified_gmt"
        server.pages["/wp-json/wp/v2/posts?" + query] = rest(POSTS)
        assert night(tmp_path, server).returncode == 0
    assert new.path in server.asked
    assert len(server.asked) == 6  # robots.txt, feed, REST, the new post, two probes


def test_words_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    run = scrapy(tmp_path, "crawl", "briefs", "-a", "full=1")
    assert run.returncode == 2
    assert "nightly=1" in run.stderr
