"""The steps of a night around its crawl: checks before it, maintenance and a report after it, and alerts."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.archive import SqliteArchive
from pipelines.crawl_run import check_contact
from pipelines.exports.downloads import publish_snapshot
from pipelines.maintenance.snapshot import is_published
from pipelines.maintenance.verify import verify_archive
from pipelines.pages.runs import read_runs, read_summary
from scraper.archive import Run
from scraper.commands.night_mark import NightMark
from scraper.commands.run_report import build_run_report
from scraper.console.stop_signals import end_on_stop_signals
from scraper.crawl.arguments import Arguments
from scraper.crawl.site import Site
from scraper.dates import now
from scraper.errors import (
    BUSY,
    CONFIG,
    DATA,
    DOUBTFUL,
    FAILED,
    IO,
    OK,
    PARTLY,
    UNAVAILABLE,
    USAGE,
    ArchiveError,
    BadArgument,
    DiskTrouble,
)
from scraper.monitoring.alerts import Notice, Watchdog, send_alerts
from scraper.monitoring.findings import LEVELS, Finding, Level, night_exit_code
from scraper.monitoring.limits import Limits
from scraper.monitoring.private_words import hide_private_words
from scraper.monitoring.report import Report
from scraper.monitoring.report_files import write_report
from scraper.spiders.briefs import BriefsSpider

# Mildest first: the exit code of a night with several failures is that of the gravest.
_GRAVITY = (OK, PARTLY, DOUBTFUL, BUSY, UNAVAILABLE, DATA, USAGE, CONFIG, FAILED, IO)
_COPIES = 3  # the snapshot, the old one that readers still have open, and SQLite's own while it packs the file
Say = Callable[[str], None]
_log = logging.getLogger(__name__)


def find_gravest_code(codes: Mapping[str, int]) -> int:
    """Find the gravest of the steps' exit codes."""
    return max(codes.values(), key=lambda code: _GRAVITY.index(code) if code in _GRAVITY else len(_GRAVITY), default=OK)


def check_settings(settings: BaseSettings, words: Mapping[str, str]) -> None:
    """Check what would end the night, before any file is made, even a lock; `words` are the spider's arguments.

    Raises NoContact, BadArgument.
    """
    arguments = Arguments.read(words)
    site = Site(arguments.start)  # raises BadArgument for an address that is none
    if not site.is_local:
        check_contact(settings)
    Limits.from_settings(settings)  # the report reads them, which is too late to report a bad value
    Watchdog.from_settings(settings)
    if settings["ALERT_ON"] not in LEVELS:
        raise BadArgument(f"ALERT_ON={settings['ALERT_ON']}: it must be one of {', '.join(LEVELS)}")
    if Path(settings["SNAPSHOT"]).absolute() == Path(settings["ARCHIVE_DB"]).absolute():
        raise BadArgument(f"SNAPSHOT={settings['SNAPSHOT']}: that is the archive itself: choose another file")


def prepare_archive(settings: BaseSettings) -> None:
    """Check that there is room, and make the archive if there is none. Raises ArchiveError and its children."""
    archive = Path(settings["ARCHIVE_DB"])
    size = archive.stat().st_size if archive.exists() else 0
    spare = settings.getint("NIGHTLY_FREE_MB") * 2**20
    needed = {archive: spare, Path(settings["WARCS_DIR"]): spare, Path(settings["SNAPSHOT"]): spare + _COPIES * size}
    for path, room in needed.items():
        folder = next(parent for parent in path.absolute().parents if parent.is_dir())
        try:
            free = shutil.disk_usage(folder).free
        except OSError as error:
            raise DiskTrouble(f"{folder}: {error.strerror}") from error
        if free < room:
            problem = f"{free // 2**20} MB are free, {room // 2**20} are needed (NIGHTLY_FREE_MB)"
            raise DiskTrouble(f"{folder}: {problem}: free room; nothing was requested")
    SqliteArchive.open(settings).close()


def find_last_run(settings: BaseSettings) -> int:
    """Find the id of the spider's last run; 0 without one."""
    return max((run.id for run in read_runs(Path(settings["ARCHIVE_DB"]), 1, spider=BriefsSpider.name)), default=0)


