"""`briefs commoncrawl`: what Common Crawl holds of the site."""

from __future__ import annotations

import argparse

from scraper.commands.crawl import run_to_end
from scraper.console.command_base import SpiderCommand
from scraper.crawl.argument_values import list_options
from scraper.webarchives.selection import CommonCrawlSelection


class Command(SpiderCommand):
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
    arguments = list_options(CommonCrawlSelection)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from scraper.spiders.commoncrawl import CommonCrawlSpider

        run_to_end(self, CommonCrawlSpider.name, opts.spargs)
