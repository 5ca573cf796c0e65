"""scrapy snapshot: put a checked copy of the database where the world may read it."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.keeping import snapshot
from scraper.terminal import Taught, out, telling


class Command(Taught, ScrapyCommand):
    """Renew the published copy."""

    requires_crawler_process = False
    line = "Put a checked copy of the database at SNAPSHOT, without the writers' e-mail addresses"
    text = (
        "Copies the database into one file that needs no other, leaves the writers' e-mail addresses out, checks "
        "it as `scrapy verify` does, and puts it at SNAPSHOT (public/archive.db) in one step: who reads sees the "
        "old file or the new one. SNAPSHOT.sha256 beside it is what `sha256sum -c` reads. A crawl may run "
        "meanwhile. The reading room shows a renewed copy without a restart; Datasette by itself (datasette -i) "
        "is to be restarted. Examples: `scrapy snapshot`; `scrapy snapshot --with-contacts -s "
        "SNAPSHOT=backup/archive.db`. Exit codes: 0 renewed; 65 "
        "there is no archive, or an address cannot be left out; 74 damaged, or no room; 75 another one is at work; "
        "78 ARCHIVE_DB is not an archive of this version. But for 0 the old snapshot stays."
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --with-contacts."""
        super().add_options(parser)
        parser.add_argument(
            "--with-contacts", action="store_true", help="keep the addresses: for a backup, not to show"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Renew the snapshot and print its digest; sets `exitcode`."""
        assert self.settings is not None
        if args:
            raise UsageError("snapshot takes no argument; -s SNAPSHOT=PATH chooses the file")
        with telling(self, "snapshot"):
            published = snapshot(self.settings, with_contacts=opts.with_contacts)
            out().print(str(published), soft_wrap=True)
