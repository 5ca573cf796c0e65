"""`briefs wayback`: what the Wayback Machine, or another Wayback, holds of the site."""

from __future__ import annotations

import argparse

from scraper.commands.crawl import run_to_end
from scraper.console.command_base import SpiderCommand
from scraper.crawl.argument_values import list_options
from scraper.webarchives.selection import WaybackSelection


class Command(SpiderCommand):
    about = """
        Reads the index of web.archive.org for both hosts and fetches each version of each page once, as it was
        captured; instants and digests are checked against the index. It asks slowly and waits when it is told to. A run
        that is stopped, or that ends with exit code 75 because the archive asks for patience, goes on when it is
        started again; later runs ask only for what is new.
        """
    examples = (
        ("briefs wayback --since 2019 --until 2020-06", ""),
        ("briefs wayback --match /2019/03/", "a part of the site"),
        ("briefs wayback --archive http://127.0.0.1:8080/web/", "a collection of pywb on this machine"),
    )
    instead = "; --match TEXT chooses pages"
    arguments = list_options(WaybackSelection)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from scraper.spiders.wayback import WaybackSpider

        run_to_end(self, WaybackSpider.name, opts.spargs)
