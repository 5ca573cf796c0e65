"""What nights cost a real WordPress, and what kills cost a crawl of it."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from pathlib import Path

from tests.support.killing import crawl_killed, difference
from tests.support.scrapy_running import scrapy
from tests.wordpress.posts import wordpress_posts
from tests.wordpress.server import WordPress, wait_for_next_second

COUNT = int(os.environ.get("WORDPRESS_POSTS", "60"))
POSTS = wordpress_posts(COUNT)


def night(folder: Path, site: WordPress, *words: str) -> list[str]:
    """What a night asked for, robots.txt left out."""
    site.take_requests()
    run = scrapy(folder, "crawl", "briefs", "-a", f"start={site.url}", "-a", "nightly=1", *words)
    assert run.returncode == 0, run.stderr
    return [path for path in site.take_requests() if path != "/robots.txt"]


def test_three_kills_lose_nothing_and_ask_nothing_twice(wordpress: WordPress, tmp_path: Path) -> None:
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    for folder in (undisturbed, killed):
        folder.mkdir()
    assert scrapy(undisturbed, "crawl", "briefs", "-a", f"start={wordpress.url}").returncode == 0
    result = crawl_killed(wordpress, killed, 3, random.Random(5), 4.0)
    assert result.returncode == 0
    assert difference(undisturbed, killed) == []
    assert result.again == []
    assert max(result.in_flight) <= 3


def test_a_quiet_night_costs_three_requests_and_news_three_more(wordpress: WordPress, tmp_path: Path) -> None:
    night(tmp_path, wordpress, "-s", "NIGHTLY_REQUEST_BUDGET=0")
    quiet = night(tmp_path, wordpress)
    assert quiet[0] == "/feed/"
    assert len(quiet) <= 3
    new = replace(wordpress_posts(COUNT + 1)[COUNT], date="2026-01-05 10:00:00")
    wordpress.publish([new])
    wordpress.edit(POSTS[19].slug, "The island", "The isle")
    wait_for_next_second()
    busy = night(tmp_path, wordpress)
    assert {new.path, POSTS[19].path} <= set(busy)
    assert len(busy) <= 6
    after = night(tmp_path, wordpress)
    once_more = {new.path, POSTS[19].path}  # for the clocks of two machines: both changed within a minute of the check
    assert len(set(after) - once_more) <= 3
    print(f"{COUNT} posts; requests beside robots.txt: quiet {len(quiet)}, news {len(busy)}, quiet again {len(after)}")
