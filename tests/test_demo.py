"""The sample site answers as WordPress does, and `python -m demo` crawls all of it, twice to the same archive."""

from __future__ import annotations

import gzip
import json
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from demo.posts import sample_posts
from demo.site import Answer, answer
from scraper.errors import UNAVAILABLE
from tests.waiting import LIMIT

ROOT = Path(__file__).parent.parent
BASE = "http://127.0.0.1:8642"
PATHS = {post.path for post in sample_posts()}


def demo(folder: Path, port: int) -> subprocess.CompletedProcess[str]:
    where = ["--db", str(folder / "archive.db"), "--warcs", str(folder / "warcs"), "--port", str(port)]
    command = [sys.executable, "-m", "demo", *where]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def rows(archive: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table but `crawls`, which has one row more after every run."""
    with closing(sqlite3.connect(archive)) as db:
        names = [name for (name,) in db.execute("select name from sqlite_master where type = 'table' order by name")]
        kept = [name for name in names if name not in {"crawls"}]
        return {name: sorted(db.execute(f'select * from "{name}"'), key=repr) for name in kept}


def bytes_kept(warcs: Path) -> dict[str, bytes]:
    """The files that hold pages; a run of which only its own row is new leaves one with nothing but the journal."""
    files = {path.name: path.read_bytes() for path in warcs.rglob("*") if path.is_file()}
    return {name: raw for name, raw in files.items() if b"WARC-Type: response" in gzip.decompress(raw)}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, str]:
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    run = demo(folder, port)
    assert run.returncode == 0, run.stdout + run.stderr
    return folder, port, run.stdout


def test_every_post_becomes_a_brief(crawled: tuple[Path, int, str]) -> None:
    folder, _, _ = crawled
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        paths = {path for (path,) in db.execute("select path from briefs")}
    assert paths == PATHS


def test_it_ends_with_what_there_is_and_what_to_type_next(crawled: tuple[Path, int, str]) -> None:
    _, _, said = crawled
    last = said.rstrip().splitlines()[-3:]
    assert f"{len(PATHS)} posts" in last[0]
    assert "make serve" in last[1]
    assert "scrapy explain" in last[2]


def test_a_second_run_changes_nothing(crawled: tuple[Path, int, str]) -> None:
    folder, port, _ = crawled
    before, bytes_before = rows(folder / "archive.db"), bytes_kept(folder / "warcs")
    again = demo(folder, port)
    assert again.returncode == 0, again.stdout + again.stderr
    after = rows(folder / "archive.db")
    assert [name for name in before if before[name] != after[name]] == []
    assert bytes_kept(folder / "warcs") == bytes_before


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = demo(tmp_path, taken.getsockname()[1])
    assert run.returncode == UNAVAILABLE
    assert len(run.stderr.splitlines()) == 1
    assert "--port" in run.stderr


def get(target: str) -> Answer:
    return answer(target, BASE)


def linked(body: bytes) -> set[str]:
    """The posts that a listing, feed, sitemap or REST answer names."""
    text = body.decode().replace("\\/", "/")
    return set(re.findall(rf"{BASE}(/\d{{4}}/\d\d/\d\d/[^/\"<]+/)", text))


def test_robots_names_a_sitemap_that_names_every_post() -> None:
    assert f"Sitemap: {BASE}/wp-sitemap.xml".encode() in get("/robots.txt").body
    assert b"/wp-sitemap-posts-post-1.xml" in get("/wp-sitemap.xml").body
    assert linked(get("/wp-sitemap-posts-post-1.xml").body) == PATHS


def test_listings_page_through_every_post() -> None:
    found, target = set(), "/jobs/"
    while target:
        page = get(target)
        found |= linked(page.body)
        older = re.search(rb'href="[^"]*?(/jobs/page/\d+/[^"]*)" >&laquo; Older', page.body)
        target = older[1].decode() if older else ""
    assert found == PATHS
    assert get("/jobs/page/99/").status == 404


def test_rest_tells_totals_and_refuses_pages_past_the_end() -> None:
    first = get("/wp-json/wp/v2/posts?per_page=50&_fields=id,link")
    assert first.headers["X-WP-Total"] == str(len(PATHS))
    pages = -(-len(PATHS) // 50)
    assert first.headers["X-WP-TotalPages"] == str(pages)
    assert all(set(post) == {"id", "link"} for post in json.loads(first.body))
    numbered = (get(f"/wp-json/wp/v2/posts?per_page=50&page={n}&_fields=id,link") for n in range(1, pages + 1))
    assert set().union(*(linked(page.body) for page in numbered)) == PATHS
    past = get(f"/wp-json/wp/v2/posts?per_page=50&page={pages + 1}")
    assert (past.status, json.loads(past.body)["code"]) == (400, "rest_post_invalid_page_number")


def test_feeds_have_ten_items_a_page_and_an_end() -> None:
    pages = -(-len(PATHS) // 10)
    assert set().union(*(linked(get(f"/feed/?paged={n}").body) for n in range(1, pages + 1))) == PATHS
    assert get(f"/feed/?paged={pages + 1}").status == 404


def test_short_links_lead_to_the_post_and_strangers_nowhere() -> None:
    post = sample_posts()[0]
    assert get(f"/?p={post.id}").headers["Location"] == BASE + post.path
    assert get(post.path.rstrip("/")).status == 301
    assert get("/2019/01/01/never-written/").status == 404
