"""`briefs export`: take the archive, or a part of it, out in a format that other tools open."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from scrapy.exceptions import UsageError

from pipelines.exports.request import FORMATS, NAMES, ExportRequest, Selection
from scraper.console.command_base import ArchiveCommand
from scraper.console.standard_output import STDOUT
from scraper.console.stop_signals import end_on_stop_signals
from scraper.console.terminal import show_progress, stderr, stdout

_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_KINDS = ("brief", "opinion", "blog", "post")
_CONDITIONS = {
    "domain": "policy domain; any case",
    "kind": "kind of post: brief, opinion, blog or post",
    "author": "writer, as published or as merged; any case",
    "number": "the brief's number in its domain",
    "path": "path or address of one brief",
}


class Command(ArchiveCommand):
    usage = "FORMAT [-o FILE] [conditions]"
    about = f"""
        {"; ".join(f"{name}: {text}" for name, (_, text) in FORMATS.items())}.

        Text goes to standard output where no -o is given. A file takes its place when it is whole. Conditions narrow it
        down: several of one kind are alternatives, different ones must all hold. Withdrawn pages are in no export. The
        archive is only read; one state of it always gives the same bytes.
        """
    examples = (
        ("briefs export wacz -o briefs.wacz", ""),
        ("briefs export csv --domain Environment --since 2019 --until 2020-06", ""),
        ('briefs export bibtex --author "Ada Wren" > wren.bib', ""),
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o", "--output", type=Path, metavar="FILE", help="the file or folder to write; - is standard output"
        )
        for name, text in _CONDITIONS.items():
            parser.add_argument(f"--{name}", action="append", default=[], metavar="VALUE", help=text)
        parser.add_argument("--since", metavar="DAY", help="published then or later: YYYY, YYYY-MM or YYYY-MM-DD")
        parser.add_argument("--until", metavar="DAY", help="published then or earlier, all of that year, month or day")
        text = "newest: of each brief only the capture that its values are from, and no listings (default: all)"
        parser.add_argument("--captures", choices=("all", "newest"), default="all", help=text)
        text = (
            "keep the writers' e-mail addresses, which are left out of all but the records in warc and wacz, and the "
            "WordPress exports taken in, which hold drafts and the addresses of who commented"
        )
        parser.add_argument("--with-contacts", action="store_true", help=text)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.exports.export import write_export

        if len(args) != 1 or args[0] not in NAMES:
            raise UsageError(f"export takes one format: {', '.join(NAMES)}")
        name = next(name for name in NAMES if name == args[0])
        target = None if opts.output == Path(STDOUT) else opts.output
        request = ExportRequest(
            format=name, selection=_read_selection(opts), target=target, with_contacts=opts.with_contacts
        )
        with self.report_errors():
            with end_on_stop_signals(), show_progress("written") as progress:  # an unfinished file is removed
                result = write_export(self.settings, request, progress)
            if result.path is not None:
                stdout().print(str(result), soft_wrap=True)
            elif result.pageless:
                stderr().print(str(result), soft_wrap=True)


def _read_selection(opts: argparse.Namespace) -> Selection:
    for name in ("since", "until"):
        day = getattr(opts, name)
        if day is not None and not _DAY.fullmatch(day):
            raise UsageError(f"--{name}={day}: it takes YYYY, YYYY-MM or YYYY-MM-DD")
    if not {*opts.kind} <= {*_KINDS}:
        raise UsageError(f"--kind takes one of {', '.join(_KINDS)}")
    if not all(number.isdecimal() for number in opts.number):
        raise UsageError("--number takes a number")
    return Selection(
        domains=tuple(opts.domain),
        kinds=tuple(opts.kind),
        authors=tuple(opts.author),
        numbers=tuple(map(int, opts.number)),
        paths=tuple(opts.path),
        since=opts.since,
        until=opts.until,
        captures=opts.captures,
    )
