"""How the spider of web archives behaves towards them, by its settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from pipelines.crawl_run import CrawlRun
from scraper.errors import CONFIG, NoContact
from scraper.spiders.wayback import WaybackSpider
from tests.nights import settings
from tests.support.specimens import open_archive

LOOPBACK = "http://127.0.0.1:9/web/"


def _spider(own: Mapping[str, object] | None = None, **arguments: str) -> WaybackSpider:
    chosen = settings()
    chosen.setdict(own or {}, priority="cmdline")
    return WaybackSpider.from_crawler(Crawler(WaybackSpider, chosen), **arguments)


def _paces(made: BaseSettings) -> tuple[float, ...]:
    names = ("WAYBACK_INDEX_PER_MINUTE", "WAYBACK_REPLAY_PER_MINUTE", "BUSY_PAUSE", "DOWNLOAD_DELAY")
    return tuple(made.getfloat(name) for name in names)


def test_a_web_archive_is_asked_no_faster_than_it_wants() -> None:
    assert _paces(_spider().settings) == (24, 480, 60, 0)


def test_our_own_machine_needs_no_patience_unless_told() -> None:
    assert _paces(_spider(archive=LOOPBACK).settings) == (0, 0, 0, 0)
    own = {"WAYBACK_REPLAY_PER_MINUTE": 7, "BUSY_PAUSE": 3}
    assert _paces(_spider(own, archive=LOOPBACK).settings) == (0, 7, 3, 0)


@pytest.mark.parametrize(("seconds", "hours"), [(7200.0, 2), (31_536_000.0, 24), (3e11, 24)])
def test_no_web_archive_is_left_alone_for_longer_than_a_day(tmp_path: Path, seconds: float, hours: int) -> None:
    spider = _spider(archive=LOOPBACK)
    with open_archive(tmp_path) as archive:
        spider.archive = archive
        spider.start_rate_limit()
        spider.rate_limit.rest_seconds = seconds
        spider.remember_rest()
        until = datetime.fromisoformat(archive.recall(spider.make_key("rest")) or "")
    assert abs(until - datetime.now(UTC) - timedelta(hours=hours)) < timedelta(minutes=1)


def test_a_web_archive_knows_who_asks() -> None:
    spider = _spider({"CONTACT": ""})
    CrawlRun.from_crawler(spider.crawler).begin(spider)
    assert isinstance(spider.failure, NoContact)
    assert spider.failure.exit_code == CONFIG
    agent = _spider({"CONTACT": "you@example.org"}).settings["USER_AGENT"]
    assert agent.endswith("(+you@example.org)")


def test_an_argument_that_nobody_knows_stops_it() -> None:
    failure = _spider(day="2019").failure
    assert str(failure).startswith("-a day: the spider knows since, until, match, site, archive, recheck")
