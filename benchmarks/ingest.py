"""`make bench`: WARC to archive.db beside tools that only read and parse, in one run on one core; CPU time."""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.corpus import write_warc
from benchmarks.growth import measure_growth
from benchmarks.page import write_page

_READ_AND_PARSE = """
import sys, lxml.html
from fastwarc.warc import ArchiveIterator, WarcRecordType
for record in ArchiveIterator(open(sys.argv[1], "rb"), record_types=WarcRecordType.response):
    lxml.html.document_fromstring(record.reader.read())
"""
_TRAFILATURA = """
import sys, trafilatura
from fastwarc.warc import ArchiveIterator, WarcRecordType
for record in ArchiveIterator(open(sys.argv[1], "rb"), record_types=WarcRecordType.response):
    trafilatura.bare_extraction(record.reader.read(), with_metadata=True)
"""


def _cpu_of(command: list[str]) -> float:
    """CPU seconds of a finished child process, its start-up included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def _ours(warc: Path, folder: Path) -> list[str]:
    places = ["-s", f"ARCHIVE_DB={folder}/archive.db", "-s", f"WARCS_DIR={folder}/warcs"]
    return [sys.executable, "-m", "scrapy", "ingest", str(warc), "--workers", "1", *places]


def _runs(warc: Path, first: Path, folder: Path, times: int) -> dict[str, list[float]]:
    """CPU seconds by what does it, without its start-up: what it takes for the file less what it takes for one page."""
    peers: dict[str, Callable[[Path, Path], list[str]]] = {
        "brief archive: WARC to archive.db": _ours,
        "FastWARC + lxml.html: read and parse, nothing stored": lambda warc, _: [
            sys.executable, "-c", _READ_AND_PARSE, str(warc)],
        "FastWARC + trafilatura fast, nothing stored": lambda warc, _: [
            sys.executable, "-c", _TRAFILATURA.replace("with_metadata=True", "fast=True"), str(warc)],
        "FastWARC + trafilatura with metadata, nothing stored": lambda warc, _: [
            sys.executable, "-c", _TRAFILATURA, str(warc)],
    }  # fmt: skip
    spent: dict[str, list[float]] = {name: [] for name in peers}
    for turn in range(times):  # in turn, so that a machine that drifts drifts for all
        for name, command in peers.items():
            places = [folder / f"{turn}-{abs(hash(name))}-{file.name}" for file in (warc, first)]
            for place in places:
                place.mkdir()
            whole, least = (_cpu_of(command(file, place)) for file, place in zip((warc, first), places, strict=True))
            spent[name].append(max(whole - least, 0.001))
    return spent


def main() -> None:
    """Measure, print a table, and write docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = write_warc(folder / "pages.warc.gz", options.pages + 1) // (options.pages + 1)
        write_warc(folder / "first.warc.gz", 1)
        spent = _runs(folder / "pages.warc.gz", folder / "first.warc.gz", folder, options.times)
        growths = measure_growth(folder, options.times)
    write_page(spent, options.pages, size, growths)
    ours = median(next(iter(spent.values())))
    title = f"{options.pages} pages of {size // 1000} kB, median of {options.times} runs"
    table = Table("what", "CPU s", "ms a page", "pages a CPU second", "CPU time against ours", title=title)
    for what, seconds in spent.items():
        each = median(seconds)
        row = (f"{each:.2f}", f"{each / options.pages * 1000:.2f}", f"{options.pages / each:.0f}", f"{each / ours:.2f}")
        table.add_row(what, *row)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
