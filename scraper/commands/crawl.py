"""scrapy crawl: Scrapy's own command, with an exit code that a scheduler can act on and last lines for people."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from scrapy.commands import BaseRunSpiderCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from scraper.closing import closing_lines, exit_code, trouble
from scraper.terminal import Taught, err, out

_WAYBACK = (
    "`scrapy crawl wayback` reads the index of web.archive.org for both hosts and fetches each version of each page "
    "once, as it was captured; instants and digests are checked against the index. It asks slowly, waits when it is "
    "told to, goes on where it was, and later asks only for what is new. Examples: scrapy crawl wayback -a since=2019 "
    "-a until=2020-06 | scrapy crawl wayback -a match=/2019/03/ (a part of the path) | scrapy crawl wayback "
    "-a archive=http://127.0.0.1:8080/web (a collection of pywb) -a site=example.org. Further argument: recheck=1 "
    "(read the whole index again). Exit codes: 0 done; 4 stopped early, or copies missing or not as told; 69 out of "
    "reach; 75 it asks for patience: give the same command later; 78 contact missing. "
)
_COMMON_CRAWL = (
    "`scrapy crawl commoncrawl` reads the index of every crawl of commoncrawl.org for both hosts and fetches each "
    "version of each page once, one request after the other; no line is believed whose record has another address, "
    "instant or digest. It goes on where it was. Examples: scrapy crawl commoncrawl -a since=2019 -a until=2020-06 | "
    "scrapy crawl commoncrawl -a crawls=CC-MAIN-2024 -a match=/brief | scrapy crawl commoncrawl -a "
    "index=http://127.0.0.1:8000/ -a site=example.org. Further argument: data=URL (where the records are). Exit codes: "
    "0 done; 4 stopped early, or answers missing or not as told; 69 out of reach, or no byte ranges; 75 it asks for "
    "patience: run it again later; 78 contact missing."
)


class Command(Taught, BaseRunSpiderCommand):
    usage = "[options] SPIDER"
    line = "Crawl the site (briefs), or what web archives hold of it (wayback, commoncrawl), into the archive"
    text = (
        "Crawls usresistnews.org and usrenewnews.org, or the one host that start= names, into archive.db. "
        "robots.txt is obeyed, one request is made every two seconds, and a run that was stopped goes on by being "
        "started again. A dozen posts are read first: if the rules do not hold for them it stops (exit 3). "
        "Examples: BRIEFS_CONTACT=you@example.org scrapy crawl briefs | scrapy crawl briefs -a max_pages=50 "
        "-s CONTACT=you@example.org | scrapy crawl briefs -a start=http://127.0.0.1:8000/ -s ARCHIVE_DB=try.db "
        "-s WARCS_DIR=try-warcs. Arguments: -a start=URL, max_pages=N (posts), recheck=1 (fetch every post again), "
        "force=1 (go on although the first pages look doubtful). Exit codes: 0 done, even with nothing new; "
        "3 doubtful; 4 stopped early or some pages not fetched; 69 site or robots.txt out of reach or forbidding; "
        "74 disk; 75 another command is writing; 78 contact missing or a wrong archive. " + _WAYBACK + _COMMON_CRAWL
    )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("give one spider, such as: scrapy crawl briefs; `scrapy list` names them")
        crawler = run_spider(self, args[0], opts.spargs)
        if crawler is None:
            return
        for line in closing_lines(crawler):
            out().print(line)


def run_spider(command: BaseRunSpiderCommand, name: str, arguments: Mapping[str, str]) -> Crawler | None:
    """Run the spider to its end, say in one line what went wrong, set the command's exit code; None if it never ran."""
    assert command.crawler_process
    try:
        crawler = command._create_crawler(name)
    except KeyError:
        err().print(f"scrapy: no spider is called {name!r}; `scrapy list` names them")
        command.exitcode = 2
        return None
    command.crawler_process.crawl(crawler, **arguments)
    command.crawler_process.start()
    command.exitcode = 1 if command.crawler_process.bootstrap_failed else exit_code(crawler)
    if line := trouble(crawler):
        err().print(f"scrapy {command.__module__.rpartition('.')[2]}: {line}")
    return None if command.crawler_process.bootstrap_failed else crawler
