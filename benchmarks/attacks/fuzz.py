"""Changed files of every kind, given to every reader and to the rules; what fails is kept in tests/fuzz_corpus."""

from __future__ import annotations

import random
import resource
from hashlib import sha256
from pathlib import Path
from time import process_time

from benchmarks.attacks.outcome import Outcome
from tests.support.fuzz_inputs import CORPUS, change_file, find_faults

_SLOW = 20.0  # CPU seconds for one file


def attack(folder: Path, number: int, seed: int) -> Outcome:
    """Read `number` changed files: those of the seeds from `seed` on."""
    outcome = Outcome("fuzz")
    folder.mkdir(exist_ok=True)
    for turn in range(seed, seed + number):
        try_file(folder, *change_file(random.Random(turn)), outcome, f"seed {turn}")
    outcome.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return outcome


def try_file(folder: Path, name: str, data: bytes, outcome: Outcome, what: str) -> None:
    """Read one file; one that fails is kept."""
    began = process_time()
    faults = list(find_faults(folder, name, data))
    outcome.tries += 1
    outcome.note("tracebacks", bool(faults), f"{what}: {'; '.join(faults)[:300]}")
    outcome.note("hangs", process_time() - began > _SLOW, f"{what}: {name} took {_SLOW:.0f} s and more")
    if faults:
        path = CORPUS / sha256(data).hexdigest()[:12] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
