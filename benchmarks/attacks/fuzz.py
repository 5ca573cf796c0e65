"""Changed files of every kind, given to every reader and to the rules; what fails is kept in tests/fuzz_corpus."""

from __future__ import annotations

import resource
from hashlib import sha256
from pathlib import Path
from time import process_time

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as start_at

from benchmarks.attacks.outcome import Outcome
from tests.support.fuzz_inputs import CORPUS, change_files, find_faults

_SLOW = 20.0  # CPU seconds for one file
_TESTED = 1000  # inputs a run of hypothesis, which remembers them


def attack(folder: Path, number: int, seed: int) -> Outcome:
    """Read `number` changed files."""
    outcome = Outcome("fuzz")
    folder.mkdir(exist_ok=True)

    def read_file(file: tuple[str, bytes]) -> None:
        began = process_time()
        faults = list(find_faults(folder, *file))
        outcome.tries += 1
        outcome.note("tracebacks", bool(faults), "; ".join(faults)[:300])
        outcome.note("hangs", process_time() - began > _SLOW, f"{file[0]} took {process_time() - began:.0f} s")
        if faults:
            _keep_input(*file)

    for turn in range(-(-number // _TESTED)):
        tries = min(_TESTED, number - turn * _TESTED)
        rules = settings(
            max_examples=tries, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        start_at(seed + turn)(rules(given(change_files())(read_file)))()
    outcome.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return outcome


def _keep_input(name: str, data: bytes) -> None:
    path = CORPUS / sha256(data).hexdigest()[:12] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
