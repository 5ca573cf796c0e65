"""A history of a few posts in thousands of orders: whole or in part, shuffled, in one run or two.

Each is compared with the same captures as they are listed, every table, row by row. Of an order that makes another
archive, the fewest captures that do are named.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.attacks.outcome import Outcome
from pipelines.extract import extract
from scraper.records import Capture, Extraction
from tests.support.archive_tables import Rows, compare_tables, read_tables
from tests.support.histories import captures
from tests.support.specimens import ingest_capture, open_archive

Page = tuple[Capture, Extraction]
_SHOWN = 6


def attack(folder: Path, number: int, seed: int) -> Outcome:
    """Store the history in `number` orders."""
    del folder
    outcome, chance = Outcome("orders of captures"), random.Random(seed)
    history = [(capture, extract(capture)) for capture in captures()]
    whole = _store_runs([history])
    for turn in range(number):
        part = history if turn % 2 else [page for page in history if chance.random() < chance.choice((0.1, 0.3, 0.6))]
        order = chance.sample(part, len(part))
        cut = chance.randrange(len(order) + 1)
        outcome.tries += 1
        stored = _store_runs([order[:cut], order[cut:]])
        if compare_tables(whole if part is history else _store_runs([part]), stored):
            outcome.note("lost", 1, _describe(_find_fewest(order, history), history))
    return outcome


def _store_runs(runs: Sequence[Sequence[Page]]) -> dict[str, Rows]:
    with TemporaryDirectory() as folder:
        for run in runs:
            with open_archive(Path(folder), batch=100) as archive:
                for capture, extraction in run:
                    ingest_capture(archive, capture, extraction)
        return read_tables(Path(folder) / "archive.db")


def _list_differences(order: Sequence[Page], history: list[Page]) -> list[str]:
    return compare_tables(_store_runs([sorted(order, key=history.index)]), _store_runs([order]))


def _find_fewest(order: list[Page], history: list[Page]) -> list[Page]:
    """The order without the captures that are not needed for the difference."""
    for page in list(order):
        rest = [other for other in order if other is not page]
        if _list_differences(rest, history):
            order = rest
    return order


def _describe(order: list[Page], history: list[Page]) -> str:
    pages = [f"{page.source} {page.captured_at} {page.url} {extraction.outcome}" for page, extraction in order]
    return "\n    ".join([f"{len(order)} captures:", *pages, *_list_differences(order, history)[:_SHOWN]])
