"""`python -m benchmarks.attacks.guided_reader FOUND OPTION …`: libFuzzer with our readers and rules; writes FOUND."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipelines", "scraper"]):
    from benchmarks.attacks.fuzz import try_file
    from benchmarks.attacks.outcome import Outcome
    from tests.support.fuzz_inputs import make_seeds

_EVERY = 100  # files after which what was found is written, for libFuzzer ends without a word to Python


def main() -> None:
    """Read what libFuzzer makes, whose first byte chooses the kind of the file."""
    found, *options = sys.argv[1:]
    names, outcome = list(make_seeds()), Outcome("guided_fuzz")
    folder = Path(tempfile.mkdtemp(dir=Path(found).parent))

    def read_input(data: bytes) -> None:
        kind = data[0] if data else 0
        try_file(folder, names[kind % len(names)], data[1:], outcome, f"file {outcome.tries + 1}")
        if outcome.lines or outcome.tries % _EVERY == 0:
            outcome.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            Path(found).write_text(json.dumps(asdict(outcome)), "utf-8")

    atheris.Setup([sys.argv[0], *options], read_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
