"""`briefs nightly`: everything that a night needs, in one command for a timer."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from pipelines.database.lock import hold_lock
from pipelines.pages.runs import read_summary
from scraper.commands.crawl import run_spider
from scraper.commands.night_mark import NightMark
from scraper.commands.night_steps import Steps, check_settings, find_last_run, prepare_archive
from scraper.console.command_base import SpiderCommand
from scraper.console.run_summary import closing_lines, explain_failure
from scraper.console.stop_signals import catch_stop_signals
from scraper.console.terminal import print_error, stdout
from scraper.crawl.archiving_spider import read_stats
from scraper.crawl.argument_values import list_options
from scraper.crawl.arguments import Arguments
from scraper.errors import CONFIG, FAILED, PARTLY, ArchiveBusy, ArchiveError
from scraper.monitoring.findings import Finding
from scraper.spiders.briefs import BriefsSpider


class Command(SpiderCommand):
    about = """
        The one command for a timer: it takes a lock, checks that there is room, a contact and a usable archive, asks
        the site for what is new, edited or due, reads a part of the bytes again (verify), renews the snapshot, judges
        the run (report), and alerts those who are configured. A step that fails is reported, and the others still run.
        The exit code is that of the gravest step.
        """
    examples = (
        ("BRIEFS_CONTACT=you@your-domain.org briefs nightly", "with your own address"),
        ("briefs nightly --dry-run", "what would be requested and why; nothing is written"),
        ("briefs nightly --full --start http://127.0.0.1:8642/", "another server as the site"),
    )
    instead = "; --start URL names another host"
    arguments = list_options(Arguments, "start", "max_pages", "force")

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="list what would be requested, and why")
        parser.add_argument("--full", action="store_true", help="request every post again, whatever the budget")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        words = opts.spargs | {"nightly": "1"}
        words |= {name: "1" for name in ("full", "dry_run") if getattr(opts, name)}
        with self.report_errors():
            if Arguments.read(words).dry_run:
                self._dry_run(words)
            else:
                self._run_night(words)

    def _dry_run(self, words: Mapping[str, str]) -> None:
        """Do a dry run: no lock, no file, no alert."""
        check_settings(self.settings, words)
        read_summary(Path(self.settings["ARCHIVE_DB"]))  # a file that is no archive is reported before any request
        if crawler := run_spider(self, BriefsSpider.name, words):
            for line in closing_lines(crawler):
                stdout().print(line, soft_wrap=True)

    def _run_night(self, words: Mapping[str, str]) -> None:
        steps = Steps(self.settings, partial(stdout().print, soft_wrap=True), partial(print_error, "nightly"))
        try:
            check_settings(self.settings, words)
        except ArchiveError as error:
            self._give_up(steps, error)
            return
        mark = NightMark.of(self.settings)
        if hanging := mark.find_hanging_night():
            self._give_up(steps, ArchiveBusy(hanging.message))
            return
        # The archive's own lock is free between the steps: a second night could begin there.
        with hold_lock(mark.lock, f"{mark.lock}: another night is at work: wait for it, or stop it, and run again"):
            self._run_steps(steps, words, mark)

    def _give_up(self, steps: Steps, error: ArchiveError) -> None:
        """Report why the night does not begin."""
        steps.note_failure("preflight", error.exit_code, str(error))
        steps.alert_people(steps.report_no_run())
        self.exitcode = error.exit_code

    def _run_steps(self, steps: Steps, words: Mapping[str, str], mark: NightMark) -> None:
        """Run every step, while no other night runs."""
        try:
            prepare_archive(steps.settings)
            before = find_last_run(steps.settings)
        except ArchiveError as error:
            self._give_up(steps, error)
            return
        steps.note_lost_night(mark)
        for line in steps.watchdog.report_start():
            steps.warn(f"alerts: {line}")
        is_stopped = self._crawl_site(steps, words)
        if steps.codes["crawl"] == CONFIG:  # pages of another kind of archive: there is nothing to report
            steps.alert_people(steps.build_notice())
            self.exitcode = CONFIG
            mark.remove()
            return
        with catch_stop_signals():  # report and alerts are short, and are not interrupted
            if not is_stopped:
                steps.protect_archive()
            notice = steps.report_run(before)
            steps.alert_people(notice)
        self.exitcode = notice.exit_code
        mark.remove()

    def _crawl_site(self, steps: Steps, words: Mapping[str, str]) -> bool:
        """Run the spider; whether it was asked to stop, so that verify and snapshot are left to the next night."""
        crawler = run_spider(self, BriefsSpider.name, words)
        steps.codes["crawl"] = self.exitcode
        if crawler is None:
            steps.note_failure("crawl", FAILED, "the spider could not begin; the lines above say why")
            return False
        if line := explain_failure(crawler):
            steps.facts["crawl"] = line
            steps.findings += [Finding("CrawlStep", "alarm", line)] if self.exitcode == CONFIG else []
        for line in closing_lines(crawler) if self.exitcode != CONFIG else ():
            steps.say(line)
        return self.exitcode == PARTLY and read_stats(crawler).get("finish_reason") == "shutdown"
