"""`briefs ingest`: takes saved pages and WARC files into the archive."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from pipelines.archive import SqliteArchive
from pipelines.captures.earlier_readings import list_captures_of
from pipelines.cluster.executor import ClusterExecutor, open_cluster
from pipelines.workers import Workers
from scraper.address import SITE_HOSTS, is_web
from scraper.archive import Summary
from scraper.console.command_base import ArchiveCommand, add_workers_option, read_workers
from scraper.console.invocation import command_line
from scraper.console.stop_signals import StopFlag, catch_stop_signals
from scraper.console.terminal import open_bar, print_error, stdout
from scraper.dates import parse_instant
from scraper.errors import DATA, OK, PARTLY, UNAVAILABLE, SampleArchive
from scraper.sources import warc
from scraper.sources.events import ReportProgress, Unreadable
from scraper.sources.paths import ReadWarc, SourceReader, measure_size
from scraper.sources.remote import RemoteFile, RemoteTrouble, expand_arguments, read_argument
from scraper.sources.sidecar import Sidecar, make_sidecar

if TYPE_CHECKING:
    from pipelines.ingest import Intake, Say

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
_SCHEDULER = re.compile(r"(?:tcp|tls|wss?)://[^\s/]+:\d{1,5}/?")
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


class Command(ArchiveCommand):
    usage = "[options] PATH [PATH ...]"
    about = """
        Takes saved pages into the archive; their bytes are kept in warcs/. A PATH is a page (.html, .mhtml,
        .webarchive, .har, .txt, a ZIP of one page), posts as JSON or as an export of WordPress (.json, .ndjson, .xml),
        a file of a web archive (WARC, ARC, WET, plain, gzip or zstd; WACZ, whose digests are checked), or a folder,
        which is read with all that is in it: mirrors, what downloaders from the Wayback Machine and ArchiveBox made, a
        bag of BagIt, whose digests are checked. CDX files beside WARCs are compared with them.

        The same page twice changes nothing. A page may have a sidecar NAME.meta.json with url, captured_at and
        content_type; without one, what browsers, SingleFile, HTTrack and the Wayback Machine write into a page is used,
        then its place in a mirror. What cannot be read is one line each; the rest is taken in.
        """
    examples = (
        ("briefs ingest saved-pages/ old-crawl.warc.gz", ""),
        ("briefs ingest page.html --url https://www.usresistnews.org/2019/03/10/slug/ --captured-at 2019-04-01", ""),
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", metavar="URL", help="the address that a single saved page was saved from")
        parser.add_argument(
            "--captured-at", metavar="TIME", help="when it was saved: 2019-04-01, 2019-04-01T12:00:00Z, 20190401120000"
        )
        parser.add_argument(
            "--host",
            metavar="HOST",
            action="append",
            default=[],
            help="take pages of this host too, such as a mirror's 127.0.0.1:8000 (may be repeated)",
        )
        add_workers_option(parser)
        words = "let the workers of a Dask cluster read WARC files in ranges, and pages; docs/cluster.md says how"
        parser.add_argument("--cluster", metavar="ADDRESS", help=words)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        paths = [read_argument(arg) for arg in args]
        sidecar = _read_sidecar(paths, opts)
        hosts = SITE_HOSTS | {host.lower().removeprefix("www.") for host in opts.host}
        if absent := list(find_absent_paths(paths)):
            for line in absent:
                print_error("ingest", f"{line}; nothing was taken in")
            self.exitcode = DATA
            return
        with self.report_errors():
            cluster = _read_cluster(opts)
            self.exitcode = ingest_paths(self.settings, paths, sidecar, hosts, read_workers(opts), cluster)


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
    from pipelines.ingest import Intake  # noqa: PLC0415 - it loads all rules, which the help page does not need

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
        for line in _list_warnings(intake):
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
    from pipelines.cluster.warc_ranges import WarcRanges  # noqa: PLC0415 - as above

    ranges = WarcRanges(executor, executor.processes, say, partial(list_captures_of, archive.db))
    silent = Workers(lambda _: None, max(2, executor.processes), make_executor=lambda _: executor)
    return silent, ranges.read_captures  # what becomes of the cluster its executor says, once


def _read_cluster(opts: argparse.Namespace) -> str | None:
    if opts.cluster is not None and not _SCHEDULER.fullmatch(opts.cluster):
        raise UsageError(f"--cluster {opts.cluster} is no address of a scheduler; write it like tcp://scheduler:8786")
    if opts.cluster and opts.workers is not None:
        raise UsageError("--workers is for this machine; how many a cluster has says its scheduler")
    return None if opts.cluster is None else str(opts.cluster)


def _read_sidecar(paths: Sequence[Path | RemoteFile], opts: argparse.Namespace) -> Sidecar:
    if not paths:
        raise UsageError("which PATH? For example: saved-pages/")
    if (opts.url or opts.captured_at) and (len(paths) > 1 or (isinstance(paths[0], Path) and paths[0].is_dir())):
        raise UsageError("--url and --captured-at are for a single saved page; give others a sidecar NAME.meta.json")
    if opts.url and not is_web(opts.url):
        raise UsageError(f"--url {opts.url} is no http or https address")
    if opts.captured_at and not parse_instant(opts.captured_at):
        raise UsageError(f"--captured-at {opts.captured_at} is no time; write it like 2019-04-01T12:00:00Z")
    return make_sidecar(opts.url, opts.captured_at)


def find_absent_paths(paths: Iterable[Path | RemoteFile]) -> Iterator[str]:
    """Find the paths that do not exist, most likely mistyped, before an archive is made; yields a line for each."""
    for path in (path for path in paths if isinstance(path, Path)):
        try:
            path.stat()
        except OSError as error:
            yield f"{path}: {error.strerror}"


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


def _list_warnings(intake: Intake) -> Iterator[str]:
    if left_out := intake.hosts_left_out:
        named = ", ".join(f"{host} {count}" for host, count in left_out.most_common(5))
        more = f", {len(left_out) - 5} more hosts" if len(left_out) > 5 else ""
        yield f"{left_out.total()} pages of hosts that are not ours left out ({named}{more}); --host NAME takes one in"
    if files := intake.files_left_out:
        named = ", ".join(Path(file).name for file in files[:3]) + (
            f", {len(files) - 3} more" if len(files) > 3 else ""
        )
        yield f"{len(files)} files left out that look like no page ({named}); give one by itself to see what it is"
    if not intake.capture_count:
        yield "nothing was taken in: not one page of the site in what was given"


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
