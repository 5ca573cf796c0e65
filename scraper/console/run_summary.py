"""Summarises a crawl: its exit code, why it failed in one line, and what it did in words and numbers."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy.crawler import Crawler

from scraper.address import identity
from scraper.archive import Summary
from scraper.crawl.archiving_spider import ArchivingSpider, read_stats
from scraper.crawl.fetching_spider import NO_ANSWER
from scraper.errors import FAILED, OK
from scraper.spiders.briefs import BriefsSpider
from scraper.webarchives.base_spider import WebArchiveSpider

_COMPLETE = ("finished", "unanswered")
_ON_PURPOSE = " (the sample site has {0} on purpose)"
_STOPPED = {"shutdown": "asked to stop; run it again to go on"}


def exit_code(crawler: Crawler) -> int:
    """The exit code of the crawl, one of those in scraper.errors."""
    stats, spider = read_stats(crawler), crawler.spider
    reason = str(stats.get("finish_reason"))
    if isinstance(spider, ArchivingSpider):
        return spider.find_exit_code(reason)
    return FAILED if reason == "start_error" or stats.get("spider_exceptions/count") else OK


def explain_failure(crawler: Crawler) -> str | None:
    """Say why the crawl failed or stopped early; None if it did not."""
    stats, spider = read_stats(crawler), crawler.spider
    if error := stats.get("archive/error"):
        return str(error)
    if isinstance(spider, ArchivingSpider) and spider.failure:
        return str(spider.failure)
    reason = stats.get("finish_reason", "finished")
    if reason not in _COMPLETE:
        return f"stopped early: {_STOPPED.get(reason, reason)}"
    if faults := stats.get("archive/faults"):
        return f"{faults} faults of this program on pages; they are in the table problems (fault, refused); report them"
    if isinstance(spider, WebArchiveSpider) and (failed := spider.counts["unanswered"] + spider.counts["failed"]):
        again = "run it again later" if spider.counts["unanswered"] else "--recheck asks for them again"
        return f"{failed} answers are missing or wrong; they are in the table problems; {again}"
    if isinstance(spider, BriefsSpider) and spider.counts["failed"]:
        words = f"{spider.counts['failed']} addresses did not answer, or with nothing of a post"
        return f"{words}; they are in the table problems; run it again later"
    if isinstance(spider, BriefsSpider) and (torn := len(spider.torn_paths)):
        return f"{torn} pages came cut off; they are in the table problems (truncated); run it again later"
    if isinstance(spider, BriefsSpider) and (waiting := _describe_waiting(spider)):
        return f"{waiting}; the next night asks for them again"
    return None


def closing_lines(crawler: Crawler) -> Iterator[str]:
    """Yield lines on what the run did and what is in the archive; none if it never found a post."""
    spider, stats = crawler.spider, read_stats(crawler)
    if isinstance(spider, BriefsSpider) and spider.arguments.dry_run and not spider.failure:
        yield from _list_plan(spider)
    if isinstance(spider, WebArchiveSpider) and spider.summary is not None:
        yield from spider.describe_run()
        yield _summarise_archive(spider.summary)
    if not isinstance(spider, BriefsSpider) or spider.summary is None or not (spider.addresses or spider.night):
        return
    paths: dict[str, set[str]] = {}  # by who named them
    for found in spider.addresses:
        paths.setdefault(found.finder, set()).add(identity(found.url))
    if paths:
        yield "Addresses of posts found: " + ", ".join(f"{len(named)} by {finder}" for finder, named in paths.items())
    counts = spider.counts
    gone = counts["missing"] + counts["soft404"]
    unanswered = sum(counts[outcome] for outcome in NO_ANSWER)  # they are counted under `failed` as well
    other = counts.total() - counts["brief"] - gone - counts["failed"] - counts["refused"] - unanswered
    remark = _ON_PURPOSE.format("one") if gone and spider.summary.sample else ""
    yield (
        f"{spider.done} posts asked for: {counts['brief']} read, {gone} missing{remark}, {other} no posts, "
        f"{counts['failed']} without an answer, {counts['refused']} forbidden by robots.txt"
    )
    yield (
        f"Captures: {stats.get('archive/new', 0)} new, {stats.get('archive/unchanged', 0)} unchanged; "
        f"{stats.get('downloader/request_count', 0)} requests"
    )
    if mended := stats.get("archive/mended"):
        yield f"Mended: the bytes of {mended} captures were damaged in the archive, and are written anew"
    if spider.night:
        yield f"This night saved the site {spider.figures['requests_saved']} requests against asking for every post"
    yield _summarise_archive(spider.summary)


def _describe_waiting(spider: BriefsSpider) -> str:
    """Describe what is known to be newer on the site than in the archive."""
    edits, held = spider.figures.get("edits_unread"), spider.figures.get("held")
    words = [f"the announced edits of {edits} posts were not read yet"] if edits else []
    return " and ".join([*words, f"what was read of {held} posts is held"] if held else words)


def _summarise_archive(summary: Summary) -> str:
    return f"In the archive: {summary}{_ON_PURPOSE.format('some') if summary.sample else ''}"


def _list_plan(spider: BriefsSpider) -> Iterator[str]:
    assert spider.night
    plan = spider.night.plan
    for request in plan.requests:
        yield f"{request.reason:<13} {request.path}  ({request.why})"
    left = f"; {len(plan.left)} more are left to other nights by the budget" if plan.left else ""
    yield f"{len(plan.requests)} posts would be asked for{left}; nothing was written"
