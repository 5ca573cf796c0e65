"""Runs, withdrawals and kills while the clock jumps: a rebuild still makes the same archive."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.attacks.outcome import Outcome, find_damage
from pipelines.maintenance.rebuild import rebuild_archive
from pipelines.maintenance.restore import restore_post
from pipelines.maintenance.withdraw import withdraw_post
from tests.maintenance.test_clocks import clock, run, write_without_commit
from tests.support.archive_tables import compare_tables, read_tables
from tests.support.histories import RIVER, captures
from tests.support.specimens import make_settings

_JUMPS = (0, 1, 60, 3600, -1, -60, -3600, -90_000, 9 * 10**8)
_STEP = 4  # captures a run


def attack(folder: Path, number: int, seed: int) -> Outcome:
    """Make `number` archives by a clock that jumps before each command."""
    outcome, chance = Outcome("clock"), random.Random(seed)
    for turn in range(number):
        place = folder / str(turn)
        place.mkdir()
        _fill_archive(place, chance)
        outcome.tries += 1
        damage = find_damage(place)
        outcome.note("torn", bool(damage), f"archive {turn}: {damage[:1]}")
        rebuild_archive(make_settings(place), into=str(place / "new.db"))
        differing = compare_tables(read_tables(place / "archive.db"), read_tables(place / "new.db") | {"unwritten": []})
        outcome.note("lost", len(differing), f"archive {turn}: {differing[:1]}")
    return outcome


def _fill_archive(folder: Path, chance: random.Random) -> None:
    now, is_hidden = 0, False
    for first in range(0, len(captures()), _STEP):
        now += chance.choice(_JUMPS)
        run(folder, slice(first, first + _STEP), now)
        now += chance.choice(_JUMPS)
        if chance.random() < 1 / 2:
            write_without_commit(folder, now)
        elif first > _STEP:
            with clock(now):
                if is_hidden:
                    restore_post(make_settings(folder), RIVER)
                else:
                    withdraw_post(make_settings(folder), RIVER, "asked by its author")
            is_hidden = not is_hidden
    run(folder, slice(0, _STEP), now)  # until then verify tells of a commit that was cut off
