"""`briefs demo`: a sample site on this machine, crawled into a sample archive."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from scraper.console.command_base import ArchiveCommand


class Command(ArchiveCommand):
    """Run the demo."""

    about = """
        Serves a small site of invented briefs on this machine, crawls it into demo.db and demo-warcs/, which are marked
        as a sample, and ends with the command that shows them. A second run changes nothing.
        """
    examples = (("briefs demo", ""),)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl the sample site; sets `exitcode`."""
        from demo.__main__ import main  # noqa: PLC0415 - the sample site is needed here alone

        if args:
            raise UsageError("demo takes no argument")
        self.exitcode = main([])
