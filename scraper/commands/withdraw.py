"""`briefs withdraw`: takes a brief from readers at once, and can give it back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from scraper.console.command_base import ArchiveCommand
from scraper.console.invocation import command_line
from scraper.console.terminal import make_printable, print_error, show_progress, stderr, stdout
from scraper.errors import IO, PARTLY

if TYPE_CHECKING:
    from pipelines.withdrawals.records import Withdrawal, WithdrawalOutcome


class Command(ArchiveCommand):
    usage = "[options] [PATH]"
    about = """
        Takes the brief at PATH (its path or whole address) out of archive.db: its row, its versions, its words in the
        search index. A tombstone stays: path, number, instant and reason in the table withdrawals. The bytes stay in
        warcs/, which nothing serves; exports leave them out, a snapshot that is there is renewed, and whatever brings
        the brief in again is withdrawn too. Other briefs that show a copy of it are listed: at a terminal you are asked
        whether they go too; in a script they stay unless --with-copies is given, and the exit code is 4. While another
        command writes, that one does it at its next commit; Ctrl-C stops waiting, and nothing is withdrawn. --undo
        gives every row back. Without PATH, lists what is withdrawn.
        """
    examples = (
        ('briefs withdraw /2019/03/10/slug/ --reason "asked by its author"', ""),
        ("briefs withdraw /2019/03/10/slug/ --undo", ""),
        ("briefs withdraw --list", ""),
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--reason", default="", metavar="TEXT", help="why; the tombstone shows it")
        parser.add_argument(
            "--with-copies", action="store_true", help="withdraw other briefs that show a copy of it too"
        )
        parser.add_argument("--undo", action="store_true", help="give the brief back to readers")
        parser.add_argument("--list", action="store_true", help="list all withdrawals, undone ones too")
        parser.add_argument("--dry-run", action="store_true", help="change nothing, show what would be withdrawn")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.maintenance.restore import restore_post
        from pipelines.maintenance.withdraw import read_withdrawals, withdraw_post

        if len(args) > 1 or (opts.list and args) or (opts.undo and not args):
            raise UsageError("withdraw takes one PATH, or --list")
        if args and not opts.undo and not opts.reason.strip():
            raise UsageError('withdraw needs a reason: --reason "why"')
        with self.report_errors():
            if not args:
                _print_withdrawals(read_withdrawals(self.settings))
                return
            if opts.undo:
                with show_progress("pages read again") as progress:
                    result = restore_post(self.settings, args[0], dry_run=opts.dry_run, progress=progress)
            else:
                reason, confirm = opts.reason.strip(), (lambda _: True) if opts.with_copies else _ask_for_copies
                result = withdraw_post(
                    self.settings, args[0], reason, dry_run=opts.dry_run, report=_warn, confirm=confirm
                )
            _print_result(result, undo=opts.undo, dry_run=opts.dry_run)
            for line in (*result.lost, *result.notes, *filter(None, (result.unerased,)), *_list_copies(result, opts)):
                _warn(str(line))
            if result.kept and not opts.undo and not opts.dry_run:
                self.exitcode = PARTLY
            self.exitcode = result.unerased.exit_code if result.unerased else self.exitcode
            # Readers must not wait for the next night: the public copy is renewed at once.
            if not opts.dry_run:
                _renew_copies(self.settings)
            self.exitcode = IO if result.lost else self.exitcode


def _ask_for_copies(copies: tuple[str, ...]) -> bool:
    """Ask at a terminal whether copies are withdrawn too; nobody to ask means no."""
    console = stderr()
    if not (sys.stdin.isatty() and console.is_terminal):
        return False
    for path in copies:
        console.print(make_printable(f"{path} shows a copy of it"), soft_wrap=True)
    with suppress(EOFError):
        return console.input("Withdraw these too? [y/N] ").strip().lower() in ("y", "yes")
    return False


def _list_copies(result: WithdrawalOutcome, opts: argparse.Namespace) -> Iterator[str]:
    """List the copies that stay, and how they would go."""
    for path in () if opts.undo else result.kept:
        if opts.dry_run:
            yield f"{path}: shows a copy of it; it {'would go too' if opts.with_copies else 'stays unless you say so'}"
        else:
            more = command_line("withdraw", path, "--reason", opts.reason.strip())
            yield f"{path}: shows a copy of it and stays; to withdraw it too: {more}"


def _warn(line: str) -> None:
    print_error("withdraw", make_printable(line))


def _print_result(result: WithdrawalOutcome, *, undo: bool, dry_run: bool) -> None:
    withdrawal = result.withdrawal
    others = f" with {', '.join(withdrawal.others)}" if withdrawal.others else ""
    number = f"brief {withdrawal.brief_id}" if withdrawal.brief_id is not None else "no brief"
    description = f"{withdrawal.path}{others} ({number}, {result.captures} captures)"
    if not result.changed:
        line = f"{description} is withdrawn already, since {withdrawal.withdrawn_at}: {withdrawal.reason}"
    elif undo:
        line = f"{description} {'would be' if dry_run else 'is'} back"
    else:
        line = f"{description} {'would be' if dry_run else 'is'} withdrawn: {withdrawal.reason}"
    stdout().print(make_printable(line), soft_wrap=True)
    if not dry_run and not undo and result.changed:
        stdout().print(f"To take it back: {command_line('withdraw', withdrawal.path, '--undo')}", soft_wrap=True)


def _renew_copies(settings: BaseSettings) -> None:
    """Renew the public snapshot, so that it no longer has the brief; warn of other copies."""
    from pipelines.exports.downloads import publish_snapshot
    from pipelines.maintenance.snapshot import is_published

    copy = Path(settings["SNAPSHOT"]).absolute()
    is_ours = is_published(settings)
    if is_ours:
        stdout().print(f"renewed {publish_snapshot(settings, wait=True)}", soft_wrap=True)
    elif is_ours is None:
        stdout().print(f"No public copy stands at {copy}; to renew one elsewhere: -s SNAPSHOT=PATH", soft_wrap=True)
    else:
        _warn(f"{copy} is a copy of another archive and stays as it is: -s SNAPSHOT=PATH names ours")
    database = Path(settings["ARCHIVE_DB"])
    for old in sorted(database.parent.glob(f"{database.name}.old*")):
        _warn(f"{old} is an older copy, and stays as it is: delete it if nobody needs it")


def _print_withdrawals(withdrawals: list[Withdrawal]) -> None:
    console = stdout()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("withdrawn", "path", "brief", "reason", "undone"):
        table.add_column(column, overflow="fold", no_wrap=column in ("withdrawn", "undone"))
    for withdrawal in withdrawals:
        number = "–" if withdrawal.brief_id is None else str(withdrawal.brief_id)
        paths = "\n".join(map(make_printable, (withdrawal.path, *withdrawal.others)))
        row = (withdrawal.withdrawn_at, paths, number, make_printable(withdrawal.reason))
        table.add_row(*row, withdrawal.undone_at or "–")
    if withdrawals:
        console.print(table)
    active = sum(withdrawal.undone_at is None for withdrawal in withdrawals)
    console.print(f"{active} posts withdrawn, {len(withdrawals) - active} given back")
