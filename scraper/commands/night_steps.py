"""A night's steps around the crawl: what must hold before it, what follows it, and who is told of all that."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.archive import SqliteArchive
from pipelines.crawl_run import check_contact
from pipelines.maintenance.snapshot import is_published, snapshot
from pipelines.maintenance.verify import verify
from pipelines.pages.runs import read_runs, read_summary
from scraper.commands.report import report_of
from scraper.crawl.arguments import Arguments
from scraper.crawl.site import Site
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
from scraper.monitoring.findings import LEVELS, Finding, night_exit_code
from scraper.monitoring.limits import Limits
from scraper.monitoring.report import Report
from scraper.monitoring.report_files import write_report
from scraper.spiders.briefs import BriefsSpider

# Mildest first: of several troubles the night's exit code names the one that needs somebody most.
_GRAVITY = (OK, PARTLY, DOUBTFUL, BUSY, UNAVAILABLE, DATA, USAGE, CONFIG, FAILED, IO)
_COPIES = 3  # the snapshot, the old one that is still being read, and SQLite's own while it packs the file
Say = Callable[[str], None]
_log = logging.getLogger(__name__)


def worst(codes: Mapping[str, int]) -> int:
    """The gravest of the steps' exit codes."""
    return max(codes.values(), key=lambda code: _GRAVITY.index(code) if code in _GRAVITY else len(_GRAVITY), default=OK)


def check_settings(settings: BaseSettings, words: Mapping[str, str]) -> None:
    """Find what would end the night before anything is made, a lock too; `words` are the spider's arguments.

    Raises NoContact, BadArgument.
    """
    arguments = Arguments.read(words)
    site = Site(arguments.start)
    if not site.is_local:
        check_contact(settings)
    Limits.from_settings(settings)
    Watchdog.from_settings(settings)
    if settings["ALERT_ON"] not in LEVELS:
        raise BadArgument(f"ALERT_ON={settings['ALERT_ON']}: it must be one of {', '.join(LEVELS)}")
    if Path(settings["SNAPSHOT"]).absolute() == Path(settings["ARCHIVE_DB"]).absolute():
        raise BadArgument(f"SNAPSHOT={settings['SNAPSHOT']}: that is the archive itself: choose another file")


def prepare_archive(settings: BaseSettings) -> None:
    """Look for room, and open the archive, which makes it if it is not there. Raises ArchiveError's children."""
    _check_room(settings)
    SqliteArchive.open(settings).close()


def _check_room(settings: BaseSettings) -> None:
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
            told = f"{free // 2**20} MB are free, {room // 2**20} are needed (NIGHTLY_FREE_MB)"
            raise DiskTrouble(f"{folder}: {told}: free room; nothing was asked for")


def last_run(settings: BaseSettings) -> int:
    """The id of the spider's last run, 0 where there is none."""
    return max((run.id for run in read_runs(Path(settings["ARCHIVE_DB"]), 1, spider=BriefsSpider.name)), default=0)


@dataclass
class Steps:
    """The steps after the crawl, each done whatever the others came to; `codes` has a code for each that was done."""

    settings: BaseSettings
    say: Say  # a line of what was done
    warn: Say  # a line of what was not
    codes: dict[str, int] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def failed(self, step: str, code: int, line: str) -> None:
        """Note that a step did not come to a good end, and say so."""
        self.codes[step] = code
        self.facts[step] = line
        self.findings.append(Finding(f"{step.capitalize()}Step", "alarm", line))
        self.warn(f"{step}: {line}")

    def keep(self) -> None:
        """Verify, and renew the snapshot if what would be copied is sound."""
        self._do("verify", self._verify)
        if self.codes["verify"] == OK:
            self._do("snapshot", self._snapshot)
        else:
            self.facts["snapshot"] = "left as it was, for the archive is not known to be sound"

    def _is_empty(self) -> bool:
        """Whether there is no brief yet, and no copy that once had one."""
        summary = read_summary(Path(self.settings["ARCHIVE_DB"]))
        return not (summary and summary.briefs) and not is_published(self.settings)

    def _do(self, step: str, action: Callable[[], None]) -> None:
        self.codes[step] = OK
        try:
            action()
        except ArchiveError as error:
            self.failed(step, error.exit_code, str(error))
        except Exception as error:  # the night is to be told of it, and the other steps are to be done
            _log.exception("step %s", step)
            self.failed(step, FAILED, f"an error nobody foresaw, please report it: {error!r}")

    def _verify(self) -> None:
        health = verify(self.settings, sample=self.settings.getint("NIGHTLY_VERIFY_SAMPLE") or None)
        self.facts["verify"] = str(health)
        for damage in health.damage:
            self.failed("verify", IO, str(damage))
        if not health.damage:
            self.say(f"verify: {health}")

    def _snapshot(self) -> None:
        told = "not renewed, for there is no brief in the archive yet" if self._is_empty() else ""
        self.facts["snapshot"] = told or str(snapshot(self.settings))
        self.say(f"snapshot: {self.facts['snapshot']}")

    def report(self, before: int) -> Notice:
        """Judge the run if one was begun after run `before`, write its report; what there is to tell of the night."""
        notices: list[Notice] = []
        self._do("report", lambda: notices.extend(self._judged(before)))
        return notices[0] if notices else self.notice()

    def notice(self) -> Notice:
        """What there is to tell of a night without a report: the lines of its troubles."""
        code = worst(self.codes)
        lines = [f"The night ended with exit code {code}", *(finding.message for finding in self.findings)]
        return Notice(lines[0], "\n".join(lines), "alarm" if code != OK else "ok", code)

    def _judged(self, before: int) -> Iterator[Notice]:
        if last_run(self.settings) > before:
            yield Notice.from_report(self._written(report_of(self.settings)))

    def _written(self, report: Report) -> Report:
        findings = (*self.findings, *report.findings)
        code = night_exit_code(worst(self.codes), findings)
        report = replace(report, findings=findings, facts={**report.facts, **self.facts}, exit_code=code)
        self.codes["monitors"] = code
        for finding in report.serious_findings:
            if finding not in self.findings:
                self.warn(f"{finding.level}: {finding.monitor}: {finding.message}")
        try:
            write_report(report, Path(self.settings["REPORTS_DIR"]))
            self.say(f"report: {report.title}; {Path(self.settings['REPORTS_DIR'], 'latest.html')}")
        except ArchiveError as error:
            self.failed("report", error.exit_code, str(error))
            report = replace(report, exit_code=worst(self.codes))
        return report

    def tell(self, notice: Notice, watchdog: Watchdog) -> None:
        """Tell people and the watchdog; that some could not be told changes nothing of the night."""
        report_end = partial(watchdog.report_end, notice.exit_code, notice.text)
        tellers = partial(send_alerts, notice, self.settings), report_end
        for teller in tellers:
            try:
                lines = teller()
            except Exception as error:  # the other one is still to be told
                _log.exception("alerts")
                lines = [f"an error nobody foresaw, please report it: {error!r}"]
            for line in lines:
                self.warn(f"alerts: {line}")
