"""`briefs commoncrawl`: what Common Crawl holds of the site."""

from __future__ import annotations

import argparse

from scraper.commands.crawl import run_to_end
from scraper.commands.wayback import MATCH, SINCE, SITE, UNTIL
from scraper.console.command_base import SpiderArgument, SpiderCommand
from scraper.spiders.commoncrawl import CommonCrawlSpider


class Command(SpiderCommand):
    """Fetch what Common Crawl holds."""

    about = """
        Reads the index of every crawl of commoncrawl.org for both hosts and fetches each version of each page once, one
        request after the other; a record with another address, instant or digest than its index line is not taken. A
        run that is stopped, or that ends with exit code 75, goes on when it is started again.
        """
    examples = (
        ("briefs commoncrawl --since 2019 --until 2020-06", ""),
        ("briefs commoncrawl --crawls CC-MAIN-2024 --match /brief", "the crawls of one year"),
    )
    instead = "; --match TEXT chooses pages"
    arguments = (
        *(SINCE, UNTIL, MATCH, SITE),
        SpiderArgument("crawls", "NAMES", "only crawls whose names begin so, with commas between: CC-MAIN-2024"),
        SpiderArgument("index", "URL", "another index server"),
        SpiderArgument("data", "URL", "where the records are, if not at the index server"),
        SpiderArgument("recheck", None, "read all indexes again, and ask again for all records that are not taken"),
    )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Fetch and print the result; sets `exitcode`."""
        run_to_end(self, CommonCrawlSpider.name, opts.spargs)