@dataclass
class Steps:
    """The steps after the crawl; each is done even if others fail. `codes` has the exit code of each one done."""

    settings: BaseSettings
    say: Say  # prints what was done
    warn: Say  # prints what failed
    codes: dict[str, int] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    watchdog: Watchdog = field(init=False)

    def __post_init__(self) -> None:
        """Raises BadArgument."""
        self.watchdog = Watchdog.from_settings(self.settings)

    def note_failure(self, step: str, code: int, line: str, level: Level = "alarm") -> None:
        """Note that a step failed, and print it."""
        self.codes[step], self.facts[step] = code, line
        self.findings.append(Finding(f"{step.capitalize()}Step", level, line))
        self.warn(f"{step}: {line}")

    def protect_archive(self) -> None:
        """Verify the archive, and renew the snapshot if it is sound; a signal ends both, the next night does them."""
        self._run_step("verify", self._verify_archive)
        # A copy of a damaged archive would replace the last sound one.
        if self.codes["verify"] == OK:
            self._run_step("snapshot", self._renew_snapshot)
        else:
            self.facts["snapshot"] = "left as it was, for the archive is not known to be sound"

    def _has_never_had_briefs(self) -> bool:
        """Whether there is no brief yet, and no snapshot that had one."""
        summary = read_summary(Path(self.settings["ARCHIVE_DB"]))
        return not (summary and summary.briefs) and not is_published(self.settings)

    def _run_step(self, step: str, action: Callable[[], None]) -> None:
        self.codes[step] = OK
        try:
            action()
        except KeyboardInterrupt:
            self.note_failure(step, PARTLY, "stopped by a signal; the next night does it", "warning")
        except ArchiveError as error:
            self.note_failure(step, error.exit_code, str(error))
        except Exception as error:  # of any kind: it is reported, and the other steps are done
            _log.exception("step %s", step)
            self.note_failure(step, FAILED, f"an unexpected error, please report it: {error!r}")

    @end_on_stop_signals()
    def _verify_archive(self) -> None:
        health = verify_archive(self.settings, sample=self.settings.getint("NIGHTLY_VERIFY_SAMPLE") or None)
        self.facts["verify"] = str(health)
        for damage in health.damage:
            self.note_failure("verify", IO, str(damage))
        if not health.damage:
            self.say(f"verify: {health}")

    @end_on_stop_signals()
    def _renew_snapshot(self) -> None:
        # After a first night without a network, readers would see an empty archive.
        reason = "not renewed, for there is no brief in the archive yet" if self._has_never_had_briefs() else ""
        self.facts["snapshot"] = reason or str(publish_snapshot(self.settings))
        self.say(f"snapshot: {self.facts['snapshot']}")

    def report_run(self, before: int) -> Notice:
        """Write the report on the run if one began after run `before`; return the notice of the night."""
        notices: list[Notice] = []

        def write_new_report() -> None:
            if find_last_run(self.settings) > before:
                notices.append(Notice.from_report(self._write_report(build_run_report(self.settings))))

        self._run_step("report", write_new_report)
        return notices[0] if notices else self.report_no_run()

    def report_no_run(self) -> Notice:
        """Renew latest.* where no run began, for the report before it may say that all is well; return the notice."""
        code, at = find_gravest_code(self.codes), now()
        run = Run(0, BriefsSpider.name, at, at, "not begun", code, {"argument/nightly": "1"})
        report = Report(run, tuple(self.findings), code, facts=self.facts)
        try:
            write_report(hide_private_words(report, self.settings), Path(self.settings["REPORTS_DIR"]))
        except ArchiveError as error:
            self.warn(f"report: {error}")
        return self.build_notice()

    def note_lost_night(self, mark: NightMark) -> None:
        """Note that the night before, which left this mark, never came to its end, and leave one of this night."""
        with suppress(OSError):
            runs = read_runs(Path(self.settings["ARCHIVE_DB"]), 1, spider=BriefsSpider.name)
            begin = mark.read_begin()
            if begin and (not runs or runs[0].outcome):  # a run without an end is reported by its own row
                reason = "killed behind its crawl, or the machine went down; this night does all its steps again"
                message = f"the night of {begin} never ended: {reason}"
                self.findings.append(Finding("LostRunMonitor", "warning", message))
        mark.write_begin()

    def build_notice(self) -> Notice:
        """Build the notice of a night without a report: the lines of its failures."""
        code = find_gravest_code(self.codes)
        lines = [f"The night ended with exit code {code}", *(finding.message for finding in self.findings)]
        return Notice(lines[0], "\n".join(lines), "alarm" if code != OK else "ok", code)

    def _write_report(self, report: Report) -> Report:
        findings = (*self.findings, *report.findings)
        code = night_exit_code(find_gravest_code(self.codes), findings)
        report = replace(report, findings=findings, facts={**report.facts, **self.facts}, exit_code=code)
        self.codes["monitors"] = code
        for finding in report.serious_findings:
            if finding not in self.findings:
                self.warn(f"{finding.level}: {finding.monitor}: {finding.message}")
        try:
            report = hide_private_words(report, self.settings)
            write_report(report, Path(self.settings["REPORTS_DIR"]))
            self.say(f"report: {report.title}; {Path(self.settings['REPORTS_DIR'], 'latest.html')}")
        except ArchiveError as error:
            self.note_failure("report", error.exit_code, str(error))
            report = replace(report, exit_code=find_gravest_code(self.codes))
        return report

    def alert_people(self, notice: Notice) -> None:
        """Send the notice to people and to the watchdog; a failure changes nothing else of the night."""
        report_end = partial(self.watchdog.report_end, notice.exit_code, notice.text)
        senders = partial(send_alerts, notice, self.settings), report_end
        for send in senders:
            try:
                lines = send()
            except Exception as error:  # of any kind: the other alert is still to be sent
                _log.exception("alerts")
                lines = [f"an unexpected error, please report it: {error!r}"]
            for line in lines:
                self.warn(f"alerts: {line}")
