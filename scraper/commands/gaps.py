"""`briefs gaps`: what is missing from the archive, where it may be, and the command that looks there."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scrapy.exceptions import UsageError

from scraper.console.command_base import ArchiveCommand
from scraper.errors import DiskTrouble
from scraper.gaps import KINDS, Gaps, Sighting, find_gaps
from scraper.gaps_html import as_html
from scraper.gaps_shown import gap_rows, selected, show, show_channels, show_standings, standing_rows, standings, totals
from scraper.terminal import out, telling

_Standings = Sequence[tuple[str, Sighting]]


class Command(ArchiveCommand):
    """Tell what is missing."""

    about = """
        An archivist's to-do list: numbers that no brief of a domain carries, and those that several carry; posts that
        listings, links, feeds or web archives name and that were never captured, were captured broken, or are gone;
        captures that wait for another record or could not be read as briefs. Each line ends with the command to run
        next. Then the channels: how many posts each way of learning of them knows, and how many the archive has.
        Withdrawn pages are left out. The archive is only read, also while a crawl runs.
        """
    examples = (
        ("briefs gaps", "the first lines of each kind"),
        ("briefs gaps --domain Environment --all", ""),
        ("briefs gaps --kind lost --csv lost.csv", "for a spreadsheet"),
        ("briefs gaps --channel sitemap", "what the sitemap alone knows, and what it does not know"),
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --domain, --kind, --channel, --all, --format, --csv and --html."""
        super().add_options(parser)
        parser.add_argument("--domain", help="only what concerns this policy domain, such as Environment")
        parser.add_argument("--kind", choices=list(KINDS), help="only this kind, with all its lines")
        channel_help = "which posts the channel alone knows, does not know, or knows and the archive has not"
        parser.add_argument("--channel", metavar="NAME", help=channel_help)
        parser.add_argument("--all", action="store_true", help="every line; the first of each kind otherwise")
        shapes = ("table", "csv", "html")
        parser.add_argument("--format", choices=shapes, default="table", help="what is printed; a table otherwise")
        parser.add_argument("--csv", metavar="FILE", help="write every line to FILE, for a spreadsheet")
        parser.add_argument("--html", metavar="FILE", help="write every line to FILE, a page that needs no other file")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Tell the gaps; sets `exitcode`."""
        assert self.settings is not None
        if args:
            raise UsageError("gaps takes no argument; --domain NAME and --kind KIND choose among them")
        with telling(self, "gaps"):
            gaps = selected(find_gaps(self.settings), opts.domain, opts.kind)
            told = standings(gaps, opts.channel) if opts.channel else None
            title = f"What is missing from {Path(self.settings['ARCHIVE_DB']).name}"
            files = {path: shape for shape, path in (("csv", opts.csv), ("html", opts.html)) if path}
            for path, shape in files.items():
                _write(Path(path), _text(gaps, shape, title, opts.channel, told))
            if opts.format != "table":
                text = _text(gaps, opts.format, title, opts.channel, told)
                sys.stdout.buffer.write(text.encode("utf-8", "replace"))
            elif files:
                out().print(f"{', '.join(files)}: {totals(gaps)}", soft_wrap=True)
            else:
                _show(gaps, opts.channel, told, everything=opts.all or bool(opts.kind))


def _show(gaps: Gaps, channel: str | None, told: _Standings | None, *, everything: bool) -> None:
    console = out()
    if channel and told is not None:
        show_standings(console, channel, told)
        return
    show(console, gaps, everything=everything)
    show_channels(console, gaps.channels)
    console.print(f"{totals(gaps)}.", soft_wrap=True)


def _text(gaps: Gaps, shape: str, title: str, channel: str | None, told: _Standings | None) -> str:
    if shape == "html":
        return as_html(gaps, title, (channel, told) if channel and told is not None else None)
    return gap_rows(gaps.gaps) if told is None else standing_rows(told)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise DiskTrouble(f"{path}: {error.strerror}: choose another file") from error
