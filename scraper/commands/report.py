"""`briefs report`: what a night did, beside what is usual, and the findings of the monitors."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.pages.runs import read_run_pages, read_runs, read_summary
from scraper.commands.night_mark import NightMark
from scraper.console.command_base import ArchiveCommand
from scraper.console.standard_output import print_text
from scraper.errors import BadInput
from scraper.monitoring.findings import night_exit_code
from scraper.monitoring.limits import Limits
from scraper.monitoring.markdown import render_markdown
from scraper.monitoring.private_words import hide_private_words
from scraper.monitoring.report import Report, build_report
from scraper.monitoring.report_files import render_html, render_json, write_report
from scraper.spiders.briefs import BriefsSpider

_HIGHEST = 2**63 - 1  # id that SQLite can have


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


def build_run_report(settings: BaseSettings, run_id: int | None = None) -> Report:
    """Build the report on a run of the archive, without an id the spider's last one. Raises ArchiveError."""
    spider = BriefsSpider.name if run_id is None else None
    upto = None if run_id is None else max(0, min(run_id, _HIGHEST))
    archive = Path(settings["ARCHIVE_DB"])
    # The newest run up to the id: another one than that means that there is no such run.
    runs = read_runs(archive, 1, spider=spider, upto=upto)
    if not runs or run_id not in (None, runs[0].id):
        which = "no run of the spider yet" if run_id is None else f"no run {run_id}"
        raise BadInput(f"{settings['ARCHIVE_DB']}: {which}; the table crawls lists them")
    run = runs[0]
    history = read_runs(archive, Limits.from_settings(settings).history, spider=run.spider, upto=run.id - 1)
    pages = read_run_pages(archive, run.id)
    return build_report(run, history, settings, summary=read_summary(archive), pages=pages)
