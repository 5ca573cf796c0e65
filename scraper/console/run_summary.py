"""How a crawl ended: its exit code, its trouble in one line, and what it did in words and numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from scrapy.crawler import Crawler

from scraper.address import identity
from scraper.archive import Summary
from scraper.errors import FAILED, OK
from scraper.spiders.briefs import BriefsSpider
from scraper.webarchives.base_spider import AskingSpider

_TO_THE_END = ("finished", "unanswered")
_ON_PURPOSE = " (the sample site has {0} on purpose)"
_STOPPED = {"shutdown": "asked to stop; run it again to go on"}


def exit_code(crawler: Crawler) -> int:
    """The code of scraper.errors for the way the crawl went."""
    stats, spider = _stats(crawler), crawler.spider
    reason = str(stats.get("finish_reason"))
    if isinstance(spider, BriefsSpider | AskingSpider):
        return spider.exit_code(reason)
    return FAILED if reason == "start_error" or stats.get("spider_exceptions/count") else OK


def trouble(crawler: Crawler) -> str | None:
    """Why the crawl did not come to a good end, None if it did."""
    stats, spider = _stats(crawler), crawler.spider
    if error := stats.get("archive/error"):
        return str(error)
    if isinstance(spider, BriefsSpider | AskingSpider) and spider.failure:
        return str(spider.failure)
    reason = stats.get("finish_reason", "finished")
    if reason not in _TO_THE_END:
        return f"stopped early: {_STOPPED.get(reason, reason)}"
    if isinstance(spider, AskingSpider) and (failed := spider.counts["unanswered"] + spider.counts["failed"]):
        return f"{failed} answers are missing or not as told; they are in the table problems; run it again later"
    if isinstance(spider, BriefsSpider) and spider.counts["failed"]:
        return f"{spider.counts['failed']} addresses did not answer; they are in the table problems; run it again later"
    return None


def closing_lines(crawler: Crawler) -> Iterator[str]:
    """What the run did and what is in the archive, for people; nothing if it never found a post."""
    spider, stats = crawler.spider, _stats(crawler)
    if isinstance(spider, BriefsSpider) and spider.arguments.dry_run and not spider.failure:
        yield from _planned(spider)
    if isinstance(spider, AskingSpider) and spider.summary is not None:
        yield from spider.closing_lines()
        yield _archived(spider.summary)
    if not isinstance(spider, BriefsSpider) or spider.summary is None or not (spider.found or spider.night):
        return
    ways = _by_way(spider)
    if ways:
        yield "Addresses of posts found: " + ", ".join(f"{number} by {way}" for way, number in ways.items())
    posts, counts = spider.done, spider.counts
    gone = counts["missing"] + counts["soft404"]
    other = counts.total() - counts["brief"] - gone - counts["failed"] - counts["refused"] - _unanswered(counts)
    meant = _ON_PURPOSE.format("one") if gone and spider.summary.sample else ""
    yield (
        f"{posts} posts asked for: {counts['brief']} read, {gone} missing{meant}, {other} no posts, "
        f"{counts['failed']} without an answer, {counts['refused']} forbidden by robots.txt"
    )
    yield (
        f"Captures: {stats.get('archive/new', 0)} new, {stats.get('archive/unchanged', 0)} unchanged; "
        f"{stats.get('downloader/request_count', 0)} requests"
    )
    if spider.night:
        yield f"This night saved the site {spider.figures['requests_saved']} requests against asking for every post"
    yield _archived(spider.summary)


def _archived(summary: Summary) -> str:
    years = f" of {summary.first} to {summary.last}" if summary.first else ""
    what, meant = (" invented", _ON_PURPOSE.format("some")) if summary.sample else ("", "")
    return (
        f"In the archive: {summary.briefs}{what} posts{years}, {summary.authors} authors, "
        f"{summary.resources} resources, {summary.captures} captures, {summary.problems} problems noted{meant}"
    )


def _planned(spider: BriefsSpider) -> Iterator[str]:
    assert spider.night
    plan = spider.night.plan
    for ask in plan.asks:
        yield f"{ask.reason:<13} {ask.path}  ({ask.why})"
    left = f"; {len(plan.left)} more are left to other nights by the budget" if plan.left else ""
    yield f"{len(plan.asks)} posts would be asked for{left}; nothing was written"


def _unanswered(counts: Counter[str]) -> int:
    """Outcomes that are counted under `failed` as well."""
    return counts["error"] + counts["challenge"] + counts["maintenance"]


def _by_way(spider: BriefsSpider) -> dict[str, int]:
    paths: dict[str, set[str]] = {}
    for found in spider.found:
        paths.setdefault(found.finder, set()).add(identity(found.url))
    return {finder: len(found) for finder, found in paths.items()}


def _stats(crawler: Crawler) -> dict[str, Any]:
    return crawler.stats.get_stats() if crawler.stats else {}
