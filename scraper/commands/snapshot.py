"""`briefs snapshot`: puts a checked copy of the database where the public reads it."""

from __future__ import annotations

import argparse

from scraper.console.command_base import ArchiveCommand
from scraper.console.stop_signals import end_on_stop_signals
from scraper.console.terminal import stdout


class Command(ArchiveCommand):
    about = """
        Copies the database into one file that needs no other, leaves the writers' e-mail addresses out, checks it as
        `verify` does, and puts it at public/archive.db in one step: a reader sees the old file or the new one. The
        reading room shows a renewed copy without a restart; plain Datasette needs one. Beside it stands a .sha256 for
        `sha256sum -c`. A crawl may run meanwhile. If anything fails, the old snapshot stays. The files that the reading
        room gives away (/download) are made beside it. The WACZ is made only if it is named: it has the pages as they
        were captured, and with them what e-mail addresses stood on them.
        """
    examples = (
        ("briefs snapshot", ""),
        ("briefs snapshot --files 'jsonl csv wacz'", "the captured pages to download, too"),
        ("briefs snapshot --with-contacts -s SNAPSHOT=backup/archive.db", "a backup, not to show"),
    )
    instead = "; -s SNAPSHOT=PATH chooses the file"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--with-contacts", action="store_true", help="keep the addresses: for a backup, not to show"
        )
        parser.add_argument(
            "--files", metavar="KINDS", help="files to download beside it: of jsonl, csv, parquet, wacz; or none"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.exports.downloads import publish_snapshot
        from pipelines.maintenance.snapshot import make_snapshot

        with self.report_errors(), end_on_stop_signals():
            if opts.files is not None:
                self.settings.set("SNAPSHOT_FILES", opts.files, priority="cmdline")
            published = (
                make_snapshot(self.settings, with_contacts=True)
                if opts.with_contacts
                else publish_snapshot(self.settings)
            )
            stdout().print(str(published), soft_wrap=True)
