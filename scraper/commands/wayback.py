"""`briefs wayback`: what the Wayback Machine, or another Wayback, holds of the site."""

from __future__ import annotations

import argparse

from scraper.commands.crawl import run_to_end
from scraper.console.command_base import SpiderArgument, SpiderCommand
from scraper.spiders.wayback import WaybackSpider

SINCE = SpiderArgument("since", "DAY", "only captures of then or later: 2019, 2019-03 or 2019-03-10")
UNTIL = SpiderArgument("until", "DAY", "only captures of then or earlier, all of that year, month or day")
MATCH = SpiderArgument("match", "TEXT", "only pages with this in their path, such as /2019/03/")
SITE = SpiderArgument("site", "HOST", "the captures of another host")


class Command(SpiderCommand):
    """Fetch what a Wayback holds."""

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
    arguments = (
        *(SINCE, UNTIL, MATCH, SITE),
        SpiderArgument("archive", "URL", "another Wayback than web.archive.org"),
        SpiderArgument("recheck", None, "read the whole index again, and ask again for all copies that are not taken"),
    )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Fetch and print the result; sets `exitcode`."""
        run_to_end(self, WaybackSpider.name, opts.spargs)
