"""`briefs nightly`: everything that a night needs, in one command for a timer."""

from __future__ import annotations

import argparse

from scraper.console.command_base import SpiderCommand
from scraper.crawl.argument_values import list_options
from scraper.crawl.arguments import Arguments


class Command(SpiderCommand):
    about = """
        The one command for a timer: it takes a lock, checks that there is room, a contact and a usable archive, asks
        the site for what is new, edited or due, reads a part of the bytes again (verify), renews the snapshot, judges
        the run (report), and alerts those who are configured. A step that fails is reported, and the others still run.
        The exit code is that of the gravest step.
        """
    examples = (
        ("BRIEFS_CONTACT=you@your-domain.org briefs nightly", "with your own address"),
        ("briefs nightly --dry-run", "what would be requested and why; nothing is written"),
        ("briefs nightly --full --start http://127.0.0.1:8642/", "another server as the site"),
    )
    instead = "; --start URL names another host"
    arguments = list_options(Arguments, "start", "max_pages", "force")

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="list what would be requested, and why")
        parser.add_argument("--full", action="store_true", help="request every post again, whatever the budget")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from scraper.commands.night import Night

        words = opts.spargs | {"nightly": "1"}
        words |= {name: "1" for name in ("full", "dry_run") if getattr(opts, name)}
        with self.report_errors():
            night = Night(self, words)
            if Arguments.read(words).dry_run:
                night.try_out()
            else:
                night.run()
