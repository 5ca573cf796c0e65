"""`briefs authors`: who wrote, in which spellings, and who may be one person; people decide, and can take it back."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from scrapy.exceptions import UsageError

from pipelines.exports.csv_tables import format_row
from pipelines.people.records import Alias, Proposal, Writer, Writers
from scraper.console.command_base import ArchiveCommand
from scraper.console.invocation import command_line
from scraper.console.standard_output import STDIN, STDOUT, write_text
from scraper.console.terminal import make_printable, stdout
from scraper.errors import BadInput

if TYPE_CHECKING:
    from pipelines.people.aliases import Aliases

_COLUMNS = ("name", "author", "reason")
_SHOWN = 15  # writers, and proposals, without --all
_WORDS = {"merge": 2, "split": 1, "reject": 2, "import": 1}  # the number of names that each takes


class Command(ArchiveCommand):
    usage = "[options] [merge NAME AUTHOR | split NAME | reject NAME OTHER | import FILE]"
    about = """
        Without a word behind it, lists the writers with their briefs, days and spellings, then pairs that may be one
        person, the likeliest first, with what speaks for it and against. Nothing is merged by itself. `merge` makes
        NAME a spelling of AUTHOR, with a reason that stays in the table author_aliases; `split` takes that back.
        `reject` says that two names are two people, who are not proposed again until --undo. `import` reads a file of
        aliases, all of it or nothing.
        """
    examples = (
        ("briefs authors", ""),
        ('briefs authors merge "J. Doe" "Jane Doe" --reason "first name as an initial"', ""),
        ('briefs authors split "J. Doe"', ""),
        ('briefs authors reject "Ann Roe" "Anne Roe" --reason "two biographies"', ""),
        ("briefs authors --csv aliases.csv", "then, elsewhere: briefs authors import aliases.csv"),
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--reason", default="", help="why, for merge and reject, which need one")
        parser.add_argument("--undo", action="store_true", help="with reject, takes a rejection back")
        csv_help = "write the aliases to FILE, or to standard output, as name, author, reason"
        parser.add_argument("--csv", nargs="?", const=STDOUT, metavar="FILE", help=csv_help)
        parser.add_argument("--all", action="store_true", help="every writer and every proposal; the first otherwise")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.archive import SqliteArchive
        from pipelines.database.opening import require_archive
        from pipelines.people.authors import list_writers

        word, names = (args[0], args[1:]) if args else (None, [])
        if word is not None and len(names) != _WORDS.get(word):
            raise UsageError("authors takes merge NAME AUTHOR, split NAME, reject NAME OTHER, import FILE, or nothing")
        if word in ("merge", "reject") and not opts.undo and not opts.reason.strip():
            raise UsageError(f'{word} needs a reason: --reason "why"')
        with self.report_errors():
            if word is None:
                _print_lists(list_writers(self.settings), opts)
                return
            require_archive(Path(self.settings["ARCHIVE_DB"]))
            aliases = read_aliases(Path(names[0])) if word == "import" else []
            with closing(SqliteArchive.open(self.settings)) as archive:
                line = _change_aliases(archive.aliases, word, names, opts, aliases)
            stdout().print(make_printable(line), soft_wrap=True)


def _change_aliases(table: Aliases, word: str, names: list[str], opts: argparse.Namespace, aliases: list[Alias]) -> str:
    """Do what the word says; return what was done, in words."""
    if word == "import":
        added = table.add_all(aliases)
        return f"{names[0]}: {added} aliases added, {len(aliases) - added} were there"
    if word == "merge":
        alias = table.merge(names[0], names[1], opts.reason)
        parting = f'authors split "{alias.name}" parts them'
        return f'"{alias.name}" is a spelling of "{alias.author}" ({alias.reason}); {parting}'
    if word == "split":
        alias = table.split(names[0])
        return f'"{alias.name}" stands for itself again, no longer for "{alias.author}" ({alias.reason})'
    if opts.undo:
        rejection = table.withdraw_rejection(names[0], names[1])
        return f'"{rejection.name}" and "{rejection.other}" may be one person again'
    rejection = table.reject(names[0], names[1], opts.reason)
    pair = f'"{rejection.name}" and "{rejection.other}"'
    return f"{pair} are two people ({rejection.reason}); they are not proposed again"


def read_aliases(path: Path) -> list[Alias]:
    """Read the aliases of a CSV file with name, author and reason; `-` is standard input. Raises BadInput."""
    try:
        raw = sys.stdin.buffer.read() if str(path) == STDIN else path.read_bytes()
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path}: no CSV file in UTF-8: {error}") from error
    for number, row in enumerate(rows, 2):
        if any(not isinstance(row.get(column), str) or not row[column].strip() for column in _COLUMNS):
            raise BadInput(f"{path}: row {number}: name, author and reason are needed: nothing was read")
    return [Alias(*(" ".join(row[column].split()) for column in _COLUMNS)) for row in rows]


def format_aliases_csv(writers: Writers) -> str:
    """Format the aliases as a CSV file that `read_aliases` reads."""
    rows = ((alias.name, alias.author, alias.reason) for alias in writers.aliases)
    return "".join(format_row(row, "\n") for row in (_COLUMNS, *rows))


def _print_lists(writers: Writers, opts: argparse.Namespace) -> None:
    console = stdout()
    if opts.csv:
        write_text(opts.csv, [format_aliases_csv(writers)])
        if opts.csv != STDOUT:
            console.print(f"{opts.csv}: {len(writers.aliases)} aliases", soft_wrap=True)
        return
    limit = None if opts.all else _SHOWN
    _print_writers(console, writers.writers, limit)
    _print_proposals(console, writers.proposals, limit)
    people = sum(writer.kind == "person" for writer in writers.writers)
    totals = f"{people} people and {len(writers.writers) - people} collective bylines; {len(writers.aliases)} aliases"
    console.print(f"{totals}, {len(writers.rejections)} rejections, {len(writers.proposals)} proposals", soft_wrap=True)


def _print_writers(console: Console, writers: tuple[Writer, ...], limit: int | None) -> None:
    table = Table("writer", "kind", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("briefs", justify="right")
    for column in ("first", "last", "spellings"):
        table.add_column(column)
    for writer in writers[:limit]:
        spelled = ", ".join(f"{name} ({count})" for name, count in writer.spellings if name != writer.name)
        row = (writer.kind, str(writer.briefs), writer.first or "–", writer.last or "–", make_printable(spelled))
        table.add_row(make_printable(writer.name), *row)
    console.print(table)
    if limit and len(writers) > limit:
        console.print(f"and {len(writers) - limit} more writers: {command_line('authors', '--all')}\n")


def _print_proposals(console: Console, proposals: tuple[Proposal, ...], limit: int | None) -> None:
    if proposals:
        console.print("May be one person; a look at their briefs decides:", style="bold")
    for proposal in proposals[:limit]:
        question = f'"{make_printable(proposal.name)}" = "{make_printable(proposal.author)}"?'
        console.print(f"{proposal.strength} ({proposal.score}): {question}")
        console.print(f"    for: {make_printable('; '.join(proposal.evidence))}", soft_wrap=True)
        if proposal.against:
            console.print(f"    against: {make_printable('; '.join(proposal.against))}", soft_wrap=True)
    if limit and len(proposals) > limit:
        console.print(f"and {len(proposals) - limit} more proposals: {command_line('authors', '--all')}")
