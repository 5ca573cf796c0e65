"""`python -m benchmarks.mutants`: a sample of small changes of the program, and which of them no fast test sees.

cosmic-ray makes the changes. One run of the fast tests notes which of them reach which line. A process that has
collected them is forked for each change, and runs all those that reach it, the quickest first, until one fails.
What an import runs is changed on disk and tried by a new process. A log that is there is continued. Best in a copy of
the checkout, for files are changed meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from math import inf
from pathlib import Path

import pytest

from benchmarks.mutants.forks import ForkingRun, try_on_disk
from benchmarks.mutants.places import Mutant, choose_mutants
from benchmarks.mutants.reach import Reach

_FAST = ["-n0", "-p", "no:cacheprovider", "-m", "not services"]
_NOTE = ["--cov", "--cov-context=test", "--cov-report="]


class Log:
    """A line of JSON a trial; of a change that was tried again the last one counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        trials = [Mutant(**json.loads(line)) for line in lines]
        self.mutants = {each.place: each for each in trials}

    @property
    def unseen(self) -> list[Mutant]:
        """What no test saw yet."""
        return [each for each in self.mutants.values() if each.killer is None]

    def add(self, mutant: Mutant) -> None:
        """Write a trial."""
        self.mutants[mutant.place] = mutant
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(mutant)) + "\n")


def measure_reach(coverage: Path, junit: Path) -> None:
    """Run the fast tests, all of which must pass."""
    command = [sys.executable, "-m", "pytest", *_FAST, *_NOTE, f"--junitxml={junit}"]
    subprocess.run(command, env=os.environ | {"COVERAGE_FILE": str(coverage)}, check=True)


def try_sample(options: argparse.Namespace, log: Log) -> None:
    """Try what the log does not have yet, with all fast tests that reach it."""
    with tempfile.TemporaryDirectory() as folder:
        coverage = options.coverage or Path(folder, "coverage")
        if not coverage.exists():
            measure_reach(coverage, coverage.with_suffix(".xml"))
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        chosen = choose_mutants(options.number, options.seed)
        left = [each for each in chosen if each.place not in log.mutants]
        left += [each for each in log.unseen if each.left]
        reach = Reach(coverage, coverage.with_suffix(".xml"))
        pytest.main(_FAST, plugins=[ForkingRun(left, reach, log.add, options.seconds)])


def main() -> None:
    """Try the sample; write a line a change, and print the counts and what no test sees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=150, help="changes to try")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=Path, default=Path("mutants.jsonl"), help="a line of JSON a change")
    parser.add_argument("--coverage", type=Path, help="of an earlier run, with NAME.xml beside it")
    parser.add_argument("--seconds", type=float, default=inf, help="of tests a change; the next call goes on")
    parser.add_argument(
        "--again", nargs="+", metavar="TESTS", help="try what no test saw with these, whatever they start"
    )
    options = parser.parse_args()
    log = Log(options.log)
    if options.again:
        for mutant in log.unseen:
            log.add(replace(mutant, killer=try_on_disk(mutant, options.again, 600)))
    else:
        try_sample(options, log)
    for each in log.unseen:
        print(f"{each.path}:{each.line}  {each.change}  ({each.tests} tests)")
    print(f"{len(log.mutants)} changes, {len(log.unseen)} unseen")


if __name__ == "__main__":
    main()
