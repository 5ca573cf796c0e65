"""`briefs rebuild`: makes archive.db again from warcs/ alone."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from scrapy.exceptions import UsageError

from pipelines.workers import Workers
from scraper.console.command_base import ArchiveCommand, add_workers_option, read_workers
from scraper.console.standard_output import STDOUT
from scraper.console.terminal import open_bar, print_error, stdout
from scraper.errors import IO

if TYPE_CHECKING:
    from pipelines.maintenance.rebuild import RebuildResult
    from pipelines.progress import Progress

_SHOWN = 20  # losses with a line of their own


class Command(ArchiveCommand):
    about = """
        Reads all of warcs/: the journal that each run wrote there, and the pages, by today's rules. The result has the
        rows of the archive that wrote the files, ids included; warcs/ stays as it is. A database that is there is never
        written to: --into makes another one, --replace moves it to archive.db.old when the new one is ready. What is
        damaged is one line each; the rest is rebuilt, and lost pages stay known as addresses, for a crawl to ask again.
        """
    examples = (
        ("briefs rebuild --into new.db", ""),
        ("briefs rebuild --replace", ""),
        ("briefs rebuild --journal", "where the database is sound and the journal is not"),
    )
    instead = "; --warcs DIR names the folder, --into NEW.db the database"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--into", metavar="NEW.db", help="the database to make, instead of ARCHIVE_DB")
        parser.add_argument(
            "--journal", action="store_true", help="the other way round: write a lost journal anew out of ARCHIVE_DB"
        )
        parser.add_argument("--replace", action="store_true", help="move a database that is there aside afterwards")
        add_workers_option(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.maintenance.rebuild import rebuild_archive, write_journal_anew

        if opts.into == STDOUT:
            raise UsageError("a database cannot go to standard output: --into takes the name of a file")
        workers = Workers(lambda line: print_error("rebuild", line), read_workers(opts))
        if opts.journal:
            with self.report_errors():
                number = write_journal_anew(self.settings)
                stdout().print(
                    f"{self.settings['WARCS_DIR']}: the journal begins anew with record {number}", soft_wrap=True
                )
            return
        with self.report_errors(), show_progress_bars() as (reading, storing):
            result = rebuild_archive(
                self.settings, into=opts.into, replace=opts.replace, reading=reading, storing=storing, workers=workers
            )
            for line in result.lost[:_SHOWN]:
                print_error("rebuild", line)
            if len(result.lost) > _SHOWN:
                print_error("rebuild", f"{len(result.lost) - _SHOWN} more losses")
            for line in _list_results(result):
                stdout().print(line, soft_wrap=True)
            self.exitcode = IO if result.lost else self.exitcode


def _list_results(result: RebuildResult) -> Iterator[str]:
    yield f"{result.path}: {result.replay.captures} captures out of {result.files} WARC files"
    if not result.has_journal:
        yield "There is no journal in these files: runs, checks and notes are unknown, pages are all there"
    if result.replay.loose:
        yield f"{result.replay.loose} pages that no journal names were taken in"
    if result.replay.left:
        yield f"{result.replay.left} records of runs that were cut off stay out; to take them in, ingest the folder"
    if result.replay.by_other_rules:
        yield f"{result.replay.by_other_rules} captures had been read by other rules; today's read them now"
    if result.aside:
        yield f"The database that was there is {result.aside} now"
    yield f"{len(result.lost)} losses, listed above" if result.lost else "Nothing is lost"


@contextmanager
def show_progress_bars() -> Iterator[tuple[Progress, Progress]]:
    """Show two progress bars at a terminal: bytes of the WARC files, and captures stored."""
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%")
    with open_bar(*columns, TimeRemainingColumn()) as bar:
        tasks = [bar.add_task(words, total=None) for words in ("reading warcs/", "storing captures")]
        # `task=task`: each function updates its own bar.
        reading, storing = ((lambda done, of, task=task: bar.update(task, completed=done, total=of)) for task in tasks)
        yield reading, storing
