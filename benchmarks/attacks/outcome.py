"""What an attack did: a row of the table in docs/reliability.md."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.maintenance.verify import verify_archive
from scraper.errors import ArchiveError
from tests.support.filled_archive import make_settings, query_database

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

    def note_state(self, folder: Path, before: Captures, what: str) -> None:
        """Add what the archive in the folder lost of `before`, and whether it is sound."""
        missing = before - read_captures(folder)
        self.note("lost", len(missing), f"{what}: {sorted(missing, key=repr)[:2]}")
        damage = find_damage(folder)
        self.note("torn", bool(damage), f"{what}: {'; '.join(damage)[:300]}")


@dataclass(frozen=True)
class End:
    """How a process ended."""

    code: int
    errors: str
    memory: int  # MB
    is_hung: bool


def run_process(
    words: Sequence[str], *, kill_after: float | None = None, stop: Callable[[], bool] | None = None
) -> End:
    """Run a process to its end, or kill it after some seconds or as soon as `stop` says so."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=errors)
        began, limit = time.monotonic(), PATIENCE if kill_after is None else kill_after
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            if time.monotonic() - began > limit or (stop and stop()):
                process.send_signal(signal.SIGKILL)
                ended = os.wait4(process.pid, 0)
                break
            time.sleep(0.01)
        process.returncode = os.waitstatus_to_exitcode(ended[1])
        is_hung = kill_after is None and stop is None and process.returncode == -signal.SIGKILL
        errors.seek(0)
        return End(process.returncode, errors.read().decode(errors="replace"), ended[2].ru_maxrss // 1024, is_hung)


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
