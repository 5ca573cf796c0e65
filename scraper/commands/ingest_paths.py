"""Runs an ingest: opens the archive, reads the paths with progress, and sums up what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from functools import partial
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from scrapy.settings import BaseSettings

from pipelines.archive import SqliteArchive
from pipelines.captures.earlier_readings import list_captures_of
from pipelines.cluster.executor import ClusterExecutor, open_cluster
from pipelines.ingest import Intake, Say
from pipelines.workers import Workers
from scraper.address import SITE_HOSTS
from scraper.archive import Summary
from scraper.console.invocation import command_line
from scraper.console.stop_signals import StopFlag, catch_stop_signals
from scraper.console.terminal import open_bar, stdout
from scraper.errors import DATA, OK, PARTLY, UNAVAILABLE, SampleArchive
from scraper.sources import warc
from scraper.sources.events import ReportProgress, Unreadable
from scraper.sources.paths import ReadWarc, SourceReader, measure_size
from scraper.sources.remote import RemoteFile, RemoteTrouble, expand_arguments
from scraper.sources.sidecar import Sidecar

_BATCH = 500  # captures a transaction; bigger ones are no faster
_LEFT_OUT = {
    "asset": "images, styles and other files that are no pages",
    "hidden": "hidden files",
    "copy": "pages that wget converted, for they are beside it as they came",
    "companion": "indexes, manifests, notes and lesser renderings beside pages",
    "link": "links to folders, for what is in them is read there",
    "unpublished": "drafts, pages and other items of exports that are no published posts",
    "unknown": "files that look like no page",
    "document": "documents, which are not read: save what may be a post as HTML",
    "record": "WARC records that hold no page",
    "wat": "WAT records, which describe pages and hold none",
    "host": "pages of hosts that are not ours",
}
_OUTCOMES = {
    "brief": "posts",
    "listing": "listings",
    "page": "static pages",
    "feed": "feeds and exports",
    "rest": "REST answers",
    "sitemap": "sitemaps",
    "redirect": "redirects",
    "missing": "not found",
    "error": "errors",
}


def ingest_paths(
    settings: BaseSettings,
    paths: Sequence[Path | RemoteFile],
    sidecar: Sidecar,
    hosts: frozenset[str],
    workers: int | None = 1,
    cluster: str | None = None,
) -> int:
    """Take all paths into the archive that the settings name; return the exit code. Raises ArchiveError.

    Pages are read by the workers of the cluster whose scheduler is at `cluster`, else by so many processes.
    """
    sources = list(expand_arguments(paths))
    with (
        catch_stop_signals() as stop,
        _show_progress([source for source, trouble in sources if not trouble]) as (report_progress, say),
        open_cluster(cluster, say) if cluster else nullcontext() as executor,
        closing(SqliteArchive.open(settings, batch=_BATCH)) as archive,
    ):
        archive.begin_run("ingest", _list_arguments(paths, hosts))
        say_death = lambda line: None if stop.is_requested else say(line)  # noqa: E731 - a signal may end them first
        staff, read_warc = _divide_work(executor, archive, say_death, workers)
        intake, reader = Intake(archive, hosts, say, stop, staff), SourceReader(hosts, report_progress, read_warc)
        try:
            _read_paths(intake, reader, sources, sidecar, stop)
        except SampleArchive:
            archive.finish_run("refused", intake.counts | intake.outcomes, SampleArchive.exit_code)
            raise
        intake.close()
        for line in _list_warnings(intake, interrupted=stop.is_requested):
            say(line)
        archive.finish_run("interrupted" if stop.is_requested else "finished", intake.counts | intake.outcomes)
        archive.commit()
        summary = archive.read_summary()
    intake.counts["mended"] = archive.tally["mended"]
    for line in _list_results(intake, summary, settings["ARCHIVE_DB"], interrupted=stop.is_requested):
        stdout().print(line, soft_wrap=True)
    return PARTLY if stop.is_requested else _find_exit_code(intake, archive)


def _list_arguments(paths: Sequence[Path | RemoteFile], hosts: frozenset[str]) -> dict[str, str]:
    others = {"hosts": " ".join(sorted(hosts - SITE_HOSTS))} if hosts - SITE_HOSTS else {}
    return {"paths": " ".join(map(str, paths))} | others


def _find_exit_code(intake: Intake, archive: SqliteArchive) -> int:
    if intake.counts["lost"] or not intake.capture_count:
        return UNAVAILABLE if intake.counts["unreached"] and not intake.counts["lost"] else DATA
    return PARTLY if archive.tally["faults"] or intake.counts["unreached"] else OK


def _divide_work(
    executor: ClusterExecutor | None, archive: SqliteArchive, say: Say, workers: int | None
) -> tuple[Workers, ReadWarc]:
    """Who reads pages, and who reads WARC files: this machine, or the workers of a cluster."""
    if executor is None:
        return Workers(say, workers), warc.read_captures
    from pipelines.cluster.warc_ranges import WarcRanges

    ranges = WarcRanges(executor, executor.processes, say, partial(list_captures_of, archive.db))
    silent = Workers(lambda _: None, max(2, executor.processes), make_executor=lambda _: executor)
    return silent, ranges.read_captures  # what becomes of the cluster its executor says, once


def _read_paths(
    intake: Intake,
    reader: SourceReader,
    sources: Iterable[tuple[Path | RemoteFile, RemoteTrouble | None]],
    sidecar: Sidecar,
    stop: StopFlag,
) -> None:
    for path, trouble in sources:
        if trouble:
            intake.take_items([Unreadable(str(path), "remote", str(trouble))])
        elif not stop.is_requested:
            intake.take_source(path, reader.read(path, sidecar))
    # The record to which a revisit refers may be in a later file, and an index lists records of several files.
    if not stop.is_requested:
        intake.take_revisits(reader)
    if not stop.is_requested:
        intake.take_items(reader.check_indexes())


@contextmanager
def _show_progress(paths: list[Path | RemoteFile]) -> Iterator[tuple[ReportProgress, Say]]:
    """Show a progress bar of the bytes; yields the function that advances it, and the one that prints a line."""
    with open_bar(TextColumn("reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn()) as bar:
        task = bar.add_task("", total=None if bar.disable else sum(map(measure_size, paths)))
        yield lambda count: bar.advance(task, count), bar.console.print


def _list_warnings(intake: Intake, *, interrupted: bool) -> Iterator[str]:
    if left_out := intake.hosts_left_out:
        named = ", ".join(f"{host} {count}" for host, count in left_out.most_common(5))
        more = f", {len(left_out) - 5} more hosts" if len(left_out) > 5 else ""
        yield f"{left_out.total()} pages of hosts that are not ours left out ({named}{more}); --host NAME takes one in"
    if files := intake.files_left_out:
        named = ", ".join(Path(file).name for file in files[:3]) + (
            f", {len(files) - 3} more" if len(files) > 3 else ""
        )
        yield f"{len(files)} files left out that look like no page ({named}); give one by itself to see what it is"
    if not intake.capture_count and not interrupted:
        unread = "what was given could not be read" if intake.counts["unreached"] else None
        yield f"nothing was taken in: {unread or 'not one page of the site in what was given'}"


def _list_results(intake: Intake, summary: Summary, database: str, *, interrupted: bool) -> Iterator[str]:
    counts = intake.counts
    yield f"Taken in: {counts['new']} captures new, {counts['known'] + counts['unchanged']} known already"
    if intake.outcomes:
        yield f"  {_join_counts(intake.outcomes, _OUTCOMES)}; {counts['readings']} readings of posts"
    if counts["mended"]:
        yield f"Mended: the bytes of {counts['mended']} captures were damaged in the archive, and are written anew"
    if left_out := Counter({reason: n for reason, n in intake.skipped.items() if reason in _LEFT_OUT}):
        yield f"Left out: {_join_counts(left_out, _LEFT_OUT)}"
    if counts["waiting"]:
        yield f"Waiting: {counts['waiting']} captures that refer to another record, until that is given"
    if counts["problems"]:
        yield f"Problems: {counts['problems']}, printed above and stored in the table problems"
    period = f" from {summary.first} to {summary.last}" if summary.first else ""
    yield (
        f"{database}: {summary.briefs} briefs and other posts{period}, {summary.authors} authors, "
        f"{summary.resources} resources, {summary.captures} captures, {summary.problems} problems"
    )
    yield "Stopped; run it again to go on" if interrupted else f"Next: {command_line('serve')}"


def _join_counts(counts: Counter[str], words: dict[str, str]) -> str:
    return ", ".join(f"{count} {words.get(key, key)}" for key, count in counts.most_common())
