"""docs/benchmarks.md and its pictures, written from what `make bench` measured; docs/performance.md is by hand."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.growth import Growth
from benchmarks.svg_plot import draw

_DOCS = Path(__file__).parents[1] / "docs"
_HEAD = """# Benchmarks

Written by `make bench`; [performance.md](performance.md) says what follows from it, and what the reading room costs.
All were measured in one run and in turn, so trust the ratios more than the figures.
"""
_COLUMNS = "what", "CPU ms a page", "pages a CPU second", "pages an hour and core", "CPU time against ours"


def write_page(
    peers: Mapping[str, Sequence[float]], pages: int, weight: int, growths: Sequence[Growth], docs: Path = _DOCS
) -> None:
    """Write the page and a picture for each growth."""
    for growth in growths:
        picture = draw(growth.title, growth.axis, [f"{place:,}" for place in growth.places], growth.values)
        (docs / "img" / f"bench-{growth.name}.svg").write_text(picture, "utf-8")
    parts = (_HEAD, _describe_machine(), *_list_peers(peers, pages, weight), *_list_growths(growths))
    (docs / "benchmarks.md").write_text("\n".join(parts), "utf-8")


def _describe_machine() -> str:
    machine = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    return f"{datetime.now(UTC):%Y-%m-%d}, {machine}, load {os.getloadavg()[0]:.0f} at the end.\n"


def _list_peers(peers: Mapping[str, Sequence[float]], pages: int, weight: int) -> Iterator[str]:
    ours = median(next(iter(peers.values())))
    yield "## WARC to archive.db, beside tools that only read\n"
    yield f"{pages} pages of {weight // 1000} kB, processes without their start-up.\n"
    yield f"| {' | '.join(_COLUMNS)} |"
    yield "| --- " * len(_COLUMNS) + "|"
    for what, spent in peers.items():
        each = median(spent) / pages
        figures = f"{each * 1000:.2f} | {1 / each:.0f} | {3600 / each:,.0f} | {each * pages / ours:.2f}"
        yield f"| {what} | {figures} |"
    yield ""


def _list_growths(growths: Sequence[Growth]) -> Iterator[str]:
    yield "## How a page's cost grows\n\nWithout start-up; with workers it is time on the clock, else CPU time.\n"
    for growth in growths:
        yield f"![{growth.title}](img/bench-{growth.name}.svg)\n"
        yield f"| {growth.axis} | " + " | ".join(f"{place:,}" for place in growth.places) + " |"
        yield "| --- |" + " --- |" * len(growth.places)
        yield "| ms a page | " + " | ".join(f"{value:.2f}" for value in growth.values) + " |\n"
