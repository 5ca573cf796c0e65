"""How the cost of a page grows: with pages, with their weight, with the archive's size, with workers.

CPU time of this process without its start-up, except with workers, where it is time on the clock.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from scrapy.settings import Settings

from benchmarks.corpus import write_warc
from scraper.address import SITE_HOSTS
from scraper.commands.ingest_paths import ingest_paths
from scraper.sources.sidecar import Sidecar

_PAGES = (100, 200, 400, 800)
_WEIGHTS = (25, 50, 100, 200)  # kB
_SIZES = (0, 500, 1000, 2000)  # captures that are there already
_WORKERS = (1, 2, 4)
_FEW = 150  # pages of one measurement


@dataclass(frozen=True, slots=True)
class Growth:
    """The cost of a page at several sizes of something."""

    name: str  # of its picture
    title: str
    axis: str
    places: tuple[int, ...]
    values: tuple[float, ...]  # ms a page


def measure_growth(folder: Path, times: int) -> list[Growth]:
    """Measure all of it, each size in turn, so that a machine that drifts drifts for all."""
    for number, pages in enumerate(_PAGES):
        write_warc(folder / f"pages-{pages}.warc.gz", pages, first=10_000 * number)
    for weight in _WEIGHTS:
        write_warc(folder / f"weight-{weight}.warc.gz", _FEW, size=weight * 1000)
    write_warc(folder / "more.warc.gz", _FEW, first=90_000)
    for size in _SIZES:
        if size:
            write_warc(folder / f"size-{size}.warc.gz", size, first=100_000)
            ingest(folder / f"size-{size}.warc.gz", folder / f"archive-{size}")
    cpu = time.process_time
    kinds: list[tuple[tuple[str, str, str, tuple[int, ...]], Callable[[int, Path], float]]] = [
        (("pages", "CPU ms a page, by pages", "pages in one run", _PAGES), lambda n, place: ingest(
            folder / f"pages-{n}.warc.gz", place, cpu) / n),
        (("weight", "CPU ms a page, by its weight", "kB of HTML a page", _WEIGHTS), lambda n, place: ingest(
            folder / f"weight-{n}.warc.gz", place, cpu) / _FEW),
        (("size", "CPU ms a new page, by archive size", "captures there already", _SIZES), lambda n, place: ingest(
            folder / "more.warc.gz", copy_archive(folder / f"archive-{n}", place), cpu) / _FEW),
        (("workers", "ms a page on the clock, by workers", "processes that read", _WORKERS), lambda n, place: ingest(
            folder / f"pages-{_PAGES[-1]}.warc.gz", place, time.perf_counter, n) / _PAGES[-1]),
    ]  # fmt: skip
    spent: dict[tuple[str, int], list[float]] = {}
    for turn in range(times):
        for (name, _, _, places), measure in kinds:
            for place in places:
                target = folder / f"{name}-{place}-{turn}"
                spent.setdefault((name, place), []).append(measure(place, target) * 1000)
                shutil.rmtree(target)
    return [
        Growth(name, title, axis, places, tuple(median(spent[name, place]) for place in places))
        for (name, title, axis, places), _ in kinds
    ]


def ingest(warc: Path, folder: Path, clock: Callable[[], float] = time.process_time, workers: int = 1) -> float:
    """Ingest into an archive of the folder; returns the seconds by the clock."""
    folder.mkdir(exist_ok=True)
    settings = Settings({"ARCHIVE_DB": str(folder / "archive.db"), "WARCS_DIR": str(folder / "warcs")})
    settings.setmodule("scraper.settings", priority="default")
    begun = clock()
    with contextlib.redirect_stdout(io.StringIO()):
        ingest_paths(settings, [warc], Sidecar(), SITE_HOSTS, workers)
    return clock() - begun


def copy_archive(archive: Path, place: Path) -> Path:
    """Copy an archive, where there is one, for a measurement that adds to it."""
    if archive.exists():
        shutil.copytree(archive, place)
    return place
