"""`python -m benchmarks.orders [SECONDS]`: the history of tests/support/histories.py in thousands of orders.

Whole histories and parts of it, shuffled, in one run or several; each is compared with the same captures as they are
listed, every table, row by row. Says how many orders were tried, and for those that told otherwise the fewest captures
that do and what differs.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from pipelines.extract import extract
from scraper.records import Capture, Extraction
from tests.support.histories import captures
from tests.support.specimens import ingest_capture, open_archive
from tests.support.told_tables import Rows, differences, tables

Taken = tuple[Capture, Extraction]
_SHOWN = 6


def main(seconds: float) -> int:
    """Try orders for that long; how many told otherwise."""
    history = [(capture, extract(capture)) for capture in captures()]
    chance, until, tried, wrong = random.Random(), monotonic() + seconds, 0, 0
    whole = _stored([history])
    while monotonic() < until:
        part = history if tried % 2 else [one for one in history if chance.random() < chance.choice((0.1, 0.3, 0.6))]
        order = chance.sample(part, len(part))
        cut = chance.randrange(len(order) + 1)
        told = _stored([order[:cut], order[cut:]])
        tried += 1
        if differences(whole if part is history else _stored([part]), told):
            wrong += 1
            _show(_fewest(order, history), history)
    print(f"{tried} orders of up to {len(history)} captures tried, {wrong} told otherwise")
    return wrong


def _stored(runs: Sequence[Sequence[Taken]]) -> dict[str, Rows]:
    with TemporaryDirectory() as folder:
        for run in runs:
            with open_archive(Path(folder), batch=100) as opened:
                for page, told in run:
                    ingest_capture(opened, page, told)
        return tables(Path(folder) / "archive.db")


def _differ(order: Sequence[Taken], history: list[Taken]) -> list[str]:
    return differences(_stored([sorted(order, key=history.index)]), _stored([order]))


def _fewest(order: list[Taken], history: list[Taken]) -> list[Taken]:
    """The order without the captures that are not needed for the difference."""
    for one in list(order):
        rest = [other for other in order if other is not one]
        if _differ(rest, history):
            order = rest
    return order


def _show(order: list[Taken], history: list[Taken]) -> None:
    for page, told in order:
        print(f"  {history.index((page, told))} {page.source} {page.captured_at} {page.url} {told.outcome}")
    for line in _differ(order, history)[:_SHOWN]:
        print(f"    {line}")


if __name__ == "__main__":
    sys.exit(1 if main(float(sys.argv[1]) if len(sys.argv) > 1 else 60) else 0)
