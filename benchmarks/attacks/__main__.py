"""`python -m benchmarks.attacks [NAME …]`: attacks of full size, a row of docs/reliability.md each; `make attack`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.attacks import clocks, command_orders, flips, full_disk, fuzz, guided_fuzz, kills, orders, writers
from benchmarks.attacks.outcome import Outcome

Attack = Callable[[Path, int, int], Outcome]
# Each with its full size: kills, sizes of room for every command, bits in every place, pairs, archives, orders, files.
ATTACKS: dict[str, tuple[Attack, int]] = {
    "kills": (kills.attack, 200),
    "full_disk": (full_disk.attack, 20),
    "flips": (flips.attack, 100),
    "writers": (writers.attack, 50),
    "clocks": (clocks.attack, 30),
    "orders": (orders.attack, 300),
    "command_orders": (command_orders.attack, 10),
    "fuzz": (fuzz.attack, 100_000),
    "guided_fuzz": (guided_fuzz.attack, 50_000),
}
_COLUMNS = ("attack", "tries", "lost", "torn", "tracebacks", "hangs", "memory")


def main() -> int:
    """Attack, and print a table and what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(ATTACKS)}; all of them without one")
    parser.add_argument("--number", type=int, help="another size than the full one")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if unknown := set(options.names) - ATTACKS.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    outcomes = [run_attack(name, options.number, options.seed) for name in options.names or ATTACKS]
    print_table(outcomes)
    return any(outcome.lines for outcome in outcomes)


def run_attack(name: str, number: int | None, seed: int) -> Outcome:
    """Run one attack in a folder of its own."""
    attack, size = ATTACKS[name]
    with tempfile.TemporaryDirectory() as folder:
        return attack(Path(folder), number or size, seed)


def print_table(outcomes: Sequence[Outcome]) -> None:
    """Print a row an attack, and a line a fault."""
    console, table = Console(width=160), Table(*_COLUMNS)
    for outcome in outcomes:
        counts = outcome.tries, outcome.lost, outcome.torn, outcome.tracebacks, outcome.hangs
        table.add_row(outcome.attack, *map(str, counts), f"{outcome.memory} MB" if outcome.memory else "")
    console.print(table)
    for outcome in outcomes:
        for line in outcome.lines:
            console.print(f"{outcome.attack}: {line}", soft_wrap=True, markup=False)


if __name__ == "__main__":
    sys.exit(main())
