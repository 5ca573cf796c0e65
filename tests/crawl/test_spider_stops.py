"""A crawl that is killed, stopped, locked out, or run with words it does not know; and what goes over the wire."""

from __future__ import annotations

import gzip
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper import VERSION
from tests.support.loopback import Answer, Pages, Site, serve_pages
from tests.support.scrapy_running import ROOT, command, scrapy
from tests.support.small_site import Post, listing, posts_of, robots, sitemap
from tests.support.waiting import LIMIT

POSTS = [Post(n, "https://www.usresistnews.org") for n in range(1, 61)]


def site() -> Pages:
    top: Pages = {"/robots.txt": robots("User-agent: *\nDisallow:\n"), "/": listing(POSTS[:3])}
    return {**posts_of(POSTS), **top, "/wp-sitemap.xml": sitemap(POSTS)}


def list_captures(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        return {path for (path,) in db.execute("SELECT path FROM captures WHERE outcome = 'brief' AND read = 1")}


def start_then(folder: Path, server: Site, number: signal.Signals) -> int:
    """Start a crawl and send it the signal when it asks for its 30th post."""
    words = ["crawl", "briefs", "-a", f"start={server.url}"]
    page = server.pages[sitemap_order(30)]
    with subprocess.Popen(command(folder, *words), cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:

        def shoot() -> Answer:
            process.send_signal(number)
            assert isinstance(page, Answer)
            return page

        server.pages[sitemap_order(30)] = shoot
        _, errors = process.communicate(timeout=LIMIT)
    server.pages.update(posts_of(POSTS))
    assert "Traceback" not in errors
    return process.returncode


def sitemap_order(number: int) -> str:
    """The path of a post that is neither among the first dozen nor late in the queue."""
    return POSTS[number].path


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGTERM, 4)])
def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with serve_pages(site()) as server:
        assert start_then(tmp_path, server, number) == code
        before = list_captures(tmp_path)
        asked = server.times
        run = scrapy(tmp_path, "crawl", "briefs", "-a", f"start={server.url}")
    assert 12 <= len(before) < len(POSTS)
    assert run.returncode == 0, run.stderr
    assert list_captures(tmp_path) == {post.path for post in POSTS}
    assert not [path for path in before if server.times[path] > asked[path]]


@pytest.mark.parametrize("path", [POSTS[30].path, "/robots.txt"])
def test_a_signal_ends_a_run_whose_server_keeps_it_waiting(tmp_path: Path, path: str) -> None:
    """The page is asked for again by the next run, and nothing is said against it."""
    is_waiting, has_ended = Event(), Event()

    def wait() -> Answer:
        is_waiting.set()
        has_ended.wait(LIMIT)
        return Answer(status=0)

    with serve_pages(site() | {path: wait}) as server:
        words = command(tmp_path, "crawl", "briefs", "-a", f"start={server.url}", "-s", "DOWNLOAD_TIMEOUT=900")
        with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
            assert is_waiting.wait(LIMIT)
            process.send_signal(signal.SIGTERM)
            errors = process.communicate(timeout=LIMIT)[1]
        has_ended.set()
    assert process.returncode == 4, errors
    assert "asked to stop" in errors
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        assert db.execute("SELECT message FROM problems WHERE kind = 'unreachable'").fetchall() == []


def test_two_crawls_of_one_archive_do_not_meet(tmp_path: Path) -> None:
    runs: list[subprocess.CompletedProcess[str]] = []
    with serve_pages(site()) as server:

        def second() -> Answer:
            runs.append(scrapy(tmp_path, "crawl", "briefs", "-a", f"start={server.url}"))
            return Answer(POSTS[30].page())

        server.pages[POSTS[30].path] = second
        first = scrapy(tmp_path, "crawl", "briefs", "-a", f"start={server.url}")
    assert first.returncode == 0, first.stderr
    assert runs[0].returncode == 75
    assert len(runs[0].stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["briefs", "-a", "start=file:///etc/passwd"], 2),
        (["briefs", "-a", "start=http://["], 2),
        (["briefs", "-a", "max_pages=none"], 2),
        (["briefs", "-a", "colour=blue"], 2),
        (["weather"], 2),
        (["briefs", "-a", "start=http://192.0.2.1/", "-s", "CONTACT="], 78),
        (["briefs", "-a", "start=http://127.0.0.1:1/"], 69),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(tmp_path: Path, arguments: list[str], code: int) -> None:
    run = scrapy(tmp_path, "crawl", *arguments)
    assert run.returncode == code
    assert len(run.stderr.strip().splitlines()) == 1
    assert run.stderr.startswith("scrapy")


def test_a_foreign_database_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    before = (tmp_path / "archive.db").read_bytes()
    with serve_pages(site()) as server:
        run = scrapy(tmp_path, "crawl", "briefs", "-a", f"start={server.url}")
    assert run.returncode == 78
    assert len(run.stderr.strip().splitlines()) == 1
    assert (tmp_path / "archive.db").read_bytes() == before
    assert server.asked == []


def test_the_wire_s_bytes_are_kept_and_we_say_who_we_are(tmp_path: Path) -> None:
    packed = Answer(gzip.compress(POSTS[0].page()), headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})
    cut = Answer(POSTS[1].page(), short=500)
    pages = {**site(), "/wp-sitemap.xml": sitemap(POSTS[:4]), POSTS[0].path: packed, POSTS[1].path: cut}
    with serve_pages(pages) as server:
        run = scrapy(tmp_path, "crawl", "briefs", "-a", f"start={server.url}", "-s", "CONTACT=me@keepers.org")
    assert (run.returncode, "1 pages came cut off" in run.stderr) == (4, True), run.stderr
    assert {headers["User-Agent"] for headers in server.headers} == {f"BriefArchive/{VERSION} (+me@keepers.org)"}
    assert all("Cookie" not in headers for headers in server.headers)
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        assert db.execute("SELECT path FROM captures WHERE truncated").fetchall() == [(POSTS[1].path,)]
        place = "SELECT warc_file, warc_offset FROM captures WHERE path = ?"
        file, offset = db.execute(place, (POSTS[0].path,)).fetchone()
    with (tmp_path / "warcs" / file).open("rb") as stream:
        stream.seek(offset)
        record = next(iter(ArchiveIterator(stream)))
        assert record.http_headers.get_header("Content-Encoding") == "gzip"
        assert record.raw_stream.read() == packed.body


@pytest.mark.parametrize("name", ["crawl", "probe"])
def test_the_commands_teach(tmp_path: Path, name: str) -> None:
    listed = scrapy(tmp_path, name, "--help").stdout
    for words in ("examples:", "BRIEFS_CONTACT", "exit codes:", "http://127.0.0.1:8642/"):
        assert words in " ".join(listed.split())
