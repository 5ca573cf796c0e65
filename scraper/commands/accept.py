"""`briefs accept`: accepts what a doubtful night read."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from scraper.console.command_base import ArchiveCommand
from scraper.console.terminal import stdout


class Command(ArchiveCommand):
    usage = "[options] RUN"
    about = """
        What a doubtful night reads, and a text that shrank by half or more, is held: its pages are kept, and the briefs
        stay as they were. It comes in by itself when a later good night reads the same. After a look at the site, this
        accepts all that the run with this number read; the report and the table problems name the number.
        """
    examples = (("briefs accept 41", "the number of the run, as in the report"),)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1 or not args[0].isdecimal() or len(args[0]) > 18:
            raise UsageError("accept which run? For example: accept 41")
        from pipelines.maintenance.accept import accept_run

        with self.report_errors():
            accepted = accept_run(self.settings, int(args[0]))
            left = f"; of {accepted.pending} posts something is still held" if accepted.pending else ""
            kept = f", {accepted.read} pages of it now" if accepted.read else ""
            stdout().print(f"Run {accepted.run} is accepted: what it read counts{kept}{left}", soft_wrap=True)
