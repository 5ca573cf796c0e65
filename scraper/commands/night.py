"""One night: its lock, its crawl and the steps around it, in their order."""

from __future__ import annotations

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
from scraper.errors import CONFIG, FAILED, PARTLY, ArchiveBusy, ArchiveError
from scraper.monitoring.findings import Finding
from scraper.spiders.briefs import BriefsSpider


class Night:
    """A night of `briefs nightly`, which sets the exit code of its command."""

    def __init__(self, command: SpiderCommand, words: Mapping[str, str]) -> None:
        self._command = command
        self._settings = command.settings
        self._words = words  # the arguments of the spider

    def try_out(self) -> None:
        """Say what the night would request: no lock, no file, no alert."""
        check_settings(self._settings, self._words)
        read_summary(Path(self._settings["ARCHIVE_DB"]))  # a file that is no archive is reported before any request
        if crawler := run_spider(self._command, BriefsSpider.name, self._words):
            for line in closing_lines(crawler):
                stdout().print(line, soft_wrap=True)

    def run(self) -> None:
        """Run the night under its lock, unless a check before it fails."""
        steps = Steps(self._settings, partial(stdout().print, soft_wrap=True), partial(print_error, "nightly"))
        try:
            check_settings(self._settings, self._words)
        except ArchiveError as error:
            self._give_up(steps, error)
            return
        mark = NightMark.of(self._settings)
        if hanging := mark.find_hanging_night():
            self._give_up(steps, ArchiveBusy(hanging.message))
            return
        # The archive's own lock is free between the steps: a second night could begin there.
        with hold_lock(mark.lock, f"{mark.lock}: another night is at work: wait for it, or stop it, and run again"):
            self._run_steps(steps, mark)

    def _give_up(self, steps: Steps, error: ArchiveError) -> None:
        """Report why the night does not begin."""
        steps.note_failure("preflight", error.exit_code, str(error))
        steps.alert_people(steps.report_no_run())
        self._command.exitcode = error.exit_code

    def _run_steps(self, steps: Steps, mark: NightMark) -> None:
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
        is_stopped = self._crawl_site(steps)
        if steps.codes["crawl"] == CONFIG:  # pages of another kind of archive: there is nothing to report
            steps.alert_people(steps.build_notice())
            self._command.exitcode = CONFIG
            mark.remove()
            return
        with catch_stop_signals():  # report and alerts are short, and are not interrupted
            if not is_stopped:
                steps.protect_archive()
            notice = steps.report_run(before)
            steps.alert_people(notice)
        self._command.exitcode = notice.exit_code
        mark.remove()

    def _crawl_site(self, steps: Steps) -> bool:
        """Run the spider; whether it was asked to stop, so that verify and snapshot are left to the next night."""
        crawler = run_spider(self._command, BriefsSpider.name, self._words)
        steps.codes["crawl"] = self._command.exitcode
        if crawler is None:
            steps.note_failure("crawl", FAILED, "the spider could not begin; the lines above say why")
            return False
        if line := explain_failure(crawler):
            steps.facts["crawl"] = line
            steps.findings += [Finding("CrawlStep", "alarm", line)] if self._command.exitcode == CONFIG else []
        for line in closing_lines(crawler) if self._command.exitcode != CONFIG else ():
            steps.say(line)
        return self._command.exitcode == PARTLY and read_stats(crawler).get("finish_reason") == "shutdown"
