"""scrapy verify: is the archive still as it was written? The database, its search index, the bytes of every page."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.errors import IO
from scraper.keeping import verify
from scraper.terminal import Taught, bar, err, out, telling


class Command(Taught, ScrapyCommand):
    """Say what of the archive is damaged."""

    requires_crawler_process = False
    line = "Check that database, search index and the bytes of every page are as they were written"
    text = (
        "Checks the database's pages, constraints and foreign keys, that the search index says what the briefs "
        "say, that sections give the body and every value has its evidence, that the bytes of every capture can be "
        "read in WARCS_DIR, have the digest they were taken with and tell the same address and time as the row, "
        "and that the journal there is whole, so that `scrapy rebuild` would make the same database. Each damage "
        "is one line that ends with the command it can be had from again; files that no row refers to are told "
        "and are no damage. Nothing is changed, and a crawl may run meanwhile. Examples: `scrapy verify`; `scrapy "
        "verify --sample 500` (bytes of some captures only, and no look at the journal); `scrapy verify -s "
        "ARCHIVE_DB=public/archive.db`. Exit codes: 0 sound; 65 there is no archive; 74 damaged; 75 another "
        "program writes; 78 ARCHIVE_DB is not an archive of this version."
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --sample."""
        super().add_options(parser)
        help_text = "read the bytes of about N captures, others each day; all of them otherwise"
        parser.add_argument("--sample", type=int, metavar="N", help=help_text)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print what is damaged, or that nothing is; sets `exitcode`."""
        assert self.settings is not None
        if args or (opts.sample is not None and opts.sample < 1):
            raise UsageError("verify takes no argument; --sample takes a number from 1")
        with telling(self, "verify"):
            with bar("pages read again") as progress:
                health = verify(self.settings, sample=opts.sample, progress=progress)
            for damage in health.damage:
                err().print(f"scrapy verify: {damage}")
            for note in health.notes:
                out().print(note, soft_wrap=True)
            out().print(f"{self.settings['ARCHIVE_DB']}: {health}", soft_wrap=True)
            self.exitcode = IO if health.damage else self.exitcode
