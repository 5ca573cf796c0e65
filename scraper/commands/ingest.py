"""`briefs ingest`: takes saved pages and WARC files into the archive."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from scraper.address import SITE_HOSTS, is_web
from scraper.console.command_base import ArchiveCommand, add_workers_option, read_workers
from scraper.console.terminal import print_error
from scraper.dates import parse_instant
from scraper.errors import DATA

if TYPE_CHECKING:
    from scraper.sources.remote import RemoteFile
    from scraper.sources.sidecar import Sidecar

_SCHEDULER = re.compile(r"(?:tcp|tls|wss?)://[^\s/]+:\d{1,5}/?")


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
        from scraper.commands.ingest_paths import ingest_paths
        from scraper.sources.remote import read_argument

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


def _read_cluster(opts: argparse.Namespace) -> str | None:
    if opts.cluster is not None and not _SCHEDULER.fullmatch(opts.cluster):
        raise UsageError(f"--cluster {opts.cluster} is no address of a scheduler; write it like tcp://scheduler:8786")
    if opts.cluster and opts.workers is not None:
        raise UsageError("--workers is for this machine; how many a cluster has says its scheduler")
    return None if opts.cluster is None else str(opts.cluster)


def _read_sidecar(paths: Sequence[Path | RemoteFile], opts: argparse.Namespace) -> Sidecar:
    from scraper.sources.sidecar import make_sidecar

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
