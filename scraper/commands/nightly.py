"""scrapy nightly: everything that a night takes, in one command for a timer."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from scraper.arguments import Arguments
from scraper.closing import closing_lines, trouble
from scraper.commands.crawl import run_spider
from scraper.errors import CONFIG, FAILED, PARTLY, ArchiveError
from scraper.locking import held
from scraper.nightly import Steps, last_run, preflight
from scraper.spiders.briefs import BriefsSpider
from scraper.terminal import Taught, err, out, stoppable, telling
from scraper.watch.alerts import Watchdog
from scraper.watch.findings import Finding


class Command(Taught, BaseRunSpiderCommand):
    """Run a night."""

    line = "Fetch what is new or edited, verify, renew the snapshot, report, and tell whom it concerns"
    text = (
        "The one command for a timer: takes a lock, looks whether there is room, a contact and a usable archive, "
        "asks the site for what is new, edited or due, reads a part of the bytes again (scrapy verify), renews the "
        "snapshot (scrapy snapshot), judges the run (scrapy report), and tells whom the settings ALERT_* name. A "
        "step that fails is told, and the others still run. Examples: BRIEFS_CONTACT=you@example.org scrapy "
        "nightly | scrapy nightly --dry-run | scrapy nightly --full -a start=http://127.0.0.1:8642/. Arguments: "
        "-a start=URL, max_pages=N, force=1. The exit code is that of the gravest step: 0 done, nothing new "
        "included; 3 an alarm or a doubtful site; 4 stopped early or some pages not fetched; 69 site out of reach "
        "or forbidding; 74 disk or damage; 75 another night or command is at work; 78 configuration."
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --dry-run and --full."""
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="say what would be asked for and why; write nothing")
        parser.add_argument("--full", action="store_true", help="ask for every post again, whatever the budget")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the night; sets `exitcode`."""
        assert self.settings is not None
        if args:
            raise UsageError("nightly takes no argument; -a start=URL names another host")
        words = opts.spargs | {"nightly": "1"}
        words |= {name: "1" for name in ("full", "dry_run") if getattr(opts, name)}
        lock = Path(f"{self.settings['ARCHIVE_DB']}-nightly-lock")
        with telling(self, "nightly"):
            if Arguments.read(words).dry_run:
                self._look(self.settings, words)
                return
            with held(lock, f"{lock}: another night is at work: wait for it, or stop it, and run again"):
                self._night(self.settings, words)

    def _look(self, settings: BaseSettings, words: Mapping[str, str]) -> None:
        """A dry run: no lock, no file, nobody is told."""
        preflight(settings, words)
        if crawler := run_spider(self, BriefsSpider.name, words):
            for line in closing_lines(crawler):
                out().print(line, soft_wrap=True)

    def _night(self, settings: BaseSettings, words: Mapping[str, str]) -> None:
        steps = Steps(
            settings, partial(out().print, soft_wrap=True), lambda line: err().print(f"scrapy nightly: {line}")
        )
        watchdog = Watchdog.of(settings)
        try:
            preflight(settings, words)
            before = last_run(settings)
        except ArchiveError as error:
            steps.failed("preflight", error.exit_code, str(error))
            steps.tell(steps.notice(), watchdog)
            self.exitcode = error.exit_code
            return
        for line in watchdog.start():
            steps.warn(f"alerts: {line}")
        stopped = self._crawl(steps, words)
        if steps.codes["crawl"] == CONFIG:  # pages that do not belong here: there is nothing to judge
            steps.tell(steps.notice(), watchdog)
            self.exitcode = CONFIG
            return
        with stoppable():  # what follows is short, and comes to its end
            if not stopped:
                steps.keep()
            notice = steps.report(before)
            steps.tell(notice, watchdog)
        self.exitcode = notice.exit_code

    def _crawl(self, steps: Steps, words: Mapping[str, str]) -> bool:
        """Run the spider; whether it was asked to stop, when what is not needed is left to the next night."""
        crawler = run_spider(self, BriefsSpider.name, words)
        steps.codes["crawl"] = self.exitcode
        if crawler is None:
            steps.failed("crawl", FAILED, "the spider could not begin; the lines above say why")
            return False
        if line := trouble(crawler):
            steps.facts["crawl"] = line
            steps.findings += [Finding("CrawlStep", "alarm", line)] if self.exitcode == CONFIG else []
        for line in closing_lines(crawler) if self.exitcode != CONFIG else ():
            steps.say(line)
        stats = crawler.stats.get_stats() if crawler.stats else {}
        return bool(stats.get("finish_reason") == "shutdown" and self.exitcode == PARTLY)
