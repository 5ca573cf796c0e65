"""`briefs demo`: crawls a sample site on this machine into a sample archive."""

from __future__ import annotations

import argparse
from pathlib import Path

from demo.sample_archive import SampleArchive
from scraper.console.command_base import ArchiveCommand
from scraper.console.invocation import Invocation, current_invocation
from scraper.console.terminal import print_error
from scraper.errors import UNAVAILABLE

_DATABASE, _WARCS = "demo.db", "demo-warcs"


class Command(ArchiveCommand):
    about = f"""
        Serves a small site of invented briefs on this machine, crawls it into {_DATABASE} and {_WARCS}/, which are
        marked as a sample, and ends with the command that shows them. A second run changes nothing. To serve the site
        for a crawl of your own: python -m demo serve.
        """
    examples = (("briefs demo", ""), ("briefs demo --db try.db --warcs try-warcs", ""))
    instead = ""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--port", type=int, metavar="N", help="serve the site at this port; a free one otherwise")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        database, warcs = opts.db or _DATABASE, opts.warcs or _WARCS
        # The command that is printed must name the sample, whatever archive the options named.
        invocation = Invocation(current_invocation().program, ("--db", database, "--warcs", warcs))
        try:
            self.exitcode = SampleArchive(Path(database), Path(warcs), invocation.command_line("serve")).make(opts.port)
        except OSError as error:
            print_error("demo", f"port {opts.port}: {error.strerror}: choose another with --port")
            self.exitcode = UNAVAILABLE
