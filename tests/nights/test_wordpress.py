"""The spider against a real WordPress: its sitemap, REST, feeds, paging and missing pages."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from tests.support.scrapy_running import scrapy
from tests.support.specimens import read_rows
from tests.wordpress.posts import NEVER_WAS, wordpress_posts
from tests.wordpress.server import WordPress

POSTS = wordpress_posts()
PUBLISHED = {post.path: post for post in POSTS if post.status == "publish"}


@pytest.fixture(scope="module")
def visit(wordpress: WordPress, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("open")
    run = scrapy(folder, "crawl", "briefs", "-a", f"start={wordpress.url}")
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    return folder


def test_every_published_post_is_a_brief_and_nothing_else_is(visit: Path) -> None:
    kinds = {path: (kind, number) for path, kind, number in read_rows(visit, "SELECT path, kind, number FROM briefs")}
    assert kinds == {path: ("brief", post.number) for path, post in PUBLISHED.items()}


def test_the_fields_are_those_that_were_written(visit: Path) -> None:
    sql = """SELECT path, domain, published, a.name FROM briefs JOIN brief_authors ON brief_id = briefs.id
        JOIN authors a ON a.id = author_id"""
    written = {(path, post.category, post.date[:10], post.author) for path, post in PUBLISHED.items()}
    assert set(read_rows(visit, sql)) == written
    titles = dict(read_rows(visit, "SELECT path, title FROM briefs"))
    assert titles == {path: post.title.partition(" (")[0] for path, post in PUBLISHED.items()}
    resources = read_rows(visit, "SELECT DISTINCT name_as_published, heading FROM brief_resources")
    assert resources == [("Ferry Friends", "Engagement Resources")]


def test_all_ways_in_were_seen(visit: Path) -> None:
    outcomes = dict(read_rows(visit, "SELECT outcome, count(*) FROM captures GROUP BY outcome"))
    assert outcomes["brief"] == len(PUBLISHED)
    assert {"robots", "sitemap", "rest", "feed", "listing", "missing"} <= outcomes.keys()
    ways = {way for (way,) in read_rows(visit, "SELECT DISTINCT value FROM pages, json_each(found_by)")}
    assert {"sitemap", "rest", "feed", "listing", "link"} <= ways


def test_a_link_to_a_post_that_never_was_is_missing(visit: Path) -> None:
    assert read_rows(visit, "SELECT status FROM pages WHERE path = ?", NEVER_WAS) == [("missing",)]
    assert read_rows(visit, "SELECT outcome FROM captures WHERE path = ?", NEVER_WAS) == [("missing",)]


def test_another_crawl_writes_nothing(visit: Path, wordpress: WordPress) -> None:
    before = everything(visit)
    run = scrapy(visit, "crawl", "briefs", "-a", f"start={wordpress.url}")
    assert run.returncode == 0, run.stderr
    assert everything(visit) == before


def everything(folder: Path) -> dict[str, list[Any]]:
    """All rows but those of `crawls`, without the instants at which lists named pages, and the bytes under warcs/."""
    names = [name for (name,) in read_rows(folder, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    columns = "SELECT group_concat(name) FROM pragma_table_info(?) WHERE name <> 'listed_at'"
    tables = {
        name: read_rows(folder, f'SELECT {read_rows(folder, columns, name)[0][0]} FROM "{name}"')
        for name in names
        if name not in ("crawls", "sqlite_sequence")
    }
    files = {path.name: path.read_bytes() for path in sorted((folder / "warcs").rglob("*"))}
    pages = {name: raw for name, raw in files.items() if b"WARC-Type: response" in gzip.decompress(raw)}  # no journal
    return tables | {"warcs": [(name, len(raw)) for name, raw in pages.items()]}


def test_with_sitemap_and_rest_closed_feeds_and_listings_find_all(wordpress: WordPress, tmp_path: Path) -> None:
    wordpress.close_sitemap_and_rest()
    run = scrapy(tmp_path, "crawl", "briefs", "-a", f"start={wordpress.url}")
    assert run.returncode == 0, run.stderr
    assert {path for (path,) in read_rows(tmp_path, "SELECT path FROM briefs")} == set(PUBLISHED)
    assert read_rows(tmp_path, "SELECT 1 FROM captures WHERE path LIKE '/feed/%paged=12%' AND outcome = 'missing'")
    assert not read_rows(tmp_path, "SELECT 1 FROM captures WHERE outcome = 'rest'")
