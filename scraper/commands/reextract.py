"""`briefs reextract`: reads the kept bytes by today's rules, and shows what changes."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from pipelines.workers import Workers
from scraper.console.command_base import ArchiveCommand, add_workers_option, read_workers
from scraper.console.invocation import command_line
from scraper.console.standard_output import STDOUT, write_text
from scraper.console.stop_signals import catch_stop_signals
from scraper.console.terminal import make_printable, print_blocks, print_error, show_progress, stdout
from scraper.errors import IO, PARTLY

if TYPE_CHECKING:
    from pipelines.maintenance.differences import Change
    from pipelines.maintenance.reextract import ReextractResult

_SHOWN = 10  # changes of one field by one rule; --csv and --json hold all
_LONGEST = 160  # characters of a value


class Command(ArchiveCommand):
    about = """
        Reads the bytes of all captures that another version of the rules has read, and puts what today's rules read in
        its place. Look first with --dry-run: every value that would change is shown with both values, by field and
        rule. Nothing is added to revisions, for the site did not change. Stopped or killed, it goes on when it is run
        again.
        """
    examples = (
        ("briefs reextract --dry-run", ""),
        ("briefs reextract --dry-run --all --csv changes.csv", "every change, for review"),
        ("briefs reextract --path /2019/03/10/slug/", ""),
    )
    instead = "; --path PATH chooses a post"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="write nothing, show what would change")
        parser.add_argument("--all", action="store_true", help="also captures that today's rules have already read")
        parser.add_argument("--path", metavar="PATH", help="only captures of this post or page: a path or a URL")
        parser.add_argument("--layout", metavar="NAME", help="only captures of this look, as captures.layout has it")
        parser.add_argument("--extractor", metavar="VERSION", help="only captures that this extractor has read")
        parser.add_argument("--csv", metavar="FILE", help="write every change to FILE as CSV; - is standard output")
        parser.add_argument("--json", metavar="FILE", help="write every change to FILE as JSON Lines; - likewise")
        add_workers_option(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.maintenance.reextract import CaptureChoice, reextract_archive

        if opts.csv and opts.csv == opts.json:
            raise UsageError("only one shape goes to one FILE, and only one to standard output")
        which = CaptureChoice(opts.path, opts.layout, opts.extractor, opts.all)
        changes: list[Change] = []
        workers = Workers(lambda line: print_error("reextract", line), read_workers(opts))
        with self.report_errors(), catch_stop_signals() as stop:
            with show_progress("pages read again") as progress:
                result = reextract_archive(
                    *(self.settings, which), dry_run=opts.dry_run, report=changes.append, progress=progress,
                    stop=lambda: stop.is_requested, workers=workers,
                )  # fmt: skip
            # People review the changes of one rule together.
            changes.sort(key=lambda change: (change.field, change.rule, change.path, change.captured_at or ""))
            for file, form in ((opts.csv, _format_csv), (opts.json, _format_json)):
                if file:
                    write_text(file, form(changes))
            if STDOUT not in (opts.csv, opts.json):
                _print_changes(changes, result, dry_run=opts.dry_run)
            for line in result.lost:
                print_error("reextract", f"{line}; where to get it from: {command_line('verify')}")
            self.exitcode = PARTLY if result.read < result.captures else IO if result.lost else self.exitcode


def _print_changes(changes: Sequence[Change], result: ReextractResult, *, dry_run: bool) -> None:
    console = stdout()
    groups: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        groups[change.field, change.rule].append(change)
    for (field, rule), group in groups.items():
        console.print(f"{field}{f' by {rule}' if rule else ''}: {len(group)}", style="bold")
        for change in group[:_SHOWN]:
            console.print(f"  {change.path}, captured {change.captured_at or 'nobody knows when'}", soft_wrap=True)
            rows = (("    stood", _shorten(change.old), ()), ("    reads now", _shorten(change.new), ()))
            print_blocks(rows, console)
        if len(group) > _SHOWN:
            console.print(f"  {len(group) - _SHOWN} more; --csv FILE holds all")
    verb = "would change" if dry_run else "changed"
    totals = f"{result.read} of {result.captures} captures read again"
    console.print(f"{totals}: {len(changes)} values {verb} in {result.changed}")
    if dry_run and changes:
        console.print("Next: the same command without --dry-run takes them over")
    elif result.read < result.captures and not dry_run:
        console.print("Stopped; run it again to go on")


def _shorten(value: str | None) -> str:
    line = "-" if value is None else make_printable(" ".join(value.split()))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}… ({len(line)} characters)"


def _format_csv(changes: Sequence[Change]) -> Iterator[str]:
    from pipelines.exports.csv_tables import format_table
    from pipelines.maintenance.differences import Change

    return format_table((column.name for column in fields(Change)), (asdict(change).values() for change in changes))


def _format_json(changes: Sequence[Change]) -> Iterator[str]:
    yield from (json.dumps(asdict(change), ensure_ascii=False) + "\n" for change in changes)
