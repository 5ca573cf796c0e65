"""A spider's run on the archive, which is opened before the first request and closed after the last page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from pipelines.archive import SqliteArchive
from pipelines.briefs.announced_texts import note_edits
from pipelines.briefs.text_doubts import (
    TextChange,
    apply_news,
    count_lasting_gaps,
    find_short_texts,
    find_text_doubts,
    find_unexplained,
    read_changes,
    read_unchanged,
)
from pipelines.briefs.verdicts import Verdicts
from pipelines.crawl_errors import get_archive, record_error
from pipelines.extraction.version import EXTRACTOR
from pipelines.pages import edits
from pipelines.pages.runs import select_runs, view_archive
from pipelines.sample import is_sample_file
from scraper.crawl.archiving_spider import RUN_BEGINS, ArchivingSpider
from scraper.crawl.contact import require_contact
from scraper.crawl.run_stats import measure_texts
from scraper.errors import DOUBTFUL, ArchiveError, SampleArchive
from scraper.monitoring.limits import Limits
from scraper.monitoring.monitors import find_doubts

# Columns and counts of the run's row in crawls, by the name of Scrapy's own figure.
_COUNTED = {
    "requests": "downloader/request_count",
    "responses": "downloader/response_count",
    "bytes": "downloader/response_bytes",
    "forbidden": "robotstxt/forbidden",
    "retries": "retry/count",
}


def check_contact(settings: BaseSettings) -> None:
    """Check that the crawl may send requests to other people's servers.

    Raises SampleArchive, for no server has pages of the invented site; NoContact; and what reading the archive raises.
    """
    if is_sample_file(Path(settings["ARCHIVE_DB"])):
        reason = "a sample archive, of invented briefs; this asks for real ones: name another with --db FILE"
        raise SampleArchive(f"{settings['ARCHIVE_DB']}: {reason}")
    require_contact(settings)


class CrawlRun:
    """The Scrapy extension that gives a spider its archive; spiders of other kinds have none."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        run = cls(crawler)
        crawler.signals.connect(run.begin, signal=RUN_BEGINS)
        crawler.signals.connect(run.finish, signal=signals.spider_closed)
        return run

    def begin(self, spider: ArchivingSpider) -> None:
        """Open the archive and begin the run's row; a dry run only reads. If that fails, `spider.failure` says why."""
        settings = self._crawler.settings
        try:
            if not spider.is_local:
                check_contact(settings)
            if spider.is_dry_run:
                spider.view = view_archive(Path(settings["ARCHIVE_DB"]))
            else:
                spider.archive = archive = SqliteArchive.open(settings, batch=spider.batch)
                archive.begin_run(spider.name, spider.list_arguments())
                if spider.is_judged and archive.crawl_id:
                    Verdicts(archive.transaction).begin(archive.crawl_id)
        except ArchiveError as error:
            spider.failure = error

    def finish(self, spider: Spider, reason: str) -> None:
        """Sum up, complete the run's row, and close the archive."""
        if not isinstance(spider, ArchivingSpider):
            return
        archive = get_archive(self._crawler)
        try:
            if archive:
                from pipelines.ingest import take_waiting_revisits  # noqa: PLC0415 - it loads all rules

                take_waiting_revisits(archive)
                for name in ("faults", "mended"):
                    if archive.tally[name] and self._crawler.stats:
                        self._crawler.stats.inc_value(f"archive/{name}", archive.tally[name])
            spider.fill_figures(reason)
            if archive:
                self._judge_run(archive, spider, reason)
                spider.summary = archive.read_summary()
        except ArchiveError as error:
            spider.failure = spider.failure or error
        if archive is None:
            return
        try:
            with closing(archive):
                archive.finish_run(reason, self._read_counts() | spider.figures, spider.find_exit_code(reason))
        except ArchiveError as error:
            record_error(self._crawler, error)

    def _judge_run(self, archive: SqliteArchive, spider: ArchivingSpider, reason: str) -> None:
        """Let what a night read count, or hold it where the monitors doubt the night."""
        if not spider.is_judged or archive.crawl_id is None:
            return
        settings = self._crawler.settings
        self._doubt_texts(archive, spider, archive.crawl_id)
        counts = {**self._read_counts(), **spider.figures}
        runs = select_runs(archive.db, Limits.from_settings(settings).history + 1, spider=spider.name)
        run = replace(
            runs[0], outcome=reason, exit_code=spider.find_exit_code(reason), counts={**runs[0].counts, **counts}
        )
        is_doubtful = run.exit_code == DOUBTFUL or find_doubts(run, runs[1:], settings)
        Verdicts(archive.transaction).settle(archive.crawl_id, "held" if is_doubtful else None)
        if run.exit_code == DOUBTFUL and spider.failure:
            spider.figures["doubt"] = str(spider.failure)
        spider.figures["held"] = Verdicts(archive.transaction).count_pending()
        spider.figures["edits_unread"] = edits.count_unread(archive.db)
        spider.leaves_news |= bool(spider.figures["held"] or spider.figures["edits_unread"])

    def _doubt_texts(self, archive: SqliteArchive, spider: ArchivingSpider, crawl_id: int) -> None:
        """Compare the pages of the run with what was read of them before."""
        changes, unchanged = read_changes(archive.db, crawl_id), read_unchanged(archive.db, crawl_id)
        with archive.transaction.open_savepoint():
            stale = note_edits(archive.db, [*changes, *unchanged], spider.announced_texts)
        news = spider.news_paths
        changes = apply_news(changes, news or (), stale)
        share, read = self._crawler.settings.getfloat("MONITOR_BAD_SHARE"), spider.figures.get("coverage/read", 0)
        doubts = find_text_doubts(changes, unchanged, int(str(read)), share)
        if is_doubtful := not all(doubt.is_lone for doubt in doubts):
            spider.figures["text_doubts"] = "; ".join(str(doubt) for doubt in doubts if not doubt.is_lone)
        alone = {path for doubt in doubts for path in doubt.held} if not is_doubtful else set()
        self._weigh_lacks(spider, [*changes, *unchanged], alone)
        doubtful = changes if news is not None else [change for change in changes if change.path in stale]
        with archive.transaction.open_savepoint():
            paths = sorted({*find_unexplained(doubtful, stale), *alone})
            held = archive.readings.doubts.mark_unexplained(crawl_id, paths)
        spider.figures |= {"unexplained": f"{len(held)}: {', '.join(held[:3])}"} if held else {}

    def _weigh_lacks(self, spider: ArchivingSpider, known: Sequence[TextChange], alone: Collection[str]) -> None:
        """Leave out of the figures what posts lack for reasons that earlier nights saw."""
        short = {*alone, *find_short_texts(known, Limits.from_settings(self._crawler.settings).body_min)}
        lengths = [length for path, length in spider.text_lengths.items() if path not in short]
        spider.figures.pop("body_median", None)
        spider.figures |= count_lasting_gaps(known, alone) | measure_texts(lengths)

    def _read_counts(self) -> dict[str, object]:
        stats = self._crawler.stats
        counts = {name: stats.get_value(stat, 0) for name, stat in _COUNTED.items()} if stats else {}
        return {**counts, "version/extractor": EXTRACTOR}
