"""`briefs report`: what a night did, beside what is usual, and the findings of the monitors."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from scraper.console.command_base import ArchiveCommand
from scraper.console.standard_output import print_text


class Command(ArchiveCommand):
    about = """
        Prints the report on the last run of the crawl, or on another row of the table crawls, as Markdown. The monitors
        compare it with the runs before it. The archive is only read, also while a crawl runs.
        """
    examples = (
        ("briefs report", ""),
        ("briefs report --run 12 --html > 12.html", ""),
        ("briefs report --write", "also into reports/, as a night does"),
    )
    instead = "; --run ID chooses a run"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--run", type=int, metavar="ID", help="a run by its id in crawls; the last one otherwise")
        shape = parser.add_mutually_exclusive_group()
        shape.add_argument("--html", action="store_true", help="one HTML page with charts, which needs no other file")
        shape.add_argument("--json", action="store_true", help="JSON for programs; docs/report.md lists its keys")
        parser.add_argument("--write", action="store_true", help="also write all three to REPORTS_DIR, as a night does")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from scraper.commands.night_mark import NightMark
        from scraper.commands.run_report import build_run_report
        from scraper.monitoring.findings import night_exit_code
        from scraper.monitoring.markdown import render_markdown
        from scraper.monitoring.private_words import hide_private_words
        from scraper.monitoring.report_files import render_html, render_json, write_report

        with self.report_errors():
            report = build_run_report(self.settings, opts.run)
            if opts.run is None and (hanging := NightMark.of(self.settings).find_hanging_night()):
                findings = (hanging, *report.findings)
                report = replace(report, findings=findings, exit_code=night_exit_code(report.exit_code, findings))
            report = hide_private_words(report, self.settings)
            if opts.write:
                write_report(report, Path(self.settings["REPORTS_DIR"]))
            text = render_html(report) if opts.html else render_json(report) if opts.json else render_markdown(report)
            print_text([text])
