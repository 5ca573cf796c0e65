"""`briefs gaps`: lists what is missing from the archive, where it may be, and the command that looks there."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.exceptions import UsageError

from pipelines.gaps.find import collect_gaps
from pipelines.gaps.records import KINDS, Gaps
from scraper.commands.gaps_files import render_gaps_html, render_gaps_json
from scraper.commands.gaps_table import (
    Standings,
    format_gaps_csv,
    format_standings_csv,
    format_totals,
    list_standings,
    print_channels,
    print_gaps,
    print_standings,
    select_gaps,
)
from scraper.console.command_base import ArchiveCommand
from scraper.console.standard_output import STDOUT, write_text
from scraper.console.terminal import stdout

_SHAPES = ("csv", "html", "json")


class Command(ArchiveCommand):
    about = """
        An archivist's to-do list: numbers that no brief of a domain carries, and those that several carry; posts that
        listings, links, feeds or web archives name and that were never captured, were captured broken, or are gone;
        captures that wait for another record or could not be read as briefs. Each line ends with the command to run
        next. Then the channels (sitemap, feed, links ...): how many posts each of them knows, and how many of those the
        archive has. Withdrawn pages are left out. The archive is only read, also while a crawl runs.
        """
    examples = (
        ("briefs gaps", "the first lines of each kind"),
        ("briefs gaps --domain Environment --all", ""),
        ("briefs gaps --kind lost --csv lost.csv", "for a spreadsheet"),
        ("briefs gaps --channel sitemap", "the posts that only the sitemap knows, and those that it lacks"),
    )
    instead = "; --domain NAME and --kind KIND choose among them"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--domain", help="only gaps of this policy domain, such as Environment")
        parser.add_argument("--kind", choices=list(KINDS), help="only this kind, with all its lines")
        channel_help = "posts that only this channel knows, that it lacks, or that it knows and the archive lacks"
        parser.add_argument("--channel", metavar="NAME", help=channel_help)
        parser.add_argument("--all", action="store_true", help="every line; the first of each kind otherwise")
        shapes = ("table", *_SHAPES)
        parser.add_argument("--format", choices=shapes, default="table", help="what is printed; a table otherwise")
        file = f"write every line to FILE ({STDOUT}: standard output)"
        parser.add_argument("--csv", metavar="FILE", help=f"{file}, for a spreadsheet")
        parser.add_argument("--html", metavar="FILE", help=f"{file}, a page that needs no other file")
        json_help = f"{file}, for programs; without FILE to standard output; docs/archivists.md lists its keys"
        parser.add_argument("--json", nargs="?", const=STDOUT, metavar="FILE", help=json_help)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        files = [(shape, name) for shape in _SHAPES if (name := getattr(opts, shape))]
        if opts.format != "table":
            files.append((opts.format, STDOUT))
        names = [name for _, name in files]
        if len({*names}) < len(names):
            raise UsageError("only one shape goes to one FILE, and only one to standard output")
        with self.report_errors():
            gaps = select_gaps(collect_gaps(self.settings), opts.domain, opts.kind)
            standings = (opts.channel, list_standings(gaps, opts.channel)) if opts.channel else None
            for shape, name in files:
                write_text(name, [_format_gaps(gaps, shape, Path(self.settings["ARCHIVE_DB"]).name, standings)])
            if not files:
                _print_gaps(gaps, standings, everything=opts.all or bool(opts.kind))
            elif STDOUT not in names:
                stdout().print(f"{', '.join(names)}: {format_totals(gaps)}", soft_wrap=True)


def _print_gaps(gaps: Gaps, standings: Standings | None, *, everything: bool) -> None:
    console = stdout()
    if standings:
        print_standings(console, *standings)
        return
    print_gaps(console, gaps, everything=everything)
    print_channels(console, gaps.channels)
    console.print(f"{format_totals(gaps)}.", soft_wrap=True)


def _format_gaps(gaps: Gaps, shape: str, archive: str, standings: Standings | None) -> str:
    if shape == "json":
        return render_gaps_json(gaps, archive, standings)
    if shape == "html":
        return render_gaps_html(gaps, f"What is missing from {archive}", standings)
    return format_gaps_csv(gaps.gaps) if standings is None else format_standings_csv(standings[1])
