"""Single bits flipped in archive.db, its -wal and warcs/, as `benchmarks.flips` does."""

from __future__ import annotations

from pathlib import Path

from benchmarks.attacks.outcome import Outcome
from benchmarks.flips import run_places


def attack(folder: Path, number: int, seed: int) -> Outcome:
    """Flip `number` bits in each place; a change of what is shown that verify does not see is lost."""
    outcome = Outcome("flipped bits")
    for place, flips in run_places(folder, number, seed):
        outcome.tries += flips.counts.total()
        outcome.note("lost", len(flips.unseen), f"{place}: {', '.join(flips.unseen)}")
    return outcome
