"""The report on one run of the archive, for `briefs report` and the end of a night."""

from __future__ import annotations

from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.pages.runs import read_run_pages, read_runs, read_summary
from scraper.errors import BadInput
from scraper.monitoring.limits import Limits
from scraper.monitoring.report import Report, build_report
from scraper.spiders.briefs import BriefsSpider

_HIGHEST = 2**63 - 1  # id that SQLite can have


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
