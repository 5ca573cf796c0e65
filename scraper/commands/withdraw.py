"""scrapy withdraw: a brief is kept from readers at once, and can be given back."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich import box
from rich.table import Table
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from scraper.errors import IO
from scraper.gaps_shown import legible
from scraper.keeping import published, snapshot
from scraper.terminal import Taught, bar, err, out, telling
from scraper.withdrawing import Withdrawal, Withheld, restore, withdraw, withdrawals


class Command(Taught, ScrapyCommand):
    """Keep a brief from readers, or give it back."""

    requires_crawler_process = False
    usage = "[options] [PATH]"
    line = "Keep a brief from readers everywhere at once, leaving a tombstone; --undo gives it back"
    text = (
        "Takes the brief at PATH (its path or whole address) out of archive.db: its row and all that hangs on it, "
        "its versions, its words in the search index, whichever of its addresses they came by. What stays is the "
        "tombstone: path, number, instant and reason in the table withdrawals, and which captures there are. The "
        "kept bytes stay in WARCS_DIR, which nothing serves; exports leave them out. A snapshot that is there is "
        "renewed. While another command writes to the archive, that one does it at its next commit, mostly within "
        "seconds; Ctrl-C stops waiting, and nothing is withdrawn. Crawls and web archive runs do not ask for it "
        "any more, and whatever brings it in again (nightly, ingest, rebuild, reextract) is sealed too. --undo "
        "reads the kept pages again and gives back every row under its old number, while nobody else writes. "
        "Looks at recommended addresses that no other brief names (scrapy links) "
        "are not kept. Without PATH, or with --list, lists what is withdrawn. Examples: `scrapy withdraw "
        '/2019/03/10/slug/ --reason "asked by its author"`; `scrapy withdraw /2019/03/10/slug/ --undo`; `scrapy '
        "withdraw --list`. Exit codes: 0 done, or it was so already; 2 no reason; 65 there is no such post or "
        "archive; 74 the bytes of a capture cannot be read any more (a line names it, the rest is back), or disk "
        "trouble; 75 --undo while another command writes to the archive; 78 ARCHIVE_DB is not an archive of this "
        "version."
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --reason, --undo, --list and --dry-run."""
        super().add_options(parser)
        parser.add_argument("--reason", default="", metavar="TEXT", help="why; it is shown on the tombstone")
        parser.add_argument("--undo", action="store_true", help="give the brief back to readers")
        parser.add_argument("--list", action="store_true", help="list what is withdrawn, and what was")
        parser.add_argument("--dry-run", action="store_true", help="change nothing, tell what would be withdrawn")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Withdraw, undo or list; sets `exitcode`."""
        assert self.settings is not None
        if len(args) > 1 or (opts.list and args) or (opts.undo and not args):
            raise UsageError("withdraw takes one PATH, or --list")
        if args and not opts.undo and not opts.reason.strip():
            raise UsageError('withdraw needs a reason: --reason "why"')
        with telling(self, "withdraw"):
            if not args:
                _list(withdrawals(self.settings))
                return
            if opts.undo:
                with bar("pages read again") as progress:
                    done = restore(self.settings, args[0], dry_run=opts.dry_run, progress=progress)
            else:
                done = withdraw(self.settings, args[0], opts.reason.strip(), dry_run=opts.dry_run, waiting=_warn)
            _tell(done, undo=opts.undo, dry_run=opts.dry_run)
            for line in (*done.lost, *done.notes):
                _warn(line)
            if not opts.dry_run:
                _renew_copies(self.settings)
            self.exitcode = IO if done.lost else self.exitcode


def _warn(line: str) -> None:
    err().print(f"scrapy withdraw: {legible(line)}")


def _tell(done: Withheld, *, undo: bool, dry_run: bool) -> None:
    one = done.withdrawal
    also = f" with {', '.join(one.others)}" if one.others else ""
    number = f"brief {one.brief_id}" if one.brief_id is not None else "no brief"
    told = f"{one.path}{also} ({number}, {done.captures} captures)"
    if not done.changed:
        line = f"{told} is withdrawn already, since {one.withdrawn_at}: {one.reason}"
    elif undo:
        line = f"{told} {'would be' if dry_run else 'is'} back"
    else:
        line = f"{told} {'would be' if dry_run else 'is'} withdrawn: {one.reason}"
    out().print(legible(line), soft_wrap=True)
    if not dry_run and not undo and done.changed:
        out().print(f"Next: scrapy withdraw {one.path} --undo takes it back", soft_wrap=True)


def _renew_copies(settings: BaseSettings) -> None:
    """The copy that is shown to the world shows it no longer; of other copies people are told."""
    copy = Path(settings["SNAPSHOT"]).absolute()
    there = published(settings)
    if there:
        out().print(f"renewed {snapshot(settings, wait=True)}", soft_wrap=True)
    elif there is None:
        out().print(f"No public copy stands at {copy}; to renew one elsewhere: -s SNAPSHOT=PATH", soft_wrap=True)
    else:
        _warn(f"{copy} is a copy of another archive and stays as it is: -s SNAPSHOT=PATH names ours")
    database = Path(settings["ARCHIVE_DB"])
    for old in sorted(database.parent.glob(f"{database.name}.old*")):
        _warn(f"{old} is an older copy, and stays as it is: delete it if nobody needs it")


def _list(told: list[Withdrawal]) -> None:
    console = out()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("withdrawn", "path", "brief", "reason", "undone"):
        table.add_column(column, overflow="fold", no_wrap=column in ("withdrawn", "undone"))
    for one in told:
        number = "–" if one.brief_id is None else str(one.brief_id)
        row = one.withdrawn_at, "\n".join(map(legible, (one.path, *one.others))), number, legible(one.reason)
        table.add_row(*row, one.undone_at or "–")
    if told:
        console.print(table)
    active = sum(one.undone_at is None for one in told)
    console.print(f"{active} posts withdrawn, {len(told) - active} given back")
