"""robots.txt and Retry-After against a real server on loopback."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response

from scraper.crawl.robots import UNREACHABLE, parse_retry_after
from tests.support import warm_start
from tests.support.loopback import HANG_UP, NOT_FOUND, Answer, Pages, Site, serve_pages
from tests.support.small_site import robots
from tests.support.waiting import LIMIT

ROOT = Path(__file__).parents[2]
PAGES: Pages = {f"/page-{number}": Answer(b"<p>page</p>") for number in range(6)}


@dataclass(frozen=True)
class Run:
    site: Site
    items: list[dict[str, Any]]
    stats: dict[str, int]
    log: str

    @property
    def pages(self) -> int:
        """Requests for anything but robots.txt."""
        return len(self.site.asked) - self.site.times["/robots.txt"]


def crawl(folder: Path, pages: Pages, **settings: object) -> Run:
    """Six pages asked for at once, eight at a time: what stock Scrapy gets wrong."""
    quick = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_START_DELAY": 0, "BUSY_PAUSE": 0}
    chosen = {**quick, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, **settings}
    options = [word for name, value in chosen.items() for word in ("-s", f"{name}={value}")]
    items = folder / "items.json"
    with serve_pages(pages) as site:
        words = [
            "runspider",
            "tests/support/eager_spider.py",
            *options,
            "-a",
            f"start_url={site.url}",
            "-O",
            str(items),
        ]
        run = warm_start.run(words, ROOT, LIMIT)
    assert run.returncode == 0, run.stderr
    found = json.loads(items.read_text()) if items.read_text().strip() else []
    return Run(site, found, json.loads(run.stdout.splitlines()[-1]), run.stderr)


def test_disallowed_pages_are_never_requested(tmp_path: Path) -> None:
    run = crawl(tmp_path, {**PAGES, "/robots.txt": robots("User-agent: *\nDisallow: /")})
    assert run.pages == 0
    assert run.stats["robotstxt/forbidden"] == 6


HALF = Answer(b"User-agent: *\nDisallow: /page-9\n", short=40)  # what is missing may forbid the rest


@pytest.mark.parametrize("answer", [Answer(b"", 503), Answer(b"", 500), Answer(b"", 429), HANG_UP, HALF])
def test_unreadable_rules_forbid_everything(tmp_path: Path, answer: Answer) -> None:
    run = crawl(tmp_path, {**PAGES, "/robots.txt": answer})
    assert run.pages == 0
    assert run.stats[UNREACHABLE] == 1
    assert "Traceback" not in run.log


@pytest.mark.parametrize("answer", [NOT_FOUND, Answer(b"User-agent: *\nDisallow: /", 403)])
def test_a_missing_robots_txt_allows_everything(tmp_path: Path, answer: Answer) -> None:
    run = crawl(tmp_path, {**PAGES, "/robots.txt": answer})
    assert len(run.items) == 6
    assert run.site.times["/robots.txt"] == 1


def test_crawl_delay_is_a_floor_that_autothrottle_keeps(tmp_path: Path) -> None:
    run = crawl(tmp_path, {**PAGES, "/robots.txt": robots("User-agent: *\nCrawl-delay: 0.3")})
    assert len(run.items) == 6
    assert min(item["delay"] for item in run.items) >= 0.3


def test_our_own_rules_come_before_those_for_everybody(tmp_path: Path) -> None:
    text = "User-agent: BriefArchive\nDisallow: /page-1\n\nUser-agent: *\nDisallow: /"
    run = crawl(tmp_path, {**PAGES, "/robots.txt": robots(text)})
    assert {item["url"].rpartition("/")[2] for item in run.items} == {f"page-{n}" for n in (0, 2, 3, 4, 5)}


def test_the_server_names_a_time_and_gets_it(tmp_path: Path) -> None:
    busy = iter([Answer(b"", 503, {"Retry-After": "1"})])
    pages: Pages = {**PAGES, "/page-1": lambda: next(busy, Answer(b"<p>back</p>"))}
    run = crawl(tmp_path, pages)
    assert run.site.times["/page-1"] == 2
    assert {item["status"] for item in run.items} == {200}


@pytest.mark.parametrize("header", [{"Retry-After": "2"}, {}])
@pytest.mark.parametrize("slowness", [0, 0.4])  # seconds: longer than the delay, so that the next request is due
def test_a_busy_server_is_left_alone_as_a_whole_host(tmp_path: Path, header: dict[str, str], slowness: float) -> None:
    busy, asked = iter([Answer(b"", 503, header)]), list[float]()

    def page() -> Answer:
        asked.append(time.monotonic())
        if answer := next(busy, None):
            time.sleep(slowness)
            return answer
        return Answer(b"<p>page</p>")

    pages: Pages = dict.fromkeys(PAGES, page)
    run = crawl(tmp_path, pages, CONCURRENT_REQUESTS_PER_DOMAIN=1, DOWNLOAD_DELAY=0.1, BUSY_PAUSE=2)
    assert len(asked) == 7
    assert asked[1] - asked[0] >= 1.9
    assert {item["status"] for item in run.items} == {200}


def test_asked_to_wait_too_long_the_page_is_left(tmp_path: Path) -> None:
    run = crawl(tmp_path, {**PAGES, "/page-1": Answer(b"", 429, {"Retry-After": "86400"})})
    assert run.site.times["/page-1"] == 1
    assert sorted(item["status"] for item in run.items) == [200] * 5 + [429]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Sun, 22 Nov 2026 12:01:00 GMT", 60.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("Sun, 22 Nov 2026 12:01:00 +99999999999999999999", None),
        ("", None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert parse_retry_after(Response("http://127.0.0.1/", headers={"Retry-After": header}), now) == seconds
