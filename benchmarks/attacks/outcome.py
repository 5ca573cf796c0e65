"""What an attack did: a row of the table in docs/reliability.md."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import read_memory
from pipelines.maintenance.verify import verify_archive
from scraper.errors import ArchiveError
from tests.support import warm_start
from tests.support.filled_archive import query_database
from tests.support.scrapy_running import ROOT, words_of
from tests.support.specimens import make_settings

PATIENCE = 300  # seconds; a command that takes longer hangs
_CAPTURES = "SELECT path, captured_at, digest FROM captures"
_BRIEFS = "SELECT path, title, published, number, body FROM briefs"
_TABLES = "SELECT count(*) FROM sqlite_master WHERE name = 'captures'"
Captures = frozenset[tuple[object, ...]]


@dataclass
class Outcome:
    """Tries of one attack; `lines` say what went wrong, one a fault."""

    attack: str
    tries: int = 0
    lost: int = 0  # rows that were committed and are gone, or differ from an undisturbed archive
    torn: int = 0  # archives that verify calls damaged
    tracebacks: int = 0
    hangs: int = 0
    memory: int = 0  # MB, of the largest process
    lines: list[str] = field(default_factory=list)

    def note(self, column: str, count: int, line: str) -> None:
        """Add to a column, with a line, unless the count is 0."""
        if count:
            setattr(self, column, getattr(self, column) + count)
            self.lines.append(f"{column}: {line}")

    def note_end(self, end: End, what: str) -> None:
        """Add what the end of a process tells."""
        self.tries += 1
        self.memory = max(self.memory, end.memory)
        self.note("hangs", end.is_hung, f"{what} did not end in {PATIENCE} s")
        self.note("tracebacks", "Traceback" in end.errors, f"{what}: {end.errors[-300:]}")

    def note_state(self, folder: Path, before: Captures, what: str, excuse: str | None = None) -> None:
        """Add what the archive in the folder lost of `before`, and whether it is sound but for a line with `excuse`."""
        missing = before - read_captures(folder)
        self.note("lost", len(missing), f"{what}: {sorted(missing, key=repr)[:2]}")
        damage = [line for line in find_damage(folder) if excuse is None or excuse not in line]
        self.note("torn", bool(damage), f"{what}: {'; '.join(damage)[:300]}")


@dataclass(frozen=True)
class End:
    """How a process ended."""

    code: int
    errors: str
    memory: int  # MB
    is_hung: bool


def run_command(folder: Path, words: Sequence[str | Path], is_time: Callable[[], bool] = lambda: False) -> End:
    """Run a command on the archive in the folder to its end, or kill it as soon as `is_time`.

    It needs no start of its own, so that what is attacked is its work.
    """
    memory = 0

    def watch(process: int) -> None:
        nonlocal memory
        with suppress(OSError):  # it is over
            if is_time():
                os.kill(process, signal.SIGKILL)
            memory = max(memory, read_memory(process))

    try:
        done = warm_start.run(words_of(folder, *words), ROOT, PATIENCE, watch=watch)
    except subprocess.TimeoutExpired:
        return End(-signal.SIGKILL, "", memory, is_hung=True)
    return End(done.returncode, done.stderr, memory, is_hung=False)


def read_captures(folder: Path) -> Captures:
    """The captures of the archive in the folder; none without an archive."""
    database = folder / "archive.db"
    if not database.exists() or not query_database(database, _TABLES)[0][0]:
        return frozenset()
    return frozenset(query_database(database, _CAPTURES))


def read_briefs(folder: Path) -> Captures:
    """The values of the briefs in the archive."""
    return frozenset(query_database(folder / "archive.db", _BRIEFS))


def find_damage(folder: Path) -> list[str]:
    """What verify finds; nothing where there is no archive yet."""
    if not read_captures(folder):
        return []
    try:
        return [str(damage) for damage in verify_archive(make_settings(folder)).damage]
    except ArchiveError as error:
        return [str(error)]
