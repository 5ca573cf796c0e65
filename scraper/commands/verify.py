"""`briefs verify`: checks the database, its search index and the bytes of every page for damage."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from pipelines.workers import Workers
from scraper.console.command_base import ArchiveCommand, add_workers_option, read_workers
from scraper.console.stop_signals import end_on_stop_signals
from scraper.console.terminal import print_error, show_progress, stdout
from scraper.errors import IO


class Command(ArchiveCommand):
    about = """
        Checks the database and its search index, that every value has its evidence, that the bytes of every capture can
        be read in warcs/ and have the digest they were taken with, and that the journal there is whole, so that
        `rebuild` would make the same database. Each damage is one line, which ends with the command that mends it.
        Nothing is changed, and a crawl may run meanwhile.
        """
    examples = (
        ("briefs verify", ""),
        ("briefs verify --sample 500", "the bytes of some captures only, and not the journal"),
        ("briefs verify --db public/archive.db", ""),
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        help_text = "read the bytes of about N captures, others each day; all of them otherwise"
        parser.add_argument("--sample", type=int, metavar="N", help=help_text)
        add_workers_option(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.maintenance.verify import verify_archive

        if args or (opts.sample is not None and opts.sample < 1):
            raise UsageError("verify takes no argument; --sample takes a number from 1")
        workers = Workers(lambda line: print_error("verify", line), read_workers(opts))
        with self.report_errors(), end_on_stop_signals():
            with show_progress("pages read again") as progress:
                health = verify_archive(self.settings, sample=opts.sample, progress=progress, workers=workers)
            for damage in health.damage:
                print_error("verify", str(damage))
            for note in health.notes:
                stdout().print(note, soft_wrap=True)
            stdout().print(f"{self.settings['ARCHIVE_DB']}: {health}", soft_wrap=True)
            self.exitcode = IO if health.damage else self.exitcode
